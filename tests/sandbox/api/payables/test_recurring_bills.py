"""Recurring bills, and the bills that they make."""

from datetime import date, timedelta

import pytest

from pytest_bill.sandbox.core.business_days import following_business_day, is_business_day


@pytest.fixture
def body(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    return {
        "vendorId": vendor["id"],
        "schedule": {"period": "MONTHLY", "frequency": 1, "nextDueDate": "2030-12-31"},
        "recurringBillLineItems": [{"amount": 19.99, "description": "Subscription"}],
    }


@pytest.fixture
def made(developer, body):
    answer = developer.post("/v3/recurringbills", body)
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_and_changed(developer, body, made):
    one = f"/v3/recurringbills/{made['id']}"
    assert made["id"].startswith("btp")
    assert made["recurringBillLineItems"][0]["id"]
    assert developer.get(one).json() == made
    assert developer.get("/v3/recurringbills").json()["results"] == [made]
    assert developer.patch(one, {"description": "D"}).json()["description"] == "D"
    assert "description" not in developer.put(one, body).json()
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vendorId": "nobody"}, "BDC_1119"),
        ({"schedule": {"period": "HOURLY", "nextDueDate": "2030-12-31"}}, "BDC_1119"),
        ({"schedule": {"period": "MONTHLY"}}, "REQUEST"),
        ({"schedule": {"period": "NONE", "nextDueDate": "2030-12-31"}}, "BDC_1119"),
        ({"processingOptions": {"autoPayment": True}}, "REQUEST"),
        ({"recurringBillLineItems": []}, "REQUEST"),
        ({"recurringBillLineItems": [{"amount": "1"}]}, "BDC_1124"),
    ],
    ids=["vendor", "period", "date", "none", "no account", "no items", "amount"],
)
def test_a_bad_body_is_refused_and_changes_nothing(developer, codes, body, made, change, code):
    one = f"/v3/recurringbills/{made['id']}"
    for answer in (
        developer.post("/v3/recurringbills", {**body, **change}),
        developer.put(one, {**body, **change}),
        developer.patch(one, change),
    ):
        assert codes(answer) == [code]
    assert developer.get(one).json() == made


ACCOUNT = {"bankAccountId": "bac" + "0" * 17}


@pytest.fixture
def day(sandbox, developer):
    """A date so many days from now, as it is at the start."""
    body = {"name": "Now", "address": {"line1": "1", "city": "R", "zipOrPostalCode": "8"}}
    body["address"]["country"] = "US"
    now = date.fromisoformat(developer.post("/v3/vendors", body).json()["createdTime"][:10])
    return lambda days: (now + timedelta(days=days)).isoformat()


@pytest.fixture
def due(body, day):
    """The body of a recurring bill whose first bill is due in so many days."""

    def due(days, **schedule):
        given = {"period": "MONTHLY", "nextDueDate": day(days), **schedule}
        return {**body, "schedule": given}

    return due


@pytest.fixture
def bills(developer, body):
    """The vendor's bills that are no older than the test."""
    known = {each["id"] for each in developer.get("/v3/bills?max=100").json()["results"]}

    def bills():
        listed = developer.get("/v3/bills?max=100").json()["results"]
        return [each for each in listed if each["id"] not in known]

    return bills


def test_dates_in_the_past_make_bills_at_once(developer, due, bills, day):
    made = developer.post("/v3/recurringbills", due(-14, period="WEEKLY")).json()
    assert [each["dueDate"] for each in bills()] == [day(-14), day(-7), day(0)]
    assert made["schedule"]["nextDueDate"] == day(7)
    bill = bills()[0]
    assert (bill["amount"], bill["vendorId"]) == (19.99, made["vendorId"])
    assert bill["invoice"] == {"invoiceNumber": day(-14), "invoiceDate": day(-14)}
    assert bill["billLineItems"][0]["id"].startswith("bli")


def test_bills_are_made_in_advance_as_days_pass(developer, due, bills, pass_days):
    body = {**due(10, daysInAdvance=5), "description": "Büro"}
    one = f"/v3/recurringbills/{developer.post('/v3/recurringbills', body).json()['id']}"
    pass_days(4)
    assert bills() == []
    pass_days(1)
    assert [each["invoice"]["invoiceNumber"] for each in bills()] == ["Büro"]
    pass_days(32)
    assert [each["paymentStatus"] for each in bills()] == ["UNPAID"] * 2
    developer.post(f"{one}/archive")
    pass_days(90)
    assert len(bills()) == 2


def test_a_change_is_one_of_later_bills(developer, due, bills, pass_days, codes):
    made = developer.post("/v3/recurringbills", due(0, period="DAILY")).json()
    [line] = made["recurringBillLineItems"]
    change = {"recurringBillLineItems": [{"id": line["id"], "amount": 22.99, "quantity": 1}]}
    changed = developer.patch(f"/v3/recurringbills/{made['id']}", change).json()
    assert changed["recurringBillLineItems"] == [{**line, "amount": 22.99, "quantity": 1}]
    pass_days(1)
    assert [each["amount"] for each in bills()] == [19.99, 22.99]
    change["recurringBillLineItems"][0]["id"] = "rblno"
    assert codes(developer.patch(f"/v3/recurringbills/{made['id']}", change)) == ["BDC_1119"]


def test_no_bill_is_due_after_the_end(developer, due, bills, day, pass_days):
    developer.post("/v3/recurringbills", due(0, period="DAILY", endDate=day(1)))
    pass_days(10)
    assert len(bills()) == 2


@pytest.mark.parametrize("days", range(3, 10))
def test_bills_are_paid_by_themselves_on_business_days(developer, due, bills, pass_days, day, days):
    pays = {"processingOptions": {"autoPayment": True}, "paymentInformation": ACCOUNT}
    made = developer.post("/v3/recurringbills", {**due(days, daysInAdvance=days), **pays})
    assert made.status_code == 201, made.text
    [bill] = bills()
    assert bill["paymentStatus"] == "SCHEDULED"
    payments = developer.get("/v3/payments", params={"max": "100"}).json()["results"]
    [payment] = (each for each in payments if each.get("billId") == bill["id"])
    expected = date.fromisoformat(day(days))
    if not is_business_day(expected):
        expected = following_business_day(expected)
    assert (payment["processDate"], payment["amount"]) == (expected.isoformat(), 19.99)
    assert payment["fundingAccount"] == {"type": "BANK_ACCOUNT", "id": ACCOUNT["bankAccountId"]}
    pass_days(days + 5)
    assert bills()[0]["paymentStatus"] == "PAID"


def test_what_waits_for_approval_is_not_paid(developer, due, bills):
    me = developer.get("/v3/login/session").json()["userId"]
    rules = [{"key": "BILL_AMOUNT", "op": "gte", "values": ["1"]}]
    policy = {"policyName": "All", "rules": rules, "approvers": [me]}
    assert developer.post("/v3/bill-approvals/policies", policy).status_code == 201
    pays = {"processingOptions": {"autoPayment": True}, "paymentInformation": ACCOUNT}
    assert developer.post("/v3/recurringbills", {**due(0), **pays}).status_code == 201
    assert [each["paymentStatus"] for each in bills()] == ["UNPAID"]


def test_a_sync_token_may_not_let_bills_be_paid(sync, body, codes):
    vendor = sync.get("/v3/vendors").json()["results"][0]["id"]
    pays = {"processingOptions": {"autoPayment": True}, "paymentInformation": ACCOUNT}
    answer = sync.post("/v3/recurringbills", {**body, "vendorId": vendor, **pays})
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])


def test_an_unknown_account_cannot_pay(developer, body, codes):
    pays = {
        "processingOptions": {"autoPayment": True},
        "paymentInformation": {"bankAccountId": "ß"},
    }
    assert codes(developer.post("/v3/recurringbills", {**body, **pays})) == ["BDC_1119"]
