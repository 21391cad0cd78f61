"""Each credential, errors of BILL, pages, a fixture that asks, and a cassette that tests share."""

import json
import unittest

import pytest

from conftest import ADDRESS
from pytest_bill import BillError


def test_developer_key(bill_dev_session, vendor):
    assert bill_dev_session.get(f"/v3/vendors/{vendor['id']}").json()["name"] == vendor["name"]


def test_sync_token(bill_sync_session):
    assert bill_sync_session.call("GET", "/v3/bills")["results"]


def test_console_api_token(bill_console_session):
    assert bill_console_session.call("GET", "/v3/vendors")["results"]


def test_spend_api_token(bill_spend_client):
    assert len(list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))) > 20


def test_partner_app_key(bill_partner_session):
    made = {"name": "Difference Engines", "address": ADDRESS}
    organization = bill_partner_session.call("POST", "/v3/partner/organizations", json=made)
    users = bill_partner_session.for_organization(organization["id"])
    assert "results" in users.call("GET", "/v3/partner/users")


def test_oauth_client_credentials(bill_oauth_session):
    assert bill_oauth_session.call("GET", "/v3/vendors")["results"]
    assert len(list(bill_oauth_session.paginate("/v3/spend/budgets", {"max": 20}))) > 20


def test_v2(bill_dev_session):
    asked = {"data": json.dumps({"start": 0, "max": 3})}
    answer = bill_dev_session.post("/v2/List/Vendor.json", data=asked).json()
    assert len(answer["response_data"]) == 3


def test_an_error_of_bill(bill_dev_session):
    answer = bill_dev_session.get("/v3/vendors/00901UNKNOWNVENDOR00")
    with pytest.raises(BillError) as refused:
        answer.raise_for_status()
    assert refused.value.codes


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.bill_cassette("lists/vendors")
def test_a_cassette_that_tests_share(bill_dev_session, size):
    assert len(bill_dev_session.get("/v3/vendors", params={"max": size}).json()["results"]) == size


def test_an_upload(bill_dev_session, vendor):
    answer = bill_dev_session.post(
        f"/v3/attachments/vendors/{vendor['id']}",
        params={"name": "a.bin"},
        data=bytes(range(256)),
        headers={"Content-Type": "application/octet-stream"},
    )
    assert bill_dev_session.get(answer.json()["downloadLink"]).content == bytes(range(256))


@pytest.mark.usefixtures("for_class")
class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(scope="class")
    def for_class(self, bill_dev_session, request):
        request.cls.bill = bill_dev_session

    def test_one(self):
        with self.subTest("vendors"):
            self.assertTrue(self.bill.get("/v3/vendors", params={"max": 1}).ok)


@pytest.mark.xfail(raises=ZeroDivisionError, strict=True)
def test_that_is_to_fail(bill_dev_session):
    raise ZeroDivisionError(bill_dev_session.get("/v3/vendors", params={"max": 4}).status_code)


def test_a_webhook(bill_webhook):
    assert bill_webhook.event("bill.updated", {"id": "00n01BILL00000000001"}).body
