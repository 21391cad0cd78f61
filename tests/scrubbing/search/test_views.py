"""Views of data with its escapes decoded: what is found in one is placed in the data itself."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.search import views as module
from pytest_bill.scrubbing.search.budget import TooMuch
from pytest_bill.scrubbing.search.escapes import (
    ALWAYS,
    BACKSLASH,
    ENCODED_WORD,
    FORM,
    HTML,
    NOT_ASCII,
    PERCENT,
    QUOTED_PRINTABLE,
    STRAY,
)
from pytest_bill.scrubbing.search.views import Stretches, View, views_of

ALL = (*ALWAYS, FORM, *NOT_ASCII)
EURO = "\u20ac".encode()
KEY = "\U0001f511".encode()


# --- where it stood ---------------------------------------------------------------------------


def around(syntax, data: bytes, found: bytes) -> bytes:
    """What stands in the data where the decoded data has this."""
    plain = syntax.decoded(data)
    start = plain.index(found)
    first, last = View(plain, View(data), syntax).source(start, start + len(found))
    return data[first:last]


@pytest.mark.parametrize(
    ("syntax", "data", "found", "expected"),
    [
        (PERCENT, b"x=%41%42%43%44&y", b"BC", b"%42%43"),
        (PERCENT, b"x=a%2Fb&y=%20", b"a/b", b"a%2Fb"),
        (PERCENT, b"%u20AC%41", b"A", b"%41"),
        (FORM, b"a+b++c", b" c", b"+c"),
        (BACKSLASH, rb"x \u0041\u0042\u0043 y", b"B", rb"\u0042"),
        (BACKSLASH, rb"\x41\x42 \103\104", b"B C", rb"\x42 \103"),
        (BACKSLASH, rb"\"a\\\\b\"", b"\\b", rb"\\b"),
        (BACKSLASH, b"a\\\nb", b"ab", b"a\\\nb"),
        (HTML, b"&lt;a&#66;c&gt;", b"aBc", b"a&#66;c"),
        (QUOTED_PRINTABLE, b"a=3D=\r\nb", b"=b", b"=3D=\r\nb"),
        (ENCODED_WORD, b"x =?utf-8?Q?a_b?= y", b"b", b"=?utf-8?Q?a_b?="),
        (STRAY, b"x J\xf6rg y", "\u00f6rg".encode(), b"\xf6rg"),
    ],
)
def test_a_stretch_of_the_decoded_data_is_placed_in_the_data(syntax, data, found, expected):
    assert around(syntax, data, found) == expected


def undone(syntax, data: bytes) -> bytes:
    return syntax.pattern.sub(lambda match: syntax.decode(match)[0], data)


PIECES = (
    *(b"%41", b"%25", b"%u0042", b"\\u0043", b"\\\\", b"\\n", b"&amp;", b"&#68;", b"=45", b"=\r\n"),
    *(b"=?u?Q?f_?=", b"+", b" ", b"g", b"hij", b"\xc3\xb6", b"\xe4", b"%", b"\\", b"&", b"="),
)


@given(data=st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
@settings(max_examples=150, deadline=None)
def test_every_byte_of_every_view_has_its_place(data):
    stretches = Stretches(b"abc", [b"%", b"\\", b"&", b"="], 1024)
    for view in views_of(data, ALL, stretches):
        before = 0
        for at in range(len(view.data)):
            start, end = view.source(at, at + 1)
            # In order, so that what is replaced in one place is nothing of another.
            assert before <= start < end <= len(data)
            before = start
            if view.parent is None:
                assert (start, end) == (at, at + 1)
            elif view.parent.parent is None:
                assert view.data[at : at + 1] in undone(view.syntax, data[start:end])


# --- views ------------------------------------------------------------------------------------

WIDE = Stretches(b"secrt-0123456789", [b"%", b"\\", b"&", b"="], 1024)


def views(data: bytes, syntaxes=ALWAYS, stretches=WIDE) -> list[View]:
    return list(views_of(data, syntaxes, stretches))


def test_the_data_is_the_first_view_and_the_only_one_without_escapes():
    assert [view.data for view in views(b"plain")] == [b"plain"]
    assert [view.data for view in views(b"")] == [b""]
    assert [view.data for view in views(b"%zz \xff 100%")] == [b"%zz \xff 100%"]


@pytest.mark.parametrize(
    "data",
    [
        b"%2573ecret",
        rb"\u002573ecret",
        rb"%5Cu0073ecret",
        b"&#37;73ecret",
        b"%26%23115;ecret",
        rb"\u0026#115;ecret",
        b"=2573ecret",
        rb"\\u0073ecret",
        b"&amp;amp;#115;ecret",
    ],
)
def test_escapes_may_be_nested_in_any_order(data):
    found = [view for view in views(data) if view.data == b"secret"]
    assert found
    assert data[slice(*found[0].source(0, 6))] == data


def test_what_reads_the_same_is_one_view():
    shown = [view.data for view in views(b"%41&amp;B")]
    assert sorted(shown) == [b"%41&B", b"%41&amp;B", b"A&B", b"A&amp;B"]


def test_a_view_is_quoted_as_deep_as_it_lies():
    (view,) = (view for view in views(rb'{"a": "%2Fsecret\u0025"}') if b"/secret%" in view.data)
    assert view.quote(b"a/b") == b"a%2Fb"
    inner = json.dumps({"a": json.dumps({"b": "se\ncret"})}).encode()
    deepest = views(inner)[-1]
    assert deepest.quote(b'"') == json.dumps(json.dumps('"')[1:-1])[1:-1].encode()


def test_how_a_view_was_read():
    kinds = {view.data: (view.is_form, view.times_quoted) for view in views(b"a+=42", ALL)}
    assert kinds == {
        b"a+=42": (False, 0),
        b"a+B": (False, 1),
        b"a =42": (True, 0),
        b"a B": (True, 1),
    }


# --- stretches of large data ------------------------------------------------------------------

LARGE = 70_000
"""Beyond this escapes are looked for where a secret may be written with them, and only there."""


@pytest.mark.parametrize("filler", [b"some words, ", "w\u00f6rter, ".encode(), b"\x89\xff\0 "])
@pytest.mark.parametrize("written", [b"%73ecret-0123", rb"secret\u002d0123", b"secret-&#48;123"])
def test_escapes_in_large_data_are_found_and_placed(filler, written):
    many = LARGE // len(filler)
    data = filler * many + b"<" + written + b">" + filler * many
    found = [view for view in views(data) if b"secret-0123" in view.data]
    start = found[0].data.index(b"secret-0123")
    first, last = found[0].source(start, start + len(b"secret-0123"))
    assert data[first:last] == written


def test_what_is_far_apart_in_the_data_is_apart_in_the_view():
    data = b"%73ecret" + b". and so on" * 7000 + b".%2D012345"
    assert all(b"secret-0" not in view.data for view in views(data))
    assert any(b"secret\x01" in view.data for view in views(data))


def test_a_stretch_reaches_back_as_far_as_it_is_told():
    def seen(reach: int) -> bytes:
        stretches = Stretches(b"secrt-0123456789", [b"%"], reach)
        return stretches.decoded(b" ." * 100 + b"s" * 50 + b"%30")

    assert seen(10) == b"\x01" + b"s" * 10 + b"%30"
    assert seen(1000) == b"\x01" + b"s" * 50 + b"%30"


def test_large_data_with_no_escape_near_a_letter_has_nothing_decoded():
    assert len(views(b"100 % of it; " * 8000)) == 1


def test_a_stretch_is_quoted_as_it_is():
    assert WIDE.quote(b'a%"') == b'a%"'


# --- cost -------------------------------------------------------------------------------------


def work(data: bytes, syntaxes=ALL) -> int:
    """The bytes of all views: each is searched."""
    return sum(len(view.data) for view in views(data, syntaxes))


ROWS = {
    "plain": b'{"id": "00501ABCD", "note": "some words", "amount": 12.5},\n',
    "JSON": rb'{"a": "caf\u00e9 \"quoted\" \/ more\n", "b": "\\ and \\\" so"}, ',
    "a query": b"https%3A%2F%2Fa.example%2F%3Fb%3Dc%2526d%253De+f&",
    "HTML": b"<p class='a'>caf&eacute; &amp; more &lt;b&gt; &#8364; 5</p>\n",
    "all at once": rb'{"a": "%41&amp;=42\u0043+%2525"} ',
    "binary": b"\x89PNG%41\xff\\\x00&\xc3=41 ",
}


@pytest.mark.parametrize("row", ROWS)
def test_the_work_grows_with_the_data_and_no_faster(row):
    small, large = (work(ROWS[row] * (size // len(ROWS[row]))) for size in (66_000, 132_000))
    # Large data takes one more way, once; its square would be four times as much.
    assert large < 2.8 * small
    assert large < 80 * 132_000


@pytest.mark.parametrize("piece", [b"%25", rb"\\", b"&amp;", b"=3D", rb"\u005c", b"&#38;"])
def test_escapes_of_escapes_are_undone_so_often_and_no_oftener(piece):
    found = views((piece + b"25") * 500)
    assert len(found) <= 40
    assert work(piece * 1000) <= 20 * len(piece) * 1000


def test_data_that_is_made_to_be_slow_has_no_more_views_than_there_is_a_budget_for():
    """Each order of undoing escapes is a view of its own: a few hundred bytes have thousands."""
    tokens = [b"%5C", b"%25", b"%26", b"%3D", b"\\x25", b"\\x5c", b"\\x26", b"\\x3d", b"&#37;"]
    tokens += [b"&#92;", b"&amp;", b"&#61;", b"=25", b"=5C", b"=26", b"=3D", b"\\\\", b"+", b"x"]
    tokens += [b"5C", b"25", b"26", b"3D", b"u0025", b"#37;", b"amp;"]
    data = b"".join(random.Random(1).choices(tokens, k=200))
    spent: list[int] = []

    def spend(cost: int) -> None:
        spent.append(cost)
        if len(spent) > 500:
            raise TooMuch

    stretches = Stretches(b"", [b"%"], 1024)
    with pytest.raises(TooMuch):
        list(views_of(data, ALL, stretches, spend))
    assert min(spent) > len(data) / 10


def test_the_deepest_views():
    data = b"s%252525252541"
    assert [view.data for view in views(data)][-1] == b"sA"
    too_deep = data.replace(b"41", b"2541")
    assert [view.data for view in views(too_deep)][-1] == b"s%41"
    assert module._DEEPEST == 6
