"""Payments of customers: charged and recorded ones."""

from datetime import date, timedelta

import pytest

PATH = "/v3/receivable-payments"


@pytest.fixture
def customer(developer):
    body = {
        "name": "Band",
        "email": "b@example.com",
        "billingAddress": {
            "line1": "1 Side Street",
            "city": "San Jose",
            "zipOrPostalCode": "95002",
            "country": "US",
        },
    }
    return developer.post("/v3/customers", body).json()


@pytest.fixture
def one_customer(customer):
    return f"/v3/customers/{customer['id']}"


@pytest.fixture
def account(developer, one_customer):
    body = {
        "nameOnAccount": "Band",
        "routingNumber": "322271627",
        "accountNumber": "1234567890",
        "type": "CHECKING",
        "ownerType": "BUSINESS",
    }
    return developer.post(f"{one_customer}/bank-accounts", body).json()


@pytest.fixture
def authorized(developer, one_customer):
    developer.post(f"{one_customer}/charge-authorization", {"authorizedToCharge": True})


@pytest.fixture
def invoice(developer, customer):
    body = {"customer": {"id": customer["id"]}, "invoiceLineItems": [{"price": 79.98}]}
    return developer.post("/v3/invoices", body).json()


@pytest.fixture
def body(customer, account, invoice):
    return {
        "customerId": customer["id"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": account["id"]},
        "invoicePayments": [{"invoiceId": invoice["id"], "amount": 79.98}],
    }


@pytest.fixture
def read(developer, invoice):
    return lambda: developer.get(f"/v3/invoices/{invoice['id']}").json()


def test_a_charge_is_scheduled_and_then_paid(
    developer, one_customer, authorized, body, read, pass_days
):
    answer = developer.post(PATH, {**body, "description": "Für Musik"})
    payment = answer.json()
    assert answer.status_code == 201
    assert payment["id"].startswith("0rp")
    assert (payment["status"], payment["amount"]) == ("SCHEDULED", 79.98)
    assert (payment["onlinePayment"], payment["description"]) == (True, "Für Musik")
    (share,) = payment["invoicePayments"]
    assert share == {
        **body["invoicePayments"][0],
        "amount": 79.98,
        "paymentDate": payment["paymentDate"],
    }
    assert (payment["convenienceFeeAmount"], payment["unappliedAmount"]) == (0, 0)
    assert payment["referenceNumber"].isdecimal()
    account = payment["receivablesAccount"]
    bank = developer.get(f"/v3/funding-accounts/banks/{account['id']}").json()
    assert (account["type"], bank["default"]["receivables"]) == ("BANK_ACCOUNT", True)
    assert (read()["status"], read()["scheduledAmount"], read()["dueAmount"]) == (
        *("SCHEDULED", 79.98),
        0,
    )
    assert developer.get(one_customer).json()["balance"]["amount"] == 0
    assert developer.get(f"{PATH}/{payment['id']}").json() == payment

    pass_days(5)
    assert developer.get(f"{PATH}/{payment['id']}").json()["status"] == "PAID"
    assert (read()["status"], read()["scheduledAmount"]) == ("PAID_IN_FULL", 0)
    assert read()["payments"][0]["status"] == "PAID"


def test_a_charge_waits_for_its_date(developer, authorized, body, invoice, pass_days):
    today = date.fromisoformat(invoice["createdTime"][:10])
    day = (today + timedelta(days=10)).isoformat()
    payment = developer.post(PATH, {**body, "paymentDate": day}).json()
    for days, status in ((10, "SCHEDULED"), (1, "PAID")):
        pass_days(days)
        assert developer.get(f"{PATH}/{payment['id']}").json()["status"] == status


def test_a_charge_in_part_leaves_the_rest_due(developer, authorized, body, read):
    body["invoicePayments"][0]["amount"] = "30.00"
    assert developer.post(PATH, body).json()["amount"] == 30
    assert (read()["status"], read()["dueAmount"]) == ("PARTIAL_PAYMENT", 49.98)


def test_a_charge_needs_the_customers_authorization(developer, body, read, invoice, codes):
    assert codes(developer.post(PATH, body)) == ["BDC_1119"]
    assert read() == invoice


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customerId": "nobody"}, "BDC_1119"),
        ({"fundingAccount": {"type": "BANK_ACCOUNT", "id": "nobody"}}, "BDC_1119"),
        ({"fundingAccount": {"type": "BANK_ACCOUNT"}}, "REQUEST"),
        ({"invoicePayments": []}, "REQUEST"),
        ({"invoicePayments": [{"invoiceId": "nobody", "amount": 1}]}, "BDC_1119"),
        ({"paymentDate": "2020-01-01"}, "BDC_1152"),
        ({"paymentDate": "soon"}, "BDC_1119"),
    ],
)
def test_a_refused_charge_changes_nothing(
    developer, authorized, body, read, invoice, codes, change, code
):
    listed = developer.get(PATH).json()
    assert codes(developer.post(PATH, {**body, **change})) == [code]
    assert read() == invoice
    assert developer.get(PATH).json() == listed


@pytest.mark.parametrize("amounts", [(80,), (40, 40), (0,)], ids=["more", "twice", "nothing"])
def test_no_more_than_is_due(developer, authorized, body, invoice, read, codes, amounts):
    body["invoicePayments"] = [{"invoiceId": invoice["id"], "amount": each} for each in amounts]
    assert codes(developer.post(PATH, body)) == ["BDC_1119"]
    assert read() == invoice


def test_an_archived_account_or_another_customers_is_refused(
    developer, authorized, body, one_customer, account, codes
):
    other = developer.get("/v3/customers").json()["results"][0]
    theirs = developer.get(f"/v3/customers/{other['id']}/bank-accounts").json()["results"][0]
    wrong = {**body, "fundingAccount": {"id": theirs["id"]}}
    assert codes(developer.post(PATH, wrong)) == ["BDC_1119"]
    developer.post(f"{one_customer}/bank-accounts/{account['id']}/archive")
    assert codes(developer.post(PATH, body)) == ["BDC_1119"]


def test_a_sync_token_may_not_charge_but_may_read(sync, authorized, body, codes):
    assert codes(sync.post(PATH, body)) == ["BDC_1361"]
    assert sync.get(PATH).status_code == 200


def test_a_recorded_payment_can_be_read_and_listed(developer, customer, invoice):
    recorded = developer.post(
        "/v3/invoices/record-payment",
        {
            "paymentDate": "2030-12-20",
            "paymentType": "CREDIT_CARD",
            "amount": 100,
            "invoices": [{"id": invoice["id"], "amount": 79.98}],
        },
    ).json()
    payment = developer.get(f"{PATH}/{recorded['id']}").json()
    assert payment["customerId"] == recorded["customerId"] == customer["id"]
    assert (payment["status"], payment["receivablesType"]) == ("PAID", "CREDIT_CARD")
    assert payment["unappliedAmount"] == recorded["unappliedAmount"] == 20.02
    assert payment["invoicePayments"][0]["invoiceId"] == invoice["id"]
    params = {"filters": f"status:eq:PAID,customerId:eq:{customer['id']}"}
    assert developer.get(PATH, params=params).json()["results"] == [payment]


def test_an_unknown_payment(developer, codes):
    assert codes(developer.get(f"{PATH}/nobody")) == ["BDC_1120"]
