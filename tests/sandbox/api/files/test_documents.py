"""Documents of bills: upload, status, list, get, download."""

from datetime import timedelta

import pytest
import requests

CONTENT = b"%PDF-1.4 \x00\xff caf\xc3\xa9"
NAME = "Rechnung Größe.pdf"
STATUS = "/v3/documents/upload-status"


@pytest.fixture
def path(developer):
    bill = developer.get("/v3/bills", params={"max": 2}).json()["results"][1]
    return f"/v3/documents/bills/{bill['id']}"


@pytest.fixture
def upload_id(developer, path):
    answer = developer.post(path, params={"name": NAME}, data=CONTENT)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"id"}
    assert answer.json()["id"].startswith("0du")
    return answer.json()["id"]


def status_of(caller, *ids):
    return caller.get(STATUS, params={"ids": ",".join(ids)}).json()


def test_an_upload_is_taken_in_at_the_second_look(developer, path, upload_id):
    assert status_of(developer, upload_id) == [{"uploadId": upload_id, "status": "IN_PROGRESS"}]
    (done,) = status_of(developer, upload_id)
    assert (done["uploadId"], done["status"]) == (upload_id, "UPLOADED")
    assert done["documentId"].startswith("00h")
    document = developer.get(f"/v3/documents/{done['documentId']}").json()
    assert (document["id"], document["name"]) == (done["documentId"], NAME)
    assert (document["scanStatus"], document["numOfPages"]) == ("CLEAN", 1)
    assert developer.get(path).json() == {"results": [document]}
    assert status_of(developer, upload_id) == [done]


def test_the_pages_of_a_document_are_counted(developer, path):
    content = (
        b"%PDF-1.4 1 0 obj <</Type/Pages/Count 2>> <</Type /Page>> <</Type/Page/Parent 1 0 R>>"
    )
    developer.post(path, params={"name": "two.pdf"}, data=content)
    developer.get(path)
    (document,) = developer.get(path).json()["results"]
    assert document["numOfPages"] == 2


def test_an_upload_is_taken_in_after_two_minutes(sandbox, developer, path, upload_id):
    sandbox.advance(timedelta(minutes=2))
    assert len(developer.get(path).json()["results"]) == 1
    assert status_of(developer, upload_id)[0]["status"] == "UPLOADED"


def test_the_list_of_a_bill_holds_finished_documents_of_that_bill_alone(developer, path, upload_id):
    assert developer.get(path).json() == {"results": []}
    assert [each["name"] for each in developer.get(path).json()["results"]] == [NAME]
    other = developer.get("/v3/bills", params={"max": 1}).json()["results"][0]["id"]
    listed = developer.get(f"/v3/documents/bills/{other}").json()["results"]
    assert [each["name"] for each in listed] == ["delivery-note.txt"]


def test_the_file_comes_back(sandbox, developer, upload_id):
    status_of(developer, upload_id)
    document_id = status_of(developer, upload_id)[0]["documentId"]
    link = developer.get(f"/v3/documents/{document_id}").json()["downloadLink"]
    assert link == f"{sandbox.origin}/AttachDownload?id={document_id}"
    session = {"sessionId": developer.headers["sessionId"]}
    answer = requests.get(link, headers=session, timeout=5)
    assert answer.content == CONTENT
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Gr%C3%B6%C3%9Fe.pdf" in answer.headers["Content-Disposition"]


def test_several_uploads_at_once(developer, path, upload_id):
    second = developer.post(path, params={"name": "b.txt"}, data=b"b").json()["id"]
    both = status_of(developer, upload_id, second, second)
    assert [each["uploadId"] for each in both] == [upload_id, second]
    assert {each["status"] for each in both} == {"IN_PROGRESS"}


@pytest.mark.parametrize("size", [6 * 1024 * 1024, 6 * 1024 * 1024 + 1])
def test_the_largest_file(developer, path, codes, size):
    answer = developer.post(path, params={"name": "big.bin"}, data=b"x" * size)
    if size > 6 * 1024 * 1024:
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("params", "content", "expected"),
    [
        ({}, CONTENT, "BDC_1108"),
        ({"name": ""}, CONTENT, "BDC_1108"),
        ({"name": NAME}, b"", "REQUEST"),
    ],
)
def test_refused_uploads(developer, path, codes, params, content, expected):
    answer = developer.post(path, params=params, data=content)
    assert (answer.status_code, codes(answer)) == (400, [expected])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v3/documents/bills/00nnone"),
        ("POST", "/v3/documents/bills/00nnone?name=a.txt"),
        ("GET", "/v3/documents/00hnone"),
        ("GET", f"{STATUS}?ids=0dunone"),
    ],
)
def test_unknown_ids(developer, codes, method, path):
    answer = developer.call(method, path, data=b"x")
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_upload_status_needs_ids(developer, codes):
    assert codes(developer.get(STATUS)) == ["BDC_1108"]


def test_documents_stay_in_their_organization(developer, console, upload_id, codes):
    assert codes(console.get(STATUS, params={"ids": upload_id})) == ["BDC_1120"]


def test_a_snapshot_holds_the_bytes(sandbox, developer, path, upload_id):
    snapshot = sandbox.snapshot()
    status_of(developer, upload_id)
    status_of(developer, upload_id)
    assert len(developer.get(path).json()["results"]) == 1
    sandbox.restore(snapshot)
    assert status_of(developer, upload_id)[0]["status"] == "IN_PROGRESS"
    document_id = status_of(developer, upload_id)[0]["documentId"]
    link = developer.get(f"/v3/documents/{document_id}").json()["downloadLink"]
    session = {"sessionId": developer.headers["sessionId"]}
    assert requests.get(link, headers=session, timeout=5).content == CONTENT
    sandbox.reset()
    assert requests.get(link, headers=session, timeout=5).status_code == 404
