"""How a request may carry a secret: what is put after the path, into headers and into the body."""

import base64
import csv
import gzip
import html
import io
import json
import quopri
import zipfile
import zlib
from urllib.parse import quote, quote_plus

JSON = "application/json"


def sent(path="", body=b"", kind="", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return path, named | ({"Content-Type": kind} if kind else {}), body


def json_of(value, **options):
    return json.dumps({"kind": "note", "notes": [{"text": value}]}, **options)


def packed(window, data):
    packer = zlib.compressobj(wbits=window)
    return packer.compress(data) + packer.flush()


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name + ".xml", text)
    return out.getvalue()


def csv_of(value):
    out = io.StringIO()
    csv.writer(out).writerows([["vendor", "note"], ['The "Best" Inc.', f'"{value}"']])
    return out.getvalue()


def part(content, head='name="note"', more=""):
    return f"--XX\r\nContent-Disposition: form-data; {head}\r\n{more}\r\n{content}\r\n--XX--\r\n"


def b64(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.b64encode(data).decode()


def escaped(text):
    return "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in text)


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=XX"
LINES = {
    "path": lambda it: sent(f"/notes/{quote(it, safe='')}"),
    "path-percent-twice": lambda it: sent(f"/{quote(quote(it, safe=''), safe='')}/a"),
    "query": lambda it: sent(f"?note={quote(it, safe='')}&max=1"),
    "query-plus": lambda it: sent(f"?note={quote_plus(it)}"),
    "query-name": lambda it: sent(f"?{quote(it, safe='')}=1"),
    "query-json": lambda it: sent(f"?filter={quote(json.dumps({'text': it}))}"),
    "query-base64": lambda it: sent(f"?state={quote(b64(json.dumps({'n': it})), safe='')}"),
    "query-base64-in-link": lambda it: sent(
        "?next=" + quote(f"https://a.example/?s={base64.urlsafe_b64encode(it.encode()).decode()}")
    ),
    "header": lambda it: sent(X_Note="".join(c if c.isascii() else quote(c) for c in it)),
    "header-percent": lambda it: sent(X_Note="is " + quote(it)),
    "header-json": lambda it: sent(X_Note=json.dumps({"a": it})),
    "header-base64": lambda it: sent(X_Note=b64(it)),
    "basic": lambda it: sent(Authorization="Basic " + b64("someone:" + it)),
    "basic-user": lambda it: sent(Authorization="Basic " + b64(it + ":")),
    "proxy-basic": lambda it: sent(Proxy_Authorization="Basic " + b64(f"a:{it}")),
    "bearer": lambda it: sent(Authorization="Bearer " + b64(json.dumps({"sub": it}))),
    "cookie": lambda it: sent(Cookie=f'lang=en; note="{quote(it)}"'),
    "referer": lambda it: sent(Referer="https://a.example/?q=" + quote(it, safe="")),
}
BODIES = {
    "text": lambda it: sent(body=f"is {it}.".encode(), kind="text/plain; charset=utf-8"),
    "text-utf-16": lambda it: sent(body=f"is {it}.".encode("utf-16"), kind="text/plain"),
    "text-utf-32": lambda it: sent(body=f"is {it}.".encode("utf-32-be"), kind="text/plain"),
    "text-latin-1": lambda it: sent(body=it.encode("latin-1"), kind="text/plain"),
    "no-type": lambda it: sent(body=b"\x00\x01" + it.encode() + b"\xff"),
    "json": lambda it: sent(body=json_of(it).encode(), kind=JSON),
    "json-utf-8": lambda it: sent(body=json_of(it, ensure_ascii=False).encode(), kind=JSON),
    "json-utf-16": lambda it: sent(body=json_of(it).encode("utf-16-le"), kind=JSON),
    "json-key": lambda it: sent(body=json.dumps({it: 1}).encode(), kind=JSON),
    "json-in-json": lambda it: sent(body=json_of(json_of(it)).encode(), kind=JSON),
    "json-escapes": lambda it: sent(body=f'{{"a": "{escaped(it)}"}}'.encode(), kind=JSON),
    "json-base64": lambda it: sent(body=json_of(b64("a: " + it)).encode(), kind=JSON),
    "json-base64-twice": lambda it: sent(body=json_of(b64(b64("so " + it))).encode(), kind=JSON),
    "json-base64-gzip": lambda it: sent(
        body=json_of(b64(gzip.compress(it.encode()))).encode(), kind=JSON
    ),
    "json-base64-deflate": lambda it: sent(
        body=json_of(b64(packed(-15, f"<a>{html.escape(it)}</a>".encode()))).encode(), kind=JSON
    ),
    "json-lines": lambda it: sent(
        body=f'{{"a": 1}}\n{json.dumps([it])}\n'.encode(), kind="application/x-ndjson"
    ),
    "form": lambda it: sent(body=f"a=1&note={quote_plus(it)}".encode(), kind=FORM),
    "form-percent-twice": lambda it: sent(
        body=f"note={quote(quote(it, safe=''), safe='')}".encode(), kind=FORM
    ),
    "form-json": lambda it: sent(body=f"data={quote(json.dumps({'o': it}))}".encode(), kind=FORM),
    "form-deflate": lambda it: sent(
        body=f"Request={quote(b64(packed(-15, json_of(it).encode())), safe='')}".encode(), kind=FORM
    ),
    "parts": lambda it: sent(body=part(it).encode(), kind=PARTS),
    "parts-base64": lambda it: sent(
        body=part(
            "\r\n".join(b64(f"so it is: {it}")[at : at + 60] for at in range(0, 300, 60)),
            more="Content-Transfer-Encoding: base64\r\n",
        ).encode(),
        kind=PARTS,
    ),
    "parts-quoted": lambda it: sent(
        body=part(
            quopri.encodestring(f"{'x' * 50} {it}".encode()).decode(),
            more="Content-Transfer-Encoding: quoted-printable\r\n",
        ).encode(),
        kind=PARTS,
    ),
    "parts-file-name": lambda it: sent(
        body=part("x", f"name=\"f\"; filename*=UTF-8''{quote(it, safe='')}").encode(), kind=PARTS
    ),
    "parts-zip": lambda it: sent(
        body=part("@", 'name="f"; filename="a.zip"')
        .encode()
        .replace(b"@", zipped(a=html.escape(it))),
        kind=PARTS,
    ),
    "xml": lambda it: sent(body=f"<n><t>{html.escape(it)}</t></n>".encode(), kind="text/xml"),
    "xml-cdata": lambda it: sent(body=f"<n><![CDATA[ {it} ]]></n>".encode(), kind="text/xml"),
    "xml-references": lambda it: sent(
        body=f"<n t='{''.join(f'&#x{ord(each):x};' for each in it)}'/>".encode(), kind="text/xml"
    ),
    "csv": lambda it: sent(body=csv_of(it).encode(), kind="text/csv"),
    "gzip": lambda it: sent(
        body=gzip.compress(json_of(it).encode()), kind=JSON, Content_Encoding="gzip"
    ),
    "gzip-not-told": lambda it: sent(body=gzip.compress(it.encode())),
    "zlib": lambda it: sent(
        body=zlib.compress(json_of(it).encode()), kind=JSON, Content_Encoding="deflate"
    ),
    "raw-deflate": lambda it: sent(
        body=packed(-15, json_of(it).encode()), kind=JSON, Content_Encoding="deflate"
    ),
    "zip": lambda it: sent(body=zipped(a="<a/>", b=html.escape(it)), kind="application/zip"),
    "zip-in-zip": lambda it: sent(body=zipped(a=zipped(b=html.escape(it))), kind="application/zip"),
    "office": lambda it: sent(
        body=zipped(
            **{"[Content_Types]": "<Types/>", "word/document": f"<t>{html.escape(it)}</t>"}
        ),
        kind="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "zip-base64": lambda it: sent(body=json_of(b64(zipped(a=html.escape(it)))).encode(), kind=JSON),
}
KINDS = LINES | BODIES
