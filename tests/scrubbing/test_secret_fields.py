"""What stands at the names of secret fields is replaced, whatever the body is made of."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

SECRET = 'Pa/ss+w\u00f6rd "&<42>'
FORM = "application/x-www-form-urlencoded"
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def request(body: bytes = b"", content_type: str = "application/json", **changes) -> Interaction:
    return replace(Interaction("POST", URL, {"Content-Type": content_type}, body), **changes)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1234567890, "b": [-1234567890.5, 7], "c": "n 1234567890"}',
        b"1234567890",
        b'{"1234567890": 12345678901}',
    ],
)
def test_json_stays_json_where_a_secret_is_a_number(body):
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, "1234567890")]))
    scrubbed = scrubber.scrub(request(body)).body
    json.loads(scrubbed)
    assert b"1234567890" not in scrubbed
    assert PLACEHOLDER.encode() in scrubbed


@pytest.mark.parametrize("secret", ["ends-with-\\", '"quoted"-secret', "\\starts-with"])
def test_json_stays_json_where_a_secret_is_escaped_at_its_end(secret):
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, secret)]))
    scrubbed = scrubber.scrub(request(json.dumps({"a": secret}).encode())).body
    assert json.loads(scrubbed) == {"a": PLACEHOLDER}


BODIES = {
    "JSON": (json.dumps({"a": [{"sessionId": "S-1"}]}), "application/json"),
    "JSON without a type": (json.dumps({"SESSIONID": "S-1"}), ""),
    "a form": (urlencode({"sessionId": "S-1", "b": "2"}), FORM),
    "v2's data": (
        urlencode({"data": json.dumps({"obj": {"sessionId": "S-1"}})}),
        FORM,
    ),
    "a form without a type": ("sessionId=S-1&b=2", ""),
    "JSON in JSON": (json.dumps({"payload": json.dumps({"sessionId": "S-1"})}), "application/json"),
    "a list": (json.dumps({"sessionId": ["S-1"], "devKey": {"a": "S-1"}}), "application/json"),
    "a number": (json.dumps({"sessionId": "S-1", "devKey": 7}), "application/json"),
    "JSON with a BOM": ("\ufeff" + json.dumps({"sessionId": "S-1"}), "application/json"),
    "JSON lines": ('{"sessionId": "S-1"}\n{"sessionId": "S-1"}', "application/json"),
    "JSON that was cut off": ('{"a": 1, "sessionId": "S-1", "b', "application/json"),
    "a link": ("<a href='https://x/y?a=b&sessionId=S-1'>", "text/html"),
    "a link in JSON": ('{"a": "https:\\/\\/x\\/y?sessionId=S-1&b=1"}', "application/json"),
    "JSON in multipart": (
        '--B\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"a": 1,\r\n'
        '"sessionId": "S-1"}\r\n--B--\r\n',
        "multipart/form-data; boundary=B",
    ),
    "multipart": (
        '--B\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\nS-1\r\n--B--\r\n',
        "multipart/form-data; boundary=B",
    ),
}


@pytest.mark.parametrize("kind", BODIES)
def test_secret_fields(kind):
    text, content_type = BODIES[kind]
    scrubber = Scrubber(SecretRegistry())
    scrubbed = scrubber.scrub(
        request(
            text.encode(),
            content_type,
            answer_body=text.encode(),
            answer_headers={"Content-Type": [content_type]},
        )
    )
    assert scrubbed.body == scrubbed.answer_body
    assert b"S-1" not in scrubbed.body
    assert b"PLACEHOLDER_BILL_SESSION_ID" in scrubbed.body
    assert scrubber.scrub(scrubbed) == scrubbed


@pytest.mark.parametrize(
    "body",
    [b'{"password": "x", "a": "\\ud83d"}', b'{"password": "x", "a": "\\u20ac", "b": "\xff"}'],
)
def test_escapes_that_no_encoding_can_hold_stay_escapes(body):
    scrubbed = Scrubber(SecretRegistry()).scrub(request(body)).body
    assert json.loads(scrubbed.decode("latin-1")) == (
        json.loads(body.decode("latin-1")) | {"password": PLACEHOLDER}
    )


BROKEN = {
    "cut off in a list": '{"a": {"sessionId": ["S-1", "S-1',
    "a key twice": '{"sessionId": "S-1", "b": 1, "sessionId": "x-2"}',
    "too deep": "[" * 100_000 + '{"sessionId": "S-1"}',
    "an escaped name": '{"session\\u0049d": "S-1", ',
    "no closing quote": '{"devKey": 12, "sessionId": "S-1',
    "junk in front": ')]}\',\n{"sessionId": "S-1"}',
    "a number": '{"sessionId": 71, "sessionId": "S-1", }',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_secret_fields_of_json_that_is_broken(kind):
    body = BROKEN[kind].encode()
    scrubbed = Scrubber(SecretRegistry()).scrub(request(answer_body=body, body=body)).body
    assert b"S-1" not in scrubbed
    assert b"PLACEHOLDER_BILL_SESSION_ID" in scrubbed


def test_flags_and_nothing_are_no_secrets():
    body = b'{"password": true, "devKey": null, "sessionId": "", "appKey": false}'
    assert Scrubber(SecretRegistry()).scrub(request(body)).body == body


def test_links_in_headers():
    link = '<https://x/y?sessionId=S-1&page=2>; rel="next"'
    scrubbed = Scrubber(SecretRegistry()).scrub(request(answer_headers={"Link": [link]}))
    assert scrubbed.answer_headers["Link"] == [link.replace("S-1", "PLACEHOLDER_BILL_SESSION_ID")]
