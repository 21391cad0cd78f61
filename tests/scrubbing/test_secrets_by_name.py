"""Secrets are found by their names in any grammar, at any depth, and replaced byte for byte."""

import base64
import html
import json
import time
from dataclasses import replace
from urllib.parse import quote

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.scrubbing.secrets_by_name import may_hold_secrets, secrets_in

SECRET = "Kq7ZpX2mWd9sLr4v"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def in_json(times: int) -> str:
    text = json.dumps({"x.session.id": SECRET, "n": 1})
    for _ in range(times):
        text = json.dumps({"payload": text})
    return text


def link(query: str) -> str:
    return f"https://files.example/b/f.pdf?{query}"


S3 = link(f"AWSAccessKeyId=AKIDEXAMPLE01&Expires=1767225600&Signature={SECRET}%3D")
BODIES = {
    "JSON": json.dumps({"a": [{"session_id": SECRET}]}),
    "JSON in JSON": in_json(1),
    "JSON four times in JSON": in_json(4),
    "JSON that was cut off": f'{{"a": 1, "refreshToken": "{SECRET}',
    "JSON with an escaped name": f'{{"session\\u005fid": "{SECRET}"}}',
    "JSON lines": f'{{"a": 1}}\n{{"refresh-token": "{SECRET}"}}\n',
    "an object that is one": json.dumps({"accessTokenValue": {"value": SECRET, "expiresIn": 60}}),
    "a list of them": json.dumps({"tokens": ["", SECRET]}),
    "a list of objects": json.dumps({"apiKeys": [{"id": 1, "value": SECRET}]}),
    "name and value": json.dumps([{"name": "session_id", "value": SECRET}]),
    "value and name": json.dumps([{"value": SECRET, "name": "session_id"}]),
    "JSONP": f'callback({{"csrfToken": "{SECRET}"}});',
    "a script": f"window.app = {{sessionId: '{SECRET}'}};",
    "a variable": f"var csrf_token = `{SECRET}`;",
    "an item that is stored": f"sessionStorage.setItem('auth_token', '{SECRET}')",
    "a list of headers": f"[(b'X-Session-Token', b'{SECRET}')]",
    "XML": f"<a><s:session-id type='x'> {SECRET} </s:session-id></a>",
    "an attribute": f"<session sessionToken='{SECRET}'/>",
    "CDATA": f"<accessToken><![CDATA[{SECRET}]]></accessToken>",
    "a property": f'<property name="sessionId">{SECRET}</property>',
    "a property list": f"<dict><key>session_id</key><string>{SECRET}</string></dict>",
    "a hidden field": f'<input type="hidden" name="csrf_token" value="{SECRET}">',
    "a hidden field without quotes": f"<INPUT value={SECRET} type=hidden name=_csrf>",
    "meta": f'<meta name="csrf-token" content="{SECRET}">',
    "JSON in an attribute": f'<p data-x="{html.escape(in_json(0))}">',
    "an event stream": f'event: a\ndata: {{"session_id":\ndata: "{SECRET}"}}\n\n',
    "an event stream of text": f"data: session_id={SECRET}\n\n",
    "a form": f"a=b&refresh_token={SECRET}",
    "a part of a form": (
        f'--B\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{SECRET}\r\n--B--'
    ),
    "a path's parameter": f"<a href='/x/y;jsessionid={SECRET}?a=b'>",
    "a path's parameter in its middle": f'{{"next": "/y;JSESSIONID={SECRET}/z"}}',
    "a fragment": link(f"a=b#id_token={SECRET}&token_type=bearer"),
    "a link in HTML": f"<a href='{html.escape(link(f'a=1&sig={SECRET}'))}'>",
    "a link in a link": link("next=" + quote(S3, safe="")),
    "a link in a link in a link": link("next=" + quote(link("next=" + quote(S3, safe="")))),
    "a link in base64": json.dumps({"href": base64.b64encode(S3.encode()).decode()}),
    "S3, version 2": json.dumps({"href": S3}),
    "S3, version 4": link(f"X-Amz-Date=20261129T000000Z&X-Amz-Signature={SECRET}"),
    "Google": link(f"X-Goog-Expires=60&X-Goog-Signature={SECRET}"),
    "Google, version 2": link(f"GoogleAccessId=a%40b.example&Signature={SECRET}"),
    "Azure": link(f"sv=2024-05-04&se=2026-11-29&sig={SECRET}"),
    "CloudFront": link(f"Policy=eyJTdGF0ZW1lbnQi&Signature={SECRET}&Key-Pair-Id=KEXAMPLE"),
    "Alibaba": link(f"OSSAccessKeyId=LTAIexample&Expires=1&Signature={SECRET}"),
    "Tencent": link(f"q-sign-algorithm=sha1&q-ak=AKIDexample&q-signature={SECRET}"),
    "a link that says nothing": json.dumps({"href": link(f"d={SECRET}abCD12")}),
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_handed_out_is_learnt_and_replaced_everywhere(kind):
    registry = SecretRegistry()
    scrubber = Scrubber(registry)
    body = BODIES[kind].encode()
    scrubber.learn(Interaction("GET", URL, {}, b"", 200, "", {}, body))
    (secret,) = (value for value in registry.known() if value.startswith(SECRET))
    placeholder = registry.known()[secret]
    echo = Interaction("POST", URL, {}, f"echo {secret}".encode(), 200, "", {}, body)
    scrubbed = scrubber.scrub(echo)
    assert scrubbed.body == f"echo {placeholder}".encode()
    assert registry.find(scrubbed.answer_body) is None
    if "base64" not in kind:
        assert SECRET.encode() not in scrubbed.answer_body


@pytest.mark.parametrize("kind", [kind for kind in BODIES if SECRET in BODIES[kind]])
def test_all_else_of_a_body_stays_byte_for_byte(kind):
    before, _, after = BODIES[kind].partition(SECRET)
    interaction = Interaction("GET", URL, {}, b"", 200, "", {}, BODIES[kind].encode())
    scrubbed = Scrubber(SecretRegistry()).scrub(interaction).answer_body.decode()
    known = ("AWSAccessKeyId", "GoogleAccessId", "OSSAccessKeyId", "q-ak", "Policy", "Key-Pair")
    if not any(name in before + after for name in known):
        assert scrubbed.startswith(before)
        assert scrubbed.endswith(after.lstrip("abCD12").removeprefix("%3D"))


@pytest.mark.parametrize(
    "header",
    [
        *(("X-Session-Token", "{}"), ("X-CSRF-TOKEN", "{}"), ("X-Auth-Token", "Bearer {}")),
        *(("Location", "https://a.example/b;jsessionid={}?c=d"), ("Link", "</b?sig={}>; rel=next")),
        *(("Refresh", "0; url=https://a.example/#access_token={}"), ("Set-Cookie2", 'a="{}"')),
    ],
    ids=str,
)
def test_what_is_handed_out_in_a_header(header):
    name, value = header
    answer = Interaction("GET", URL, {}, b"", 200, "", {name: [value.format(SECRET)]})
    scrubber = Scrubber(SecretRegistry())
    scrubber.learn(answer)
    scrubbed = scrubber.scrub(replace(answer, body=SECRET.encode()))
    assert SECRET not in scrubbed.answer_headers[name][0]
    assert scrubbed.body.startswith(b"PLACEHOLDER_")


INNOCENT = [
    {"nextPage": "abcDEF1234567890abcdEF12", "tokenType": "Bearer", "token": "vendors"},
    {"sessionTimeout": 3600, "passwordExpired": True, "isTokenized": "yes, tokenized-01"},
    {"idempotencyKey": "0f8fad5b-d9cb-469f-a165-70867728950e", "keywords": "a1b2c3d4"},
    {"session": {"organizationId": "00801ABCDEFGHIJKLMNO", "userId": "00601ABCDEFGHIJKLMNO"}},
    {"errors": [{"field": "password", "message": "Must be 8 characters", "code": "BDC_1109"}]},
    {"reset": ["password", "organizationId", "sessionToken", "apiKey2024x"]},
    {"type": "sessionToken", "organization2024": "password", "x_1234567890": 1},
    {"signatureDate": "2026-11-29", "expires_in": 1767225600, "key": "00501ABCDEFGHIJKLMNO"},
    {"href": "https://a.example/b?page=abcDEF1234567890abcdEF12&id=00501ABCDEFGHIJKLMNO"},
]


@pytest.mark.parametrize("data", INNOCENT, ids=lambda data: next(iter(data)))
def test_what_is_no_secret_stays(data):
    body = json.dumps(data).encode()
    interaction = Interaction("GET", URL, {}, b"", 200, "", {}, body)
    if "token" not in data:
        assert Scrubber(SecretRegistry()).scrub(interaction).answer_body == body
    assert not list(secrets_in(body.decode()))


def test_a_list_of_records_is_not_looked_into():
    record = {"id": "00901ABCDEFGHIJKLMNO", "name": "Acme", "createdTime": "2026-11-29T10:00:00Z"}
    assert not may_hold_secrets(json.dumps({"results": [record] * 200, "nextPage": "abc"}).encode())


@pytest.mark.parametrize(
    "piece",
    [
        *(
            '("token","',
            '["token", "',
            '"',
            "token",
            "token=",
            'token="',
            "<token>",
            "&amp;",
            "%25",
            '\\"',
            "[",
            '{"name":',
        ),
        *('name="token" ', "<key>token</key>", "?sig=", "token:\n", "https://a/?next=", "token: ["),
        *(base64.b64encode(b"token=").decode(), "\n--B\r\nname=token\r\n", "<![CDATA[", "A"),
    ],
)
def test_the_time_is_linear(piece):
    """Ten times as much takes not much more than ten times as long."""
    times = []
    for size in (5_000, 50_000):
        text = (piece * size)[:size]
        begin = time.perf_counter()
        list(secrets_in(text))
        times.append(time.perf_counter() - begin)
    assert times[1] < 60 * times[0] + 0.2


NAMES = (
    *("session_id", "SESSION-ID", "x.session.id", "sessionID", "csrfToken"),
    *("refresh-token", "access_token", "apiKey", "API-KEY", "privateKey"),
    *("client-secret", "newPassword", "passphrase", "userCredential", "deviceToken"),
    *("requestSignature", "jwt", "webhookSecret", "encryption_key", "session"),
)
VALUES = (
    *("Kq7ZpX2mWd9sLr4vTb8n", "9f86d081884c7d659a2feaa0c55ad015", "ab+cd/ef1234ghij5678=="),
    *("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123", "SIDQ7XQH2OHGDY", "00aa-11bb-22cc"),
)
SHAPES = {
    "JSON": lambda name, value: json.dumps({"a": {name: value}}),
    "JSON in JSON": lambda name, value: json.dumps({"a": json.dumps({name: value})}),
    "JSON with escapes": lambda name, value: json.dumps({name: value}).replace("/", "\\/"),
    "JSON lines": lambda name, value: '{"x": 1}\n' + json.dumps({name: value}),
    "JSONP": lambda name, value: f"callback({json.dumps({name: value})})",
    "a script": lambda name, value: f"var settings = {{'{name}': '{value}'}}",
    "an element": lambda name, value: f"<a><{name}>{value}</{name}></a>",
    "CDATA": lambda name, value: f"<a><{name}><![CDATA[{value}]]></{name}></a>",
    "an attribute": lambda name, value: f'<a {name}="{value}"/>',
    "a hidden field": lambda name, value: f"<input name='{name}' type=hidden value='{value}'>",
    "meta": lambda name, value: f'<meta content="{value}" name="{name}">',
    "an event": lambda name, value: f"id: 1\ndata: {json.dumps({name: value})}\n\n",
    "an event of text": lambda name, value: f"data: {name}={value}\n\n",
    "a form": lambda name, value: f"x=1&{quote(name)}={quote(value, safe='')}",
    "a part": lambda name, value: (
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--B--'
    ),
    "a fragment": lambda name, value: f"https://a.example/#{name}={quote(value, safe='')}&y=1",
    "a path": lambda name, value: f"https://a.example/b;{name}={quote(value, safe='')}?y=1",
    "a link in a link": lambda name, value: link("to=" + quote(link(f"{name}={quote(value)}"))),
    "base64": lambda name, value: base64.b64encode(f"x=1&{name}={value}".encode()).decode(),
    "name and value": lambda name, value: json.dumps([{"name": name, "value": value}]),
    "a list": lambda name, value: json.dumps({name: [value]}),
}


@pytest.mark.nightly
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_every_shape(name, shape):
    for value in VALUES:
        registry = SecretRegistry()
        body = SHAPES[shape](name, value).encode()
        interaction = Interaction("GET", URL, {}, b"", 200, "", {}, body)
        scrubbed = Scrubber(registry).scrub(interaction).answer_body
        assert SecretRegistry([("PLACEHOLDER_X", value)]).find(scrubbed) is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_column_of_a_table(delimiter, end):
    rows = [
        ["id", "session_token", "note"],
        ["1", "Ab3dEf6hIj9kLmNoPqRs", "plain words"],
        ["2", '"Zz3dEf6h""Ij9kLmNoPq"', ""],
        ["3"],
    ]
    text = end.join(delimiter.join(row) for row in rows)
    found = [value for _, value in secrets_in(text)]
    assert found == ["Ab3dEf6hIj9kLmNoPqRs", 'Zz3dEf6h"Ij9kLmNoPq']


def test_a_text_whose_first_line_names_something_is_no_table():
    text = "Dear all, the token, it was said, is\nlost, gone, and nobody, knows\n"
    assert list(secrets_in(text)) == []
