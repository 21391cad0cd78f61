"""The examples in the README work as they stand, in a folder of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
_FILE = re.compile(r"<!-- file: (?P<path>\S+) -->\n```python\n(?P<text>.*?)```", re.DOTALL)
_RUN = re.compile(r"<!-- run -->\n```console\n(?P<lines>.*?)```", re.DOTALL)


def _examples(pytester, text):
    """Put a document's files in place; gives the arguments of its pytest commands."""
    files = list(_FILE.finditer(text))
    for found in files:
        path = pytester.path / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    (commands,) = _RUN.findall(text)
    lines = [line.removeprefix("$ ").split() for line in commands.splitlines()]
    assert files
    assert {line[0] for line in lines} == {"pytest"}
    return [line[1:] for line in lines]


@pytest.mark.nightly
def test_the_examples_record_and_replay_as_the_readme_says(pytester, all_plugins):
    commands = _examples(pytester, README.read_text(encoding="utf-8"))
    assert len(commands) == 2
    for arguments in commands:
        result = pytester.runpytest_subprocess(*arguments)
        assert result.ret == 0, result.stdout.str()
    result.stdout.fnmatch_lines(["bill: * 0 recorded, * replayed"])


def test_the_examples_of_the_sandboxs_guide_work(pytester):
    guide = README.parent / "docs" / "sandbox.md"
    for arguments in _examples(pytester, guide.read_text(encoding="utf-8")):
        result = pytester.runpytest_subprocess(*arguments)
        assert result.ret == 0, result.stdout.str()


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_are_in_the_makefile(target):
    assert f"$ make {target}" in README.read_text(encoding="utf-8")
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_link_to_a_file_leads_to_one():
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


def test_on_a_package_index_every_link_leads_somewhere():
    text = README.read_text(encoding="utf-8")
    shown = subprocess.run(
        [sys.executable, "-m", "hatch_fancy_pypi_readme"],
        cwd=README.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = re.findall(r"\]\(([^)]*)\)", shown)
    assert targets == re.findall(r"\]\((https?://[^)]*)\)", text)
    assert "![" not in shown
    assert "\nSECURITY.md has the promises" in shown
    assert re.findall(r"^#.*", shown, re.MULTILINE) == re.findall(r"^#.*", text, re.MULTILINE)
    assert _FILE.findall(shown) == _FILE.findall(text)


def test_every_option_is_in_the_readme(pytester):
    shown = pytester.runpytest_subprocess("--help").stdout.str()
    options = set(re.findall(r"--bill-[a-z-]+", shown))
    text = README.read_text(encoding="utf-8")
    assert len(options) >= 8
    assert [option for option in sorted(options) if option not in text] == []
