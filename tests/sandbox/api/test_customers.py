"""Customers."""

import pytest

CUSTOMER = {"name": "Paperless Band", "email": "band@example.com", "contact": {"firstName": "C"}}


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
    assert developer.get("/v3/customers").json()["results"] == [customer]
    assert developer.patch(one, {"phone": "1"}).json()["phone"] == "1"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": None}, "BDC_1117"),
        ({"name": ""}, "BDC_1117"),
        ({"accountType": "DOG"}, "BDC_1119"),
        ({"contact": "C"}, "BDC_1124"),
    ],
    ids=["email", "name", "type", "contact"],
)
def test_a_bad_body_is_refused(developer, codes, change, code):
    assert codes(developer.post("/v3/customers", {**CUSTOMER, **change})) == [code]


def test_customers_are_their_organizations_own(console, codes, customer):
    assert codes(console.get(f"/v3/customers/{customer['id']}")) == ["BDC_1120"]
