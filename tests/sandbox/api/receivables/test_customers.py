"""Customers."""

import pytest

CUSTOMER = {"name": "Paperless Band", "email": "band@example.com", "contact": {"firstName": "C"}}
ADDRESS = {"line1": "1 Ü", "city": "X", "zipOrPostalCode": "1", "country": "CA"}


@pytest.fixture
def customer(developer):
    answer = developer.post("/v3/customers", CUSTOMER)
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_changed_archived_and_restored(developer, customer):
    one = f"/v3/customers/{customer['id']}"
    assert customer.items() >= CUSTOMER.items()
    assert customer["balance"] == {"amount": 0}
    assert developer.get(one).json() == customer
    assert developer.get("/v3/customers").json()["results"][-1] == customer
    assert developer.patch(one, {"phone": "1"}).json()["phone"] == "1"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False


@pytest.mark.parametrize(
    ("country", "name"), [("DE", "Germany"), ("CI", "Côte d'Ivoire"), ("AX", "Åland Islands")]
)
def test_addresses_are_answered_with_the_countrys_name(developer, country, name):
    address = {**ADDRESS, "country": country}
    made = developer.post("/v3/customers", {**CUSTOMER, "billingAddress": address}).json()
    one = f"/v3/customers/{made['id']}"
    for answer in (made, developer.get(one).json(), developer.patch(one, {"phone": "1"}).json()):
        assert answer["billingAddress"] == {**address, "countryName": name}
        assert "shippingAddress" not in answer


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": None}, "REQUEST"),
        ({"name": ""}, "REQUEST"),
        ({"accountType": "DOG"}, "BDC_1119"),
        ({"contact": "C"}, "BDC_1124"),
        ({"billingAddress": {**ADDRESS, "country": "USA"}}, "BDC_1119"),
        ({"billingAddress": {**ADDRESS, "country": "United States"}}, "BDC_1119"),
        ({"billingAddress": {**ADDRESS, "country": "us"}}, "BDC_1119"),
        ({"shippingAddress": {**ADDRESS, "country": "ZZ"}}, "BDC_1119"),
    ],
    ids=["email", "name", "type", "contact", "three", "name of country", "lower case", "none"],
)
def test_a_bad_body_is_refused(developer, codes, change, code):
    assert codes(developer.post("/v3/customers", {**CUSTOMER, **change})) == [code]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("accountType:eq:PERSON", ["Solo"]),
        ('invoiceCurrency:in:"CAD,EUR"', ["Solo"]),
        ('name:sw:"Café"', ["Café Größe"]),
        ("address.country:eq:CA", ["Solo"]),
        ("address.country:ne:US", ["Solo"]),
        ("paymentStatus:ne:OPEN", ["Northside School of Music", "Solo"]),
        ('paymentStatus:in:"PARTIAL_PAYMENT,PAID_IN_FULL"', ["Northside School of Music"]),
    ],
)
def test_customers_can_be_filtered(developer, filters, found):
    changes = {"name": "Solo", "accountType": "PERSON", "invoiceCurrency": "CAD"}
    changes["billingAddress"] = {
        "line1": "1 Way",
        "city": "X",
        "zipOrPostalCode": "1",
        "country": "CA",
    }
    developer.post("/v3/customers", {**CUSTOMER, **changes})
    listed = developer.get("/v3/customers", params={"filters": filters}).json()["results"]
    assert [each["name"] for each in listed] == found


def test_the_authorization_to_charge_is_set_and_taken_back(developer, customer, codes):
    one = f"/v3/customers/{customer['id']}"
    assert customer["authorizedToCharge"] is False
    for authorized in (True, False):
        answer = developer.post(f"{one}/charge-authorization", {"authorizedToCharge": authorized})
        assert (answer.status_code, answer.json()["authorizedToCharge"]) == (200, authorized)
        assert developer.get(one).json() == answer.json()
    assert codes(developer.post(f"{one}/charge-authorization", {})) == ["REQUEST"]
    nobody = developer.post(
        "/v3/customers/nobody/charge-authorization", {"authorizedToCharge": True}
    )
    assert codes(nobody) == ["BDC_1120"]


def test_customers_are_their_organizations_own(console, codes, customer):
    assert codes(console.get(f"/v3/customers/{customer['id']}")) == ["BDC_1120"]


def test_the_shops_customers_owe_what_their_invoices_leave_due(developer):
    customers = developer.get("/v3/customers").json()["results"]
    invoices = developer.get("/v3/invoices").json()["results"]
    assert [each["name"] for each in customers][-1] == "Café Größe"
    owed = {each["id"]: 0 for each in customers}
    for invoice in invoices:
        owed[invoice["customerId"]] += invoice["dueAmount"]
    assert {each["id"]: each["balance"]["amount"] for each in customers} == owed
    assert {each["status"] for each in invoices} == {"OPEN", "PARTIAL_PAYMENT"}


def test_the_shops_first_customer_can_be_charged_at_once(developer):
    customer = developer.get("/v3/customers").json()["results"][0]
    account = developer.get(f"/v3/customers/{customer['id']}/bank-accounts").json()["results"][0]
    invoice = developer.get("/v3/invoices").json()["results"][0]
    charge = {
        "customerId": customer["id"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": account["id"]},
        "invoicePayments": [{"invoiceId": invoice["id"], "amount": invoice["dueAmount"]}],
    }
    assert developer.post("/v3/receivable-payments", charge).status_code == 201
