import pytest

from pytest_bill import BillError


@pytest.fixture
def organization(bill_partner_session, address):
    new = {"name": "Difference Engines", "phone": "7135550100", "address": address}
    return bill_partner_session.call("POST", "/v3/partner/organizations", json=new)


def test_a_new_organization_gets_its_first_user(bill_partner_session, organization):
    users = bill_partner_session.for_organization(organization["id"])
    assert list(users.paginate("/v3/partner/users")) == []
    user = {
        "firstName": "Grace",
        "lastName": "Hopper",
        "email": "grace@difference.example.com",
        "username": "grace.hopper",
        "acceptTermsOfService": True,
    }
    created = users.call("POST", "/v3/partner/users", json=user)
    assert [each["id"] for each in users.paginate("/v3/partner/users")] == [created["id"]]


def test_users_are_managed_within_an_organization(bill_partner_session):
    with pytest.raises(BillError) as refused:
        bill_partner_session.call("GET", "/v3/partner/users")
    assert refused.value.status == 400
