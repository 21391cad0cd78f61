"""Customers' bank accounts."""

import pytest

ADDRESS = {"line1": "1", "city": "San Jose", "zipOrPostalCode": "95002", "country": "US"}
BODY = {
    "nameOnAccount": "Café Größe",
    "nickname": "Main",
    "routingNumber": "322271627",
    "accountNumber": "1234567890",
    "type": "CHECKING",
    "ownerType": "BUSINESS",
}


@pytest.fixture
def path(developer):
    customer = {"name": "Band", "email": "b@example.com", "billingAddress": ADDRESS}
    made = developer.post("/v3/customers", customer).json()
    return f"/v3/customers/{made['id']}/bank-accounts"


@pytest.fixture
def account(developer, path):
    answer = developer.post(path, BODY)
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_changed_and_archived(developer, path, account):
    one = f"{path}/{account['id']}"
    assert account["id"].startswith("cba")
    assert account["accountNumber"] == "************7890"
    assert developer.get(one).json() == account
    assert developer.get(path).json()["results"] == [account]
    change = {"nickname": "New", "ownerType": "PERSON", "routingNumber": "1"}
    changed = developer.patch(one, change).json()
    assert (changed["nickname"], changed["ownerType"]) == ("New", "PERSON")
    assert changed["routingNumber"] == "322271627"
    assert developer.post(f"{one}/archive").json()["archived"] is True


def test_an_archived_account_cannot_be_restored(developer, path, account, codes):
    assert codes(developer.post(f"{path}/{account['id']}/restore")) == ["BDC_1121"]


def test_the_customer_needs_a_billing_address(developer, codes):
    bare = developer.post("/v3/customers", {"name": "B", "email": "b@example.com"}).json()
    path = f"/v3/customers/{bare['id']}/bank-accounts"
    assert codes(developer.post(path, BODY)) == ["REQUEST"]
    assert developer.get(path).json()["results"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"routingNumber": None}, "REQUEST"),
        ({"accountNumber": ""}, "REQUEST"),
        ({"type": "JAR"}, "BDC_1119"),
        ({"nickname": 1}, "BDC_1124"),
    ],
)
def test_a_bad_body_is_refused(developer, path, codes, change, code):
    assert codes(developer.post(path, {**BODY, **change})) == [code]
