"""Material from files and addresses, in each format, and what is none."""

from __future__ import annotations

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from tools.drift.reading import Unreadable, read

from .material import TEXT, an_object, collection, document, request

PAGE = """\
# List vendors

# OpenAPI definition

```json
{document}
```
"""


class Quiet(SimpleHTTPRequestHandler):
    """A site of files."""

    def log_message(self, *_args):
        pass


@pytest.fixture
def site(tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def write(folder, name, text):
    (folder / "reference").mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def a_page(path="/v3/vendors"):
    described = document(path, "get", None, an_object(id=TEXT))
    return PAGE.format(document=json.dumps(described, indent=2))


def test_a_collection_an_openapi_file_and_a_page_of_the_reference(tmp_path):
    described = document("/v3/vendors", "get", None, an_object(id=TEXT))
    files = {
        "a.json": collection(request("GET", "{{baseUrl}}/v3/vendors", None, {"id": "1"})),
        "b.json": json.dumps(described),
        "c.yaml": yaml.safe_dump(described),
        "d.md": a_page(),
    }
    for name, text in files.items():
        (material,) = read(write(tmp_path, name, text))
        (operation,) = material.operations
        assert str(operation.key) == "GET /v3/vendors"
        assert list(operation.answered) == ["", "id"]
        assert material.title == f"BILL ({'Postman collection' if name == 'a.json' else 'OpenAPI'})"


def test_bodies_that_are_not_quite_json(tmp_path):
    sent = ['{"id": {{vendor_id}}, "name": "a",\n}', '{"name": ""a"}', ""]
    requests = [request("POST", "{{baseUrl}}/v3/vendors", each) for each in sent]
    (material,) = read(write(tmp_path, "a.json", collection(*requests)))
    first, second, third = material.operations
    assert list(first.sent) == ["", "id", "name"]
    assert (second.sent, second.unread) == (None, "its example body is not JSON")
    assert (third.sent, third.unread) == (None, "")


def test_forms_of_a_collection_and_addresses_in_one_piece(tmp_path):
    pairs = [{"key": "devKey", "value": "{{key}}"}, {"key": "data", "value": '{"id": "1"}'}]
    form = {"mode": "urlencoded", "urlencoded": pairs}
    whole = "{{baseUrl}}/api/v2/Login.json"
    for url in (whole, {"host": "{{baseUrl}}", "path": "/api/v2/Login.json"}):
        made = {"method": "POST", "url": url, "body": form}
        (material,) = read(write(tmp_path, "a.json", collection({"name": "a", "request": made})))
        (operation,) = material.operations
        assert str(operation.key) == "POST /api/v2/Login.json"
        assert list(operation.sent) == ["", "devKey", "data", "data.id"]


def test_the_pages_that_llms_txt_lists_are_read_from_their_addresses(tmp_path, site):
    write(tmp_path, "reference/listvendors.md", a_page())
    write(tmp_path, "reference/listbills.md", a_page("/v3/bills"))
    write(tmp_path, "reference/overview.md", "# Overview\n")
    names = ("listvendors.md", "listbills", "overview.md", "listbills.md")
    links = [f"- [a]({site}/reference/{name}): b" for name in names]
    write(tmp_path, "llms.txt", "# BILL docs\n\n" + "\n".join(links) + f"\n[c]({site}/docs/d.md)")
    (index,) = read(f"{site}/llms.txt")
    assert (index.title, index.operations) == ("BILL docs (llms.txt)", ())
    assert index.pages == {"listvendors", "listbills", "overview"}
    _, pages = read(f"{site}/llms.txt", with_pages=True)
    assert [str(each.key) for each in pages.operations] == ["GET /v3/vendors", "GET /v3/bills"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ('{"a": 1}', "is JSON, but neither a Postman collection nor an OpenAPI document"),
        ('{"openapi": ', "is no JSON (Expecting value: line 1 column 13 (char 12))"),
        ('{"openapi": "3.0.0", "paths": [1]}', "is not made as its format says (AttributeError: "),
        ('{"item": [1]}', "is not made as its format says (TypeError: "),
        (
            "openapi: [",
            "has neither an OpenAPI document, nor filters, nor links to pages of a reference",
        ),
        (
            "# Title\n",
            "has neither an OpenAPI document, nor filters, nor links to pages of a reference",
        ),
    ],
)
def test_what_is_no_material_is_told_in_two_lines(tmp_path, text, reason):
    place = write(tmp_path, "a.json", text)
    with pytest.raises(Unreadable) as told:
        read(place)
    first, second = str(told.value).splitlines()
    assert first.startswith(f"{place} {reason}")
    assert second.startswith("Give a Postman collection, an OpenAPI file")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("nowhere.json", "nowhere.json is not there."),
        (".", ". cannot be read: Is a directory."),
        ("ftp://example.com/a", "ftp://example.com/a is no address of http or https."),
        ("http://a:b/", "http://a:b/ cannot be asked: Invalid port: 'b'."),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:1/a cannot be asked: "),
    ],
)
def test_what_cannot_be_had_is_told_in_two_lines(place, reason):
    with pytest.raises(Unreadable) as told:
        read(place)
    first, _ = str(told.value).splitlines()
    assert first.startswith(reason)


def test_a_refusal_is_told_with_its_status(site):
    with pytest.raises(Unreadable) as told:
        read(f"{site}/llms.txt")
    assert str(told.value).splitlines() == [
        f"{site}/llms.txt answers HTTP 404.",
        "Save it with a browser, and give the file.",
    ]


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Unreadable, match="it is no text in UTF-8"):
        read(str(tmp_path / "a.json"))
