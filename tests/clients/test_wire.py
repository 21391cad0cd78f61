"""Requests as they are written to a socket, answers as they are read from one."""

import gzip
import io
import json
import zlib
from base64 import b64encode

import pytest

from pytest_bill.clients import wire
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
SECRET = "s3cr3t-of-a-password"


def request(*lines: bytes, body: bytes = b"") -> Interaction:
    return wire.request_in(URL, b"\r\n".join([*lines, b"", body]))


# --- requests ----------------------------------------------------------------------------------


def test_a_request_has_its_method_headers_and_body():
    found = request(b"POST /v3/vendors HTTP/1.1", b"Host: bill", b"A:1", body=b"\r\n\r\nbody")
    assert (found.method, found.url, found.body) == ("POST", URL, b"\r\n\r\nbody")
    assert found.headers == {"Host": "bill", "A": "1"}


def test_a_request_may_have_no_headers():
    assert request(b"GET / HTTP/1.1").headers == {}
    assert wire.request_in(URL, b"GET / HTTP/1.0").method == "GET"


def test_chunks_are_put_together():
    chunked = b"3\r\n{\r\n\r\n4;name=value\r\nabcd\r\n0\r\nTrailer: x\r\n\r\n"
    assert request(b"PUT / HTTP/1.1", b"transfer-encoding: Chunked", body=chunked).body == (
        b"{\r\nabcd"
    )


def test_an_empty_chunked_body_is_empty():
    assert request(b"PUT / HTTP/1.1", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n").body == b""


def test_what_looks_like_chunks_is_left_as_it_is_where_nothing_says_so():
    assert request(b"PUT / HTTP/1.1", body=b"1\r\na\r\n0\r\n\r\n").body == b"1\r\na\r\n0\r\n\r\n"


def test_a_folded_header_stays_folded():
    found = request(b"GET / HTTP/1.1", b"A: one", b"\ttwo", b"  three", b"B: x")
    assert found.headers == {"A": "one\r\n\ttwo\r\n  three", "B": "x"}


def test_repeated_headers_are_joined():
    found = request(b"GET / HTTP/1.1", b"A: 1", b"Cookie: a=1", b"A: 2", b"Cookie: b=2")
    assert found.headers == {"A": "1, 2", "Cookie": "a=1; b=2"}


def test_headers_are_latin_1():
    assert request(b"GET / HTTP/1.1", b"Name: Andr\xe9").headers == {"Name": "Andr\xe9"}


def test_a_value_may_hold_colons_and_be_empty():
    assert request(b"GET / HTTP/1.1", b"A: b:c: d", b"E:", b"F").headers == {
        "A": "b:c: d",
        "E": "",
        "F": "",
    }


# --- answers -----------------------------------------------------------------------------------


def answered(body: bytes = b"body", status: int = 200, **changes) -> Interaction:
    headers = {"Content-Length": ["99"], "A": ["1", "2"]}
    values = {"method": "GET", "reason": "OK", "answer_headers": headers} | changes
    method = values.pop("method")
    return Interaction(method, URL, {}, b"", status=status, answer_body=body, **values)


def read(interaction: Interaction):

    return wire.parsed_answer(io.BytesIO(wire.written_answer(interaction)), interaction.method)


def test_an_answer_is_written_with_the_length_that_its_body_has():
    assert wire.written_answer(answered()) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nA: 1\r\nA: 2\r\n\r\nbody"
    )


def test_an_answer_of_two_lengths_has_one():
    headers = {"Content-Length": ["1", "2"], "content-length": ["3"]}
    assert wire.answer_headers(answered(answer_headers=headers)) == [(b"Content-Length", b"4")]


def test_no_length_is_added():
    assert wire.written_answer(answered(answer_headers={})) == b"HTTP/1.1 200 OK\r\n\r\nbody"


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_an_answer_without_a_body_keeps_the_length_that_it_told(method, status):
    interaction = answered(method=method, status=status)
    assert wire.written_answer(interaction).endswith(b"Content-Length: 99\r\nA: 1\r\nA: 2\r\n\r\n")
    assert read(interaction).read() == b""


@pytest.mark.parametrize("body", [b"", b"body", b"x" * 70000])
def test_an_answer_in_chunks_is_written_in_chunks(body):
    interaction = answered(body, answer_headers={"transfer-encoding": ["Chunked"]})
    assert wire.is_chunked(interaction)
    answer = read(interaction)
    assert answer.chunked
    assert answer.read() == body


def test_an_answer_to_head_in_chunks_has_none():
    interaction = answered(b"", method="HEAD", answer_headers={"Transfer-Encoding": ["chunked"]})
    assert wire.written_answer(interaction).endswith(b"chunked\r\n\r\n")


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("gzip", gzip.decompress), ("deflate", zlib.decompress)]
)
def test_a_body_is_packed_again_as_it_came(encoding, unpack):
    interaction = answered(b"body" * 100, content_encoding=encoding)
    answer = read(interaction)
    packed = answer.read()
    assert answer.headers["Content-Encoding"] == encoding
    assert int(answer.headers["Content-Length"]) == len(packed)
    assert unpack(packed) == b"body" * 100


def test_the_version_and_the_reason_are_those_of_the_answer():
    interaction = answered(http_version="HTTP/1.0", status=418, reason="Th\xe9i\xe8re")
    assert wire.written_answer(interaction).startswith(b"HTTP/1.0 418 Th\xe9i\xe8re\r\n")
    assert wire.written_answer(answered(http_version="HTTP/2")).startswith(b"HTTP/1.1 200 ")


def test_a_header_that_is_not_latin_1_is_written_as_utf_8():
    interaction = answered(answer_headers={"Name": ["Łódź"], "Other": ["Andr\xe9"]})
    assert wire.answer_headers(interaction) == [
        (b"Name", "Łódź".encode()),
        (b"Other", b"Andr\xe9"),
    ]


def test_headers_of_an_answer_are_listed_by_name():
    pairs = [(b"Set-Cookie", b"a=1"), (b"A", b"\xe9"), (b"Set-Cookie", b"b=2")]
    assert wire.listed_headers(pairs) == {"Set-Cookie": ["a=1", "b=2"], "A": ["\xe9"]}


# --- what leaves -------------------------------------------------------------------------------


HEAD = b"POST / HTTP/1.1\r\nHost: elsewhere\r\n\r\n"
HALF, OTHER_HALF = SECRET[:7].encode(), SECRET[7:].encode()


@pytest.fixture
def leaving(recorder, use):
    """What a request to another host sends, while a BILL test runs."""
    registry = SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", SECRET)])
    it = recorder(at_origin("http://127.0.0.1:9", "local"), registry)
    with it.using(use("none")):
        yield wire.SentElsewhere(it)


def check(leaving: wire.SentElsewhere, *pieces: bytes) -> int:
    """How many pieces leave before one is refused."""
    for left, piece in enumerate(pieces):
        try:
            leaving.check("elsewhere", piece)
        except NetworkRefused:
            return left
    return len(pieces)


def chunk(content: bytes) -> bytes:
    return b"%X\r\n%b\r\n" % (len(content), content)


def test_clean_pieces_leave(leaving):
    assert check(leaving, HEAD, b"a", chunk(b"b"), b"", HALF, b"-", OTHER_HALF, b"0\r\n\r\n") == 8


@pytest.mark.parametrize(
    "piece",
    [
        b"GET /?a=%b HTTP/1.1\r\n\r\n" % SECRET.encode(),
        b"GET / HTTP/1.1\r\nA: %b\r\n\r\n" % SECRET.encode(),
        HEAD + SECRET.encode(),
    ],
    ids=["URL", "header", "body"],
)
def test_a_secret_in_the_first_piece_is_refused(leaving, piece):
    assert check(leaving, piece) == 0


@pytest.mark.parametrize("form", [bytes, chunk], ids=["plain", "chunks"])
@pytest.mark.parametrize("between", [[], [b""]])
def test_a_secret_in_two_pieces_is_refused(leaving, form, between):
    pieces = [HEAD, form(b"{" + HALF), *between, form(OTHER_HALF + b"}")]
    assert check(leaving, *pieces) == len(pieces) - 1


def test_a_secret_that_begins_in_the_piece_of_the_head_is_refused(leaving):
    assert check(leaving, HEAD + HALF, OTHER_HALF) == 1


def test_a_secret_that_begins_in_a_chunk_in_the_piece_of_the_head_is_refused(leaving):
    assert check(leaving, HEAD + chunk(HALF), chunk(OTHER_HALF)) == 1


@pytest.mark.parametrize("form", [bytes, chunk], ids=["plain", "chunks"])
def test_a_secret_in_single_bytes_is_refused(leaving, form):
    pieces = [form(bytes([byte])) for byte in SECRET.encode()]
    assert check(leaving, HEAD, *pieces) == len(pieces)


def test_a_secret_over_chunks_within_one_piece_is_refused(leaving):
    assert check(leaving, HEAD, chunk(HALF) + chunk(OTHER_HALF) + b"0\r\n\r\n") == 1


def test_a_secret_after_long_pieces_is_refused(leaving):
    assert check(leaving, HEAD, b"x" * 100_000, b"y" * 100_000 + HALF, OTHER_HALF) == 3


def test_what_ends_the_head_does_not_begin_the_body(leaving):
    assert check(leaving, HEAD.removesuffix(b"\r\n\r\n") + HALF + b"\r\n\r\n", OTHER_HALF) == 2


def test_a_body_that_only_begins_as_chunks_do_is_searched_as_it_is(leaving):
    assert check(leaving, HEAD, b"3\r\nabc\r\n" + HALF, OTHER_HALF) == 2


def test_requests_are_looked_at_each_by_itself(leaving):
    assert check(leaving, HEAD, HALF) == 2
    assert check(wire.SentElsewhere(leaving._run), HEAD, OTHER_HALF) == 2


def test_a_refusal_names_the_host_and_no_secret(leaving):
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD") as refused:
        leaving.check("elsewhere", HEAD + SECRET.encode())
    assert "A request to elsewhere was not sent" in str(refused.value)
    assert SECRET not in str(refused.value)


def let(leaving: wire.SentElsewhere, *pieces: bytes) -> list[bytes]:
    return [leaving.sendable("elsewhere", piece) for piece in pieces]


WITH_LENGTH = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n"
IN_CHUNKS = b"POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n"


def test_a_request_is_held_where_it_ends_within_a_word(leaving):
    whole = WITH_LENGTH + b"a=1234567&b=23"
    assert let(leaving, WITH_LENGTH, b"a=1234567", b"&b=23") == [b"", b"", whole]


def test_outside_a_bill_test_nothing_is_held(recorder):
    it = wire.SentElsewhere(recorder())
    pieces = [WITH_LENGTH, b"a=1234567", b"&b=23"]
    assert let(it, *pieces) == pieces


@pytest.mark.parametrize(
    "content",
    [b'{"a": "' + HALF, b"a word that goes on", b"QUJD" * 19 + b"\n", b"\x1f\x8b", b"\0", b"\xff-"],
    ids=["a secret's beginning", "a long word", "a line of base64", "gzip", "a zero", "no UTF-8"],
)
def test_of_a_stream_what_may_hold_a_secret_with_more_is_held(leaving, content):
    content = content.replace(b"goes on", b"goes-on-and-on")
    held = [IN_CHUNKS, chunk(content)]
    assert let(leaving, *held) == [b"", b""]
    last = b"0\r\n\r\n"
    assert let(leaving, last) == [b"".join([*held, last])]


@pytest.mark.parametrize("content", [b"one", b'{"a": 1}\n', "\u00e4, \u00f6".encode(), b"a, b"])
def test_of_a_stream_what_ends_between_words_goes_on(leaving, content):
    pieces = [IN_CHUNKS, chunk(content), chunk(content)]
    assert let(leaving, *pieces) == [b"", pieces[0] + pieces[1], pieces[2]]


def test_a_letter_that_is_cut_is_text(leaving):
    euro = "\u20ac".encode()
    pieces = [IN_CHUNKS, chunk(b"a " + euro[:2]), chunk(euro[2:] + b" b")]
    assert let(leaving, *pieces) == [b"", pieces[0] + pieces[1], pieces[2]]


def test_of_a_stream_no_piece_of_a_secret_leaves(leaving):
    """Whatever the size of its chunks; a few letters may, as they stand in any text."""
    text = json.dumps({"rows": ["some text, " * 5, SECRET, "more"]}).encode()
    for size in range(1, 30):
        it = wire.SentElsewhere(leaving._run)
        left = b"".join(let(it, IN_CHUNKS))
        with pytest.raises(NetworkRefused):  # noqa: PT012  at some piece
            for start in range(0, len(text), size):
                left += it.sendable("elsewhere", chunk(text[start : start + size]))
        assert SECRET.encode()[:4] not in left


@pytest.mark.parametrize("head", [HEAD, b"GET / HTTP/1.1\r\nHost: elsewhere\r\n\r\n"])
def test_what_has_no_body_is_not_held(leaving, head):
    assert let(leaving, head, b"more") == [head, b"more"]


@pytest.mark.parametrize("name", [b"Expect: 100-continue", b"Upgrade: websocket"])
def test_what_waits_for_an_answer_is_not_held(leaving, name):
    head = WITH_LENGTH.replace(b"Host: a", name)
    assert let(leaving, head, b"a=1234567") == [head, b"a=1234567"]


def test_what_is_very_long_leaves_before_it_is_whole(leaving, monkeypatch):
    monkeypatch.setattr(wire, "MOST_HELD", len(WITH_LENGTH) + 8)
    assert let(leaving, WITH_LENGTH, b"a=123456") == [b"", WITH_LENGTH + b"a=123456"]
    assert let(leaving, b"-", HALF) == [b"-", HALF]
    with pytest.raises(NetworkRefused):
        leaving.sendable("elsewhere", OTHER_HALF)


def test_of_a_request_that_is_not_whole_the_rest_is_given_once(leaving):
    let(leaving, WITH_LENGTH, b"a=1234567")
    assert leaving.sendable_rest("elsewhere") == WITH_LENGTH + b"a=1234567"
    assert leaving.sendable_rest("elsewhere") == b""


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, b64encode])
@pytest.mark.parametrize("head", [WITH_LENGTH, IN_CHUNKS], ids=["length", "chunks"])
def test_nothing_leaves_of_what_is_packed_and_holds_a_secret(leaving, head, pack):
    packed = pack(b"a=%b&b=%b" % (SECRET.encode(), b"1" * 1000))
    pieces = [packed[start : start + 9] for start in range(0, len(packed), 9)]
    if head == IN_CHUNKS:
        pieces = [*map(chunk, pieces), b"0\r\n\r\n"]
    head = head.replace(b"14", str(len(packed)).encode())
    assert set(let(leaving, head, *pieces[:-1])) == {b""}
    with pytest.raises(NetworkRefused):
        leaving.sendable("elsewhere", pieces[-1])


def test_a_secret_in_the_trailers_is_refused(leaving):
    trailers = b"0\r\nX-Sum: %b\r\n\r\n" % SECRET.encode()
    assert set(let(leaving, IN_CHUNKS, chunk(b"a-word-that-goes-on"))) == {b""}
    with pytest.raises(NetworkRefused):
        leaving.sendable("elsewhere", trailers)
