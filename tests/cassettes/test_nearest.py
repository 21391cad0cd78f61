"""Which recorded requests are compared in full with one that is not there: few, and the right."""

import json
import random

import pytest

from pytest_bill.cassettes import nearest
from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.cassettes.nearest import Operation
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
NAMES = frozenset({"organization_name"})
MOST, COUNT = 64, 600


def get(url: str = URL) -> Interaction:
    return Interaction("GET", url, {}, b"")


def post(data: object) -> Interaction:
    headers = {"content-type": "application/json"}
    return Interaction("POST", URL, headers, json.dumps(data).encode())


@pytest.fixture
def matcher():
    return Matcher(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))


@pytest.fixture
def first(matcher):
    """The recorded request that is looked at first, by its number."""

    def first(recorded, asked):
        index = Index(recorded, matcher, frozenset())
        return next(index.likely(matcher.compared(asked).key))

    return first


def vendor(number: int, **changes: object) -> dict[str, object]:
    return {
        "name": f"Happy Music {number}",
        "address": {"line1": f"{number} Main Street", "city": "San Jose"},
        "email": f"{number}@example.com",
        "currency": "USD",
    } | changes


@pytest.mark.parametrize("field", ["currency", "name", "email", "new"])
def test_a_body_with_one_other_field_is_found_first(first, field):
    recorded = [post(vendor(number)) for number in range(200)]
    assert first(recorded, post(vendor(117, **{field: "another"}))) == 117


def test_a_query_with_one_other_value_is_found_first(first):
    recorded = [get(f"{URL}?page={number}&max={number % 7}&sort=name") for number in range(200)]
    assert first(recorded, get(f"{URL}?page=117&max=99&sort=name")) == 117


def test_the_same_path_is_found_before_others_whatever_the_rest_is(first):
    body = vendor(1)
    recorded = [
        Interaction("POST", f"{URL}/1", {"content-type": "application/json"}, post(body).body),
        get(f"{URL}?max=7"),
        post({"another": {"thing": [1, 2, 3]}}),
    ]
    assert first(recorded, post(body)) == 2


def test_a_path_with_one_other_segment_is_found_before_other_paths(first):
    recorded = [
        get("https://gateway.stage.bill.com/connect/v3/bills"),
        get("https://gateway.stage.bill.com/connect/v3/customers/1/payments/2"),
        get(f"{URL}/1"),
        get(f"{URL}/1/bank-account"),
    ]
    assert first(recorded, get(f"{URL}/9")) == 2
    assert first(recorded, get(f"{URL}/9/bank-account")) == 3
    # Of other paths the one that is most alike.
    assert first(recorded[:2], get(f"{URL}/9")) == 0


def test_the_same_path_but_for_ids_is_found_before_others(first):
    recorded = [
        get(f"{URL}/bank-account"),
        get(f"{URL}/00901ABC/bank-account"),
        Interaction("DELETE", f"{URL}/00901XYZ", {}, b""),
        get(f"{URL}/00901ABC"),
    ]
    assert first(recorded, get(f"{URL}/00901XYZ")) == 3
    # Of one method, before another one; of the same path, before all of another.
    assert first(recorded[:3], get(f"{URL}/00901XYZ")) == 2
    assert first(recorded[:2], get(f"{URL}/00901XYZ")) == 0
    # A version is no id.
    others = [get("https://gateway.stage.bill.com/connect/v2/vendors"), get(f"{URL}/1/2")]
    assert first(others, get(URL)) == 0


@pytest.mark.parametrize(
    "parts",
    [
        ["method", "uri"],
        ["uri", "body"],
        ["path"],
        ["method"],
        ["body"],
        ["method", "path", "body"],
    ],
)
def test_whatever_is_compared_something_is_nearest(parts):
    matcher = Matcher(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True), parts)
    index = Index([get(f"{URL}?max=1"), post({"a": 1}), get(f"{URL}/1")], matcher, frozenset())
    asked = Interaction("PUT", f"{URL}/9?max=2", {}, b"other")
    assert list(index.likely(matcher.compared(asked).key))


def test_another_method_is_found(first):
    recorded = [get(f"{URL}/1?a=1"), post({}), get(f"{URL}/2")]
    assert first(recorded, Interaction("DELETE", f"{URL}/2", {}, b"")) == 2


def recorded(rng: random.Random) -> Interaction:
    names = rng.sample("abcdefgh", rng.randrange(1, 7))
    if rng.random() < 0.5:
        return post({name: rng.choice([1, "1", None, {"x": rng.randrange(3)}]) for name in names})
    query = "&".join(f"{name}={rng.randrange(3)}" for name in names)
    return get(f"{URL}/{rng.randrange(3)}?{query}")


@pytest.mark.parametrize("seed", range(3))
def test_of_many_those_that_are_compared_hold_the_nearest(matcher, seed):
    rng = random.Random(seed)
    everything = [recorded(rng) for _ in range(COUNT)]
    index = Index(everything, matcher, NAMES)
    for _ in range(8):
        key = matcher.compared(recorded(rng), NAMES).key
        if index.same_as(key):
            continue
        of_path = Operation(key, matcher.parts)
        same = [each for each in range(COUNT) if of_path.is_of(index.key_of(each))]
        distances = [len(matcher.differences_of(key, index.key_of(each))) for each in range(COUNT)]
        likely = list(index.likely(key))
        assert len(likely) <= 2 * MOST
        assert set(likely) <= set(same)
        assert min(distances[each] for each in same) == min(distances[each] for each in likely)


def test_where_one_thing_differs_the_others_are_not_looked_at(matcher, monkeypatch):
    estimated = []
    monkeypatch.setattr(nearest, "_estimated", lambda *seen: estimated.append(seen) or [])
    recorded = [post({"a": number, "b": number, "c": "x" * 9}) for number in range(200)]
    index = Index(recorded, matcher, frozenset())
    compared = matcher.compared(post({"a": 99, "b": 99, "c": "another"}))
    number, (difference,) = nearest.find(compared, index, matcher)
    assert (number, difference.part, estimated) == (99, "body c", [])


def test_of_few_all_are_compared(matcher):
    index = Index([get(f"{URL}?page={number}&a={number}") for number in range(20)], matcher, NAMES)
    assert list(index.likely(matcher.compared(get(f"{URL}?b=1")).key)) == list(range(20))


def test_of_large_requests_fewer_are_compared(matcher):
    large = {"y": "x" * 9000, "z": "y" * 9000}
    index = Index([post({**large, "b": each, "c": each}) for each in range(200)], matcher, NAMES)
    likely = list(index.likely(matcher.compared(post({**large, "b": 150, "c": 150.5})).key))
    assert len(likely) < 50
    assert 150 in likely


def test_in_no_cassette_nothing_is_like(matcher):
    assert list(Index([], matcher, NAMES).likely(matcher.compared(get()).key)) == []
