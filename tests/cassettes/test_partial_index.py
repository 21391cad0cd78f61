"""An index that is told where equal match keys may be: what it takes is compared first."""

import pytest

from pytest_bill.cassettes.matching import Matcher
from pytest_bill.cassettes.partial_index import PartialIndex
from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
NOTHING = StandInPairs()
RECORDED = [Interaction("GET", f"{URL}/{number % 3}", {}, b"") for number in range(9)]


@pytest.fixture
def matcher():
    return Matcher(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))


@pytest.fixture
def index(matcher):
    """An index that is told so of each key, by the last digit of its path."""

    def index(told, session="") -> PartialIndex:
        def numbers_of(key):
            path = key[matcher.parts.index("path")]
            return told.get(int(path[-1]), ())

        return PartialIndex(RECORDED, matcher, frozenset(), numbers_of, lambda _: session)

    return index


def test_what_it_is_told_is_taken_in_order(index, matcher):
    it = index({1: [1, 4, 7]})
    compared = matcher.compared(RECORDED[1])
    assert [it.take(compared, NOTHING) for _ in range(4)] == [1, 4, 7, None]
    assert it.take_first(compared, lambda _: True) is None
    assert it.untaken() == [0, 2, 3, 5, 6, 8]
    assert it.take(matcher.compared(RECORDED[2]), NOTHING) is None


def test_what_is_not_so_is_not_taken(index, matcher):
    compared = matcher.compared(RECORDED[1])
    for it in (index({1: [2, 5]}), index({1: [1, 4]}, session="another")):
        assert it.take(compared, NOTHING) is None
        assert it.take_first(compared, lambda _: True) is None
        assert len(it.untaken()) == len(RECORDED)


def test_the_whole_index_knows_the_rest_and_what_was_taken(index, matcher):
    it = index({1: [4]})
    compared = matcher.compared(RECORDED[1])
    assert [it.take(compared, NOTHING), it.take(compared, NOTHING)] == [4, None]
    whole = it.whole()
    assert (it.is_partial, whole.is_partial, whole.whole()) == (True, False, whole)
    assert [whole.take(compared, NOTHING) for _ in range(3)] == [1, 7, None]


def test_all_that_an_index_says_of_a_request_it_says(index, matcher):
    it = index({})
    assert it.compared(matcher.deciding(RECORDED[0])) is None
    assert it.key_of(4) == matcher.compared(RECORDED[1]).key
    assert (it.session_of(4), it.personal_data(4)) == ("", ())
    other = Interaction("GET", f"{URL}/1?max=7", {}, b"")
    assert list(it.likely(matcher.compared(other).key))[:3] == [1, 4, 7]
    with pytest.raises(IndexError):
        it.key_of(9)
