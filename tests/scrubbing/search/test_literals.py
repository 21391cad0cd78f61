"""Many strings of bytes are found in data as one by one, in a time that depends on the data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.search.literals import Literals
from tests.helpers.work import steps

# Few letters, so that there is much that is almost a literal.
SOME = st.text("ab", min_size=1, max_size=20).map(str.encode)


@given(st.lists(SOME, max_size=60), st.lists(SOME, max_size=20), st.binary(max_size=9))
@settings(max_examples=300, deadline=None)
def test_all_that_stand_in_the_data_are_found(literals, pieces, before):
    data = before + b"".join(pieces)
    found = Literals(literals).found_in(data)
    assert len(found) == len(set(found))
    assert set(found) == {literal for literal in literals if literal in data}


@pytest.mark.parametrize("size", [1, 7, 8, 14, 15, 16, 40])
@pytest.mark.parametrize("count", [1, 32, 33, 100])
@pytest.mark.parametrize("at", range(9))
def test_a_literal_is_found_wherever_it_stands(size, count, at):
    letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"
    literal = letters[:size].encode()
    it = Literals([literal, *(b"%d another literal of some length" % n for n in range(count - 1))])
    assert len(it) == count
    for behind in range(9):
        assert it.found_in(b"." * at + literal + b"." * behind) == [literal]
        assert it.found_in(b"." * at + literal[:-1] + b"." * behind) == []
    assert it.found_in(b"") == []


def test_more_may_be_added_at_any_time():
    it = Literals()
    for number in range(200):
        literal = b"literal number %d of all" % number
        assert it.found_in(b"x" + literal) == []
        it.add(literal)
        it.add(literal)
        assert it.found_in(b"x" + literal + literal) == [literal]
    assert len(it) == 200


@pytest.mark.parametrize("beginning", ["", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."])
def test_the_work_does_not_depend_on_how_many_there_are(beginning):
    # Tokens all begin alike.
    literals = [f"{beginning}{n * 7919:032d}".encode() for n in range(5000)]
    data = b'{"a": 1, "b": "%s", "c": [1, 2, 3]}' % literals[7] * 5
    few, many = Literals(literals[:100]), Literals(literals)
    assert few.found_in(data) == many.found_in(data) == [literals[7]]
    assert steps(lambda: many.found_in(data)) <= 1.1 * steps(lambda: few.found_in(data))
