"""No secret reaches the disk: generated secrets, in every place and encoding.

Each case goes through a real recorder to a real file. What comes back is read with YAML's own
parser and decoded with the standard library only, by the test's knowledge of where it put the
secret; nothing of the code under test takes part in the search.

500 cases in CI; 10,000 with ``make nightly``.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import re
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

import brotli
import yaml
from hypothesis import HealthCheck, assume, event, given, note, settings
from hypothesis import strategies as st

from pytest_bill.cassettes.recorder import Recorder
from pytest_bill.cassettes.use import Use
from pytest_bill.environments import SANDBOX
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.public import is_public
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.helpers.leaks import bytes_of, what_comes_out

try:
    from compression import zstd
except ImportError:
    from backports import zstd

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
LOADED = "PLACEHOLDER_BILL_PASSWORD"
HANDED_OUT = "PLACEHOLDER_BILL_SESSION_ID"

_is_nightly = getattr(settings, "get_current_profile_name", lambda: "")() == "nightly"
CASES = settings.get_profile("nightly" if _is_nightly else "ci").max_examples


# --- encodings of a text, each with its inverse -----------------------------------------------


@dataclass(frozen=True)
class Encoding:
    name: str
    encode: Callable[[str, Callable[[str], bool]], str]
    """Takes the text, and a function that says for each character whether it must be escaped."""
    decode: Callable[[str], str]
    ascii_only: bool = False


def percent(text: str, chosen: Callable[[str], bool], case: str = "%02X") -> str:
    return "".join(
        "".join("%" + case % byte for byte in letter.encode())
        if letter == "%" or not letter.isascii() or letter in " +\r\n" or chosen(letter)
        else letter
        for letter in text
    )


def escaped(written: Callable[[int], str], also: str) -> Callable[..., str]:
    def encode(text: str, chosen: Callable[[str], bool]) -> str:
        return "".join(
            written(ord(letter))
            if letter in also or not letter.isprintable() or chosen(letter)
            else letter
            for letter in text
        )

    return encode


def json_unit(code: int, case: str = "%04x") -> str:
    units = chr(code).encode("utf-16-be")
    return "".join(
        "\\u" + case % int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)
    )


def from_hex(pattern: str) -> Callable[[str], str]:
    """For languages in which a line break may be written as ``\\r\\n``, too."""

    def letter(match: re.Match[str]) -> str:
        return {"\\r": "\r", "\\n": "\n"}.get(match.group()) or chr(int(match.group(1), 16))

    return lambda text: re.sub(rf"\\[rn]|{pattern}", letter, text)


def unit(match: re.Match[str]) -> str:
    return chr(int(match.group(1) or match.group(2), 16))


def from_percent_u(text: str) -> str:
    # As JavaScript's unescape().
    units = re.sub(r"%(?:u([0-9a-f]{4})|([0-9A-F]{2}))", unit, text)
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def percent_u(code: int) -> str:
    return json_unit(code).replace("\\u", "%u")


def wrapped(text: str, width: int, end: str) -> str:
    return end.join(text[at : at + width] for at in range(0, len(text), width))


def base64_bytes(text: str) -> bytes:
    text = re.sub(r"[\s=]", "", text).replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4))


def from_base64(text: str) -> str:
    return base64_bytes(text).decode("utf-8", "replace")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def after_a_label(text: str) -> str:
    return "\n ".join([text[:7], wrapped(text[7:], 20, "\n ")])


UNPADDED = b64("something else and more").rstrip("=")


TEXT_ENCODINGS = [
    Encoding("percent", percent, unquote),
    Encoding("percent, lower case", lambda t, c: percent(t, c, "%02x"), unquote),
    Encoding("percent of all", lambda t, _: percent(t, lambda _: True), unquote),
    Encoding("form", lambda t, _: quote_plus(t), unquote_plus),
    Encoding("form, some", lambda t, c: percent(t, c).replace("%20", "+"), unquote_plus),
    Encoding("JSON", lambda t, _: json.dumps(t)[1:-1], lambda t: json.loads(f'"{t}"')),
    Encoding(
        "JSON, slashes",
        lambda t, _: json.dumps(t)[1:-1].replace("/", "\\/"),
        lambda t: json.loads(f'"{t}"'),
    ),
    Encoding("JSON units", escaped(json_unit, '"\\'), lambda t: json.loads(f'"{t}"')),
    Encoding(
        "JSON units, upper case",
        escaped(lambda c: json_unit(c, "%04X"), '"\\'),
        lambda t: json.loads(f'"{t}"'),
    ),
    Encoding("\\u{}", escaped(lambda c: f"\\u{{{c:x}}}", "\\"), from_hex(r"\\u\{([0-9a-f]+)\}")),
    Encoding("\\U", escaped(lambda c: f"\\U{c:08x}", "\\"), from_hex(r"\\U([0-9a-f]{8})")),
    Encoding(
        "\\x",
        escaped(
            lambda c: f"\\x{c:02x}" if c < 256 else f"\\u{c:04x}" if c < 65536 else f"\\U{c:08x}",
            "\\",
        ),
        from_hex(r"\\[xuU]([0-9a-f]{8}|(?<=u)[0-9a-f]{4}|(?<=x)[0-9a-f]{2})"),
    ),
    Encoding("%u", escaped(percent_u, "%"), from_percent_u),
    Encoding("HTML", lambda t, _: html.escape(t), html.unescape),
    Encoding("HTML, decimal", escaped(lambda c: f"&#{c};", "&<>"), html.unescape),
    Encoding("HTML, hexadecimal", escaped(lambda c: f"&#x{c:x};", "&<>"), html.unescape),
    Encoding("HTML, upper hexadecimal", escaped(lambda c: f"&#X00{c:X};", "&<>"), html.unescape),
    Encoding("base64", lambda t, _: b64(t), from_base64),
    Encoding("base64, no padding", lambda t, _: b64(t).rstrip("="), from_base64),
    Encoding(
        "base64, URL-safe", lambda t, _: base64.urlsafe_b64encode(t.encode()).decode(), from_base64
    ),
    Encoding("base64, wrapped", lambda t, _: wrapped(b64(t), 20, "\r\n"), from_base64),
    Encoding("base64, wrapped after a label", lambda t, _: after_a_label(b64(t)), from_base64),
    Encoding(
        "base64, one of several lines",
        lambda t, _: "\n".join([UNPADDED, b64(t), UNPADDED, UNPADDED]),
        lambda t: from_base64(t.split("\n")[1]),
    ),
    Encoding(
        "base64 of UTF-16",
        lambda t, _: base64.b64encode(t.encode("utf-16-le")).decode(),
        lambda t: base64_bytes(t).decode("utf-16-le", "replace"),
    ),
    Encoding(
        "base64 of gzip",
        lambda t, _: base64.b64encode(gzip.compress(t.encode(), mtime=0)).decode(),
        lambda t: gzip.decompress(base64_bytes(t)).decode(),
    ),
    Encoding(
        "quoted-printable",
        lambda t, _: quopri.encodestring(t.encode(), quotetabs=True).decode(),
        lambda t: quopri.decodestring(t.encode()).decode("utf-8", "replace"),
    ),
]


# --- places, each with the way back to what stands there ---------------------------------------


@dataclass(frozen=True)
class Put:
    interaction: Interaction
    back: Callable[[dict], str]
    """Takes the interaction as YAML gives it, and gives the text that stands in the place now."""


def in_url(template: str, back: Callable[[str], str]) -> Callable[[str], Put]:
    def put(text: str) -> Put:
        interaction = Interaction("GET", template.format(quote(text, safe="")), {}, b"", 200, "OK")
        return Put(interaction, lambda found: back(found["request"]["uri"]))

    return put


def one(items: list[str]) -> str:
    (item,) = items
    return item


def in_request_header(text: str) -> Put:
    interaction = Interaction("GET", URL, {"X-Trace": text}, b"", 200, "OK")
    return Put(interaction, lambda found: one(found["request"]["headers"]["X-Trace"]))


def in_basic(text: str) -> Put:
    value = "Basic " + b64("user:" + text)
    interaction = Interaction("GET", URL, {"X-Trace": value}, b"", 200, "OK")

    def back(found: dict) -> str:
        scheme, _, token = one(found["request"]["headers"]["X-Trace"]).partition(" ")
        user, _, text = from_base64(token).partition(":")
        assert (scheme, user) == ("Basic", "user")
        return text

    return Put(interaction, back)


def in_header_name(text: str) -> Put:
    interaction = Interaction("GET", URL, {text: "1"}, b"", 200, "OK", {text: ["1"]})

    def back(found: dict) -> str:
        (asked,), (answered,) = found["request"]["headers"], found["response"]["headers"]
        assert asked == answered
        return asked

    return Put(interaction, back)


def in_answer_header(text: str) -> Put:
    headers = {"X-Echo": ["first", text, "last"]}
    return Put(
        Interaction("GET", URL, {}, b"", 200, "OK", headers),
        lambda found: found["response"]["headers"]["X-Echo"][1],
    )


def split_over_headers(separator: str) -> Callable[[str], Put]:
    def put(text: str) -> Put:
        # Cut where the header's own separator stands, or anywhere.
        cut = text.find(separator.strip()) if separator.strip() else len(text) // 2
        parts = (
            [text[:cut], text[cut + len(separator) :]]
            if separator and (text[cut : cut + len(separator)] == separator)
            else [text[: len(text) // 2], text[len(text) // 2 :]]
        )
        glue = "" if len("".join(parts)) == len(text) else separator
        return Put(
            Interaction("GET", URL, {}, b"", 200, "OK", {"X-Echo": parts}),
            lambda found: glue.join(found["response"]["headers"]["X-Echo"]),
        )

    return put


def folded(text: str) -> Put:
    middle = len(text) // 2
    value = text[:middle] + "\r\n " + text[middle:]
    interaction = Interaction("GET", URL, {"X-Long": value}, b"", 200, "OK", {"X-Long": [value]})

    def back(found: dict) -> str:
        asked, answered = (found[side]["headers"]["X-Long"] for side in ("request", "response"))
        assert asked == answered
        return re.sub(r"\r?\n[ \t]*", "", one(asked))

    return Put(interaction, back)


def in_location(text: str) -> Put:
    location = "https://gateway.stage.bill.com/next?to=" + quote(text, safe="")
    return Put(
        Interaction("GET", URL, {}, b"", 302, "Found", {"Location": [location]}),
        lambda found: unquote(one(found["response"]["headers"]["Location"]).partition("?to=")[2]),
    )


def in_reason(text: str) -> Put:
    return Put(
        Interaction("GET", URL, {}, b"", 400, f"No: {text}"),
        lambda found: found["response"]["status"]["message"].removeprefix("No: "),
    )


@dataclass(frozen=True)
class Body:
    name: str
    content_type: str
    write: Callable[[str], str]
    read: Callable[[str], str]


def between(before: str, after: str) -> Callable[[str], str]:
    return lambda body: body.partition(before)[2].rpartition(after)[0]


def part(head: str, content: str) -> str:
    return f"--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n--B--\r\n"


def encoded_part(encoding: str, content: str) -> str:
    return part(f'name="a"\r\nContent-Transfer-Encoding: {encoding}', content)


in_part = between("\r\n\r\n", "\r\n--B--")
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=B"
BODIES = [
    Body("plain", "text/plain", lambda t: f"so: {t} end", between("so: ", " end")),
    Body("no type", "", lambda t: f"so: {t} end", between("so: ", " end")),
    Body(
        "HTML",
        "text/html",
        lambda t: f"<p>{html.escape(t)}</p>",
        lambda b: html.unescape(between("<p>", "</p>")(b)),
    ),
    Body(
        "XML",
        "text/xml",
        lambda t: f'<a b="{html.escape(t)}"/>',
        lambda b: html.unescape(between('b="', '"/>')(b)),
    ),
    Body(
        "JSON",
        "application/json",
        lambda t: json.dumps({"a": [{"b": {"c": t}}], "n": 1.5}),
        lambda b: json.loads(b)["a"][0]["b"]["c"],
    ),
    Body(
        "JSON, UTF-8",
        "application/json",
        lambda t: json.dumps({"a": t}, ensure_ascii=False),
        lambda b: json.loads(b)["a"],
    ),
    Body(
        "JSON key",
        "application/json",
        lambda t: json.dumps({"a": {t: 1}}),
        lambda b: one(list(json.loads(b)["a"])),
    ),
    Body(
        "JSON in JSON",
        "application/json",
        lambda t: json.dumps({"a": json.dumps({"b": t})}),
        lambda b: json.loads(json.loads(b)["a"])["b"],
    ),
    Body("form", FORM, lambda t: f"a=1&b={quote_plus(t)}&c=2", lambda b: dict(parse_qsl(b))["b"]),
    Body("form name", FORM, lambda t: f"a=1&{quote_plus(t)}=2", lambda b: parse_qsl(b)[1][0]),
    Body(
        "JSON in a form",
        FORM,
        lambda t: "data=" + quote(json.dumps({"obj": {"x": t}})),
        lambda b: json.loads(dict(parse_qsl(b))["data"])["obj"]["x"],
    ),
    Body("multipart", BOUNDARY, lambda t: part('name="a"', t), in_part),
    Body(
        "multipart, base64",
        BOUNDARY,
        lambda t: encoded_part("base64", wrapped(b64(t), 76, "\r\n")),
        lambda b: from_base64(in_part(b)),
    ),
    Body(
        "multipart, quoted-printable",
        BOUNDARY,
        lambda t: encoded_part("quoted-printable", quopri.encodestring(t.encode()).decode()),
        lambda b: quopri.decodestring(in_part(b).encode()).decode("utf-8", "replace"),
    ),
    Body(
        "multipart name",
        BOUNDARY,
        lambda t: part(f'name="{quote(t)}"', "x"),
        lambda b: unquote(between('name="', '"')(b)),
    ),
    Body(
        "multipart file name",
        BOUNDARY,
        lambda t: part(f"name=\"f\"; filename*=UTF-8''{quote(t, safe='')}", "x"),
        lambda b: unquote(between("UTF-8''", "\r\n\r\n")(b)),
    ),
]

CHARSETS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def packed_by_gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


# What packs, its Content-Encoding, and what unpacks where that was not declared.
PACKINGS: dict[str, tuple[Callable[[bytes], bytes], str, Callable[[bytes], bytes]]] = {
    "": (bytes, "", bytes),
    "gzip": (packed_by_gzip, "gzip", bytes),
    "deflate": (zlib.compress, "deflate", bytes),
    "raw deflate": (raw_deflate, "deflate", bytes),
    "br": (brotli.compress, "br", bytes),
    "zstd": (zstd.compress, "zstd", bytes),
    "deflate, gzip": (lambda data: packed_by_gzip(zlib.compress(data)), "deflate, gzip", bytes),
    "gzip, not declared": (packed_by_gzip, "", gzip.decompress),
    "deflate, not declared": (zlib.compress, "", zlib.decompress),
    "br, not declared": (brotli.compress, "", brotli.decompress),
    "zstd, not declared": (zstd.compress, "", zstd.decompress),
}


def in_body(body: Body, charset: str, packing: str, side: str) -> Callable[[str], Put]:
    pack, encoding, unpack = PACKINGS[packing]

    def put(text: str) -> Put:
        written = body.write(text).encode(charset)
        packed = pack(written)
        headers = {"Content-Type": body.content_type} if body.content_type else {}
        headers |= {"Content-Encoding": encoding} if encoding else {}
        headers["Content-Length"] = str(len(packed))
        lists = {name: [value] for name, value in headers.items()}
        interaction = Interaction("POST", URL, {}, b"", 200, "OK")
        if side == "request":
            interaction = replace(interaction, headers=headers, body=packed)
        else:
            interaction = replace(interaction, answer_headers=lists, answer_body=packed)

        def back(found: dict) -> str:
            part = found[side]
            content = part["body"] if side == "request" else part["body"]["string"]
            content = content.encode() if isinstance(content, str) else content
            if side == "response":  # a client's own is not recorded
                assert one(part["headers"]["Content-Length"]) == str(len(content))
            return body.read(unpack(content).decode(charset))

        return Put(interaction, back)

    return put


PLACES = {
    "path": in_url(
        URL + "/{}", lambda url: unquote(urlsplit(url).path.removeprefix("/connect/v3/vendors/"))
    ),
    "query": in_url(URL + "?q={}&b=1", lambda url: dict(parse_qsl(urlsplit(url).query))["q"]),
    "query name": in_url(
        URL + "?{}=1", lambda url: one(list(dict(parse_qsl(urlsplit(url).query))))
    ),
    "fragment": in_url(URL + "#{}", lambda url: unquote(urlsplit(url).fragment)),
    "request header": in_request_header,
    "Basic": in_basic,
    "header name": in_header_name,
    "answer header": in_answer_header,
    "split over headers": split_over_headers(""),
    "split over headers at a comma": split_over_headers(", "),
    "folded header": folded,
    "Location": in_location,
    "reason": in_reason,
}


# --- cases -----------------------------------------------------------------------------------

LETTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Cn", "Co"], max_codepoint=0x1F9FF
) | st.sampled_from("aA0 /+%&<>\"'\\=,;:#?_-~@u\u00f6\u20ac")
KEYS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", min_size=8)
SECRETS = (
    KEYS.map(lambda text: text[:40])
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=40)
    | st.text(LETTERS, min_size=8, max_size=40)
)
AROUND = st.text("abc XYZ019._:", max_size=6)


@st.composite
def puts(draw: st.DrawFn) -> tuple[str, Callable[[str], Put]]:
    name = draw(st.sampled_from(["body", "body", *PLACES]))
    if name != "body":
        return name, PLACES[name]
    body = draw(st.sampled_from(BODIES))
    charset = draw(st.sampled_from(CHARSETS))
    packing = draw(st.sampled_from(list(PACKINGS)))
    side = draw(st.sampled_from(["request", "response"]))
    return f"{side} body: {body.name}, {charset} {packing}", in_body(body, charset, packing, side)


def recorded(folder: Path, registry: SecretRegistry, *interactions: Interaction) -> Path:
    """Record the interactions as a test run does, and give the cassette's path."""
    (folder / "scratch").mkdir()
    recorder = Recorder(SANDBOX, registry, lambda: folder / "scratch")
    use = Use(folder / "cassettes/a.yaml", "once", "a test", "pytest")
    with recorder.using(use):
        for interaction in interactions:
            asked = replace(interaction, status=0, reason="", answer_headers={}, answer_body=b"")
            recorder.serve(asked, lambda interaction=interaction: interaction)
    return use.path


WORDS = (
    "interactions request response headers metadata pytest_bill version method status message "
    "content-disposition form-data filename content-transfer-encoding quoted-printable base64 "
    "content-type content-length content-encoding application/json x-www-form-urlencoded "
    "text/plain text/html text/xml multipart boundary https://gateway.stage.bill.com/connect/v3/ "
    "vendors login sessionid x-forwarded-auth placeholder_bill_session_id placeholder_bill_password"
)
SIGNED_IN = Interaction("POST", URL.replace("vendors", "login"), {}, b"", 200, "OK")


@given(
    secret=SECRETS,
    before=AROUND,
    after=AROUND,
    encodings=st.lists(st.sampled_from(TEXT_ENCODINGS), max_size=3),
    put=puts(),
    is_handed_out=st.booleans(),
    randomness=st.randoms(use_true_random=False),
)
@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_secret_reaches_the_disk(
    secret, before, after, encodings, put, is_handed_out, randomness
):
    secret = secret.strip()
    # Not a word that the file's format, or the text around the secret, consists of.
    assume(len(secret) >= 8 and len(set(secret)) >= 5 and secret.lower() not in WORDS)
    assume(not is_public(secret))
    name, place = put
    written = before + secret + after
    for encoding in encodings:
        written = encoding.encode(written, lambda _: randomness.random() < 0.5)
    if "header" in name or name in ("reason", "Basic"):
        assume("\r" not in written)
        assume("\n" not in written)
    try:
        made = place(written)
    except UnicodeEncodeError:  # not in this charset
        assume(False)
    case = " < ".join([name, *(each.name for each in reversed(encodings))])
    event(name)
    note(f"{secret=}, {is_handed_out=}, {case}: {written!r}")

    with tempfile.TemporaryDirectory() as folder:
        if is_handed_out:
            answer = json.dumps({"sessionId": secret}).encode()
            first = replace(SIGNED_IN, answer_body=answer)
            path = recorded(Path(folder), SecretRegistry(), first, made.interaction)
        else:
            path = recorded(Path(folder), SecretRegistry([(LOADED, secret)]), made.interaction)
        text = path.read_text(encoding="utf-8")
        files = [each for each in Path(folder).rglob("*") if each.is_file()]
        assert {each.name for each in files if each.suffix == ".yaml"} == {"a.yaml"}

    assert secret not in text, case
    found = made.back(yaml.load(text, yaml.CSafeLoader)["interactions"][-1])
    for encoding in reversed(encodings):
        assert secret not in found, case
        try:
            found = encoding.decode(found)
        except (ValueError, OSError, EOFError, zlib.error):
            # Of a secret that was taken out of three nested encodings, one may not decode any more.
            assert len(encodings) > 1, case
            return
    assert secret not in found, case
    assert len(encodings) > 1 or (HANDED_OUT if is_handed_out else LOADED) in found, case


# --- bodies that are not what they say ----------------------------------------------------------


def cut_off(body: bytes, at: float) -> bytes:
    return body[: int(len(body) * at)]


def damaged(body: bytes, at: float) -> bytes:
    index = int(len(body) * at)
    return body[:index] + bytes((body[index] ^ 0x55,)) + body[index + 1 :]


def with_junk(body: bytes, at: float) -> bytes:
    index = int(len(body) * at)
    return body[:index] + b'\xff\x00{"' + body[index:]


BREAKINGS = [lambda body, at: body, cut_off, damaged, with_junk]


@given(
    secret=KEYS.map(lambda text: text[:40]),
    body=st.sampled_from([each for each in BODIES if each.name in ("JSON", "form", "multipart")]),
    charset=st.sampled_from(["utf-8", "utf-16", "utf-32-le"]),
    declared=st.sampled_from(["", "; charset=utf-16", "; charset=ascii", "; charset=nonsense"]),
    packing=st.sampled_from(list(PACKINGS)),
    breaks=st.lists(
        st.tuples(st.sampled_from(BREAKINGS), st.floats(0, 1, exclude_max=True)),
        min_size=1,
        max_size=2,
    ),
    is_packed_first=st.booleans(),
    content_encoding=st.sampled_from(["as it is", "", "gzip", "br", "zstd", "unheard-of"]),
)
@settings(
    max_examples=CASES // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_a_malformed_body_is_scrubbed_or_refused(
    secret, body, charset, declared, packing, breaks, is_packed_first, content_encoding
):
    assume(len(set(secret)) >= 5 and not is_public(secret))
    pack, encoding, _ = PACKINGS[packing]
    content = body.write(secret).encode(charset)
    content = pack(content) if is_packed_first else content
    for breaking, at in breaks:
        content = breaking(content, at) if content else content
    content = content if is_packed_first else pack(content)
    if content_encoding != "as it is":
        encoding = content_encoding
    headers = {"Content-Type": body.content_type + declared, "Content-Encoding": encoding}
    lists = {name: [value] for name, value in headers.items() if value}
    interaction = Interaction("GET", URL, {}, b"", 200, "OK", lists, content)
    note(f"{secret=}, {headers}: {content!r}")

    with tempfile.TemporaryDirectory() as folder:
        try:
            path = recorded(Path(folder), SecretRegistry([(LOADED, secret)]), interaction)
        except CassetteError:
            event("refused")
            assert not list(Path(folder).rglob("*.yaml*"))
            return
        text = path.read_text(encoding="utf-8")
    event("recorded")
    assert secret not in text
    found = yaml.load(text, yaml.CSafeLoader)["interactions"][-1]["response"]["body"]["string"]
    found = found.encode() if isinstance(found, str) else found
    for form in bytes_of(secret):
        assert form not in what_comes_out(found)
