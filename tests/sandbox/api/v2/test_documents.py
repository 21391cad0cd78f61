"""Files of v2: uploaded in multipart forms, counted, fetched."""

import base64
import json
import random

import pytest
import requests

PNG = b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(5000) + b"\r\n--not-the-boundary\r\n"


@pytest.fixture
def upload(v2):
    """Uploads a file, the way requests sends one."""

    def upload(data, content=PNG, part="file"):
        form = {**v2.session, "data": data if isinstance(data, str) else json.dumps(data)}
        answer = requests.post(
            f"{v2.origin}/api/v2/UploadAttachment.json",
            data=form,
            files={part: ("Größe.png", content, "image/png")},
            timeout=5,
        )
        assert answer.status_code == 200
        return answer.json()["response_data"]

    return upload


@pytest.fixture
def bill(v2):
    vendor = v2.create("Vendor", name="Paper")
    return v2.create(
        "Bill",
        vendorId=vendor["id"],
        invoiceNumber="1",
        invoiceDate="2026-11-01",
        dueDate="2026-12-01",
        billLineItems=[{"amount": 1}],
    )


def pages(v2, object_id):
    return v2("GetDocumentPages", {"id": object_id})["documentPages"]


def test_a_file_of_a_bill_is_a_document_of_v3(v2, upload, bill, developer):
    assert pages(v2, bill["id"]) == {"numPages": None, "fileUrl": None}
    answer = upload({"id": bill["id"], "fileName": "Größe.png"})
    assert answer["documentUploadedId"].startswith("0du")
    path = f"/v3/documents/bills/{bill['id']}"
    developer.get(path)
    document = developer.get(path).json()["results"][0]
    assert document["name"] == "Größe.png"
    found = pages(v2, bill["id"])
    assert found == {"numPages": 1, "fileUrl": f"/is/BillImageServlet?entityId={bill['id']}"}
    fetched = requests.get(
        f"{v2.origin}{found['fileUrl']}&pageNumber=1",
        headers={"sessionId": v2.session["sessionId"]},
        timeout=5,
    )
    assert fetched.content == PNG


def test_a_single_text_has_another_address(v2, upload, developer):
    vendor = v2.create("Vendor", name="Texts")
    upload({"id": vendor["id"], "fileName": "note.txt"}, b"Gr\xc3\xbc\xc3\x9fe\n")
    url = pages(v2, vendor["id"])["fileUrl"]
    assert url.startswith("/HtmlServlet?id=att")
    fetched = requests.get(f"{v2.origin}{url}&sessionId={v2.session['sessionId']}", timeout=5)
    assert fetched.content.decode() == "Grüße\n"
    listed = developer.get(f"/v3/attachments/vendors/{vendor['id']}").json()["results"]
    assert [each["name"] for each in listed] == ["note.txt"]
    assert requests.get(f"{v2.origin}{url}", timeout=5).status_code == 401


@pytest.mark.parametrize("page", ["0", "2", "one", "²"])
def test_pages_that_there_are_not(v2, upload, page):
    vendor = v2.create("Vendor", name="Texts")
    upload({"id": vendor["id"], "fileName": "a.png"})
    answer = requests.get(
        f"{v2.origin}/is/BillImageServlet",
        params={"entityId": vendor["id"], "pageNumber": page},
        headers=v2.session,
        timeout=5,
    )
    assert answer.json()[0]["code"] == "BDC_1120"


def test_a_file_may_go_to_the_inbox(upload):
    assert upload({"fileName": "a.pdf"})["documentUploadedId"]


@pytest.mark.parametrize(
    ("data", "content", "part", "code"),
    [
        ({"id": "of-nobody", "fileName": "a.png"}, PNG, "file", "BDC_1120"),
        ({"fileName": ""}, PNG, "file", "BDC_1117"),
        ({"fileName": "a.png"}, b"", "file", "BDC_1117"),
        ({"fileName": "a.png"}, PNG, "other", "BDC_1117"),
        ({"fileName": "a.png"}, b"x" * (6 * 1024 * 1024 + 1), "file", "BDC_1129"),
        ("{", PNG, "file", "BDC_1122"),
    ],
)
def test_refused_uploads(upload, data, content, part, code):
    assert upload(data, content, part)["error_code"] == code


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=other", "application/pdf"],
)
def test_bodies_that_are_no_multipart_form(v2, content_type):
    answer = requests.post(
        f"{v2.origin}/api/v2/UploadAttachment.json",
        data=b"--boundary\r\n\r\nnothing",
        headers={"Content-Type": content_type},
        timeout=5,
    )
    assert answer.json()["response_data"]["error_code"] == "BDC_1102"


def test_any_operation_takes_a_multipart_form(v2):
    form = {**v2.session, "data": json.dumps({"start": 0, "max": 1})}
    answer = requests.post(
        f"{v2.origin}/api/v2/List/Vendor.json",
        files={name: (None, value) for name, value in form.items()},
        timeout=5,
    )
    assert len(answer.json()["response_data"]) == 1


def test_unknown_records_have_no_pages(v2):
    assert v2.refused("GetDocumentPages", {"id": "x"})[0] == "BDC_1120"


def test_a_bill_lists_its_documents(v2, upload, bill):
    upload({"id": bill["id"], "fileName": "one.png"})
    upload({"id": bill["id"], "fileName": "two.png"})
    asking = {"id": bill["id"], "start": 0, "max": 99}
    v2("GetDocuments", asking)
    answer = v2("GetDocuments", asking)
    assert answer["numPages"] == 2
    assert [each["fileName"] for each in answer["documents"]] == ["one.png", "two.png"]
    one = answer["documents"][0]
    assert (one["entity"], one["scanStatus"], one["numPages"]) == ("Document", "clean", 1)
    header = {"sessionId": v2.session["sessionId"]}
    url = f"{v2.origin}{one['fileUrl']}&pageNumber="
    assert requests.get(url + "1", headers=header, timeout=5).content == PNG
    assert requests.get(url + "2", headers=header, timeout=5).status_code == 404
    assert v2("GetDocuments", {**asking, "start": 1})["documents"] == answer["documents"][1:]
    assert v2.refused("GetDocuments", {"id": "00n-none"})[0] == "BDC_1120"


@pytest.mark.parametrize("sent", [base64.b64encode(b"a note").decode(), "a note!"])
def test_a_document_in_the_data_is_a_file_too(v2, sent):
    vendor = v2.create("Vendor", name="Paper")
    data = {"id": vendor["id"], "fileName": "note.txt", "document": sent}
    v2("UploadAttachment", data)
    url = pages(v2, vendor["id"])["fileUrl"]
    header = {"sessionId": v2.session["sessionId"]}
    content = requests.get(v2.origin + url, headers=header, timeout=5).content
    assert content in {b"a note", b"a note!"}


def test_a_check_that_is_cleared_has_two_images(v2, bill, pass_days, v2_sign_in):
    pays = [{"billId": bill["id"], "amount": 1}]
    [payment] = v2("PayBills", {"vendorId": bill["vendorId"], "billPays": pays})["sentPays"]
    asking = {"sentPayId": payment["id"]}
    assert v2.refused("GetCheckImageData", asking)[0] == "BDC_1120"
    pass_days(60)
    later = v2_sign_in()
    images = later("GetCheckImageData", asking)["checkImageData"]
    header = {"sessionId": later.session["sessionId"]}
    found = [requests.get(later.origin + each["url"], headers=header, timeout=5) for each in images]
    assert [each.headers["Content-Type"] for each in found] == ["image/png"] * 2
