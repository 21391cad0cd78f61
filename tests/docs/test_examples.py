"""The examples of the documents work as they stand, each page's in a folder of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.helpers.documents import DOCS, ROOT, all_pages, code_of, files_of, name_of, runs_of
from tests.helpers.steps import shell

HAVE_OWN_TESTS = {
    "docs/ci.md": "tests/ways/test_ci_engineer.py",
    "docs/doctor.md": "tests/docs/test_doctor.py",
    "docs/first-steps.md": "tests/ways/test_own_client.py",
    "docs/partners.md": "tests/ways/test_partner.py",
    "docs/several-organizations.md": "tests/ways/test_bookkeeping.py",
    "docs/show-and-diff.md": "tests/docs/test_show_and_diff.py",
}
"""Pages whose examples another module runs: they have more ways, or show what is printed."""
WRITTEN = {
    "docs/what-replays.md": "shows the cases of tests/proof/cases/",
    "docs/reference/api.md": "has what docstrings say",
}
"""Pages that a command writes from what is run elsewhere."""
PAGES = [
    page
    for page in all_pages()
    if name_of(page) not in HAVE_OWN_TESTS and any(name.endswith(".py") for name in files_of(page))
]
IN_CI = {"README.md", "docs/sandbox.md"}
"""Those that are run each time; the night runs all."""
LANGUAGES = {"python", "js", "ini"}


def _case(page: Path) -> ParameterSet:
    marks = () if name_of(page) in IN_CI else (pytest.mark.nightly,)
    return pytest.param(page, marks=marks, id=name_of(page))


def test_every_page_that_has_examples_is_here():
    assert len(PAGES) >= 15
    for page, module in HAVE_OWN_TESTS.items():
        assert (ROOT / page).is_file()
        assert page.removeprefix("docs/") in (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [_case(page) for page in PAGES])
def test_its_files_are_recorded_and_replay_as_the_page_says(page, tmp_path, monkeypatch):
    for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, text in files_of(page).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commands = runs_of(page)
    assert commands
    for command in commands:
        said = shell(command, tmp_path).stdout
    if not command.endswith("--bill-live"):
        assert " 0 recorded, " in said
        assert " 0 replayed" not in said


@pytest.mark.nightly
def test_the_tutorial_shows_what_is_written_and_what_a_miss_says(tmp_path):
    tutorial = DOCS / "tutorial.md"
    test = tmp_path / "tests" / "test_vendors.py"
    test.parent.mkdir()
    test.write_text(files_of(tutorial)["tests/test_vendors.py"], encoding="utf-8")
    shell(runs_of(tutorial)[0], tmp_path)
    tree, miss = (shown.text for shown in code_of(tutorial) if shown.language == "text")
    written = {path.name for path in (tmp_path / "cassettes").rglob("*.yaml")}
    assert set(re.findall(r"(\w+\.yaml)", tree)) == written
    changed = test.read_text(encoding="utf-8").replace('params={"max": 2}', 'params={"max": 3}')
    test.write_text(changed, encoding="utf-8")
    said = shell("pytest || true", tmp_path).stdout
    lines = {line.strip() for line in said.splitlines()}
    assert [line for line in miss.splitlines() if line.strip() not in lines] == []


@pytest.mark.parametrize("page", all_pages(), ids=name_of)
def test_no_code_of_a_page_is_run_by_nobody(page):
    """Each block is a file that its examples write, or is named for the module that reads it."""
    if name_of(page) in WRITTEN:
        return
    unmarked = [
        shown.text.partition("\n")[0]
        for shown in code_of(page)
        if shown.language in LANGUAGES and not shown.marked.startswith("<!-- ")
    ]
    assert unmarked == []


def test_the_first_steps_of_the_readme_and_of_the_tutorial_are_the_same():
    readme, tutorial = files_of(ROOT / "README.md"), files_of(DOCS / "tutorial.md")
    assert tutorial["tests/test_vendors.py"].startswith(readme["tests/test_vendors.py"])
    assert runs_of(ROOT / "README.md") == runs_of(DOCS / "tutorial.md")
