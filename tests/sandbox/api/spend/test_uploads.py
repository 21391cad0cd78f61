from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)
CREATORS = [
    "/v3/spend/transactions/receipt-upload-url",
    "/v3/spend/reimbursements/image-upload-url",
]


@pytest.fixture
def url(spend):
    answer = spend.post(CREATORS[0])
    assert answer.status_code == 200
    return answer.json()["url"]


def put(url, content, **headers):
    return requests.put(url, data=content, headers=headers, timeout=5)


@pytest.fixture
def receipt(spend):
    """Adds a receipt with that url to the newest transaction."""
    newest = spend.get("/v3/spend/transactions", params={"max": 1}).json()["results"][0]
    return lambda url: spend.post(
        f"/v3/spend/transactions/{newest['uuid']}/receipts", {"url": url, "filename": "Beleg.png"}
    )


@pytest.mark.parametrize("creator", CREATORS)
def test_each_url_is_another_and_leads_to_the_sandbox(spend, sandbox, creator):
    urls = [spend.post(creator).json()["url"] for _ in range(2)]
    assert urls[0] != urls[1]
    assert all(url.startswith(f"{sandbox.origin}/") for url in urls)
    assert [put(url, PNG).status_code for url in urls] == [200, 200]


@pytest.mark.parametrize("creator", CREATORS)
def test_an_url_needs_the_token(anonymous, creator):
    assert anonymous.post(creator).status_code == 401


@pytest.mark.parametrize(
    ("content", "kind", "seen_as"),
    [
        (PNG, "image/png", "image/png"),
        (JPG, "image/jpeg", "image/jpeg"),
        (JPG, "", "image/jpeg"),
        (PNG, "image/jpeg", "image/png"),
        (b"%PDF-1.7", "application/pdf", "application/pdf"),
    ],
)
def test_an_image_that_was_sent_can_be_seen_in_its_receipt(url, receipt, content, kind, seen_as):
    assert put(url, content, **({"Content-Type": kind} if kind else {})).status_code == 200
    added = receipt(url)
    assert added.status_code == 200, added.text
    assert added.json()["filename"] == "Beleg.png"
    assert added.json()["url"] != url
    seen = requests.get(added.json()["url"], timeout=5)
    assert seen.content == content
    assert seen.headers["Content-Type"] == seen_as


def test_an_image_can_be_sent_again(url, receipt):
    put(url, JPG)
    put(url, PNG)
    assert requests.get(receipt(url).json()["url"], timeout=5).content == PNG


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"GIF89a", ""), (b"", ""), (PNG, "application/zip"), (b"\x89PNG", "image/png")],
)
def test_what_is_no_image_is_refused_and_not_kept(url, receipt, codes, content, kind):
    answer = put(url, content, **({"Content-Type": kind} if kind else {}))
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert codes(receipt(url)) == ["BDC_1119"]


def test_an_url_ends_by_the_sandboxs_clock(sandbox, url, codes):
    sandbox.advance(timedelta(minutes=15))
    answer = put(url, PNG)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1129"])


def test_an_image_stays_when_its_url_has_ended(sandbox, url, receipt):
    put(url, PNG)
    sandbox.advance(timedelta(days=30))
    added = receipt(url)
    assert added.status_code == 200
    assert requests.get(added.json()["url"], timeout=5).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("signature=", "signature=0"),
        lambda url: url.replace("expires=", "expires=9"),
        lambda url: url.partition("?")[0],
        lambda url: url.replace("/upl_", "/upl_é"),
        lambda url: url.replace("signature=", "signature=%ED%A0%80"),
    ],
)
def test_a_changed_url_is_refused(url, receipt, codes, change):
    put(url, PNG)
    answer = put(change(url), PNG)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1129"])
    assert codes(receipt(change(url))) == ["BDC_1119"]


def test_an_upload_url_cannot_be_read_nor_a_receipts_url_written(url, receipt):
    put(url, PNG)
    assert requests.get(url, timeout=5).status_code == 403
    assert put(receipt(url).json()["url"], JPG).status_code == 403


@pytest.mark.parametrize("other", ["", "http://[", "nonsense ✓", "https://example.com/a.png"])
def test_a_receipt_with_another_url_is_refused(receipt, codes, other):
    answer = receipt(other)
    assert answer.status_code == 400
    assert codes(answer) == ["BDC_1119" if other else "REQUEST"]


def test_another_name_of_the_sandbox_will_do(sandbox, url, receipt):
    put(url, PNG)
    assert receipt(url.replace("127.0.0.1", "localhost")).status_code == 200
    assert urlsplit(url).port == urlsplit(sandbox.origin).port
