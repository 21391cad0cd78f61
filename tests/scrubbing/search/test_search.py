"""Secrets are found in data however they are written there, and replaced so that it still reads."""

import base64
import gzip
import html
import json
import quopri
import re
import zlib
from dataclasses import dataclass, replace
from email.header import Header
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.search import budget, search
from pytest_bill.scrubbing.search.search import UNSEARCHABLE, Search
from tests.helpers.searching import PLACEHOLDER, SECRET, b64, replaced
from tests.helpers.work import steps

try:
    from compression import zstd
except ImportError:
    from backports import zstd


ENCODINGS = {
    "plain": lambda text: text,
    "percent": quote,
    "percent, slashes too": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: re.sub(
        "%..", lambda match: match.group(0).lower(), quote(text, safe="")
    ),
    "percent of Latin-1": lambda text: quote(text, safe="", encoding="latin-1"),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, escaped slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "HTML": html.escape,
    "HTML by name": lambda text: html.escape(text).replace("\u00f6", "&ouml;"),
    "repr": lambda text: ascii(text)[1:-1],
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "base64": b64,
    "base64, after 1": lambda text: b64(f":{text}"),
    "base64, after 2": lambda text: b64(f"a:{text}"),
    "base64, within": lambda text: b64(f"user:{text}!!"),
    "base64, no padding": lambda text: b64(f"x{text}").rstrip("="),
    "base64, URL-safe": lambda text: base64.urlsafe_b64encode(b"u:" + text.encode()).decode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_secret_is_found_and_replaced_in_every_encoding(searching, encoding):
    text = f"before {ENCODINGS[encoding](SECRET)} after"
    assert searching.find(text.encode()) == PLACEHOLDER
    hidden = replaced(searching, text)
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")
    if "base64" in encoding:  # encoded again, so that whoever decodes it still can
        inner = hidden.split()[1].translate(str.maketrans("-_", "+/"))
        hidden = base64.b64decode(inner + "=" * (-len(inner) % 4)).decode()
    assert PLACEHOLDER in hidden
    assert searching.find(hidden.encode()) is None


@given(
    secret=st.text(min_size=8, max_size=40), before=st.text(max_size=9), after=st.text(max_size=9)
)
@settings(max_examples=50, deadline=None)
def test_no_secret_of_any_letters_remains(secret, before, after):
    assume(not is_placeholder(secret) and secret not in "PLACEHOLDER_X")
    it = Search({secret: "PLACEHOLDER_X"})
    for name, encode in ENCODINGS.items():
        try:
            written = encode(secret)
            text = encode(before) + written + encode(after)
        except UnicodeEncodeError:  # Latin-1 has few letters
            continue
        if "base64" not in name and "printable" not in name:  # there, neighbours change the form
            assert written.encode() not in it.replace(text.encode())
        assert it.find(it.replace(written.encode())) is None


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("=?utf-8?Q?Re:_it_is_Pa/ss+w=C3=B6rd_=22&<42>?= or so", " or so"),
        (Header(f"Re: {SECRET}", "utf-8").encode(), ""),
        (f"=?utf-8?B?{b64('Re: ' + SECRET)}?= or so", "?= or so"),
    ],
    ids=["Q", "made by Python", "B"],
)
def test_a_secret_in_an_encoded_word_of_a_header(searching, word, left):
    assert searching.find(word.encode()) == PLACEHOLDER
    hidden = replaced(searching, word)
    assert hidden.endswith(left)
    assert searching.find(hidden.encode()) is None


@pytest.mark.parametrize("before", ["", "?", "/path?page=1&", "a: b; ", "<a href='?", "\n"])
def test_a_quoted_printable_secret_whose_beginning_looks_escaped_after_a_name(before):
    it = Search({"000012 3": "PLACEHOLDER_X"})
    text = f"{before}q=000012=203"
    assert it.find(text.encode()) == "PLACEHOLDER_X"
    assert it.replace(text.encode()).decode() == f"{before}q=PLACEHOLDER_X"


# --- other letters ----------------------------------------------------------------------------


# --- what is packed, and what is nested -------------------------------------------------------


PACKS = {"gzip": gzip, "deflate": zlib, "zstd": zstd}


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("around", [(b"", b""), (b"\x89PNG ", b" rest\xff")], ids=["all", "part"])
def test_what_is_packed_is_packed_again(searching, kind, around):
    before, after = around
    data = before + PACKS[kind].compress(f"so: {SECRET}".encode()) + after
    assert searching.find(data) == PLACEHOLDER
    hidden = searching.replace(data)
    assert hidden.startswith(before)
    assert hidden.endswith(after)
    inner = hidden[len(before) : len(hidden) - len(after)]
    assert PACKS[kind].decompress(inner).decode() == f"so: {PLACEHOLDER}"


@pytest.mark.parametrize("window", [31, 15], ids=["gzip", "deflate"])
def test_what_comes_out_before_a_packed_stream_breaks_is_searched(searching, window):
    packer = zlib.compressobj(wbits=window)
    begun = packer.compress(f"so: {SECRET} ".encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    data = begun + b"\x07" + b"\xff" * 9000  # no kind of block

    def read(data: bytes) -> bytes:
        """All that a patient reader gets."""
        reader, out = zlib.decompressobj(47), b""
        for byte in data:
            try:
                out += reader.decompress(bytes((byte,)))
            except zlib.error:
                break
        return out

    with pytest.raises(zlib.error):
        zlib.decompressobj(47).decompress(data)
    assert SECRET.encode() in read(data)
    assert searching.find(data) == PLACEHOLDER
    hidden = searching.replace(data)
    assert SECRET.encode() not in read(hidden)
    assert searching.find(hidden) is None


def test_what_grows_beyond_measure_is_replaced_whole(searching, monkeypatch):
    monkeypatch.setattr(budget, "MOST_UNPACKED", 1000)
    bomb = gzip.compress(bytes(2000))
    assert searching.find(b"a " + bomb) == UNSEARCHABLE
    assert searching.replace(b"a " + bomb) == b"a " + UNSEARCHABLE.encode()


def nested(encode, times: int) -> bytes:
    data = SECRET.encode()
    for _ in range(times):
        data = encode(data)
    return data


@pytest.mark.parametrize(
    ("encode", "deepest"),
    [
        (base64.b64encode, 12),
        (lambda data: gzip.compress(data, mtime=0), 12),
        (lambda data: quote(data, safe="").encode(), 6),
        (lambda data: json.dumps(data.decode())[1:-1].encode(), 6),
    ],
    ids=["base64", "gzip", "percent", "JSON"],
)
def test_how_deep_it_looks(searching, encode, deepest):
    """As SECURITY.md says among the limits."""
    for times in (1, 2, deepest):
        data = nested(encode, times)
        assert searching.find(data) == PLACEHOLDER, times
        assert searching.find(searching.replace(data)) is None, times
    assert searching.find(nested(encode, deepest + 1)) is None


def test_json_in_base64_in_a_form_in_gzip(searching):
    inner = b64(json.dumps({"a": SECRET}))
    data = gzip.compress(f"token={quote_plus(inner)}&b=1".encode())
    hidden = gzip.decompress(searching.replace(data)).decode()
    assert hidden.endswith("&b=1")
    token = hidden.removeprefix("token=").partition("&")[0]
    assert json.loads(base64.b64decode(token.replace("%3D", "="))) == {"a": PLACEHOLDER}


# --- other spellings of a value ---------------------------------------------------------------


USER = "Ada.Lovelace@engines.example"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", [str.lower, str.upper, str.swapcase, str.title])
def test_a_user_name_is_found_in_any_letter_case(encoding, case):
    it = Search({USER: "PLACEHOLDER_BILL_USERNAME", SECRET: PLACEHOLDER})
    text = f"before {ENCODINGS[encoding](case(USER))} after"
    assert it.find(text.encode()) == "PLACEHOLDER_BILL_USERNAME"
    assert not it.has_none_in(text.encode())
    hidden = it.replace(text.encode())
    assert it.find(hidden) is None
    assert hidden.endswith(b" after")


@pytest.mark.parametrize("before", ["", "SAMLResponse=", '{"a": "'])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_raw_deflate_in_base64(searching, before, encode):
    """As a link of SAML has it."""
    packer = zlib.compressobj(wbits=-15)
    packed_ = packer.compress(f"<a>{SECRET}</a>".encode()) + packer.flush()
    data = f"{before}{encode(packed_).decode()}".encode()
    assert searching.find(data) == PLACEHOLDER
    assert not searching.has_none_in(data)
    hidden = searching.replace(data)
    assert searching.find(hidden) is None
    written = hidden.decode().removeprefix(before).translate(str.maketrans("-_", "+/"))
    plain = zlib.decompress(base64.b64decode(written + "=" * (-len(written) % 4)), wbits=-15)
    assert plain.decode() == f"<a>{PLACEHOLDER}</a>"


# --- several secrets --------------------------------------------------------------------------


# --- nothing to do ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"an ordinary text",
        b"%41 \\u0041 &amp; =41 %zz %4 \\u12 &#; & % \\",
        b"Pa/ss+w\xc3\xb6rd",  # a part of it
        b"\x1f\x8b\x08 no gzip \x28\xb5\x2f\xfd \x78\x9c",
        "text in UTF-16".encode("utf-16"),
        b64("nothing of the kind").encode(),
        gzip.compress(b"nothing", mtime=0),
        bytes(range(256)) * 4,
    ],
)
def test_data_without_a_secret_stays_as_it_is(searching, data):
    assert searching.find(data) is None
    assert searching.replace(data) is data


@pytest.mark.parametrize("data", [b"", b"a %41", b"\xff\0", SECRET.encode()])
def test_without_secrets_nothing_is_found(data):
    assert Search({}).find(data) is None
    assert Search({}).replace(data) == data


def test_the_repr_shows_no_secret(searching):
    assert repr(searching) == f"<Search for {len(searching._forms)} forms>"
    assert "Pa/ss" not in repr(searching)


# --- cost -------------------------------------------------------------------------------------


@dataclass
class Work:
    """What was looked through: how many pieces of data, and the bytes in them."""

    pieces: int = 0
    size: int = 0


@pytest.fixture
def work(monkeypatch):
    """Count the work of searches: what they look through, decoded data too."""
    done = Work()
    first, raw = Search.first_in, Search.unencoded_in

    def counted_first(self, data, depth):
        done.pieces += 1
        done.size += len(data)
        return first(self, data, depth)

    def counted_raw(self, data):
        done.pieces += 1
        done.size += len(data)
        return raw(self, data)

    monkeypatch.setattr(Search, "first_in", counted_first)
    monkeypatch.setattr(Search, "unencoded_in", counted_raw)

    def work(do, data: bytes) -> Work:
        done.pieces = done.size = 0
        do(data)
        return replace(done)

    return work


ROWS = {
    "plain": '{"id": "00501ABCD", "note": "some words", "amount": 12.5},\n',
    "escapes": '{"a": "caf\\u00e9 &amp; %20 =3D \\/ more", "b": "\\"quoted\\""},\n',
    "base64": f'{{"document": "{b64("a document of some length, and more of it")}"}},\n',
    "paths": "/attachments/01ABCDEFGHIJ/versions/0123456789AB/of/many/parts/as/there/are\n",
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(("method", "most"), [("find", 10), ("replace", 50)])
def test_the_work_grows_with_the_data_and_no_faster(searching, work, row, method, most):
    def of(size: int) -> Work:
        # The secret is the last thing: nothing ends early.
        data = (ROWS[row] * (size // len(ROWS[row])) + json.dumps(SECRET)).encode()
        return work(getattr(searching, method), data)

    small, large = of(70_000), of(140_000)
    # Large data takes one more way, once; its square would be four times as much.
    assert large.size < 2.9 * small.size
    assert large.size < most * 140_000
    assert large.pieces < 1.5 * small.pieces


def test_one_secret_in_much_base64_is_found_by_halving(searching, work):
    tokens = [b64(f"token number {number:06} of many") for number in range(4096)]
    tokens[4000] = b64(f"the one of {SECRET}")
    data = "\n\n".join(tokens).encode()
    done = work(searching.replace, data)
    assert done.pieces < 300  # a search of each would be as many as there are tokens
    assert done.size < 60 * len(data)


# --- many secrets, and more of them -------------------------------------------------------------

TOKENS = [f"token-{n * 7919:06}-of-the-run" for n in range(2000)]
BODY = json.dumps({"id": "009KS2BA6H52JJWYML2A", "time": "2026-11-24T12:49:11.789+00:00"}) * 3


@given(
    st.lists(st.text(min_size=8, max_size=20), min_size=1, max_size=40, unique=True),
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(list(ENCODINGS))), max_size=4),
)
@settings(max_examples=100, deadline=None)
def test_a_secret_that_is_added_is_found_as_if_it_had_been_known(secrets, written):
    secrets = [secret for secret in secrets if not is_placeholder(secret)]
    assume(secrets)
    try:
        pieces = [ENCODINGS[name](secrets[at % len(secrets)]) for at, name in written]
        data = " and ".join(["nothing", *pieces]).encode()
    except UnicodeEncodeError:  # a lone surrogate, or a letter that Latin-1 has not
        assume(False)
    placeholders = {secret: f"PLACEHOLDER_S_{number}" for number, secret in enumerate(secrets)}
    grown = Search()
    for secret, placeholder in placeholders.items():
        grown.find(data)
        grown.add(secret, placeholder)
    at_once = Search(placeholders)
    assert grown.find(data) == at_once.find(data)
    assert grown.replace(data) == at_once.replace(data)


CODES = {
    "percent": "%{:02X}",
    "percent, lower case": "%{:02x}",
    "quoted-printable": "={:02X}",
    "JSON": "\\u00{:02x}",
    "program": "\\x{:02x}",
    "HTML": "&#{};",
}


@given(
    secret=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=40),
    ways=st.lists(st.sampled_from([*CODES, *ENCODINGS]), max_size=3),
    coded=st.sets(st.integers(0, 39)),
    around=st.sampled_from(["{}", "GET /v1/items/12?max=20&page=3&q={} HTTP/1.1", "a={},%20%3A"]),
    is_there=st.booleans(),
)
def test_a_quick_look_finds_what_a_search_finds(secret, ways, coded, around, is_there):
    assume(not secret.isspace() and " " not in (secret[0], secret[-1]))
    it = Search({secret: PLACEHOLDER})
    written = secret if is_there else f"{secret[:-1]}~{secret[-1]}"
    for way in ways:
        if way in CODES:  # some characters, or all
            written = "".join(
                CODES[way].format(ord(each))
                if ord(each) < 128 and (not coded or place in coded)
                else each
                for place, each in enumerate(written)
            )
        else:
            written = ENCODINGS[way](written)
    data = around.format(written).encode()
    for _ in range(2):  # what is innocent is known then
        assert it.has_none_in(data) == (it.find(data) is None)


@pytest.mark.parametrize("line", ["?max=20", "?page=10&size=100", "a%20b%2C%3Ac", "x=2C,=3A="])
def test_codes_of_what_no_secret_is_written_with_are_not_looked_at(line, monkeypatch):
    it = Search({"fo3XsQ9vTzLmB7": PLACEHOLDER})
    monkeypatch.setattr(it, "first_in", lambda *_: pytest.fail("it was decoded"))
    assert it.has_none_in(f"GET /v1/items{line} HTTP/1.1".encode())


def test_the_work_does_not_depend_on_how_many_secrets_there_are():
    def of(count: int) -> int:
        it = Search({token: f"PLACEHOLDER_{n}" for n, token in enumerate(TOKENS[:count])})
        text = f"{BODY} {TOKENS[7]}".encode()
        it.replace(text)
        return steps(lambda: it.replace(text))

    assert of(2000) <= 1.1 * of(200)


def test_the_work_to_add_one_does_not_depend_on_how_many_there_are():
    it = Search()

    def adding(tokens: list[str]) -> int:
        return steps(lambda: [it.add(token, f"PLACEHOLDER_{token}") for token in tokens])

    adding(TOKENS[:100])
    early = adding(TOKENS[100:200])
    adding(TOKENS[200:1900])
    assert adding(TOKENS[1900:]) <= 1.1 * early


def test_what_may_be_base64_is_decoded_once(searching, monkeypatch):
    decoded = []
    monkeypatch.setattr(search, "decoded_words", lambda words: decoded.extend(words) or b"")
    for _ in range(3):
        assert searching.find(BODY.encode()) is None
    assert sorted(decoded) == sorted(set(decoded))
    assert b"009KS2BA6H52JJWYML2A" in decoded
