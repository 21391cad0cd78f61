"""Which requests are on their way, for how long, and which took longest."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.on_way import OnWay, Took


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Watching:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begun(self, way: OnWay) -> None:
        self.told.append(way.now())

    def ended(self, way: OnWay, took, status: int) -> None:
        self.told.append((took(), status))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def way(clock):
    return OnWay(str, lambda: "test_a.py::test_b", clock)


def test_what_was_sent_is_on_its_way_until_it_has_its_answer(way, clock):
    first = way.begin("GET", "https://gateway.stage.bill.com/connect/v3/vendors?max=2")
    clock.now += 2
    second = way.begin("POST", "https://api-stage.bill.com/api/v2/List/Vendor.json")
    assert way.now() == [("GET /v3/vendors", 2.0), ("POST /v2/List/Vendor.json", 0.0)]
    way.end(first)
    assert way.now() == [("POST /v2/List/Vendor.json", 0.0)]
    way.end(second)
    assert way.now() == []


def test_three_that_took_longest_are_known(way, clock):
    for seconds in (1, 5, 2, 4, 3):
        number = way.begin("GET", f"https://bill.test/v3/{seconds}")
        clock.now += seconds
        way.end(number)
    assert way.slowest == [
        Took("GET /v3/5", 5.0, "test_a.py::test_b"),
        Took("GET /v3/4", 4.0, "test_a.py::test_b"),
        Took("GET /v3/3", 3.0, "test_a.py::test_b"),
    ]


def test_of_a_number_that_nobody_knows_nothing_happens(way):
    way.end(0)
    way.end(7)
    number = way.begin("GET", "https://bill.test/a")
    way.end(number)
    way.end(number)
    assert len(way.slowest) == 1


def test_one_that_fails_is_on_its_way_no_more(way):
    with pytest.raises(OSError, match="cut"), way.asking("GET", "https://bill.test/a"):
        raise OSError("cut")
    assert way.now() == []


def test_who_watches_is_told_of_each(way, clock):
    watching = way.watcher = Watching()
    with way.asking("GET", "https://bill.test/connect/v3/bills") as status:
        clock.now += 1.5
        status.append(200)
    assert watching.told == [
        [("GET /v3/bills", 0.0)],
        (Took("GET /v3/bills", 1.5, "test_a.py::test_b"), 200),
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bill.test/v3/a\x1b]0;x\x07", "GET /v3/a\\u001b]0;x\\u0007"),
        ("https://[broken/v3/a", "GET (a link)"),
        ("https://bill.test/pay/abcDEF123?token=name", "GET (a link)"),
        ("https://auth.bill.test/authx/token?q=name", "GET /authx/token"),
        ("https://bill.test/connect/v3/vendors/PLACEHOLDER?q=name", "GET /v3/vendors/PLACEHOLDER"),
        ("https://bill.test/connect-events/v3/subscriptions", "GET /connect-events/v3/subscri"),
    ],
)
def test_what_is_shown_is_plain_and_holds_no_value_of_a_query(way, url, shown):
    way.begin("GET", url)
    ((request, _),) = way.now()
    assert request.startswith(shown)
    assert "name" not in request
