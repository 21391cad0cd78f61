"""What is drawn depends on the key and the value alone."""

import hmac
import string

from pytest_bill.scrubbing.keyed_draw import KeyedDraw

KEYED = hmac.new(b"a key", digestmod="sha256")


def test_the_same_is_drawn_for_the_same_value():
    one, other = (KeyedDraw(KEYED, "name", "Ada", 0) for _ in range(2))
    assert one.digits(40) == other.digits(40)
    assert one.some_of(["ab"] * 20) == other.some_of(["ab"] * 20)


def test_something_else_is_drawn_for_anything_else():
    drawn = [
        KeyedDraw(KEYED, "name", "Ada", 0),
        KeyedDraw(KEYED, "name", "Bob", 0),
        KeyedDraw(KEYED, "email", "Ada", 0),
        KeyedDraw(KEYED, "name", "Ada", 1),
        KeyedDraw(hmac.new(b"another", digestmod="sha256"), "name", "Ada", 0),
    ]
    assert len({each.digits(20) for each in drawn}) == len(drawn)
    assert [each.is_first for each in drawn] == [True, True, True, False, True]


def test_however_much_is_drawn_there_is_something():
    draw = KeyedDraw(KEYED, "name", "", 0)
    assert all(draw.below(10) < 10 for _ in range(200))
    assert draw.one_of(string.digits) in string.digits
