"""docs/fidelity.md and docs/fidelity/: current, whole, and with all operations of BILL's."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.fields import Either, Many, Object, Text
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.description import error_codes, fidelity, index, openapi, v2_index
from pytest_bill.sandbox.description.notes import Notes, notes_of

DOCS = Path(__file__).parents[3] / "docs"
OPERATION_ROW = re.compile(
    r"^\| \[[\w-]+\]\(\S+\)<br>`(\w+) (\S+)` \| (.*?) \| ([\d, ]*) \|$", re.MULTILINE
)


@cache
def current():
    return fidelity.current()


@cache
def all_rows():
    """Method, path, what is emulated and the numbers of the notes, of every row."""
    return [row for text in current().values() for row in OPERATION_ROW.findall(text)]


def test_the_files_are_what_the_sandbox_says_of_itself():
    files = {"fidelity.md": DOCS / "fidelity.md"}
    files |= {f"fidelity/{path.name}": path for path in (DOCS / "fidelity").iterdir()}
    assert sorted(files) == sorted(current()), "run: make docs"
    assert [name for name, path in files.items() if path.read_text() != current()[name]] == [], (
        "run: make docs"
    )


def test_files_that_are_not_written_any_more_are_taken_away(tmp_path):
    (tmp_path / "fidelity").mkdir()
    (tmp_path / "fidelity" / "old.md").write_text("# Old")
    fidelity.write(tmp_path)
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")}
    assert written == set(current())


def test_every_operation_of_the_reference_index_has_one_row():
    rows = [(method, path) for method, path, _, _ in all_rows()]
    listed = [*index.reference_index(), *v2_index.listed(api.OPERATIONS)]
    assert Counter(rows) == Counter((each.method, each.path) for each in listed)
    assert len(index.reference_index()) == 325


def test_each_area_has_a_file_that_the_overview_links():
    linked = re.findall(r"^\| \[.*?\]\((fidelity/[\w-]+\.md)\) \|", current()["fidelity.md"], re.M)
    others = {"fidelity.md", "fidelity/error-codes.md", "fidelity/changelog.md"}
    assert {*linked, *others} == set(current())
    assert [path for path in linked if not OPERATION_ROW.search(current()[path])] == []


def test_the_overview_says_when_it_was_held_against_bill():
    held = re.findall(
        r"^\| \[(\w+)\]\(https.*\| (\d{4}-\d\d-\d\d) \|$", current()["fidelity.md"], re.M
    )
    assert [what for what, _ in held] == ["reference", "changelog"]
    assert held[0][1] == index.as_of()
    assert f"was of {index.pages_of()}" in current()["fidelity.md"]


def test_links_resolve():
    assert list(_broken_links()) == []


def _broken_links():
    """Files and headings that are linked and are not there; addresses that are none."""
    for name, text in current().items():
        for target in re.findall(r"\]\(([^)]*)\)", text):
            if re.fullmatch(r"https://[\w.-]+/\S*", target):
                continue
            path, _, heading = target.partition("#")
            file = (DOCS / name).parent / path if path else DOCS / name
            if not file.is_file() or (heading and heading not in _headings(file.read_text())):
                yield name, target


def _headings(text):
    lines = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def test_v2_has_a_file_that_links_its_pages():
    page = "https://developer.bill.com/v2/reference/auth-login"
    assert f"| [auth-login]({page})<br>`POST /api/v2/Login.json` |" in current()["fidelity/v2.md"]


def test_an_operation_that_is_emulated_is_named_as_in_the_index():
    named = {each.key: each for each in index.reference_index()}
    emulated = [
        (each, index.key(each.method, each.path))
        for each in api.OPERATIONS
        if not each.path.startswith(V2_PREFIX)
    ]
    assert [each.name for each, key in emulated if key not in named] == []
    assert [
        (each.name, named[key].name)
        for each, key in emulated
        if (each.name, each.page_url.lower()) != (named[key].name, named[key].page_url.lower())
    ] == []


def test_a_field_that_another_one_replaces_says_so():
    (emulated,) = [row[2] for row in all_rows() if row[:2] == ("POST", "/v3/login")]
    assert "`password` or `consoleApiToken`" in emulated


def test_what_is_not_emulated_says_so(developer, codes):
    assert codes(developer.get("/v3/nothing-of-the-kind")) == ["BDC_1121"]
    text = fidelity.pages(())["fidelity/not-emulated.md"]
    rows = OPERATION_ROW.findall(text)
    assert len(rows) == len(index.reference_index())
    assert {notes for _, _, _, notes in rows} == {"1"}
    assert "\n1. *Not emulated:* All of it" in text


def test_names_and_paths_are_unique():
    names = Counter(each.name for each in api.OPERATIONS)
    paths = Counter(index.key(each.method, each.path) for each in api.OPERATIONS)
    assert [each for each, count in [*names.items(), *paths.items()] if count > 1] == []


def test_every_operation_names_its_area_and_says_what_it_does():
    assert [each.name for each in api.OPERATIONS if not each.area or not each.summary] == []


def test_summaries_have_the_articles_that_their_nouns_take():
    wrong = re.compile(
        r"\b([Ss]everal|an?|archived) the\b|\ba [aeio]|\ban [b-df-hj-np-tv-z]|\bone of the\b"
    )
    assert [each.summary for each in api.OPERATIONS if wrong.search(each.summary)] == []


def test_rows_cannot_break_their_tables_and_are_narrow_enough_to_read():
    # Three columns fit on a repository's page: what is said at length stands below the table.
    rows = [
        line
        for name, text in current().items()
        if name not in ("fidelity.md", "fidelity/changelog.md", "fidelity/error-codes.md")
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


# --- notes ------------------------------------------------------------------------------------


def told_of(name):
    """The notes below the table, by the row of the operation."""
    for text in current().values():
        for section in re.split(r"^## ", text, flags=re.MULTILINE):
            row = re.search(rf"^\| \[{name}\].*\| ([\d, ]*) \|$", section, re.MULTILINE)
            if row:
                notes = dict(re.findall(r"^(\d+)\. (.*)$", section, re.MULTILINE))
                return [notes[number] for number in row[1].split(", ") if number]
    raise AssertionError(f"no row of {name}")


def test_each_number_in_a_row_has_its_note_and_each_note_its_row():
    for text in current().values():
        for section in re.split(r"^## ", text, flags=re.MULTILINE):
            rows = OPERATION_ROW.findall(section)
            named = {number for *_, notes in rows for number in notes.split(", ") if number}
            assert not rows or named == set(re.findall(r"^(\d+)\. \*", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("names", "gap"),
    [
        ("listVendors getVendor updateVendor archiveVendor restoreVendor", "autoPay and virtual"),
        ("listBills getBill createBill archiveBill", "Drafts"),
        ("listInvoices getInvoice createInvoice", "Drafts"),
        ("listPayments getPayment createPayment cancelPayment", "virtual cards, the wallet"),
        ("listDocuments getDocument createBillDocument", "Every scanStatus but CLEAN"),
        ("getVendorBankAccount createVendorBankAccount", "words of status are not documented"),
        ("listCreditMemos getCreditMemo createCreditMemo", "IN_PROCESS"),
        ("listBudgets getBudget createBudget", "12 AM UTC"),
    ],
)
def test_a_gap_of_a_kind_of_record_is_told_on_each_operation_that_shows_it(names, gap):
    silent = [name for name in names.split() if not any(gap in note for note in told_of(name))]
    assert silent == []


def operation_with(answer, **notes):
    return Operation("GET", "/v3/x", "getX", "Get X", lambda call: {}, answer=answer, **notes)


def test_notes_of_records_are_found_however_deep_they_are_answered():
    inner = Object({"id": Text()}, missing="M1.", unsure="U1.")
    outer = Object({"results": Many(Either((Text(), inner)))}, unsure="U2.")
    operation = operation_with(outer, missing="Own.")
    assert notes_of(operation) == Notes(("Own.", "M1."), ("U2.", "U1."))


def test_what_is_said_of_the_operation_and_its_records_is_told_once():
    record = Object({"id": Text()}, missing="M1.")
    operation = operation_with(Many(record), missing="Own. M1.")
    assert notes_of(operation) == Notes(("Own.", "M1."), ())


def test_the_openapi_description_tells_of_the_records_too():
    paths = openapi.document(api.OPERATIONS)["paths"]
    (vendors,) = [item for path, item in paths.items() if path.endswith("/v3/vendors/{vendorId}")]
    assert "Not emulated: autoPay and virtualCard" in vendors["get"]["description"]


# --- error codes ------------------------------------------------------------------------------


def test_every_code_that_the_sandbox_refuses_with_is_told():
    source = Path(error_codes.errors.__file__).read_text(encoding="utf-8")
    told = {each.code for each in error_codes.refusals()}
    assert set(re.findall(r"BDC_\d{4}", source)) == told
    assert [each.code for each in error_codes.refusals() if not each.about] == []
