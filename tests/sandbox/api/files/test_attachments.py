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
    assert made.status_code == 200, made.text
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

    deleted = developer.call("DELETE", one)
    assert (deleted.status_code, deleted.json()) == (200, {"status": "SUCCESS"})
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


@pytest.fixture
def invoice(developer):
    """The path of an invoice."""
    return f"/v3/invoices/{developer.get('/v3/invoices').json()['results'][0]['id']}"


@pytest.mark.parametrize(("flag", "replaced"), [("true", True), ("false", False), (None, False)])
def test_an_attachment_can_take_the_place_of_an_invoices_pdf(developer, invoice, flag, replaced):
    before = developer.get(invoice).json()["invoicePdfId"]
    params = {"name": "Rechnung.PDF", "replaceInvoicePdf": flag}
    path = invoice.replace("/v3/", "/v3/attachments/")
    attachment = developer.post(path, params=params, data=b"%PDF-1.4").json()
    after = developer.get(invoice).json()["invoicePdfId"]
    assert after == (attachment["id"] if replaced else before)
    assert developer.get(path).json()["results"] == [attachment]


@pytest.mark.parametrize(
    "params",
    [
        {"name": "photo.png", "replaceInvoicePdf": "true"},
        {"name": "a.pdf", "replaceInvoicePdf": "maybe"},
    ],
)
def test_what_is_no_invoices_pdf(developer, codes, invoice, params):
    path = invoice.replace("/v3/", "/v3/attachments/")
    answer = developer.post(path, params=params, data=b"x")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])
    assert developer.get(path).json() == {"results": []}


def test_the_shop_has_an_attachment(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    (attachment,) = developer.get(f"/v3/attachments/vendors/{vendor}").json()["results"]
    assert attachment["name"] == "price-list.csv"
