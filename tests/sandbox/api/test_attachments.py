"""Attachments of vendors, customers and invoices."""

import pytest
import requests


@pytest.fixture(params=["vendors", "customers", "invoices"])
def path(request, developer):
    """Where the attachments of a record of each kind are."""
    if request.param == "vendors":
        owner = developer.get("/v3/vendors").json()["results"][1]
    else:
        owner = developer.post("/v3/customers", {"name": "Fan", "email": "fan@example.com"}).json()
        if request.param == "invoices":
            body = {
                "customer": {"id": owner["id"]},
                "invoiceLineItems": [{"quantity": 1, "price": 5}],
            }
            owner = developer.post("/v3/invoices", body).json()
    return f"/v3/attachments/{request.param}/{owner['id']}"


def test_upload_list_get_download_delete(sandbox, developer, codes, path):
    made = developer.post(path, params={"name": "notes é.txt"}, data=b"one\r\ntwo\xff")
    assert made.status_code == 201, made.text
    attachment = made.json()
    assert set(attachment) == {"id", "name", "createdTime", "downloadLink"}
    assert attachment["id"].startswith("att")
    assert attachment["downloadLink"] == f"{sandbox.origin}/AttachDownload?id={attachment['id']}"
    one = f"/v3/attachments/{attachment['id']}"
    assert developer.get(path).json() == {"results": [attachment]}
    assert developer.get(one).json() == attachment

    session = {"sessionId": developer.headers["sessionId"]}
    file = requests.get(attachment["downloadLink"], headers=session, timeout=5)
    assert (file.status_code, file.content) == (200, b"one\r\ntwo\xff")
    assert file.headers["Content-Type"] == "text/plain"

    assert developer.call("DELETE", one).status_code == 204
    assert developer.get(path).json() == {"results": []}
    for gone in (developer.get(one), developer.call("DELETE", one)):
        assert (gone.status_code, codes(gone)) == (404, ["BDC_1120"])
    assert requests.get(attachment["downloadLink"], headers=session, timeout=5).status_code == 404


def test_the_list_has_pages(developer, path):
    for number in range(3):
        developer.post(path, params={"name": f"{number}.txt"}, data=b"x")
    first = developer.get(path, params={"max": 2}).json()
    second = developer.get(path, params={"max": 2, "page": first["nextPage"]}).json()
    names = [each["name"] for page in (first, second) for each in page["results"]]
    assert names == ["0.txt", "1.txt", "2.txt"]


@pytest.mark.parametrize("kind", ["vendors", "customers", "invoices"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_owners(developer, codes, kind, method):
    answer = developer.call(method, f"/v3/attachments/{kind}/none?name=a.txt", data=b"x")
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_an_upload_without_a_name(developer, codes, path):
    assert codes(developer.post(path, data=b"x")) == ["BDC_1108"]
    assert developer.get(path).json() == {"results": []}


def test_the_shop_has_an_attachment(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    (attachment,) = developer.get(f"/v3/attachments/vendors/{vendor}").json()["results"]
    assert attachment["name"] == "price-list.csv"
