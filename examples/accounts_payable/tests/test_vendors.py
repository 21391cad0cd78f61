import pytest

from pytest_bill import BillError


def test_onboarding_creates_the_vendor(payables, bill_dev_session, address):
    vendor = payables.onboard("Lovelace Printing", "ada@lovelace.example.com", address)
    stored = bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")
    assert stored["name"] == "Lovelace Printing"
    assert stored["address"]["city"] == "Houston"


def test_onboarding_twice_gives_the_same_vendor(payables, address):
    first = payables.onboard("Babbage Gears", "charles@babbage.example.com", address)
    again = payables.onboard("Babbage Gears", "charles@babbage.example.com", address)
    assert again["id"] == first["id"]


def test_a_vendor_needs_an_address(bill_dev_session):
    with pytest.raises(BillError) as refused:
        bill_dev_session.call("POST", "/v3/vendors", json={"name": "Nowhere Supplies"})
    assert refused.value.status == 400
    assert "address" in str(refused.value)


@pytest.mark.parametrize("size", [2, 100])
def test_pages_of_any_size_hold_every_vendor_once(bill_dev_session, supplier, size):
    vendors = list(bill_dev_session.paginate("/v3/vendors", {"max": size}))
    ids = [vendor["id"] for vendor in vendors]
    assert supplier["id"] in ids
    assert len(ids) == len(set(ids))
