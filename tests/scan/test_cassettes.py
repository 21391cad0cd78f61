"""Reading cassettes: the shapes that recorders write, packed bodies, and files that do harm."""

from __future__ import annotations

import base64
import gzip
import json
import zlib

import pytest
import yaml

from tests.helpers.scanning import SECRET, cassette

BODY = json.dumps({"sessionId": SECRET}).encode()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), ""),
        (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), "gzip"),
        (gzip.compress(BODY)[:-4], "gzip"),
        (zlib.compress(BODY), "deflate"),
        (raw_deflate(BODY), "deflate"),
        (BODY, "gzip"),
    ],
    ids=["gzip", "no header", "two members", "cut off", "zlib", "raw deflate", "not packed"],
)
def test_packed_bodies_are_looked_into(scan, tmp_path, packed, encoding):
    headers = {"Content-Encoding": [encoding]} if encoding else {}
    cassette(tmp_path / "a.yaml", packed, packed, headers=headers, answer_headers=headers)
    outcome = scan("a.yaml", "--format", "json")
    fields = {"answer body $.sessionId", "request body $.sessionId"}
    assert {each["field"] for each in outcome.findings} == fields


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "made-up"])
def test_a_packed_body_that_cannot_be_unpacked_is_a_finding(scan, tmp_path, encoding):
    cassette(tmp_path / "a.yaml", answer=b"\x8b\0\xff\xfe", answer_headers={"a": ["1"]})
    assert scan("a.yaml").status == 0
    headers = {"content-encoding": [encoding]}
    cassette(tmp_path / "a.yaml", answer=b"\x8b\0\xff\xfe", answer_headers=headers)
    assert scan("a.yaml", "--format", "json").rules == ["unreadable-body"]


def test_a_bomb_is_not_unpacked(scan, tmp_path):
    bomb = gzip.compress(b"\0" * (80 * 1024 * 1024))
    cassette(tmp_path / "a.yaml", answer=bomb, answer_headers={"content-encoding": ["gzip"]})
    assert scan("a.yaml", "--format", "json").rules == ["unreadable-body"]


@pytest.mark.parametrize(
    "body",
    [
        base64.b64encode(BODY).decode(),
        json.dumps({"data": base64.b64encode(BODY).decode()}),
        json.dumps({"data": base64.urlsafe_b64encode(BODY).decode().rstrip("=")}),
        json.dumps(json.dumps(json.dumps({"sessionId": SECRET}))),
        "\ufeff" + BODY.decode(),
        f"{BODY.decode()}\n{BODY.decode()}",
        BODY.decode()[:-2],
        f"callback({BODY.decode()})",
        f'<a href="/x?sessionId={SECRET}">x</a>',
        f"<sessionId>{SECRET}</sessionId>",
    ],
)
def test_bodies_of_any_kind_are_looked_into(scan, tmp_path, body):
    cassette(tmp_path / "a.yaml", answer=body)
    outcome = scan("a.yaml", "--format", "json")
    assert "bill-session-id" in outcome.rules
    assert SECRET not in outcome.out


def test_multipart_is_looked_into(scan, tmp_path):
    body = (
        '--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n'
        + BODY.decode()
        + '\r\n--x\r\nContent-Disposition: form-data; name="devKey"\r\n\r\n'
        + f"{SECRET}2\r\n--x--\r\n"
    )
    headers = {"content-type": ["multipart/form-data; boundary=x"]}
    cassette(tmp_path / "a.yaml", body, headers=headers)
    found = scan("a.yaml", "--format", "json").findings
    assert {each["field"] for each in found} == {
        "request body data.sessionId",
        "request body devKey",
    }


@pytest.mark.parametrize(
    "response",
    [
        {"status_code": 200, "headers": {}, "content": BODY.decode()},
        {"status": {"code": 200}, "headers": {}, "body": {"base64_string": None}},
        {"status": {"code": 200}, "headers": {}, "body": {"encoding": "utf-8", "string": None}},
        {"status": {"code": 200}, "headers": {}, "body": BODY.decode()},
    ],
)
def test_the_shapes_of_other_versions_of_vcrpy(scan, tmp_path, response):
    body = response.get("body")
    if isinstance(body, dict):
        if "base64_string" in body:
            body["base64_string"] = base64.b64encode(BODY).decode()
        else:
            body["string"] = BODY
    request = {"method": "GET", "uri": "https://api.bill.com/a", "headers": {}, "body": None}
    interactions = [{"request": request, "response": response}]
    (tmp_path / "a.yaml").write_text(yaml.dump({"interactions": interactions, "version": 1}))
    (tmp_path / "b.yaml").write_text(yaml.dump(interactions))
    found = scan(".", "--format", "json").findings
    assert [(each["file"], each["rule"], each["interaction"]) for each in found] == [
        ("a.yaml", "bill-session-id", 1),
        ("b.yaml", "bill-session-id", 1),
    ]


def test_each_finding_says_where_it_is(scan, tmp_path):
    path = cassette(tmp_path / "a.yaml", BODY.decode(), uri="https://api.bill.com/api/v2/A.json")
    [finding] = scan("a.yaml", "--format", "json").findings
    assert (finding["interaction"], finding["method"], finding["path"]) == (
        1,
        "POST",
        "/api/v2/A.json",
    )
    assert SECRET in path.read_text().splitlines()[finding["line"] - 1]
    assert finding["length"] == len(SECRET)


def test_a_secret_in_a_key_or_a_path_is_not_shown(scan, tmp_path):
    answer = json.dumps({SECRET: {"devKey": SECRET + "2"}, "sessionId": SECRET})
    cassette(tmp_path / "a.yaml", answer=answer, uri=f"https://api.bill.com/x/{SECRET}/y")
    outcome = scan("a.yaml")
    assert outcome.status == 1
    assert SECRET not in outcome.out
    assert "/x/***/y" in outcome.out


def test_metadata_is_looked_at(scan, tmp_path):
    cassette(tmp_path / "a.yaml", metadata={"run": {"devKey": SECRET}})
    [finding] = scan("a.yaml", "--format", "json").findings
    assert (finding["rule"], finding["interaction"]) == ("bill-dev-key", 0)


def test_no_tag_in_a_cassette_makes_an_object(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY.decode())
    trap = f'\ntrap: !!python/object/apply:os.system ["touch {tmp_path}/sprung"]\n'
    path = tmp_path / "a.yaml"
    path.write_text(path.read_text() + trap)
    for options in ((), ("--fix",)):
        outcome = scan("a.yaml", *options)
        assert outcome.status == 1
        assert "bill-session-id" in outcome.out
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "text",
    [
        "interactions: [" * 5000,
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ninteractions: [*c,*c]",
        "interactions: &a\n- request: &r {body: &a [*a]}\n  response: *r\n",
        "interactions:\n- request: {method: GET, uri: 'http://[', headers: 3, body: [1, {}]}\n",
        "interactions:\n- request:\n  - 1\n",
        '{"interactions": ' + "[" * 100_000,
        '{"interactions": [{"request": {"uri": 1, "headers": {"a": null}, "body": {"b": []}}}]}',
        "interactions: !!binary '%%'",
        "\0\0interactions",
        "",
    ],
)
def test_files_that_make_no_sense_are_scanned_all_the_same(scan, tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    assert scan("a.yaml").status == 0


def test_one_interaction_a_thousand_times_by_aliases(scan, tmp_path):
    body = json.dumps({"sessionId": SECRET, "x": "y" * 100_000})
    request = (
        f"- &a\n  request: {{method: GET, uri: 'https://a.b/c', headers: {{}}, body: '{body}'}}\n"
    )
    (tmp_path / "a.yaml").write_text("interactions:\n" + request + "- *a\n" * 20_000)
    assert len(scan("a.yaml", "--format", "json").findings) == 1
