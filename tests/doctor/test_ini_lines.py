"""In which line a setting stands, in each kind of file that pytest reads."""

from __future__ import annotations

import pytest

from pytest_bill.doctor.ini_lines import lines_of_settings

FILES = {
    "pytest.ini": "# ours\n[pytest]\nbill_strict = true\naddopts =\n    -q\n[other]\nbill_x = 1\n",
    "setup.cfg": "[metadata]\nbill_x = 1\n\n[tool:pytest]\nbill_strict=true\naddopts: -q\n",
    "pyproject.toml": (
        '[project]\nbill_x = 1\n[tool.pytest.ini_options]\nbill_strict = true\n"addopts" = "-q"\n'
    ),
    "pytest.toml": "[pytest]\r\nbill_strict = true\r\naddopts = ['-q']\r\n",
    "tox.ini": "[tox]\nbill_x = 1\n[pytest]  # ours\nbill_strict = 1\naddopts=-q\n",
}
LINES = {"pytest.ini": 3, "setup.cfg": 5, "pyproject.toml": 4, "pytest.toml": 2, "tox.ini": 4}


@pytest.mark.parametrize("name", FILES)
def test_the_line(tmp_path, name):
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8", newline="")
    line = LINES[name]
    assert lines_of_settings(path) == {"bill_strict": line, "addopts": line + 1}


def test_without_a_file(tmp_path):
    assert lines_of_settings(None) == {}
    assert lines_of_settings(tmp_path / "none.ini") == {}
    assert lines_of_settings(tmp_path) == {}


def test_bytes_of_no_encoding(tmp_path):
    path = tmp_path / "pytest.ini"
    path.write_bytes(b"[pytest]\nbill_strict = true\n# \xff\xfe\n")
    assert lines_of_settings(path) == {"bill_strict": 2}
