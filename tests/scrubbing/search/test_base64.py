"""Base64 over several lines: one thing wrapped, or one thing a line."""

import base64
import html
import json
import random
import textwrap
import zlib
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode, urlsplit

import pytest

from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search.base64 import base64_runs, splits_of

SECRET = "008FGP7TUVX2R6NDAGWP"
PLACEHOLDER = "PLACEHOLDER_BILL_ORGANIZATION_ID"


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def hide():
    others = [(f"PLACEHOLDER_{n}", f"another-secret-{n}" * n) for n in (1, 2, 3)]
    return SecretRegistry([(PLACEHOLDER, SECRET), *others]).hide


@pytest.mark.parametrize("pad", ["", "x:", "xy", "a longer beginning of "])
@pytest.mark.parametrize("end", ["", "=", " and a longer end of it"])
def test_one_thing_a_line(hide, pad, end):
    things = ["another-secret-1", f"{pad}{SECRET}{end}", "another-secret-2" * 2, f"{SECRET}"]
    hidden = hide("\n".join(in_base64(thing) for thing in things))
    for line in hidden.splitlines():
        plain = base64.b64decode(line).decode()
        assert "PLACEHOLDER_" in plain
        assert SECRET not in plain
        assert "another-secret" not in plain


@pytest.mark.parametrize("width", [12, 20, 64, 76])
def test_one_thing_over_several_lines(hide, width):
    whole = in_base64(f"{'before ' * 9}{SECRET}{' after' * 9}")
    hidden = hide("\n".join(textwrap.wrap(whole, width)))
    plain = base64.b64decode(hidden).decode()
    assert SECRET not in plain
    assert PLACEHOLDER in plain


@pytest.mark.parametrize(
    "widths",
    [
        (23, 76),
        (57, 60),
        (11, 12),
        (3, 64),
        (7, 5, 8, 9),
        (8, 24, 24),
        (40, 50, 60),
        (100, 20, 30, 7),
    ],
    ids=str,
)
@pytest.mark.parametrize("indent", ["", "  "])
def test_one_thing_over_lines_of_any_widths(hide, widths, indent):
    # Long enough for the narrowest to break the secret.
    whole = in_base64(f"xy {'before ' * sum(widths[:-1])}"[: widths[0] * 3 // 4 - 4] + SECRET + "!")
    lines = []
    for width in [*widths, *[len(whole)]]:
        lines.append(whole[:width])
        whole = whole[width:]
    hidden = hide(f"\r\n{indent}".join(filter(None, lines)))
    plain = base64.b64decode(hidden).decode()
    assert SECRET not in plain
    assert PLACEHOLDER in plain


@pytest.mark.parametrize("text", ["a\n" + " " * 20 + "b", "to\nbe\nor\nnot\nto\nbe\n"])
def test_short_lines_that_are_no_base64(hide, text):
    assert hide(text) == text


@pytest.mark.parametrize("line_break", ["\n ", "\r\n  "])
@pytest.mark.parametrize("read", [str, json.loads], ids=["text", "JSON"])
def test_one_thing_over_lines_that_are_indented_in_a_form(hide, line_break, read):
    wrapped = line_break.join(textwrap.wrap(in_base64(f"a: {SECRET}!"), 9))
    written = wrapped if read is str else json.dumps(wrapped)
    hidden = hide(urlencode({"a": "b", "c": written, "d": "e"}))
    fields = dict(parse_qsl(hidden))
    assert base64.b64decode(read(fields.pop("c"))).decode() == f"a: {PLACEHOLDER}!"
    assert fields == {"a": "b", "d": "e"}


@pytest.mark.parametrize("line_break", ["\n ", "\n  ", "\r\n "])
@pytest.mark.parametrize("times", [1, 2])
def test_lines_of_base64_that_begin_with_its_own_plus_sign_in_a_form(line_break, times):
    secret = "0~000123"  # MDAwMDB+ MDAwMTIz
    hide = SecretRegistry([(PLACEHOLDER, secret)]).hide
    written = in_base64(f"0000{secret}")
    assert written[7] == "+"
    text = quote_plus(written[:7] + line_break + written[7:])
    for _ in range(times):
        text = f"?to={quote(text, safe='')}"
    hidden = hide(text)
    for _ in range(times):
        hidden = unquote(hidden).removeprefix("?to=")
    assert base64.b64decode(unquote_plus(hidden)).decode() == f"0000{PLACEHOLDER}"


def html_units(text):
    return "".join(letter if letter == " " else f"&#{ord(letter)};" for letter in text)


def units(text):
    return "".join(letter if letter == " " else f"\\u{ord(letter):04x}" for letter in text)


@pytest.mark.parametrize("size", [100, 100_000])
@pytest.mark.parametrize(
    "quote",
    [lambda text: json.dumps(text)[1:-1], units, lambda text: units(units(text)), html_units],
    ids=["JSON", "units", "units of units", "HTML"],
)
@pytest.mark.parametrize("is_in_base64", [False, True], ids=["", "base64"])
def test_one_thing_over_lines_that_are_indented_by_escapes(hide, size, quote, is_in_base64):
    wrapped = "\n ".join(textwrap.wrap(in_base64(f"a: {SECRET}!"), 13))
    text = f'{{"noise": "{"noise " * (size // 6)}", "c": "{quote(wrapped)}", "d": "e"}}'
    hidden = hide(in_base64(text)) if is_in_base64 else hide(text)
    hidden = base64.b64decode(hidden).decode() if is_in_base64 else hidden
    found = html.unescape(json.loads(hidden)["c"])
    while "\\u" in found:
        found = json.loads(f'"{found}"')
    assert base64.b64decode(found).decode() == f"a: {PLACEHOLDER}!"


@pytest.mark.parametrize("before", ["a thing that is longer than the other, by far", "short one"])
@pytest.mark.parametrize("is_padded", [True, False])
@pytest.mark.parametrize("after", [[], ["one more thing"]])
def test_a_secret_in_one_of_several_things(hide, before, is_padded, after):
    for size in range(len(before), len(before) + 3):
        things = [before.ljust(size), f"is {SECRET}", *after]
        lines = [in_base64(each) for each in things]
        lines = lines if is_padded else [each.rstrip("=") for each in lines]
        if len(lines[0]) % 4 == 0 and not lines[0].endswith("="):
            continue  # it may as well be one thing, wrapped
        hidden = [base64.b64decode(each + "==").decode() for each in hide("\n".join(lines)).split()]
        assert hidden == [each.replace(SECRET, PLACEHOLDER) for each in things]


@pytest.mark.parametrize("before", ["https://a.example/?a=1&q=", "?q=", "https://a.example/?"])
def test_in_a_query_base64_gets_no_plus_signs_and_no_padding(hide, before):
    tried = 0
    for number in range(300):
        text = f"{number}: {SECRET}"
        written = base64.b64encode(zlib.compress(text.encode())).decode()
        if "+" in written or "=" in written:
            continue
        tried += 1
        query = urlsplit(hide(f"{before}{written}")).query
        (found,) = [each for pair in parse_qsl(query, True) for each in pair if len(each) > 1]
        assert (
            zlib.decompress(base64.b64decode(found)) == text.replace(SECRET, PLACEHOLDER).encode()
        )
    assert tried > 30


def test_packed_things_one_a_line(hide):
    things = [b"first", SECRET.encode(), b"the third of them", SECRET.encode() * 2]
    hidden = hide("\n".join(base64.b64encode(zlib.compress(each)).decode() for each in things))
    plain = [zlib.decompress(base64.b64decode(line)) for line in hidden.split("\n")]
    assert plain == [each.replace(SECRET.encode(), PLACEHOLDER.encode()) for each in things]


def test_a_line_is_read_by_itself_where_the_line_before_would_swallow_it(hide):
    whole = zlib.compress(random.Random(3).randbytes(900).hex().encode())
    lines = [
        base64.b64encode(each).decode() for each in (whole[:600], zlib.compress(SECRET.encode()))
    ]
    assert "=" not in lines[0]
    first, second = hide("\n".join(lines)).split("\n")
    assert first == lines[0]
    assert zlib.decompress(base64.b64decode(second)) == PLACEHOLDER.encode()


def test_lines_are_one_thing_or_one_thing_each():
    text = "some words that are long enough to be wrapped, and a few more of them"
    wrapped = textwrap.wrap(in_base64(text), 20)
    things = [in_base64(text[:size]) for size in (15, 12, 30, 9)]
    for lines, ways_of in [
        (wrapped, [1, 5]),
        (["/path/" + wrapped[0], *wrapped[1:]], [1, 5]),
        (things, [4, 1]),
        (things[:2], [1, 2]),
        (things[1:], [3, 1]),
        (things[:1], [1]),
    ]:
        (run,) = base64_runs("\n".join(lines).encode())
        assert [len(way) for way in splits_of(run)] == ways_of
