"""What currencies cost, in v2."""

import pytest

from tests.helpers.vendors import IN_CANADA


@pytest.fixture
def abroad(developer):
    """A vendor in Canada with a bank account, which only v3 makes."""
    answer = developer.post("/v3/vendors", IN_CANADA)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def quote(vendor_id):
    return {"vendorData": [{"vendorId": vendor_id, "totalAmount": "10", "type": "POC3"}]}


def test_the_rate_of_a_vendor_abroad_is_that_of_v3(v2, developer, abroad):
    answer = v2("GetDynamicExchangeRateQuote", quote(abroad))
    assert answer["orgBaseCurrency"] == "USD"
    [rate] = answer["exchangeRates"]
    params = {"vendorId": abroad, "amount": 10}
    in_v3 = developer.get("/v3/payments/exchange-rate", params=params).json()
    assert (rate["exchangeRate"], rate["totalAmount"]) == (in_v3["exchangeRate"], "10")
    assert (rate["paymentCurrency"], rate["billCurrency"]) == ("CAD", "CAD")
    assert answer["batchId"] == in_v3["exchangeRateBatchId"]


def test_a_vendor_at_home_has_none(v2):
    at_home = v2.create("Vendor", name="Paper")["id"]
    for vendor_id in (at_home, "009-none"):
        assert v2.refused("GetDynamicExchangeRateQuote", quote(vendor_id))[0] == "BDC_1119"
