"""Which recorded request is next, and which are most like one that is not there."""

import json

import pytest

from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.places import Kind
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
NAMES = frozenset({"organization_name"})


@pytest.fixture
def matcher() -> Matcher:
    return Matcher(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))


def get(path: str = "", **query: str) -> Exchange:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return Exchange("GET", f"{URL}{path}" + (f"?{pairs}" if pairs else ""), {}, b"")


def post(name: str, note: str = "") -> Exchange:
    body = json.dumps({"name": name, "note": note}).encode()
    return Exchange("POST", URL, {"content-type": "application/json"}, body)


def asked(matcher: Matcher, index: Index, exchange: Exchange) -> int | None:
    seen = matcher.seen(exchange, NAMES)
    return index.take(seen, seen.personal)


def test_each_is_taken_once_in_the_order_recorded(matcher):
    index = Index([get(), get("/1"), get(), get("/1")], matcher, frozenset())
    taken = [asked(matcher, index, get(path)) for path in ("", "/1", "/1", "", "", "/2")]
    assert taken == [0, 1, 3, 2, None, None]


def test_of_an_empty_cassette_nothing_is_taken(matcher):
    index = Index([], matcher, frozenset())
    assert asked(matcher, index, get()) is None
    assert index.likest(matcher.seen(get()).key, 3) == []
    assert index.seen(matcher.deciding(get())) is None


def test_the_same_data_comes_first_and_then_the_order(matcher):
    names = ["Bofa Vuna", "Cuma Widu", "Zibo Neda", "Cuma Widu"]
    index = Index([post(name) for name in names], matcher, NAMES)
    wanted = ["Cuma Widu", "Ada Lovel", "Cuma Widu", "Cuma Widu", "Cuma Widu"]
    assert [asked(matcher, index, post(name)) for name in wanted] == [1, 0, 3, 2, None]
    assert index.personal(2) == ((Kind.ORGANIZATION_NAME, "Zibo Neda"),)


def test_a_function_may_choose_among_those_that_wait(matcher):
    index = Index([get(), get(), get("/1"), get()], matcher, frozenset())
    seen = matcher.seen(get())
    offered = []

    def second_and_later(position: int) -> bool:
        offered.append(position)
        return position > 0

    assert index.take_first(seen, second_and_later) == 1
    assert index.take_first(seen, second_and_later) == 3
    assert index.take_first(seen, second_and_later) is None
    assert offered == [0, 1, 0, 3, 0]  # never one of another key, or one that was taken
    assert index.take_first(matcher.seen(get("/2")), lambda _: True) is None
    assert index.take(seen, ()) == 0


def test_the_very_same_request_is_known_without_looking_into_it(matcher):
    index = Index([get(), post("Bofa Vuna")], matcher, NAMES)
    for exchange in (get(), post("Bofa Vuna")):
        assert index.seen(matcher.deciding(exchange)) == matcher.seen(exchange, NAMES)
    assert index.seen(matcher.deciding(post("Ada Lovel"))) is None


def test_the_likest_differ_least(matcher):
    recorded = [
        Exchange("DELETE", URL.replace("vendors", "bills/1"), {}, b""),
        get(max="5", sort="name"),
        get(max="2"),
        post("Bofa Vuna", "of all"),
    ]
    index = Index(recorded, matcher, frozenset())
    assert index.likest(matcher.seen(get(max="2", page="x")).key, 1) == [2]
    assert index.likest(matcher.seen(get(max="3", sort="name")).key, 1) == [1]
    assert index.likest(matcher.seen(post("Bofa Vuna", "of some")).key, 1) == [3]
    assert index.likest(matcher.seen(get()).key, 9) == [0, 1, 2, 3]
    assert index.key(2) == matcher.seen(get(max="2")).key


@pytest.mark.parametrize("order", ["as recorded", "reversed"])
def test_a_thousand_alike_are_each_looked_at_a_few_times(matcher, monkeypatch, order):
    """Their number, and not its square, is the work."""
    looked_at = 0

    class Taken(bytearray):
        def __getitem__(self, position):
            nonlocal looked_at
            looked_at += 1
            return super().__getitem__(position)

    names = [f"Bofa Vuna {number}" for number in range(1000)]
    index = Index([post(name) for name in names], matcher, NAMES)
    index._taken = Taken(index._taken)
    for name in names if order == "as recorded" else reversed(names):
        assert asked(matcher, index, post(name)) == names.index(name)
    assert asked(matcher, index, post("Ada Lovel")) is None
    assert looked_at <= 3000
