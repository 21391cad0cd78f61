"""What currencies cost, in v2."""


def test_only_vendors_abroad_have_a_rate(v2, developer):
    [at_home, *_] = v2.list("Vendor", ("billCurrency", "=", "USD"))
    asked = {"vendorData": [{"vendorId": at_home["id"], "totalAmount": "10", "type": "POC3"}]}
    assert v2.refused("GetDynamicExchangeRateQuote", asked)[0] == "BDC_1119"


def test_the_rate_of_a_vendor_abroad(v2, developer):
    abroad = [
        each
        for each in developer.get("/v3/vendors", params={"max": 100}).json()["results"]
        if each["address"]["country"] != "US" and "bankAccount" in each["paymentInformation"]
    ]
    if not abroad:
        return
    vendor_id = abroad[0]["id"]
    asked = {"vendorData": [{"vendorId": vendor_id, "totalAmount": "10", "type": "POC3"}]}
    answer = v2("GetDynamicExchangeRateQuote", asked)
    assert answer["orgBaseCurrency"] == "USD"
    [rate] = answer["exchangeRates"]
    in_v3 = developer.get(
        "/v3/payments/exchange-rate", params={"vendorId": vendor_id, "amount": 10}
    ).json()
    assert (rate["exchangeRate"], rate["totalAmount"]) == (in_v3["exchangeRate"], "10")
    assert answer["batchId"] == in_v3["exchangeRateBatchId"]
