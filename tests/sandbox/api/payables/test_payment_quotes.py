"""How a vendor can be paid, exchange rates, and payments abroad."""

from datetime import timedelta

import pytest

from tests.helpers.vendors import IN_CANADA


@pytest.fixture
def abroad(developer):
    answer = developer.post("/v3/vendors", IN_CANADA)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def home(developer):
    return developer.get("/v3/vendors").json()["results"][0]


def rate_of(developer, vendor):
    params = {"vendorId": vendor["id"], "amount": "1000"}
    return developer.get("/v3/payments/exchange-rate", params=params)


def test_the_options_name_the_vendor_and_the_amount(developer, home):
    params = {"vendorId": home["id"], "amount": "200.00"}
    options = developer.get("/v3/payments/options", params=params).json()
    assert (options["vendorId"], options["amount"]) == (home["id"], "200.00")
    [card] = options["fundingOptions"]["cards"]
    assert (card["available"], card["brand"]) == (True, "visa")
    assert card["feeInfo"] == {"amount": 5.8, "rate": 2.9}
    banks = options["fundingOptions"]["banks"]
    assert [bank["available"] for bank in banks] == [True, True]
    assert banks[0]["deliveryDate"] == card["deliveryDate"]


def test_an_account_that_is_not_verified_is_no_option(developer, home):
    body = {
        "nameOnAccount": "Music Shop",
        "routingNumber": "322271627",
        "accountNumber": "11111111",
        "type": "CHECKING",
        "ownerType": "BUSINESS",
        "bankName": "Bank für Töne",
    }
    made = developer.post("/v3/funding-accounts/banks", body).json()
    params = {"vendorId": home["id"], "amount": "5"}
    options = developer.get("/v3/payments/options", params=params).json()
    [option] = (each for each in options["fundingOptions"]["banks"] if each["id"] == made["id"])
    assert option["available"] is False
    assert option["reason"]


@pytest.mark.parametrize("path", ["options", "exchange-rate"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["BDC_1129", "BDC_1129"]),
        ({"vendorId": "009unknown", "amount": "5"}, ["BDC_1129"]),
        ({"vendorId": "009ünknown", "amount": "-5"}, ["BDC_1129", "BDC_1129"]),
        ({"vendorId": "009unknown", "amount": "\u0661"}, ["BDC_1129", "BDC_1129"]),
    ],
)
def test_refused_queries(developer, codes, path, query, expected):
    answer = developer.get(f"/v3/payments/{path}", params=query)
    assert (answer.status_code, codes(answer)) == (400, expected)


def test_a_rate_holds_for_its_batch(developer, abroad, sandbox):
    first = rate_of(developer, abroad).json()
    assert (first["billCurrency"], first["paymentCurrency"]) == ("CAD", "CAD")
    assert (first["baseCurrency"], first["vendorId"]) == ("USD", abroad["id"])
    assert first["exchangeRate"] > 1
    sandbox.advance(timedelta(minutes=20))
    later = rate_of(developer, abroad).json()
    assert later["exchangeRateBatchId"] == first["exchangeRateBatchId"] + 1
    assert later["expirationTime"] > first["expirationTime"]


def test_rates_for_several_vendors(developer, abroad, home, codes):
    wanted = {"vendorId": abroad["id"], "amount": 10}
    answer = developer.post("/v3/payments/exchange-rate", [wanted, wanted])
    assert answer.json() == [rate_of(developer, abroad).json()] * 2
    refused = [wanted, {"vendorId": home["id"], "amount": 10}]
    assert codes(developer.post("/v3/payments/exchange-rate", refused)) == ["BDC_1119"]
    assert codes(developer.post("/v3/payments/exchange-rate", {})) == ["BDC_1122"]


def test_no_rate_for_a_vendor_at_home_or_without_a_bank_account(developer, home, codes):
    assert codes(rate_of(developer, home)) == ["BDC_1129"]
    bare = {key: value for key, value in IN_CANADA.items() if key != "paymentInformation"}
    assert codes(rate_of(developer, developer.post("/v3/vendors", bare).json())) == ["BDC_1129"]


@pytest.fixture
def bill(developer, abroad):
    body = {
        "vendorId": abroad["id"],
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 100}],
        "invoice": {"invoiceNumber": "É-1", "invoiceDate": "2030-12-01"},
    }
    return developer.post("/v3/bills", body).json()


def test_a_bill_in_another_currency_says_what_it_costs(developer, bill, abroad):
    rate = rate_of(developer, abroad).json()["exchangeRate"]
    assert bill["exchangeRate"] == rate
    assert bill["fundingAmount"] == round(100 / rate, 2)


def test_a_payment_in_another_currency_names_its_batch(developer, bill, abroad, codes):
    body = {
        "billId": bill["id"],
        "amount": 100,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {},
    }
    assert codes(developer.post("/v3/payments", body)) == ["REQUEST"]
    quote = rate_of(developer, abroad).json()
    body["exchangeRateBatchId"] = quote["exchangeRateBatchId"] + 1
    assert codes(developer.post("/v3/payments", body)) == ["BDC_1119"]
    body["exchangeRateBatchId"] = quote["exchangeRateBatchId"]
    late = developer.post("/v3/payments", {**body, "processDate": "2099-01-05"})
    assert (late.status_code, codes(late)) == (422, ["BDC_1152"])
    payment = developer.post("/v3/payments", body).json()
    assert payment["fundingAmount"] == round(100 / quote["exchangeRate"], 2)
    assert payment["disbursementType"] == "INTERNATIONAL"
