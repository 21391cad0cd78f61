"""How the files of each kind write values."""

from __future__ import annotations

import pytest

from pytest_bill.scan.file_styles import Style, style_of


@pytest.mark.parametrize(
    ("file", "style"),
    [
        (".env.ci", Style.LINES),
        ("a.yml", Style.LINES),
        ("Dockerfile.dev", Style.SHELL),
        ("Jenkinsfile", Style.CODE),
        ("a.PY", Style.CODE),
        ("a.csv", Style.TABLE),
        ("README.md", Style.TEXT),
        ("", Style.TEXT),
    ],
)
def test_how_a_file_writes_values(file, style):
    assert style_of(file) is style
