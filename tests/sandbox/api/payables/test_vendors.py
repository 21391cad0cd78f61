"""Vendors: create, get, update, in bulk, abroad."""

import re
from datetime import timedelta

import pytest

VENDOR = {
    "name": "Steady Drum Works",
    "accountType": "BUSINESS",
    "email": "hello@steady.example.com",
    "address": {
        "line1": "7 Beat Street",
        "city": "Reno",
        "zipOrPostalCode": "89501",
        "country": "US",
    },
    "paymentInformation": {
        "payeeName": "Steady Drums",
        "bankAccount": {"accountNumber": "111222333", "routingNumber": "074000010"},
    },
}


@pytest.fixture
def vendor(developer):
    answer = developer.post("/v3/vendors", VENDOR)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_created_vendor_can_be_read_and_listed(developer, vendor):
    assert vendor["id"].startswith("009")
    assert len(vendor["id"]) == 20
    assert (vendor["archived"], vendor["networkStatus"]) == (False, "NOT_CONNECTED")
    assert developer.get(f"/v3/vendors/{vendor['id']}").json() == vendor
    params = {"filters": f"id:eq:{vendor['id']}"}
    assert developer.get("/v3/vendors", params=params).json() == {"results": [vendor]}


def test_the_bank_account_number_comes_back_masked(vendor):
    information = vendor["paymentInformation"]
    assert information["bankAccount"]["accountNumber"] == "************2333"
    assert (information["payeeName"], information["payByType"]) == ("Steady Drums", "ACH")


def test_a_vendor_without_a_bank_account_is_paid_by_check(developer):
    body = {name: VENDOR[name] for name in ("name", "address")}
    vendor = developer.post("/v3/vendors", body).json()
    information = vendor["paymentInformation"]
    assert (information["payByType"], information["payeeName"]) == ("CHECK", VENDOR["name"])
    assert "email" not in vendor


def test_update_replaces_the_given_fields(developer, vendor, sandbox):
    sandbox.advance(timedelta(minutes=1))
    path = f"/v3/vendors/{vendor['id']}"
    changed = developer.patch(path, {"phone": "5550100", "id": "x", "archived": True}).json()
    assert changed.pop("updatedTime") > vendor.pop("updatedTime")
    assert changed == {**vendor, "phone": "5550100"}


def test_update_leaves_the_bank_account(developer, vendor):
    change = {"payeeName": "Drums", "bankAccount": {"accountNumber": "999"}}
    path = f"/v3/vendors/{vendor['id']}"
    changed = developer.patch(path, {"paymentInformation": change}).json()
    assert changed["paymentInformation"] == {**vendor["paymentInformation"], "payeeName": "Drums"}


def test_update_refuses_what_create_refuses(developer, vendor, codes):
    path = f"/v3/vendors/{vendor['id']}"
    assert codes(developer.patch(path, {"name": ""})) == ["REQUEST"]
    assert developer.get(path).json() == vendor


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_unknown_vendor(developer, codes, method):
    answer = developer.call(method, "/v3/vendors/009unknown", json={})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_the_sync_token_reads_and_writes_vendors(sync):
    assert sync.get("/v3/vendors").status_code == 200
    assert sync.post("/v3/vendors", VENDOR).status_code == 201


def test_archived_vendors_can_be_restored(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    assert developer.post(f"/v3/vendors/{vendor['id']}/archive").json()["archived"] is True
    assert developer.post(f"/v3/vendors/{vendor['id']}/restore").json()["archived"] is False


def test_several_vendors_are_created_at_once_or_none(developer, codes):
    address = {"line1": "1 Main", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    bodies = [{"name": name, "address": address} for name in ("A", "B")]
    made = developer.post("/v3/vendors/bulk", bodies)
    assert made.status_code == 201
    assert [each["name"] for each in made.json()["vendors"]] == ["A", "B"]
    before = developer.get("/v3/vendors").json()
    refused = developer.post("/v3/vendors/bulk", [*bodies, {"name": "C"}])
    assert codes(refused) == ["REQUEST"]
    assert developer.get("/v3/vendors").json() == before


def test_twenty_vendors_at_most_at_once(developer, codes):
    body = {"name": "A", "address": VENDOR["address"]}
    assert codes(developer.post("/v3/vendors/bulk", [body] * 21)) == ["BDC_1129"]


def test_long_names_are_refused(developer, codes):
    body = {**VENDOR, "name": "é" * 101, "shortName": "é" * 41}
    assert codes(developer.post("/v3/vendors", body)) == ["BDC_1143", "BDC_1143"]


def test_bills_are_paid_together_if_nothing_else_is_said(developer, vendor):
    assert vendor["additionalInfo"] == {"track1099": False, "combinePayments": True}
    change = {"additionalInfo": {"combinePayments": False, "taxId": "12-3456789"}}
    changed = developer.patch(f"/v3/vendors/{vendor['id']}", change).json()
    assert changed["additionalInfo"] == {"track1099": False, **change["additionalInfo"]}


def abroad(country, **account):
    full = {
        "nameOnAccount": "Loja Ltda",
        "accountNumber": "BR9700360305000010009795493P1",
        "type": "CHECKING",
        "bankCountry": country,
        "paymentCurrency": "BRL",
        **account,
    }
    return {
        "name": "Loja de Música",
        "accountType": "BUSINESS",
        "address": {**VENDOR["address"], "country": country},
        "paymentInformation": {
            "bankAccount": {name: value for name, value in full.items() if value is not None}
        },
    }


BRAZIL = {
    "regulatoryFields": [{"name": "taxId", "value": "12.345.678/0001-95"}],
    "paymentPurpose": {"code": {"value": "GOODS"}},
}


def test_a_vendor_abroad_gives_what_its_country_asks_for(developer):
    answer = developer.post("/v3/vendors", abroad("BR", **BRAZIL))
    assert answer.status_code == 201, answer.text
    vendor = answer.json()
    assert vendor["billCurrency"] == "BRL"
    assert vendor["paymentInformation"]["payByType"] == "INTERNATIONAL"
    params = {"filters": "address.country:eq:BR"}
    assert developer.get("/v3/vendors", params=params).json() == {"results": [vendor]}
    asked = developer.get(f"/v3/vendors/{vendor['id']}/configuration").json()
    asked = asked["internationalPayments"]
    purpose = asked["paymentPurpose"]
    assert (purpose["required"], purpose["type"]) == (True, "CODE")
    fields = {each["name"]: each for each in asked["validations"]["fields"]}
    assert fields["accountNumber"]["description"] == "IBAN"
    assert fields["taxId"]["required"] is True
    number = vendor["paymentInformation"]["bankAccount"]["accountNumber"]
    assert not re.search(fields["accountNumber"]["regularExpression"], number)
    params = {"country": "BR", "billCurrency": "BRL", "accountType": "BUSINESS"}
    path = "/v3/vendors/configuration/international-payments"
    assert developer.get(path, params=params).json() == asked


@pytest.mark.parametrize(
    ("country", "account", "expected"),
    [
        ("BR", {}, ["REQUEST", "REQUEST"]),
        ("BR", {**BRAZIL, "paymentPurpose": {"code": {"value": "FUN"}}}, ["BDC_1119"]),
        ("BR", {**BRAZIL, "type": None, "bankCountry": None}, ["REQUEST", "REQUEST"]),
        ("BR", {**BRAZIL, "paymentCurrency": "XXX"}, ["BDC_1119"]),
        ("JP", {"paymentCurrency": "JPY"}, ["REQUEST"]),
        ("BR", {**BRAZIL, "accountNumber": "12345"}, ["BDC_1119"]),  # pytest-bill: allow
    ],
)
def test_what_is_missing_abroad(developer, codes, country, account, expected):
    before = developer.get("/v3/vendors").json()
    answer = developer.post("/v3/vendors", abroad(country, **account))
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get("/v3/vendors").json() == before


@pytest.mark.parametrize(
    ("currency", "sub_type", "method"), [("BRL", "MULTIPLE", "LOCAL"), ("USD", "WIRE", None)]
)
def test_how_payments_reach_a_vendor_abroad(developer, currency, sub_type, method):
    body = abroad("BR", **BRAZIL, paymentCurrency=currency)
    vendor = developer.post("/v3/vendors", body).json()
    paid = vendor["paymentInformation"]
    assert (paid["payBySubType"], paid.get("transferMethod")) == (sub_type, method)
    path = f"/v3/vendors/{vendor['id']}"
    assert developer.get(path).json() == vendor
    developer.delete(f"{path}/bank-account")
    paid = developer.get(path).json()["paymentInformation"]
    assert (paid["payBySubType"], paid.get("transferMethod")) == ("NONE", None)


def test_the_payment_status_of_a_vendors_bills_finds_it(developer, vendor, codes):
    def found(term):
        params = {"filters": f"paymentStatus:{term}", "max": 100}
        listed = developer.get("/v3/vendors", params=params)
        return {each["name"] for each in listed.json()["results"]}

    everyone = {each["name"] for each in developer.get("/v3/vendors").json()["results"]}
    billed = everyone - {vendor["name"]}
    assert found("eq:UNPAID") == billed
    assert found("eq:SCHEDULED") == {"Happy Music Supplies"}
    assert found('in:"SCHEDULED,PAID"') == {"Happy Music Supplies"}
    assert found("ne:UNPAID") == {vendor["name"]}
    assert found('nin:"SCHEDULED,PAID"') == everyone - {"Happy Music Supplies"}
    params = {"filters": "paymentStatus:eq:LATE"}
    assert codes(developer.get("/v3/vendors", params=params)) == ["BDC_1129"]


def test_archived_bills_say_nothing_of_their_vendor(developer):
    params = {"filters": "paymentStatus:eq:SCHEDULED"}
    for bill in developer.get("/v3/bills", params=params).json()["results"]:
        developer.post(f"/v3/bills/{bill['id']}/archive")
    assert developer.get("/v3/vendors", params=params).json()["results"] == []


def test_a_vendor_abroad_without_a_bank_account_is_paid_by_check(developer):
    body = abroad("JP")
    del body["paymentInformation"]
    assert developer.post("/v3/vendors", body).json()["paymentInformation"]["payByType"] == "CHECK"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"country": "DK", "billCurrency": "EUR"}, 1),
        ({"country": "Ünland", "billCurrency": "XXX", "accountType": "FIRM"}, 3),
    ],
)
def test_refused_configurations(developer, codes, query, count):
    path = "/v3/vendors/configuration/international-payments"
    assert codes(developer.get(path, params=query)) == ["BDC_1129"] * count


def test_a_rare_currency_and_the_united_states_are_known(developer):
    path = "/v3/vendors/configuration/international-payments"
    query = {"country": "US", "billCurrency": "ZMW", "accountType": "NONE"}
    assert developer.get(path, params=query).json()["paymentPurpose"]["required"] is False


def test_a_vendor_says_what_it_is_owed_and_when_it_was_paid(developer, vendor, pass_days):
    path = f"/v3/vendors/{vendor['id']}"
    assert vendor["balance"] == {"amount": 0, "lastUpdatedDate": vendor["createdTime"]}
    assert vendor["address"]["countryName"] == "United States"
    assert "lastPaymentDate" not in vendor["paymentInformation"]
    bill = developer.post(
        "/v3/bills",
        {
            "vendorId": vendor["id"],
            "dueDate": "2030-12-31",
            "billLineItems": [{"amount": 100}],
            "invoice": {"invoiceNumber": "1", "invoiceDate": "2030-12-01"},
        },
    ).json()
    payment = developer.post(
        "/v3/payments",
        {
            "billId": bill["id"],
            "amount": 40,
            "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
            "processingOptions": {},
        },
    ).json()
    now = developer.get(path).json()
    paid = developer.get(f"/v3/bills/{bill['id']}").json()
    assert now["balance"] == {"amount": 60, "lastUpdatedDate": paid["updatedTime"]}
    pass_days(10)
    [listed] = (
        each
        for each in developer.get("/v3/vendors").json()["results"]
        if each["id"] == vendor["id"]
    )
    assert listed["paymentInformation"]["lastPaymentDate"] == payment["processDate"]
    developer.post(f"/v3/bills/{bill['id']}/archive")
    assert developer.get(path).json()["balance"]["amount"] == 0


def test_its_account_and_recurring_bills_show_in_a_vendor(developer, vendor):
    assert (vendor["bankAccountStatus"], vendor["recurringPayments"]) == ("VERIFIED", False)
    path = f"/v3/vendors/{vendor['id']}"
    developer.delete(f"{path}/bank-account")
    body = {
        "vendorId": vendor["id"],
        "schedule": {"period": "MONTHLY", "nextDueDate": "2099-12-31"},
        "recurringBillLineItems": [{"amount": 5}],
        "processingOptions": {"autoPayment": True},
        "paymentInformation": {"bankAccountId": "bac" + "0" * 17},
    }
    assert developer.post("/v3/recurringbills", body).status_code == 201
    now = developer.get(path).json()
    assert (now["bankAccountStatus"], now["recurringPayments"]) == ("NO_ACCOUNT", True)


def test_additional_information_is_kept(developer, codes):
    info = {"taxId": "12-3456789", "taxIdType": "EIN", "leadTimeInDays": 3}
    made = developer.post("/v3/vendors", {**VENDOR, "additionalInfo": info}).json()
    assert made["additionalInfo"].items() >= info.items()
    for bad in ({"taxIdType": "VAT"}, {"leadTimeInDays": -1}, {"paymentTermId": "00pno"}):
        answer = developer.patch(f"/v3/vendors/{made['id']}", {"additionalInfo": bad})
        assert codes(answer) == ["BDC_1119"]
