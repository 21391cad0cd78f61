"""What an escape stands for, in each syntax, and how each syntax writes a text."""

import html
import json
import quopri
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.search.escapes import (
    ALWAYS,
    BACKSLASH,
    CODE_POINT,
    ENCODED_WORD,
    FORM,
    HTML,
    NOT_ASCII,
    PERCENT,
    QUOTED_PRINTABLE,
    QUOTED_VALUE,
    STRAY,
)

ALL = (*ALWAYS, FORM, *NOT_ASCII)
EURO = "\u20ac".encode()
KEY = "\U0001f511".encode()


# --- the syntaxes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("syntax", "written", "plain"),
    [
        (PERCENT, b"a%2Fb%2fc", b"a/b/c"),
        (PERCENT, b"%e2%82%AC", EURO),
        (PERCENT, b"%u0041%U0042%u20AC", b"AB" + EURO),
        (PERCENT, b"%uD83D%uDD11", KEY),
        (PERCENT, b"a+b%20c", b"a+b c"),
        (FORM, b"a+b%20c++d", b"a b c  d"),
        (BACKSLASH, rb"\"a\" \/ \\ \'", b'"a" / \\ \''),
        (BACKSLASH, rb"\n\t\r\b\f\a\v", b"\n\t\r\b\f\a\v"),
        (BACKSLASH, rb"\u0041\u00e4\u20AC", "A\u00e4\u20ac".encode()),
        (
            BACKSLASH,
            rb"\ud83d\udd11 \U0001F511 \u{1f511} \x{41}",
            KEY + b" " + KEY + b" %s A" % KEY,
        ),
        (BACKSLASH, rb"\x41\xe2\x82\xac \101\302\244", b"A" + EURO + b" A\xc2\xa4"),
        (BACKSLASH, b"one\\\ntwo\\\r\nthree", b"onetwothree"),
        (BACKSLASH, rb"\\u0041", rb"\u0041"),  # a backslash, and no escape
        (HTML, b"&amp;&lt;&#65;&#x41;&#X0041;&#0000065;", b"&<AAAA"),
        (HTML, b"&euro;&#8364;&#x1F511;&amp &eacute", EURO + EURO + KEY + "& \u00e9".encode()),
        (QUOTED_PRINTABLE, b"a=3Db=3d c=\r\nd=\ne= \t\nf", b"a=b= cdef"),
        (QUOTED_PRINTABLE, b"=E2=82=AC", EURO),
        (QUOTED_VALUE, b"?q=0012=203&a[0]=00=3D q=41", b"?q=0012 3&a[0]=00= qA"),
        (QUOTED_VALUE, b"q=0012=\r\n34; n=ab=3D", b"q=001234; n=ab="),
        (ENCODED_WORD, b"=?utf-8?Q?a_b=E2=82=AC?= =?X?q?c?=", b"a b" + EURO + b" c"),
        (STRAY, b"J\xf6rg \x80 \xc3\xb6", "J\u00f6rg \u20ac \u00f6".encode()),
        (STRAY, b"\x81", b"\xc2\x81"),
        (CODE_POINT, rb"J\xf6rg", "J\u00f6rg".encode()),
    ],
)
def test_what_an_escape_stands_for(syntax, written, plain):
    assert syntax.decoded(written) == plain
    assert syntax.decoded(written, []) == plain


@pytest.mark.parametrize(
    ("syntax", "data"),
    [
        (PERCENT, b"100% %4 %zz %u12 %"),
        (FORM, b"no plus and %4"),
        (HTML, b"a & b &; &#; &#x; &nosuchname; &a"),
        (QUOTED_PRINTABLE, b"a=b =4 =zz"),
        (QUOTED_VALUE, b"?a=41&b=42"),
        (ENCODED_WORD, b"=?utf-8?B?QQ==?= =?utf-8?Q?two words?= =??Q?a?="),
        (STRAY, "\u00f6\u20ac\U0001f511".encode()),
        (CODE_POINT, rb"\x41 \u00e4 \xzz"),
        (BACKSLASH, b"no backslash"),
        *((syntax, b"") for syntax in ALL),
        *((syntax, b"plain text, of letters") for syntax in ALL),
    ],
)
def test_what_is_no_escape_stays(syntax, data):
    assert syntax.decoded(data) is None


@pytest.mark.parametrize(
    ("syntax", "written", "plain"),
    [
        (PERCENT, b"%uD83D", "\ud83d"),  # half a pair
        (BACKSLASH, rb"\ud83dx", "\ud83dx"),
        (HTML, b"&#xD83D;", "\ud83d"),
        (HTML, b"&#x110000;&#9999999;", "??"),  # beyond all characters
        (BACKSLASH, rb"\UFFFFFFFF", "?"),
        (BACKSLASH, b"a\\", "a\\"),
        (BACKSLASH, rb"\u12\xz", "u12xz"),
    ],
)
def test_escapes_of_nothing_are_no_errors(syntax, written, plain):
    decoded = syntax.decoded(written)
    assert (written if decoded is None else decoded) == plain.encode("utf-8", "surrogatepass")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30)
WRITERS = {
    "percent": (PERCENT, lambda text: quote(text, safe="")),
    "form": (FORM, lambda text: quote_plus(text) + "+"),
    "backslash": (BACKSLASH, lambda text: json.dumps(text)[1:-1]),
    "HTML": (HTML, html.escape),
    "quoted-printable": (
        QUOTED_PRINTABLE,
        lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode("latin-1"),
    ),
}


@pytest.mark.parametrize("writer", WRITERS)
@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_what_the_standard_library_writes_is_read(writer, text):
    syntax, write = WRITERS[writer]
    written = write(text).encode()
    decoded = syntax.decoded(written)
    plain = text + " " if writer == "form" else text
    assert (written if decoded is None else decoded) == plain.encode()


@pytest.mark.parametrize(
    ("syntax", "reader"),
    [
        *((each, each) for each in (PERCENT, BACKSLASH, HTML, QUOTED_PRINTABLE)),
        (FORM, PERCENT),
        (CODE_POINT, BACKSLASH),
    ],
    ids=lambda syntax: syntax.name,
)
def test_any_ascii_is_written_so_that_it_reads_as_it_was(syntax, reader):
    for text in (b"PLACEHOLDER_X_2", b"a/b \"c\" & 'd' <e> = % + \\ \r\n\t", b"%41\\u0041&lt;=41"):
        written = syntax.quote(text)
        decoded = reader.decoded(written)
        assert (written if decoded is None else decoded) == text


@pytest.mark.parametrize("syntax", [ENCODED_WORD, STRAY], ids=lambda syntax: syntax.name)
def test_where_nothing_is_quoted(syntax):
    """A word of a header is replaced whole, and no ASCII is a stray byte."""
    assert syntax.quote(b"PLACEHOLDER_X_2") == b"PLACEHOLDER_X_2"
