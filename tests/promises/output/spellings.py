"""How a server may hand out a secret: its answer, by the name of the spelling."""

from __future__ import annotations

import base64
import csv
import gzip
import html
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    body: bytes = b'{"results": []}'
    kind: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)
    status: int = 200


def in_json(*path: str | int) -> Callable[[str], Answer]:
    """At a path of keys, among innocent ones."""

    def answer(value: str) -> Answer:
        made: object = value
        for key in reversed(path):
            made = [made] if isinstance(key, int) else {"kind": "account", key: made, "count": 3}
        return Answer(json.dumps(made).encode())

    return answer


def in_body(kind: str, write: Callable[[str], str], charset: str = "utf-8") -> Callable:
    return lambda value: Answer(write(value).encode(charset), kind)


def in_header(name: str, write: Callable[[str], str] = str, status: int = 200) -> Callable:
    return lambda value: Answer(headers=[(name, write(value))], status=status)


def in_cookies(*lines: str) -> Callable[[str], Answer]:
    return lambda value: Answer(headers=[("Set-Cookie", line.format(value)) for line in lines])


STORAGE = "https://files.storage.example"


def link(**query: str) -> Callable[[str], str]:
    """An address whose query has the secret where the braces are."""

    def write(value: str) -> str:
        filled = {name.replace("__", "-"): each.format(value) for name, each in query.items()}
        return STORAGE + "/documents/17.pdf?" + urlencode(filled)

    return write


S3 = link(X__Amz__Date="20260102T030405Z", X__Amz__Expires="60", X__Amz__Signature="{}")
S3_TOKEN = link(X__Amz__Algorithm="AWS4-HMAC-SHA256", X__Amz__Security__Token="{}")
S3_OLD = link(AWSAccessKeyId="AKIDEXAMPLE", Expires="1767323045", Signature="{}")
GOOGLE = link(X__Goog__Algorithm="GOOG4-RSA-SHA256", X__Goog__Signature="{}")
AZURE = link(sv="2024-11-04", se="2026-01-02T03:04:05Z", sp="r", sig="{}")
CLOUDFRONT = link(Expires="1767323045", Key__Pair__Id="K2JCJMDEHXQW5F", Signature="{}")
LINKS = {
    "S3": S3,
    "S3 with a token": S3_TOKEN,
    "S3, old": S3_OLD,
    "Google": GOOGLE,
    "Azure": AZURE,
    "CloudFront": CLOUDFRONT,
    "of nobody known": link(id="17", ticket="{}"),
}


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def raw_deflated(text: str) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text.encode()) + packer.flush()


def in_csv(value: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["vendor", "accessToken"], ['The "Best" Inc.', value]])
    return out.getvalue()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def doc(value: str) -> str:
    return json.dumps({"authToken": value})


KEYED = {
    f"JSON key {key}": in_json("response", 0, key)
    for key in (
        "sessionKey",
        "SESSION-TOKEN",
        "sessiontoken",
        "AuthToken",
        "refresh_token",
        "x-api-key",
        "client.secret",
        "CLIENT SECRET",
        "newPassword",
        "user_password",
        "signingKey",
        "url-signature",
        "accessKeySecret",
        "csrfToken",
        "bearer token",
        "otpSecretKey",
    )
}
DOCUMENTS = {
    "JSON with escapes in its key": in_body(
        JSON, lambda value: doc(value).replace("auth", "\\u0061uth")
    ),
    "JSON in a JSON list": in_body(JSON, lambda value: json.dumps({"events": [doc(value)]})),
    "JSON twice in JSON": in_body(
        JSON, lambda value: json.dumps({"a": json.dumps({"b": doc(value)})})
    ),
    "JSON with a guard before it": in_body(JSON, lambda value: ")]}',\n" + doc(value)),
    "JSON lines": in_body("application/x-ndjson", lambda value: f'{{"a": 1}}\n{doc(value)}\n'),
    "JSON as text": in_body("text/plain", doc),
    "JSON in UTF-16": in_body(JSON, doc, "utf-16"),
    "JSON after a byte order mark": in_body(JSON, doc, "utf-8-sig"),
    "JSONP with a name": in_body(
        "application/javascript", lambda value: f"/**/app.cb_17({doc(value)});"
    ),
    "a script's variable": in_body(
        "application/javascript", lambda value: f"window.apiToken = {json.dumps(value)};"
    ),
    "an XML element": in_body(
        "application/xml", lambda value: f"<r><ns:AccessToken>{value}</ns:AccessToken></r>"
    ),
    "an XML element with CDATA": in_body(
        "text/xml", lambda value: f"<r><secretKey>\n<![CDATA[{value}]]></secretKey></r>"
    ),
    "an XML attribute": in_body("text/xml", lambda value: f"<grant n='1' auth-token='{value}'/>"),
    "a hidden field": in_body(
        "text/html",
        lambda value: f'<form><input value="{value}" type=hidden name="auth_token"></form>',
    ),
    "a meta element": in_body(
        "text/html", lambda value: f'<meta name="csrf-token" content="{value}"><p>Hello</p>'
    ),
    "JSON in a page's script": in_body(
        "text/html", lambda value: f'<script type="application/json">{doc(value)}</script>'
    ),
    "JSON in an attribute": in_body(
        "text/html", lambda value: f'<div data-state="{html.escape(doc(value))}"></div>'
    ),
    "an event": in_body(
        "text/event-stream", lambda value: f"event: login\ndata: {doc(value)}\n\n: ping\n\n"
    ),
    "an event on two lines": in_body(
        "text/event-stream", lambda value: f'data: {{"authToken":\ndata: "{value}"}}\n\n'
    ),
    "a form": in_body(
        "application/x-www-form-urlencoded",
        lambda value: f"expires=60&access_token={quote(value, safe='')}",
    ),
    "CSV": in_body("text/csv", in_csv),
    "JSON in base64 in JSON": in_body(
        JSON, lambda value: json.dumps({"page": b64(doc(value).encode())})
    ),
    "JSON in raw deflate in base64": in_body(
        JSON, lambda value: json.dumps({"page": b64(raw_deflated(doc(value)))})
    ),
    "a multipart answer": in_body(
        "multipart/mixed; boundary=X",
        lambda value: f"--X\r\nContent-Type: {JSON}\r\n\r\n{doc(value)}\r\n--X--\r\n",
    ),
}
PACKED = {
    "a zip": lambda value: Answer(zipped({"a.json": doc(value)}), "application/zip"),
    "an office file": lambda value: Answer(
        zipped({"[Content_Types].xml": "<Types/>", "xl/a.xml": f"<apiToken>{value}</apiToken>"}),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "a zip in base64": lambda value: Answer(
        json.dumps({"file": b64(zipped({"a.json": doc(value)}))}).encode()
    ),
    "gzip": lambda value: Answer(
        gzip.compress(doc(value).encode()), headers=[("Content-Encoding", "gzip")]
    ),
    "a gzip file": lambda value: Answer(gzip.compress(doc(value).encode()), "application/gzip"),
}
LINES = {
    "a token's header": in_header("X-Auth-Token"),
    "a session's header": in_header("X-Session"),
    "a secret's header": in_header("Client-Secret"),
    "a key's header": in_header("X-Access-Key"),
    "a bearer in a header": in_header("Authorization", "Bearer {}".format),
    "a cookie": in_cookies("acct={}; Path=/; HttpOnly"),
    "a cookie with a prefix": in_cookies("__Host-acct={}; Secure; Path=/"),
    "a quoted cookie": in_cookies('acct="{}"; Path=/'),
    "a cookie after two": in_cookies("lang=en", "theme=dark; Path=/", "acct={}; Max-Age=60"),
    "two cookies in a line": in_cookies("lang=en; Path=/, acct={}; Path=/"),
    "a cookie with a pair in it": in_cookies("acct=v=2&t={}; Path=/"),
    "a link of S3": in_body(JSON, lambda value: json.dumps({"href": S3(value)})),
    "a link of S3 with a token": in_body(JSON, lambda value: json.dumps({"href": S3_TOKEN(value)})),
    "an old link of S3": in_body(JSON, lambda value: json.dumps({"href": S3_OLD(value)})),
    "a link of Google": in_body(JSON, lambda value: json.dumps({"href": GOOGLE(value)})),
    "a link of Azure": in_body(JSON, lambda value: json.dumps({"href": AZURE(value)})),
    "a link of CloudFront": in_body(JSON, lambda value: json.dumps({"a": [CLOUDFRONT(value)]})),
    "a link in a page": in_body(
        "text/html", lambda value: f'<a href="{html.escape(S3(value))}">here</a>'
    ),
    "a link in a link": in_body(
        JSON, lambda value: json.dumps({"to": "https://a.example/?u=" + quote(S3(value), safe="")})
    ),
    "a link with a fragment": in_body(
        JSON,
        lambda value: json.dumps({"to": f"https://a.example/d#id=1&authToken={quote(value)}"}),
    ),
    "a link in plain text": in_body("text/plain", lambda value: f"Fetch {AZURE(value)} now."),
    "a link in Location": in_header("Location", S3, 201),
    "a link in Content-Location": in_header("Content-Location", AZURE),
    "a link in Link": in_header("Link", lambda value: f'<{GOOGLE(value)}>; rel="next"'),
    "a link in Refresh": in_header("Refresh", lambda value: f"0; url={S3_OLD(value)}"),
}
SPELLINGS: dict[str, Callable[[str], Answer]] = {
    "sessionId": in_json("sessionId"),
    **KEYED,
    **DOCUMENTS,
    **PACKED,
    **LINES,
}
