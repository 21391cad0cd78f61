"""Payments: who may pay, create, list, get."""


import pytest


@pytest.fixture
def bill(developer):
    params = {"filters": "paymentStatus:eq:UNPAID"}
    return developer.get("/v3/bills", params=params).json()["results"][0]


@pytest.fixture
def body(bill):
    return {
        "billId": bill["id"],
        "amount": bill["dueAmount"],
        "processDate": "2099-01-05",
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac01"},
        "processingOptions": {"createBill": False},
    }


def test_a_developer_session_pays_a_bill(developer, body, bill):
    answer = developer.post("/v3/payments", body)
    assert answer.status_code == 201, answer.text
    payment = answer.json()
    assert payment["id"].startswith("stp")
    assert payment["billPayments"][0]["id"].startswith("blp")
    assert (payment["status"], payment["disbursementType"]) == ("SCHEDULED", "CHECK")
    assert (payment["vendorId"], payment["amount"]) == (bill["vendorId"], bill["dueAmount"])
    assert developer.get(f"/v3/payments/{payment['id']}").json() == payment
    paid = developer.get(f"/v3/bills/{bill['id']}").json()
    assert (paid["dueAmount"], paid["paymentStatus"]) == (0, "SCHEDULED")


def test_the_console_session_may_pay_too(console):
    bill = console.get("/v3/bills").json()["results"][0]
    body = {
        "billId": bill["id"],
        "amount": 1,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac01"},
        "processingOptions": {},
    }
    assert console.post("/v3/payments", body).status_code == 201


@pytest.mark.parametrize("sent", ["a good body", "no body"])
def test_a_sync_token_session_may_not_pay(sync, developer, body, codes, sent):
    before = developer.get("/v3/payments").json()
    answer = sync.post("/v3/payments", body if sent == "a good body" else None)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])
    assert developer.get("/v3/payments").json() == before
    assert sync.get("/v3/login/session").status_code == 200


def test_a_part_of_a_bill(developer, body, bill):
    assert developer.post("/v3/payments", {**body, "amount": 10}).status_code == 201
    paid = developer.get(f"/v3/bills/{bill['id']}").json()
    assert paid["paymentStatus"] == "PARTIAL"
    assert paid["dueAmount"] == round(bill["dueAmount"] - 10, 2)


def test_a_payment_without_a_bill_makes_one(developer, body, bill):
    del body["billId"]
    body |= {"vendorId": bill["vendorId"], "processingOptions": {"createBill": True}}
    payment = developer.post("/v3/payments", body).json()
    made = developer.get(f"/v3/bills/{payment['billId']}").json()
    assert (made["vendorId"], made["amount"]) == (bill["vendorId"], body["amount"])
    assert made["paymentStatus"] == "SCHEDULED"


@pytest.mark.parametrize(
    ("changes", "status", "expected"),
    [
        ({"billId": "00nunknown"}, 400, ["BDC_1119"]),
        ({"billId": None}, 400, ["BDC_1117"]),
        ({"vendorId": "009other"}, 400, ["BDC_1119"]),
        ({"amount": 1e9}, 400, ["BDC_1159"]),
        ({"amount": 0}, 400, ["BDC_1119"]),
        ({"amount": -5}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "CASH"}}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "BANK_ACCOUNT"}}, 400, ["BDC_1117"]),
        ({"fundingAccount": {"type": "WALLET"}, "processDate": None}, 400, ["BDC_1117"]),
        ({"processingOptions": {"createBill": True}}, 400, ["BDC_1119", "BDC_1117"]),
        ({"processDate": "2001-01-01"}, 422, ["BDC_1152"]),
    ],
)
def test_refused_payments(developer, body, bill, codes, changes, status, expected):
    answer = developer.post("/v3/payments", {**body, **changes})
    assert (answer.status_code, codes(answer)) == (status, expected)
    assert developer.get(f"/v3/bills/{bill['id']}").json() == bill


def test_an_unknown_vendor_gets_no_bill(developer, body):
    before = developer.get("/v3/bills", params={"max": 100}).json()
    del body["billId"]
    body |= {"vendorId": "009unknown", "processingOptions": {"createBill": True}}
    assert developer.post("/v3/payments", body).status_code == 400
    assert developer.get("/v3/bills", params={"max": 100}).json() == before


def test_the_wallet_needs_no_id(developer, body):
    assert developer.post("/v3/payments", {**body, "fundingAccount": {"type": "WALLET"}}).ok


def test_list_and_filter(developer):
    listed = developer.get("/v3/payments", params={"filters": "status:eq:SCHEDULED"}).json()
    assert len(listed["results"]) == 2
    assert developer.get("/v3/payments", params={"filters": "status:eq:PAID"}).json() == {
        "results": []
    }


def test_an_unknown_payment(developer, codes):
    answer = developer.get("/v3/payments/stpunknown")
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])
