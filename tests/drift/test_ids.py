"""Ids that were handed out, and those that are now."""

from __future__ import annotations

from pytest_bill.drift.ids import HandedOut

LIST = "GET /v3/bills"
OLD, KEPT, NEW = "00nOLDBILL0000000001", "00nKEPTBILL000000002", "00nNEWBILL0000000003"


def results(*ids: str) -> dict:
    return {"results": [{"id": each} for each in ids], "nextPage": "page-of-" + "".join(ids)[:9]}


def test_the_next_new_record_stands_in_for_one_that_is_gone():
    ids = HandedOut()
    ids.learn("", results(OLD, KEPT), LIST)
    ids.pair(results(OLD, KEPT), results(KEPT, NEW))
    assert ids.now(f"/v3/bills/{OLD}") == f"/v3/bills/{NEW}"
    assert ids.now(f"/v3/bills/{KEPT}") == f"/v3/bills/{KEPT}"
    assert ids.lost(OLD) == ""


def test_an_id_without_one_in_its_place_is_lost():
    ids = HandedOut()
    ids.learn("", results(OLD, KEPT), LIST)
    ids.pair(results(OLD, KEPT), results(KEPT))
    assert ids.now(OLD) == OLD
    assert ids.lost(f"/v3/bills/{OLD}") == LIST


def test_an_id_that_nobody_handed_out_is_none_of_it():
    assert HandedOut().lost("/v3/bills/00n0000000000000WRONG") == ""


def test_marks_of_pages_and_ids_of_other_records_are_handed_out_too():
    ids = HandedOut()
    before = {"vendorId": "009AAAAAAAA", "nextPage": "eyJzIjoxfQ==", "number": "INV-000001"}
    now = {"vendorId": "009BBBBBBBB", "nextPage": "eyJzIjoyfQ==", "number": "INV-000002"}
    ids.learn("", before, LIST)
    ids.pair(before, now)
    assert ids.now("eyJzIjoxfQ==") == "eyJzIjoyfQ=="
    assert ids.now("vendorId:eq:009AAAAAAAA") == "vendorId:eq:009BBBBBBBB"
    assert ids.now("INV-000001") == "INV-000001"


def test_what_was_asked_for_is_not_handed_out_by_its_answer():
    ids = HandedOut()
    ids.learn(f"/v3/bills/{OLD}", {"id": OLD, "vendorId": NEW}, "GET /v3/bills/{id}")
    assert ids.lost(OLD) == ""
    assert ids.lost(NEW) == "GET /v3/bills/{id}"


def test_what_v2_answers_for_no_id_is_none():
    ids = HandedOut()
    ids.pair({"payFromId": "00000000000000000000"}, {"payFromId": NEW})
    assert ids.now("00000000000000000000") == "00000000000000000000"


def test_what_a_request_made_or_named_was_changed_by_it():
    ids = HandedOut()
    ids.learn("", results(KEPT), LIST)
    answer = {"id": NEW, "vendorId": OLD}
    ids.change(f"/v3/bills/{KEPT}/archive", None, answer, "POST /v3/bills/{id}/archive")
    for text in (f"/v3/bills/{KEPT}", f"/v3/bills/{NEW}"):
        assert ids.changed_by(text, {}) == "POST /v3/bills/{id}/archive"
    assert ids.changed_by("/v3/bills", {"id": NEW})
    assert ids.changed_by("/v3/bills", {"response_data": {"id": NEW}})
    assert not ids.changed_by("/v3/bills", results(NEW))
    assert not ids.changed_by(f"/v3/vendors/{OLD}", {})


def test_an_action_of_v2_changes_what_it_names():
    ids = HandedOut()
    ids.change("/v2/VoidAPPayment.json", {"data": {"sentPayId": OLD}}, None, "POST /v2/Void")
    ids.change("", {"data": {"obj": {"id": NEW, "vendorId": KEPT}}}, None, "POST /v2/Crud/Update")
    assert ids.changed_by(OLD, {}) == "POST /v2/Void"
    assert ids.changed_by(NEW, {}) == "POST /v2/Crud/Update"
    assert ids.changed_by(KEPT, {}) == ""
