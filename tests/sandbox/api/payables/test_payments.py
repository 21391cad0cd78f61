"""Payments: who may pay, create (also in bulk), list, get, cancel, void, record."""

from datetime import date

import pytest
import requests


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
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
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
    vendor = developer.get(f"/v3/vendors/{bill['vendorId']}").json()
    assert payment["remittanceEmail"] == vendor["email"]
    assert developer.get(f"/v3/payments/{payment['id']}").json() == payment
    paid = developer.get(f"/v3/bills/{bill['id']}").json()
    assert (paid["dueAmount"], paid["paymentStatus"]) == (0, "SCHEDULED")


def test_the_console_session_may_pay_too(console):
    bill = console.get("/v3/bills").json()["results"][0]
    body = {
        "billId": bill["id"],
        "amount": 1,
        "processDate": "2099-01-05",
        "fundingAccount": {"type": "WALLET"},
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
        ({"billId": None}, 400, ["REQUEST"]),
        ({"vendorId": "009other"}, 400, ["BDC_1119"]),
        ({"amount": 1e9}, 400, ["BDC_1159"]),
        ({"amount": 0}, 400, ["BDC_1119"]),
        ({"amount": -5}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "CASH"}}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "BANK_ACCOUNT"}}, 400, ["REQUEST"]),
        ({"fundingAccount": {"type": "BANK_ACCOUNT", "id": "bacß"}}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "CARD_ACCOUNT", "id": "cat"}}, 400, ["BDC_1119"]),
        ({"fundingAccount": {"type": "WALLET"}, "processDate": None}, 400, ["REQUEST"]),
        ({"processingOptions": {"createBill": True}}, 400, ["BDC_1119", "REQUEST"]),
        ({"processDate": "2001-01-01"}, 422, ["BDC_1152"]),
        ({"processDate": "2099-01-03"}, 422, ["BDC_1152"]),  # a Saturday
        ({"processDate": "2099-01-04"}, 422, ["BDC_1152"]),  # a Sunday
        ({"processDate": "2099-12-25"}, 422, ["BDC_1152"]),  # Christmas, a Friday
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


@pytest.fixture
def bills(developer):
    """Unpaid bills of one vendor, as it is at the start."""
    vendor = developer.get("/v3/vendors").json()["results"][1]["id"]
    params = {"filters": f"vendorId:eq:{vendor},paymentStatus:eq:UNPAID"}
    return developer.get("/v3/bills", params=params).json()["results"]


@pytest.fixture
def bulk(bills):
    return {
        "processDate": "2099-01-05",
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "payments": [{"billId": each["id"], "amount": each["dueAmount"]} for each in bills[:2]],
    }


def test_bills_of_a_vendor_that_combines_payments_are_paid_together(developer, bills, bulk):
    answer = developer.post("/v3/payments/bulk", bulk)
    assert answer.status_code == 201, answer.text
    [payment] = answer.json()["payments"]
    assert payment["amount"] == round(bills[0]["dueAmount"] + bills[1]["dueAmount"], 2)
    assert [part["billId"] for part in payment["billPayments"]] == [b["id"] for b in bills[:2]]
    assert "billId" not in payment
    paid = developer.get(f"/v3/bills/{bills[1]['id']}").json()
    assert (paid["paymentStatus"], paid["dueAmount"]) == ("SCHEDULED", 0)


def test_bills_of_another_vendor_are_paid_one_by_one(developer, bills, bulk):
    apart = {"additionalInfo": {"combinePayments": False}}
    developer.patch(f"/v3/vendors/{bills[0]['vendorId']}", apart)
    made = developer.post("/v3/payments/bulk", bulk).json()["payments"]
    assert [each["billId"] for each in made] == [bill["id"] for bill in bills[:2]]


def test_thirty_five_bills_at_most_are_combined(developer, bills, bulk):
    part = {"billId": bills[0]["id"], "amount": 0.01}
    made = developer.post("/v3/payments/bulk", {**bulk, "payments": [part] * 36}).json()
    assert [len(each["billPayments"]) for each in made["payments"]] == [35, 1]


@pytest.mark.parametrize(
    ("second", "changes", "expected"),
    [
        ({"billId": "00nunknown"}, {}, ["BDC_1119"]),
        ({"amount": 1e9}, {}, ["BDC_1159"]),
        ({"amount": -1}, {}, ["BDC_1119"]),
        ({}, {"vendorId": "009other"}, ["BDC_1119", "BDC_1119"]),
        ({}, {"payments": []}, ["REQUEST"]),
        ({}, {"payments": [{"billId": "00n", "amount": 1}] * 51}, ["BDC_1119"]),
        ({}, {"fundingAccount": {"type": "AP_CARD"}, "processDate": None}, ["REQUEST"] * 2),
        ({"vendorCredits": [{"id": "vcrunknown", "amount": 1}], "amount": 1}, {}, ["BDC_1119"]),
    ],
)
def test_a_bulk_payment_is_made_wholly_or_not_at_all(
    developer, bills, bulk, codes, second, changes, expected
):
    bulk["payments"][1] |= second
    before = developer.get("/v3/payments").json()
    answer = developer.post("/v3/payments/bulk", {**bulk, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get("/v3/payments").json() == before
    assert developer.get(f"/v3/bills/{bills[0]['id']}").json() == bills[0]


def test_one_bill_twice_may_not_be_overpaid(developer, bills, bulk, codes):
    half = {"billId": bills[0]["id"], "amount": round(bills[0]["dueAmount"] / 2 + 1, 2)}
    answer = developer.post("/v3/payments/bulk", {**bulk, "payments": [half, half]})
    assert codes(answer) == ["BDC_1159"]


def test_a_sync_token_session_moves_no_money(sync, developer, bulk, codes):
    payment = developer.get("/v3/payments").json()["results"][0]["id"]
    void = {"type": "VOID_AND_CREDIT", "reason": "x"}
    for answer in (
        sync.post("/v3/payments/bulk", bulk),
        sync.post(f"/v3/payments/{payment}/cancel"),
        sync.post(f"/v3/payments/{payment}/void", void),
    ):
        assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])


def test_a_canceled_payment_is_due_again(developer, body, bill, codes):
    payment = developer.post("/v3/payments", body).json()
    answer = developer.post(f"/v3/payments/{payment['id']}/cancel")
    assert answer.status_code == 200
    canceled = answer.json()
    assert (canceled["status"], canceled["singleStatus"]) == ("CANCELLED", "CANCELED")
    assert canceled["cancelRequestSubmitted"] is True
    assert developer.get(f"/v3/payments/{payment['id']}").json() == canceled
    again = developer.get(f"/v3/bills/{bill['id']}").json()
    assert again["dueAmount"] == bill["dueAmount"]
    assert (again["paymentStatus"], again["scheduledAmount"]) == ("UNPAID", 0)
    assert codes(developer.post(f"/v3/payments/{payment['id']}/cancel")) == ["BDC_1119"]
    params = {"filters": "status:eq:CANCELLED"}
    assert developer.get("/v3/payments", params=params).json()["results"] == [canceled]


VOID = {"type": "VOID_AND_CREDIT", "reason": "Ungültige Adresse"}


def test_a_payment_under_way_is_voided_not_canceled(developer, body, bill, codes, pass_days):
    del body["processDate"]
    payment = developer.post("/v3/payments", body).json()
    path = f"/v3/payments/{payment['id']}"
    assert codes(developer.post(f"{path}/void", VOID)) == ["BDC_1119"]
    pass_days((date.fromisoformat(payment["processDate"]) - today(payment)).days + 1)
    assert codes(developer.post(f"{path}/cancel")) == ["BDC_1119"]
    assert developer.get(f"/v3/bills/{bill['id']}").json()["paymentStatus"] == "PAID"
    voided = developer.post(f"{path}/void", VOID).json()
    assert (voided["status"], voided["singleStatus"]) == ("VOID", "VOIDED")
    [void] = voided["voidInfo"]
    assert void.items() >= {**VOID, "requestedBy": payment["createdBy"]}.items()
    assert (void["status"], void["createdTime"]) == ("ACCEPTED", voided["updatedTime"])
    assert voided["disbursementInfo"]["isVoidable"] is False
    again = developer.get(f"/v3/bills/{bill['id']}").json()
    assert (again["dueAmount"], again["paidAmount"]) == (bill["dueAmount"], 0)


def today(payment):
    return date.fromisoformat(payment["createdTime"][:10])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "VOID_ONLY"},
        {"type": "VOID_ONLY", "reason": "y" * 4001},
        {"type": "VOID_SOME", "reason": "y"},
    ],
)
def test_refused_voids(developer, body):
    payment = developer.get("/v3/payments").json()["results"][0]["id"]
    assert developer.post(f"/v3/payments/{payment}/void", body).status_code == 400


@pytest.mark.parametrize("action", ["cancel", "void"])
def test_no_such_payment_to_stop(developer, codes, action):
    answer = developer.post(f"/v3/payments/stpunknown/{action}", VOID)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_only_a_cashed_check_has_an_image(developer, body, codes, pass_days):
    del body["processDate"]
    payment = developer.post("/v3/payments", body).json()
    path = f"/v3/payments/{payment['id']}/check-image"
    assert codes(developer.get(path)) == ["BDC_1120"]
    pass_days(20)
    images = developer.get(path).json()["results"]
    assert developer.get(path).json()["results"] == images
    link, back = (each["downloadLink"] for each in images)
    assert link != back
    image = requests.get(link, headers=developer.headers, timeout=5)
    assert (image.headers["content-type"], image.content[:4]) == ("image/png", b"\x89PNG")
    assert requests.get(link, timeout=5).status_code == 401


@pytest.fixture
def recorded(bills):
    return {
        "vendorId": bills[0]["vendorId"],
        "processDate": "2026-12-20",
        "toPrintCheck": False,
        "description": "Überweisung",
        "payments": [
            {"billId": bills[0]["id"], "amount": 70},
            {"billId": bills[1]["id"], "amount": 30},
        ],
    }


def test_a_payment_outside_bill_pays_its_bills_at_once(developer, bills, recorded):
    answer = developer.post("/v3/bills/record-payment", recorded)
    assert answer.status_code == 200, answer.text
    payment = answer.json()
    assert payment["id"].startswith("stp")
    assert (payment["status"], payment["disbursementType"]) == ("PAID", "OFFLINE")
    assert (payment["amount"], payment["onlinePayment"]) == (100, False)
    assert developer.get(f"/v3/payments/{payment['id']}").json() == payment
    paid = developer.get(f"/v3/bills/{bills[0]['id']}").json()
    assert (paid["paidAmount"], paid["paymentStatus"]) == (70, "PARTIAL")
    voided = developer.post(f"/v3/payments/{payment['id']}/void", VOID).json()
    assert voided["status"] == "VOID"
    assert developer.get(f"/v3/bills/{bills[0]['id']}").json()["paidAmount"] == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"vendorId": "009unknown"}, ["BDC_1119"]),
        ({"vendorId": None}, ["REQUEST"]),
        ({"toPrintCheck": "no"}, ["BDC_1124"]),
        ({"payments": [{"billId": "00nunknown", "amount": 1}]}, ["BDC_1119"]),
        ({"payments": [{"billId": "00nunknown"}]}, ["REQUEST"]),
    ],
)
def test_refused_records(developer, bills, recorded, codes, changes, expected):
    answer = developer.post("/v3/bills/record-payment", {**recorded, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(f"/v3/bills/{bills[0]['id']}").json() == bills[0]


def test_more_than_is_due_is_not_recorded(developer, recorded, codes):
    recorded["payments"][1]["amount"] = 1e6
    assert codes(developer.post("/v3/bills/record-payment", recorded)) == ["BDC_1159"]


def test_a_sync_token_records_payments(sync, recorded):
    assert sync.post("/v3/bills/record-payment", recorded).status_code == 200


@pytest.fixture
def credit(developer, bills):
    body = {
        "vendorId": bills[0]["vendorId"],
        "referenceNumber": "VC-9",
        "creditDate": "2026-12-28",
        "vendorCreditLineItems": [{"amount": 15}],
    }
    return developer.post("/v3/vendor-credits", body).json()["id"]


def applied(developer, credit):
    found = developer.get(f"/v3/vendor-credits/{credit}").json()
    return found["appliedAmount"], found["status"]


def test_a_payment_uses_a_credit_and_gives_it_back(developer, body, bills, credit):
    bill = bills[0]
    body |= {
        "billId": bill["id"],
        "amount": round(bill["dueAmount"] - 10, 2),
        "vendorCredits": [{"id": credit, "amount": 10}],
    }
    payment = developer.post("/v3/payments", body).json()
    assert payment["billPayments"][0]["vendorCredits"] == body["vendorCredits"]
    paid = developer.get(f"/v3/bills/{bill['id']}").json()
    assert (paid["dueAmount"], paid["creditAmount"]) == (0, 10)
    assert applied(developer, credit) == (10, "PARTIALLY_APPLIED")
    developer.post(f"/v3/payments/{payment['id']}/cancel")
    assert applied(developer, credit) == (0, "NOT_APPLIED")
    assert developer.get(f"/v3/bills/{bill['id']}").json()["creditAmount"] == 0


def test_credits_of_several_payments_may_not_exceed_what_is_left(
    developer, bills, bulk, credit, codes
):
    for part in bulk["payments"]:
        part |= {"amount": 1, "vendorCredits": [{"id": credit, "amount": 10}]}
    assert codes(developer.post("/v3/payments/bulk", bulk)) == ["BDC_1119"]
    assert applied(developer, credit) == (0, "NOT_APPLIED")


def test_a_new_bill_is_as_high_as_payment_and_credit(developer, body, bills, credit):
    del body["billId"]
    body |= {
        "vendorId": bills[0]["vendorId"],
        "amount": 20,
        "processingOptions": {"createBill": True},
        "vendorCredits": [{"id": credit, "amount": 15}],
    }
    payment = developer.post("/v3/payments", body).json()
    made = developer.get(f"/v3/bills/{payment['billId']}").json()
    assert (made["amount"], made["creditAmount"], made["scheduledAmount"]) == (35, 15, 20)
    assert applied(developer, credit) == (15, "FULLY_APPLIED")


def test_it_is_described(sandbox):
    document = requests.get(f"{sandbox.origin}/openapi.json", timeout=5).json()
    assert document["paths"]["/connect/v3/payments"]["post"]["operationId"] == "createPayment"
