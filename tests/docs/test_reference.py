"""docs/reference/ is what the code says: written anew, it is the same."""

from __future__ import annotations

import re

import pytest

from pytest_bill import options
from pytest_bill.cli import COMMANDS
from pytest_bill.credentials.kinds import KINDS
from tests.helpers.documents import DOCS, all_pages, name_of
from tools.reference import FOLDER, pages

WRITTEN = pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_it_is_as_the_code_is_now(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text == WRITTEN[name], "Write it anew: make docs"


def test_there_is_no_other_page():
    assert sorted(each.name for each in FOLDER.iterdir()) == sorted(WRITTEN)


def test_every_option_is_there_as_pytest_tells_it(pytester):
    shown = pytester.runpytest_subprocess("--help").stdout.str()
    typed = set(re.findall(r"--bill-[a-z-]+", shown))
    assert len(typed) >= 8
    named = set(re.findall(r"--bill-[a-z-]+", WRITTEN["options.md"]))
    assert typed - named == set()
    settings = re.findall(r"^  (bill_\w+) \(", shown, re.M)
    assert len(settings) >= 8
    assert [each for each in settings if f"`{each}" not in WRITTEN["options.md"]] == []


@pytest.mark.parametrize("option", options.OPTIONS, ids=lambda option: option.name)
def test_every_option_is_told_of_in_words(option):
    """On a page that people wrote, which says when it is of use."""
    pages = [page for page in all_pages() if page.parent != FOLDER]
    named = re.compile(rf"{option.typed}(?![a-z-])|{option.name}\b")
    told = [name_of(page) for page in pages if named.search(page.read_text(encoding="utf-8"))]
    assert [name for name in told if name.startswith("docs/") and "troubleshooting" not in name]


def test_every_fixture_is_there(pytester):
    shown = pytester.runpytest_subprocess("--fixtures", "-q").stdout.str()
    public = set(re.findall(r"^(bill_\w+)", shown, re.M))
    assert {kind.fixture for kind in KINDS} < public
    assert public == set(
        re.findall(r"^\| `(bill_\w+)` \| (?:session|test) ", WRITTEN["fixtures.md"], re.M)
    )


def test_every_command_is_there():
    told = re.findall(r"^## `pytest-bill (\w+)`$", WRITTEN["commands.md"], re.M)
    assert told == list(COMMANDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_each_credential_has_a_page_with_all_of_its_variables(kind):
    pages = (page.read_text(encoding="utf-8") for page in (DOCS / "credentials").iterdir())
    (page,) = (text for text in pages if f"`{kind.fixture}`." in text.partition("## ")[0])
    table = page.partition("## Variables")[2].partition("## A test")[0]
    for variable in kind.all_variables:
        assert f"`{variable.name}`" in table
    for section in ("Where to click", "Variables", "A test", "Rights", "Limits and expiry"):
        assert f"\n## {section}\n" in page
    assert "https://developer.bill.com/" in page
