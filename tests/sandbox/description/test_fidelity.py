"""docs/fidelity.md, and that no operation of BILL's reference is missing from it."""

import re
from collections import Counter
from pathlib import Path

from pytest_bill.sandbox import api
from pytest_bill.sandbox.description import fidelity, v2_index

DOCUMENT = Path(__file__).parents[3] / "docs" / "fidelity.md"


def test_the_document_is_what_the_sandbox_says_of_itself():
    assert DOCUMENT.read_text() == fidelity.current(), "run: make docs"


def test_every_operation_of_the_reference_index_has_one_row():
    rows = re.findall(r"^\| `(\w+) (\S+)` \|", fidelity.current(), re.MULTILINE)
    v2 = [fidelity.Indexed(*row) for row in v2_index.listed(api.OPERATIONS)]
    listed = [*fidelity.reference_index(), *v2]
    assert Counter(rows) == Counter((each.method, each.path) for each in listed)
    assert len(fidelity.reference_index()) == 325


def test_v2_has_a_section_that_links_its_pages():
    _, _, section = fidelity.current().partition("\n## v2\n")
    page = "https://developer.bill.com/v2/reference/auth-login"
    assert f"| `POST /api/v2/Login.json` | [auth-login]({page}) |" in section


def test_an_operation_that_is_emulated_is_named_as_in_the_index():
    named = {each.key: each for each in fidelity.reference_index()}
    v2 = fidelity.v2_operations(api.OPERATIONS)
    emulated = [
        (each, fidelity.key(each.method, each.path)) for each in api.OPERATIONS if each not in v2
    ]
    assert [each.name for each, key in emulated if key not in named] == []
    assert [
        (each.name, named[key].name)
        for each, key in emulated
        if (each.name, each.page_url.lower()) != (named[key].name, named[key].page_url.lower())
    ] == []


def test_a_field_that_another_one_replaces_says_so():
    row = next(line for line in fidelity.current().splitlines() if "`POST /v3/login`" in line)
    assert "`password` or `consoleApiToken`" in row


def test_what_is_not_emulated_says_so(developer, codes):
    assert codes(developer.get("/v3/nothing-of-the-kind")) == ["BDC_1121"]
    rows = [line for line in fidelity.fidelity_text(()).splitlines() if line.startswith("| `")]
    assert all("All of it" in row for row in rows)


def test_names_and_paths_are_unique():
    names = Counter(each.name for each in api.OPERATIONS)
    paths = Counter(fidelity.key(each.method, each.path) for each in api.OPERATIONS)
    assert [each for each, count in [*names.items(), *paths.items()] if count > 1] == []


def test_every_operation_names_its_area_and_says_what_it_does():
    assert [each.name for each in api.OPERATIONS if not each.area or not each.summary] == []


def test_summaries_have_the_articles_that_their_nouns_take():
    wrong = re.compile(
        r"\b([Ss]everal|an?|archived) the\b|\ba [aeio]|\ban [b-df-hj-np-tv-z]|\bone of the\b"
    )
    assert [each.summary for each in api.OPERATIONS if wrong.search(each.summary)] == []


def test_cells_cannot_break_the_table():
    rows = [line for line in fidelity.current().splitlines() if line.startswith("| `")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}
