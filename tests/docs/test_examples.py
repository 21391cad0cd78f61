"""The examples of the documents work as they stand, each page's in a folder of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from benchmarks.__main__ import parser
from pytest_bill.sandbox import LocalSandbox
from tests.helpers.documents import DOCS, ROOT, all_pages, code_of, files_of, name_of, runs_of
from tests.helpers.steps import commands_of, shell

HAVE_OWN_TESTS = {
    "docs/ci.md": "tests/ways/test_ci_engineer.py",
    "docs/doctor.md": "tests/docs/test_doctor.py",
    "docs/first-steps.md": "tests/ways/test_own_client.py",
    "docs/migration.md": "tests/ways/test_migration.py",
    "docs/partners.md": "tests/ways/test_partner.py",
    "docs/scanning.md": "tests/docs/test_scanning.py",
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
NO_CODE = {"text", "{toctree}"}
"""Drawings and what is printed, and Sphinx's menu; tests of their own hold what is printed."""
_MARK = re.compile(r"<!-- (?P<how>[a-z ]+?)(?:: (?P<what>.+?))? -->")


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
def test_the_tutorial_ends_with_a_recording_by_ones_own_credentials(tmp_path):
    """Those of the local sandbox, where the reader puts those that BILL knows."""
    tutorial = DOCS / "tutorial.md"
    (tmp_path / "tests").mkdir()
    text = files_of(tutorial)["tests/test_vendors.py"]
    (tmp_path / "tests" / "test_vendors.py").write_text(text, encoding="utf-8")
    look, record = commands_of("tutorial.md", "from BILL")
    with LocalSandbox() as sandbox:
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
        env = "".join(f"{name}='{value}'\n" for name, value in variables.items())
        (tmp_path / ".env").write_text(env, encoding="utf-8")
        assert "✗" not in shell(look, tmp_path).stdout
        assert " 0 recorded, " not in shell(record, tmp_path).stdout
    assert list((tmp_path / "cassettes").rglob("*.yaml"))


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


def marked() -> Iterator[tuple[str, str, str, str]]:
    """Each block of code of a page: the page, how it is marked, with what, and the code."""
    for page in all_pages():
        if name_of(page) in WRITTEN:
            continue
        for shown in code_of(page):
            if shown.language not in NO_CODE:
                mark = _MARK.fullmatch(shown.marked)
                how, what = (mark["how"], mark["what"] or "") if mark is not None else ("", "")
                yield name_of(page), how, what, shown.text


def test_no_code_of_a_page_is_run_by_nobody():
    """Each block is named for the module that runs it, or says why nothing does."""
    unmarked = [(page, text.partition("\n")[0]) for page, how, what, text in marked() if not how]
    assert unmarked == []


def test_what_is_not_run_says_why():
    reasons = [what for _, how, what, _ in marked() if how == "not run"]
    assert reasons
    assert [what for what in reasons if len(what) < 30] == []


def test_what_another_module_runs_stands_there():
    lost = []
    for page, how, module, text in marked():
        if how == "run by":
            code = (ROOT / module).read_text(encoding="utf-8")
            commands = re.findall(r"^\$ (?!pip install)(.*)$", text, re.MULTILINE)
            lost += [(page, command) for command in commands if command not in code]
    assert lost == []


def test_what_is_to_be_run_is_on_a_page_that_is_run():
    pages = {page for page, how, _, _ in marked() if how in ("run", "file")}
    assert pages - {name_of(page) for page in PAGES} - HAVE_OWN_TESTS.keys() == set()


def test_every_extra_that_is_installed_is_there():
    told = " ".join(page.read_text(encoding="utf-8") for page in all_pages())
    named = set(",".join(re.findall(r"pytest-bill\[([a-z,]+)\]", told)).split(","))
    assert {"sandbox", "scan", "show", "proof"} <= named
    assert named - set(metadata("pytest-bill").get_all("Provides-Extra") or ()) == set()


def test_every_make_target_that_is_typed_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page, _, _, text in marked():
        typed = re.findall(r"^\$ make (?:[A-Z]+=\S+ )?([a-z]+)", text, re.MULTILINE)
        assert set(typed) <= targets, page


def test_every_option_of_the_benchmarks_is_there():
    (typed,) = (text for page, how, _, text in marked() if page == "benchmarks/README.md")
    for line in typed.splitlines():
        given = shlex.split(line, comments=True)[3:]
        options = [each.removeprefix("BENCH=") for each in given if each.startswith("BENCH=")]
        parser().parse_args(shlex.split(" ".join(options)))


def test_the_first_steps_of_the_readme_and_of_the_tutorial_are_the_same():
    readme, tutorial = files_of(ROOT / "README.md"), files_of(DOCS / "tutorial.md")
    assert tutorial["tests/test_vendors.py"].startswith(readme["tests/test_vendors.py"])
    assert runs_of(ROOT / "README.md") == runs_of(DOCS / "tutorial.md")
