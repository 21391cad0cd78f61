"""The README is short, true, and leads somewhere on a package index, too.

What it shows is run by ``test_examples``, where it leads is looked at by ``test_links``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.record_modes import RECORD_MODES

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")
_FILE = re.compile(r"<!-- file: (?P<path>\S+) -->\n```python\n(?P<text>.*?)```", re.DOTALL)
MOST_BYTES = 7000


def test_it_can_be_read_in_five_minutes():
    assert len(TEXT.encode()) <= MOST_BYTES


def test_pip_comes_first():
    commands = re.findall(r"^\$ (\S+ \S+)", TEXT, re.MULTILINE)
    assert commands[0] == "pip install"
    assert TEXT.index("```console\n$ pip install") < TEXT.index("<!-- file:")


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_are_in_the_makefile(target):
    assert f"$ make {target}" in TEXT
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_each_credential_and_each_record_mode_has_a_row():
    for kind in KINDS:
        (row,) = re.findall(rf"^\| `{kind.fixture}` \|.*$", TEXT, re.MULTILINE)
        needed = [each for each in kind.variables if each.default_from is None]
        assert [each.name for each in needed if f"`{each.name}`" not in row] == []
    for mode in RECORD_MODES:
        assert f"\n| `{mode}`" in TEXT


def test_on_a_package_index_every_link_leads_somewhere():
    shown = subprocess.run(
        [sys.executable, "-m", "hatch_fancy_pypi_readme"],
        cwd=README.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = re.findall(r"\]\(([^)]*)\)", shown)
    assert targets == re.findall(r"\]\((https?://[^)]*)\)", TEXT)
    assert "![" not in shown
    assert "\nSECURITY.md has the promises" in shown
    # Nor does a sentence announce a picture that is not there.
    assert re.findall(r":\n\n#", shown) == []
    assert re.findall(r"^#.*", shown, re.MULTILINE) == re.findall(r"^#.*", TEXT, re.MULTILINE)
    assert _FILE.findall(shown) == _FILE.findall(TEXT)
