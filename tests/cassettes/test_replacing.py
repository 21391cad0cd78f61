"""What a test records anew takes the place of what it asks no more, and of nothing else."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.replacing import replaced
from pytest_bill.interaction import Interaction

HOST = "https://gateway.stage.bill.com/connect"
VENDOR_1, VENDOR_2 = "/v3/vendors/00901AAAAAAAAAAAAAA1", "/v3/vendors/00901AAAAAAAAAAAAAA2"


def ask(path: str, method: str = "GET", body: bytes = b"") -> Interaction:
    return Interaction(method, HOST + path, {}, body, 200, "OK", {}, path.encode())


@pytest.fixture
def session(recorder, use, tmp_path):
    """Record these first; then ask those, and give what the file holds in the end."""

    def session(first, then, *, mode="new_episodes", is_complete=True, **changes) -> list[str]:
        path = tmp_path / "cassette.yaml"
        store.save(path, store.Recording(first), lambda _: None)
        made = recorder()
        opened = made.open(use(mode, **changes))
        for each in then:
            made.serve(each, lambda each=each: each)
        opened.is_complete = is_complete
        made.close(opened)
        held = [each.url.removeprefix(HOST) for each in store.load(path).interactions]
        new = len(opened.cassette.recorded)
        assert len(held) == len(first) - len(opened.replaced) + new
        return held

    return session


def test_a_changed_request_replaces_its_old_recording(session):
    first = [ask("/v3/vendors?max=2"), ask("/v3/bills")]
    assert session(first, [ask("/v3/bills"), ask("/v3/vendors?max=3")]) == [
        "/v3/bills",
        "/v3/vendors?max=3",
    ]


def test_a_changed_id_is_the_same_request(session):
    assert session([ask(VENDOR_1)], [ask(VENDOR_2)]) == [VENDOR_2]
    uuids = [f"/v3/spend/cards/{each * 8}-aaaa-4aaa-8aaa-{each * 12}" for each in "1a"]
    assert session([ask(uuids[0])], [ask(uuids[1])]) == [uuids[1]]


def test_each_new_one_replaces_one(session):
    first = [ask(f"/v3/vendors?page={number}") for number in range(3)]
    assert session(first, [ask("/v3/vendors?page=7")]) == [
        "/v3/vendors?page=1",
        "/v3/vendors?page=2",
        "/v3/vendors?page=7",
    ]


def test_what_was_not_asked_for_at_all_goes(session):
    first = [ask("/v3/bills"), ask(VENDOR_1, "DELETE"), ask(VENDOR_1)]
    assert session(first, [ask(VENDOR_1), ask("/v3/invoices")]) == [VENDOR_1, "/v3/invoices"]


def test_what_was_asked_fewer_times_stays(session):
    """As that of a test which polls."""
    first = [ask(VENDOR_1)] * 3
    assert session(first, [ask(VENDOR_1), ask(VENDOR_2)]) == [VENDOR_1] * 3 + [VENDOR_2]


def test_what_differs_in_its_operation_stands_in_for_nothing(session):
    vendors, bills = "/api/v2/List/Vendor.json", "/api/v2/List/Bill.json"
    first = [ask(vendors, "POST", b"data=1"), ask(vendors, "POST", b"data=1")]
    then = [first[0], ask(bills, "POST", b"data=1")]
    assert session(first, then) == [vendors, vendors, bills]
    assert session(first, [ask(vendors, "POST", b"data=2")]) == [vendors, vendors]


@pytest.mark.parametrize(
    "changes",
    [
        {"shared": True},
        {"fixture": "vendor"},
        {"is_complete": False},
    ],
)
def test_what_others_may_need_stays(session, changes):
    first = [ask("/v3/vendors?max=2")]
    assert len(session(first, [ask("/v3/vendors?max=3")], **changes)) == 2


@pytest.mark.parametrize("left", ["misses", "unanswered"])
def test_a_test_that_lost_a_request_drops_nothing(recorder, use, tmp_path, left):
    path = tmp_path / "cassette.yaml"
    store.save(path, store.Recording([ask("/v3/bills")]), lambda _: None)
    made = recorder()
    opened = made.open(use("new_episodes"))
    made.serve(ask("/v3/vendors"), lambda: ask("/v3/vendors"))
    opened.is_complete = True
    getattr(opened, left).append("a request")
    assert replaced(opened) == frozenset()
    getattr(opened, left).clear()
    assert replaced(opened) == {0}


def test_a_file_that_another_process_has_written_meanwhile_loses_nothing(recorder, use, tmp_path):
    path = tmp_path / "cassette.yaml"
    store.save(path, store.Recording([ask("/v3/bills")]), lambda _: None)
    made = recorder()
    opened = made.open(use("new_episodes"))
    made.serve(ask("/v3/vendors"), lambda: ask("/v3/vendors"))
    opened.is_complete = True
    store.save(path, store.Recording([ask("/v3/invoices"), ask("/v3/bills")]), lambda _: None)
    made.close(opened)
    assert len(store.load(path).interactions) == 3
    assert opened.replaced == []
