"""Customers' contacts."""

import pytest

BODY = {
    "firstName": "Zoë",
    "lastName": "Keys",
    "email": "zoe@example.com",
    "alternateEmail": "z@example.com",
}


@pytest.fixture
def path(developer):
    made = developer.post("/v3/customers", {"name": "Band", "email": "b@example.com"}).json()
    return f"/v3/customers/{made['id']}/contacts"


@pytest.fixture
def contact(developer, path):
    answer = developer.post(path, BODY)
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_changed_archived_and_restored(
    developer, path, contact
):
    one = f"{path}/{contact['id']}"
    assert contact.items() >= BODY.items()
    assert developer.get(one).json() == contact
    assert developer.get(path).json()["results"] == [contact]
    assert developer.patch(one, {"phone": "1"}).json()["phone"] == "1"
    for word, archived in (("archive", True), ("archive", True), ("restore", False)):
        assert developer.post(f"{one}/{word}").json()["archived"] is archived


def test_an_email_is_one_contacts_of_the_customer(developer, path, contact, codes):
    same = {"email": "ZOE@example.com"}
    assert codes(developer.post(path, same)) == ["BDC_1119"]
    other = developer.post(path, {"firstName": "A"}).json()
    assert codes(developer.patch(f"{path}/{other['id']}", same)) == ["BDC_1119"]
    assert developer.patch(f"{path}/{contact['id']}", same).status_code == 200
    elsewhere = developer.post("/v3/customers", {"name": "O", "email": "o@example.com"}).json()
    answer = developer.post(f"/v3/customers/{elsewhere['id']}/contacts", BODY)
    assert answer.status_code == 201


def test_a_wrong_type_is_refused(developer, path, codes):
    assert codes(developer.post(path, {"email": 1})) == ["BDC_1124"]
