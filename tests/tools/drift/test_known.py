"""known.tsv: which differences a row covers, which are new, and which are none any more."""

from __future__ import annotations

import pytest

from tools.drift import known
from tools.drift.comparing import Difference
from tools.drift.described import Key

ONE, LIST = Key("GET", "/v3/vendors/{}"), Key("GET", "/v3/vendors")
ROW = "2026-11-30\t/v3/vendors\tanswer\tnot here\tautoPay, address.zone\tnot emulated\n"


def rows(tmp_path, text=ROW):
    file = tmp_path / "known.tsv"
    file.write_text("# comment\n" + text, encoding="utf-8")
    return known.read(file)


@pytest.mark.parametrize(
    ("key", "name", "is_known"),
    [
        (ONE, "autoPay", True),
        (ONE, "autoPay.enabled", True),
        (LIST, "results[].autoPay.enabled", True),
        (LIST, "results[].address.zone", True),
        (ONE, "zone", False),
        (ONE, "autoPayer", False),
        (ONE, "address", False),
        (Key("GET", "/v3/bills"), "autoPay", False),
    ],
)
def test_a_name_goes_with_what_is_below_it_wherever_the_record_stands(
    tmp_path, key, name, is_known
):
    difference = Difference(key, "answer", name, "not here")
    assert known.unknown([difference], rows(tmp_path)) == ([] if is_known else [difference])


def test_a_row_may_be_about_all_resources_of_v2(tmp_path):
    v2 = Difference(Key("POST", "/api/v2/List/Bill.json"), "body", "data.start", "required here")
    v3 = Difference(ONE, "body", "start", "required here")
    all_of_v2 = rows(tmp_path, "2026-11-30\t/api/v2/*\tbody\trequired here\tstart\twhy\n")
    assert known.unknown([v2, v3], all_of_v2) == [v3]


def test_another_place_or_another_verdict_is_new(tmp_path):
    found = [
        Difference(ONE, "body", "autoPay", "not here"),
        Difference(ONE, "answer", "autoPay", "string at BILL, object here"),
    ]
    assert known.unknown(found, rows(tmp_path)) == found


def test_rows_are_proposed_that_cover_what_is_new_once_they_have_a_reason(tmp_path):
    found = [
        Difference(LIST, "answer", "results[].autoPay", "not here"),
        Difference(ONE, "answer", "autoPay", "not here"),
        Difference(ONE, "answer", "autoPay.enabled", "not here"),
        Difference(ONE, "status", "", "200 at BILL, 201 here"),
    ]
    (first, second) = known.proposed(found, "2026-11-30")
    assert (first.names, second.names) == (("autoPay",), ("(whole)",))
    text = f"{first.row()}\n{second.row()}\n"
    with pytest.raises(known.BadRow, match=r"known\.tsv:2 has no reason"):
        rows(tmp_path, text)
    assert known.unknown(found, rows(tmp_path, text.replace("\t?", "\twhy"))) == []


def test_a_row_without_its_columns_is_told(tmp_path):
    with pytest.raises(known.BadRow, match=r"known\.tsv:2 has not 6 columns"):
        rows(tmp_path, "2026-11-30\t/v3/vendors\n")


def test_names_that_nothing_has_any_more(tmp_path):
    found = [Difference(ONE, "answer", "autoPay", "not here")]
    assert [name for _, name in known.unused(found, rows(tmp_path))] == ["address.zone"]


def test_every_row_of_the_project_has_its_columns_and_a_reason():
    assert len(known.read()) > 10
