"""Files of other recorders are read as they were written."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from pytest_bill.migrate import formats

REQUEST = {"method": "GET", "uri": "https://api.bill.com/a", "headers": {"a": ["1", "2"]}}
ANSWER = {"status": 201, "headers": {"content-type": ["x/y"], "content-encoding": ["gzip"]}}


def entry(at: str, **body: object) -> dict:
    request = {**REQUEST, "body": {"type": "none"}}
    return {"request": request, "response": {**ANSWER, "body": body}, "recorded_at": at}


@pytest.fixture
def read(tmp_path):
    def read(name: str, content: str | bytes) -> formats.Held:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return formats.read(path)

    return read


def test_cassetters_come_in_the_order_asked(read):
    times = ["2026-01-02T00:00:02.5+00:00", "2026-01-02T00:00:01+00:00"]
    entries = [entry(each, type="text", content=each) for each in times]
    text = "version: 1\n" + yaml_of(entries)
    held = read("a.yaml", text)
    assert held.is_cassetters
    assert not held.is_plain
    assert [each.answer_body.decode() for each in held.interactions] == times[::-1]
    first = held.interactions[0]
    assert first.recorded_at == "2026-01-02T00:00:01Z"
    assert (first.status, first.reason) == (201, "Created")
    assert first.headers == {"a": "1, 2"}
    assert dict(first.answer_headers) == {"content-type": ["x/y"]}


def yaml_of(entries: list[dict]) -> str:
    import yaml

    return yaml.safe_dump({"interactions": entries}, default_flow_style=False)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026-11-24T21:38:40.442+00:00", "2026-11-24T21:38:40.442+00:00"),
        *(("2026-11-24", "2026-11-24"), ("NO", "NO"), ("on", "on"), ("12:30", "12:30")),
        *(("010", 10), ("1_000", "1_000"), ("1.5", 1.5), ("1e3", 1000.0), ("-3", -3)),
        *(("true", True), ("null", None), ("~", None), ('"1"', "1"), ("''", "")),
    ],
)
def test_scalars_are_those_of_yaml_1_2(read, written, value):
    text = f"""version: 1
interactions:
- request:
    method: GET
    uri: https://api.bill.com/a
    headers: {{}}
    body:
      type: none
  response:
    status: 200
    headers: {{}}
    body:
      type: json
      content:
        a: {written}
  recorded_at: 2026-01-01T00:00:00+00:00
"""
    (held,) = read("a.yaml", text).interactions
    assert json.loads(held.answer_body) == {"a": value}


@pytest.mark.parametrize(
    ("kind", "content", "body"),
    [
        *(("none", "", b""), ("text", "ü", "ü".encode()), ("binary", "00ff", b"\0\xff")),
        ("json", '{"b": 1, "a": [2.0]}', b'{"b": 1, "a": [2.0]}'),
    ],
)
def test_cassetters_toml(read, kind, content, body):
    text = f"""version = 1
[[interactions]]
recorded_at = "2026-01-01T00:00:00+00:00"
[interactions.request]
method = "POST"
uri = "https://api.bill.com/a"
body_type = "{kind}"
body_content = '{content}'
[interactions.request.headers]
[interactions.response]
status = 599
body_type = "none"
[interactions.response.headers]
"""
    (held,) = read("a.toml", text).interactions
    assert held.body == body
    assert held.reason == ""


def test_other_traffic_is_counted(read):
    held = read("a.yaml", "version: 1\ninteractions: []\ngrpc_interactions: [{}, {}]\n")
    assert (list(held.interactions), held.left_out) == ([], 2)


def test_vcrpys_packed_bodies_are_unpacked(read):
    packed = base64.b64encode(gzip.compress(b'{"a": 1}')).decode()
    text = f"""interactions:
- request: {{body: null, headers: {{}}, method: GET, uri: 'https://api.bill.com/a'}}
  response:
    body: {{string: !!binary "{packed}"}}
    headers: {{Content-Encoding: [gzip]}}
    status: {{code: 200, message: OK}}
version: 1
"""
    held = read("a.yaml", text)
    assert held.is_plain
    assert held.interactions[0].answer_body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("a.toml", "a ="), ("a.toml", "a = 1\ninteractions = 3"), ("a.yaml", b"\xff\xfe")),
        ("a.yaml", "interactions:\n- request:\n    body:\n      type: none\n  response: 1\n"),
        ("a.json", '{"interactions": 1, "version": 1}'),
        ("a.yaml", "version: 2\ninteractions: []\n"),
    ],
)
def test_what_is_none_is_told_without_its_content(read, name, content):
    with pytest.raises(formats.Unreadable) as error:
        read(name, content)
    assert str(error.value)


def test_aliases_that_stand_for_far_more_are_refused(read):
    bomb, before = "b: &b [x, x, x, x, x, x, x, x]\n", "b"
    for number in range(9):
        bomb += f"b{number}: &b{number} [{', '.join([f'*{before}'] * 9)}]\n"
        before = f"b{number}"
    text = f"{bomb}interactions:\n- request:\n    body:\n      type: none\n  response: *b8\n"
    with pytest.raises(formats.Unreadable):
        read("a.yaml", text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(formats.Unreadable, match="No such file"):
        formats.read(tmp_path / "a.yaml")
