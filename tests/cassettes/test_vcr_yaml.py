"""vcrpy's YAML without vcrpy: it reads and writes what vcrpy reads and writes."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
import vcr.serialize
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.serializers import yamlserializer

from pytest_bill.cassettes import store, vcr_yaml
from pytest_bill.exceptions import CassetteError
from tests.helpers.generated import INTERACTIONS, JSON, TEXTS, text_of_vcrpy

DOCUMENTS = st.recursive(
    JSON | TEXTS | st.binary(max_size=80) | st.floats() | st.dates() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=50, deadline=None)
@given(DOCUMENTS)
def test_any_document_is_written_as_vcrpy_writes_it(document):
    assert vcr_yaml.dump(document) == yamlserializer.serialize(document)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS)
def test_any_document_is_read_as_vcrpy_reads_it(document):
    text = yamlserializer.serialize(document)
    assert repr(vcr_yaml.load(text)) == repr(yamlserializer.deserialize(text))


@pytest.mark.parametrize(
    "document",
    [
        {"interactions": [], "version": 1},
        {"b": 1, "a": 2, "1": 3},
        {"body": "word " * 60},
        {"body": "lines\n  of\n\nseveral kinds\n\n"},
        {"body": "\U0001f600 \x85 \u2028 \ufeff"},
        {"body": "\ud83d"},
        {"body": b"\x00\xff" * 200},
        {"same": [same := ["a"], same], "again": same},
        {"of": {"its": {"own": []}}, "nothing": None, "empty": {}},
        {"08": "08", "yes": "no", "1e3": "1e3", "~": "~", "=": "=", "2026-01-01": "2026-01-01"},
    ],
)
def test_awkward_documents_are_written_as_vcrpy_writes_them(document):
    try:
        expected = yamlserializer.serialize(document)
    except UnicodeEncodeError:  # half a character
        with pytest.raises(UnicodeEncodeError):
            vcr_yaml.dump(document)
        return
    assert vcr_yaml.dump(document) == expected
    assert vcr_yaml.load(expected) == yamlserializer.deserialize(expected) == document


@settings(max_examples=40, deadline=None)
@given(st.lists(INTERACTIONS, max_size=3))
def test_interactions_are_read_from_what_vcrpy_wrote(interactions):
    text = text_of_vcrpy(interactions, {})
    try:
        pairs = vcr.serialize.deserialize(text, yamlserializer)
    except ValueError:  # a URL that vcrpy cannot read
        with pytest.raises(ValueError):  # noqa: PT011
            vcr_yaml.interactions_in(vcr_yaml.load(text))
        return
    expected = [store.from_vcr(*pair) for pair in zip(*pairs[:2], strict=True)]
    assert [vars(each) for each in vcr_yaml.interactions_in(vcr_yaml.load(text))] == [
        vars(each) for each in expected
    ]


# --- older cassettes -------------------------------------------------------------------------


def in_body(text: str) -> str:
    return f"""\
interactions:
- request:
    body: {text}
    headers:
      X-One: [first, second]
      x-one: last
    method: POST
    uri: https://gateway.stage.bill.com/connect/v3/vendors
  response:
    body: {{string: answered}}
    headers: {{X-A: a, X-B: [b, c]}}
    status: {{code: 200, message: null}}
version: 1
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("null", b""),
        ("text", b"text"),
        ("!!python/unicode 'text'", b"text"),
        ("!!python/str 'text'", b"text"),
        ("!!binary dGV4dA==", b"text"),
        (
            "!!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary dGV4]",
            b"tex",
        ),
        ("!!python/object/new:_io.BytesIO\n      state: !!python/tuple ['text', 0, null]", b"text"),
        ("!!python/object/new:_io.BytesIO {}", b""),
        ("!!python/object/apply:builtins.iter\n      args: [[te, xt]]", b"text"),
        ("!!python/object/apply:builtins.iter {}", b""),
        ("{a: 1}", b'{"a": 1}'),
        ("[te, !!binary eHQ=]", b"text"),
    ],
)
def test_every_body_that_vcrpy_has_ever_written_is_read(body, expected):
    (interaction,) = vcr_yaml.interactions_in(vcr_yaml.load(in_body(body)))
    assert interaction.body == expected
    assert interaction.answer_headers == {"X-A": ["a"], "X-B": ["b", "c"]}
    assert interaction.headers == {"X-One": "last"}
    assert interaction.reason == ""


def test_an_answer_of_httpx_as_older_versions_recorded_it_is_read():
    text = in_body("null").replace(
        "    body: {string: answered}\n    headers: {X-A: a, X-B: [b, c]}\n"
        "    status: {code: 200, message: null}\n",
        "    status_code: 404\n    headers: {X-A: a}\n    content: gone\n",
    )
    (interaction,) = vcr_yaml.interactions_in(vcr_yaml.load(text))
    assert (interaction.status, interaction.reason, interaction.answer_body) == (404, "", b"gone")


def test_what_stands_beside_vcrs_own_in_an_interaction_is_read():
    told = "- answered_by: local\n  content_encoding: gzip\n  http_version: HTTP/1.0\n  request:"
    text = in_body("null").replace("- request:", told)
    (interaction,) = vcr_yaml.interactions_in(vcr_yaml.load(text))
    assert (interaction.answered_by, interaction.content_encoding) == ("local", "gzip")
    assert interaction.http_version == "HTTP/1.0"


@pytest.mark.parametrize(
    "written",
    ["2026-11-29T11:07:31Z", "'2026-11-29T11:07:31Z'", "2026-11-29 12:07:31+01:00"],
    ids=["as here", "quoted", "as PyYAML writes it"],
)
def test_when_it_was_recorded_is_read_however_yaml_has_it(written):
    text = in_body("null").replace("- request:", f"- recorded_at: {written}\n  request:")
    (interaction,) = vcr_yaml.interactions_in(vcr_yaml.load(text))
    assert interaction.recorded_at == "2026-11-29T11:07:31Z"


DANGEROUS = [
    "!!python/object/apply:os.system ['echo run']",
    "!!python/object/new:os.system ['echo run']",
    "!!python/object:types.SimpleNamespace {a: 1}",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object/apply:builtins.eval ['1']",
    "!!python/object/apply:subprocess.Popen [[echo]]",
    "!!python/object/new:_io.FileIO [passwd]",
    "!own thing",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_could_run_code_is_refused(text):
    for read in (vcr_yaml.load, yamlserializer.deserialize):
        with pytest.raises(yaml.YAMLError):
            read(f"body: {text}\n")


@pytest.mark.parametrize("data", [object(), {"a": {1, 2}.__iter__()}, [print], io.BytesIO(b"a")])
def test_what_a_cassette_cannot_hold_is_not_written(data):
    with pytest.raises(yaml.YAMLError):
        vcr_yaml.dump(data)


@pytest.mark.parametrize(
    "data", [[{"request": {}}], {}, {"interactions": [{}]}, "text", None, {"interactions": None}]
)
def test_what_is_no_cassette_is_refused(data):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        vcr_yaml.interactions_in(data)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, b""),
        ("ü", "ü".encode()),
        ("\udcff", b"\xff"),
        (b"a", b"a"),
        (bytearray(b"a"), b"a"),
        (memoryview(b"a"), b"a"),
        (io.BytesIO(b"a"), b"a"),
        (io.StringIO("a"), b"a"),
        (iter(["a", b"b"]), b"ab"),
        ({"a": "ü"}, b'{"a": "\\u00fc"}'),
    ],
    ids=lambda body: type(body).__name__,
)
def test_whatever_body_a_client_hands_over_is_bytes(body, expected):
    assert vcr_yaml.as_bytes(body) == expected


def test_it_imports_no_http_client():
    code = "import sys, pytest_bill.cassettes.vcr_yaml; print({'vcr', 'requests'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


# --- aliases -------------------------------------------------------------------------------------

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n" for number in range(1, 40)
)
CASSETTE = """version: 1
interactions:
- request: {{method: GET, uri: 'https://example.com/', body: {sent}, headers: {{A: {header}}}}}
  response:
    status: {{code: 200, message: OK}}
    headers: {{B: {answer}}}
    body: {{string: {body}}}
"""
PLACES = ("sent", "header", "answer", "body")


@pytest.mark.parametrize("place", PLACES)
def test_aliases_that_stand_for_without_end_are_refused_at_once(tmp_path, place):
    cassette = CASSETTE.format(**(dict.fromkeys(PLACES, "''") | {place: "*a39"}))
    path = tmp_path / "a.yaml"
    path.write_text(LAUGHS + cassette)
    with pytest.raises(CassetteError, match=r"a\.yaml is damaged .*its aliases stand for more"):
        store.load(path)


@pytest.mark.parametrize(
    "text",
    ["a: &a [*a]", "a: &a {b: *a}", "a: &a [[{b: [*a]}]]", "a: &a\n- &b [*a, *b]\n"],
)
def test_an_alias_that_stands_for_itself_is_refused(text):
    with pytest.raises(ValueError, match="an alias stands for itself"):
        vcr_yaml.load(text)


@pytest.mark.parametrize(
    "data",
    [
        [["application/json"]] * 1_000,
        [{"a": ["b"] * 3, "c": ["b"] * 3}] * 200,
        {number: ("x" * 500, [1, None, True]) for number in range(200)},
        ["*", "&", "a & b * c"],
    ],
    ids=["headers", "mappings", "texts", "signs"],
)
def test_what_a_dumper_writes_with_aliases_is_read(data):
    assert vcr_yaml.load(vcr_yaml.dump(data)) == yaml.safe_load(yaml.safe_dump(data))
