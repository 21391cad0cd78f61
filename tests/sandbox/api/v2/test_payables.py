"""Vendors, bills and recurring bills of v2, over the records of v3."""

import pytest

NO_ID = "0" * 20


@pytest.fixture
def vendor(v2):
    return v2.create(
        "Vendor",
        isActive="1",
        name="Happy Music Supplies",
        companyName="Happy Music GmbH",
        nameOnCheck="Happy Music",
        accNumber="1566",
        track1099=True,
        address1="1234 Happy Lane",
        addressCity="Köln",
        addressState="",
        addressZip="95050",
        addressCountry="United States",
        email="happy@example.com",
        accountType="1",
        paymentTermId=NO_ID,
    )


@pytest.fixture
def bill(v2, vendor):
    return v2.create(
        "Bill",
        vendorId=vendor["id"],
        invoiceNumber="202601",
        invoiceDate="2026-11-01",
        dueDate="2026-12-31",
        glPostingDate="",
        poNumber="PO-7",
        departmentId="0de-main",
        billLineItems=[
            {"entity": "BillLineItem", "amount": 100.5, "itemId": "", "description": "Strings"},
            {"entity": "BillLineItem", "quantity": 2, "unitPrice": 14.25, "itemId": "0ii-7"},
        ],
    )


def test_a_vendor_of_v2_is_one_of_v3(v2, vendor, developer):
    of_v3 = developer.get(f"/v3/vendors/{vendor['id']}").json()
    assert of_v3["name"] == vendor["name"] == "Happy Music Supplies"
    assert of_v3["accountType"] == "BUSINESS"
    assert of_v3["accountNumber"] == "1566"
    assert of_v3["paymentInformation"]["payeeName"] == "Happy Music"
    assert of_v3["address"] == {
        "line1": "1234 Happy Lane",
        "city": "Köln",
        "zipOrPostalCode": "95050",
        "country": "US",
        "countryName": "United States",
    }
    assert "companyName" not in of_v3
    assert v2.read("Vendor", vendor["id"]) == vendor


def test_every_field_of_an_entity_is_answered(vendor):
    assert vendor["entity"] == "Vendor"
    assert vendor["id"].startswith("009")
    assert vendor["isActive"] == "1"
    assert vendor["companyName"] == "Happy Music GmbH"
    assert vendor["track1099"] is True
    assert vendor["addressState"] is vendor["fax"] is None
    assert vendor["paymentTermId"] == vendor["mergedIntoId"] == NO_ID
    assert vendor["payBy"] == "0"
    assert vendor["createdTime"].endswith("+0000")


def test_a_vendor_of_v3_is_one_of_v2(v2, developer):
    address = {"line1": "1 Main", "city": "Bonn", "zipOrPostalCode": "5", "country": "DE"}
    body = {"name": "Geiger", "accountType": "PERSON", "address": address}
    vendor_id = developer.post("/v3/vendors", body).json()["id"]
    vendor = v2.read("Vendor", vendor_id)
    assert (vendor["name"], vendor["accountType"]) == ("Geiger", "2")
    assert (vendor["address1"], vendor["addressCountry"]) == ("1 Main", "Germany")


def test_a_vendor_needs_no_more_than_a_name(v2, developer):
    vendor = v2.create("Vendor", name="Ünïcode")
    assert developer.get(f"/v3/vendors/{vendor['id']}").json()["name"] == "Ünïcode"


def test_an_update_changes_what_it_names(v2, vendor, developer):
    updated = v2.update("Vendor", id=vendor["id"], addressCity="Bonn", fax="123", companyName="")
    assert (updated["addressCity"], updated["address1"]) == ("Bonn", "1234 Happy Lane")
    assert (updated["fax"], updated["companyName"]) == ("123", None)
    assert updated["email"] == "happy@example.com"
    assert developer.get(f"/v3/vendors/{vendor['id']}").json()["address"]["city"] == "Bonn"
    assert v2.update("Vendor", id=vendor["id"], email="", address1="")["address1"] is None
    of_v3 = developer.get(f"/v3/vendors/{vendor['id']}").json()
    assert "email" not in of_v3
    assert "line1" not in of_v3["address"]


@pytest.mark.parametrize("by", ["Delete", "Update"])
def test_a_deleted_vendor_is_archived(v2, vendor, developer, by):
    if by == "Delete":
        answer = v2("Crud/Delete/Vendor", {"id": vendor["id"]})
    else:
        answer = v2.update("Vendor", id=vendor["id"], isActive="2")
    assert answer["isActive"] == "2"
    assert developer.get(f"/v3/vendors/{vendor['id']}").json()["archived"] is True
    assert vendor["id"] not in [each["id"] for each in v2.list("Vendor", ("isActive", "=", "1"))]
    assert v2("Crud/Undelete/Vendor", {"id": vendor["id"]})["isActive"] == "1"
    assert developer.get(f"/v3/vendors/{vendor['id']}").json()["archived"] is False


def test_an_inactive_vendor_is_created_archived(v2, developer):
    vendor = v2.create("Vendor", name="Former", isActive="2")
    assert vendor["isActive"] == "2"
    assert developer.get(f"/v3/vendors/{vendor['id']}").json()["archived"] is True


def test_a_bill_of_v2_is_one_of_v3(v2, vendor, bill, developer):
    of_v3 = developer.get(f"/v3/bills/{bill['id']}").json()
    assert of_v3["vendorId"] == bill["vendorId"] == vendor["id"]
    assert of_v3["amount"] == bill["amount"] == bill["dueAmount"] == 129
    assert of_v3["invoice"] == {"invoiceNumber": "202601", "invoiceDate": "2026-11-01"}
    assert of_v3["purchaseOrderNumber"] == "PO-7"
    assert of_v3["classifications"] == {"departmentId": "0de-main"}
    assert of_v3["billLineItems"][1]["classifications"] == {"itemId": "0ii-7"}
    assert (bill["paymentStatus"], bill["approvalStatus"]) == ("1", "0")
    assert bill["glPostingDate"] == "2026-11-01"
    first, second = bill["billLineItems"]
    assert (first["entity"], first["billId"]) == ("BillLineItem", bill["id"])
    assert (first["amount"], first["lineType"], first["itemId"]) == (100.5, "1", NO_ID)
    assert (second["amount"], second["lineType"], second["unitPrice"]) == (28.5, "2", 14.25)


def test_the_line_items_of_an_update_replace_those_of_the_bill(v2, bill):
    kept = bill["billLineItems"][0]
    lines = [{"id": kept["id"], "amount": 7}, {"amount": 3}]
    updated = v2.update("Bill", id=bill["id"], billLineItems=lines)
    assert updated["amount"] == 10
    assert updated["billLineItems"][0]["id"] == kept["id"]
    assert updated["invoiceNumber"] == "202601"
    assert v2.update("Bill", id=bill["id"], departmentId=NO_ID)["departmentId"] == NO_ID


def test_a_recurring_bill(v2, vendor, developer):
    created = v2.create(
        "RecurringBill",
        vendorId=vendor["id"],
        timePeriod="1",
        frequencyPerTimePeriod=2,
        nextDueDate="2027-01-01",
        endDate="",
        daysInAdvance=5,
        recurringBillLineItems=[{"amount": 40}],
    )
    assert created["endDate"] is None
    assert created["recurringBillLineItems"][0]["recurringBillId"] == created["id"]
    schedule = developer.get(f"/v3/recurringbills/{created['id']}").json()["schedule"]
    assert schedule["period"] == "WEEKLY"
    assert schedule["frequency"] == 2
    updated = v2.update("RecurringBill", id=created["id"], timePeriod="2")
    assert (updated["timePeriod"], updated["daysInAdvance"]) == ("2", 5)


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"vendorId": "009-of-nobody"}, "BDC_1119", "vendorId"),
        ({"vendorId": NO_ID}, "BDC_1119", "vendorId"),
        ({"vendorId": ""}, "BDC_1117", "vendorId"),
        ({"invoiceNumber": None}, "BDC_1117", "invoiceNumber"),
        ({"dueDate": "31.12.2026"}, "BDC_1119", "dueDate"),
        ({"billLineItems": []}, "BDC_1117", "billLineItems"),
        ({"billLineItems": [{"description": "nothing"}]}, "BDC_1117", "billLineItems[0].amount"),
        ({"billLineItems": [{"amount": "much"}]}, "BDC_1124", "billLineItems[0].amount"),
        ({"billLineItems": "none"}, "BDC_1124", "billLineItems"),
        ({"isActive": "3"}, "BDC_1119", "isActive"),
        ({"entity": "Vendor"}, "BDC_1119", "entity"),
    ],
)
def test_refused_bills(v2, vendor, changes, code, named):
    body = {
        "vendorId": vendor["id"],
        "invoiceNumber": "1",
        "invoiceDate": "2026-11-01",
        "dueDate": "2026-12-01",
        "billLineItems": [{"amount": 1}],
        **changes,
    }
    before = len(v2.list("Bill"))
    refused, message = v2.refused("Crud/Create/Bill", {"obj": body})
    assert refused == code
    assert named in message
    assert len(v2.list("Bill")) == before


@pytest.mark.parametrize("operation", ["Read", "Delete", "Undelete"])
@pytest.mark.parametrize("entity", ["Vendor", "Bill", "RecurringBill"])
def test_unknown_ids(v2, vendor, operation, entity):
    data = {"id": vendor["id"] if entity != "Vendor" else "009-of-nobody"}
    assert v2.refused(f"Crud/{operation}/{entity}", data)[0] == "BDC_1120"


def test_an_update_of_an_unknown_id_or_with_an_empty_name(v2, vendor):
    assert v2.refused("Crud/Update/Vendor", {"obj": {"id": "x", "name": "y"}})[0] == "BDC_1120"
    assert v2.refused("Crud/Update/Vendor", {"obj": {"name": "y"}})[0] == "BDC_1117"
    data = {"obj": {"id": vendor["id"], "name": ""}}
    assert v2.refused("Crud/Update/Vendor", data) == (
        "BDC_1117",
        "Missing required data for: name.",
    )


def test_each_object_of_a_bulk_operation_is_for_itself(v2):
    objects = [{"obj": {"name": "One"}}, {"obj": {}}, {"obj": 7}, {"obj": {"name": "Two"}}]
    answers = v2("Bulk/Crud/Create/Vendor", {"bulk": objects})["bulk"]
    assert [each["response_status"] for each in answers] == [0, 1, 1, 0]
    assert [each["response_data"].get("error_code") for each in answers] == [
        *(None, "BDC_1117", "BDC_1124", None)
    ]
    assert v2.read("Vendor", answers[3]["response_data"]["id"])["name"] == "Two"


def test_bulk_updates(v2, vendor):
    objects = [{"obj": {"id": vendor["id"], "name": "New"}}, {"obj": {"id": "x", "name": "New"}}]
    first, second = v2("Bulk/Crud/Update/Vendor", {"bulk": objects})["bulk"]
    assert first["response_data"]["name"] == "New"
    assert second["response_data"]["error_code"] == "BDC_1120"
    too_many = {"bulk": [{"obj": {"name": "x"}}] * 101}
    assert v2.refused("Bulk/Crud/Create/Vendor", too_many)[0] == "BDC_1129"


def test_lists_of_bills(v2, vendor, bill):
    assert v2.list("Bill", ("vendorId", "=", vendor["id"])) == [bill]
    assert v2.list("Bill", ("vendorId", "=", vendor["id"]), nested=True) == [bill]
    assert v2.list("Bill", ("vendorId", "=", vendor["id"]), nested=False) == [
        {name: value for name, value in bill.items() if name != "billLineItems"}
    ]
    everything = v2.list("Bill", sort=[{"field": "dueAmount", "asc": "false"}])
    amounts = [each["dueAmount"] for each in everything]
    assert amounts == sorted(amounts, reverse=True)
    assert len(everything) > 2
    assert v2("List/Bill", {"start": 1, "max": 1}) == v2.list("Bill")[1:2]


def test_a_vendor_is_found_by_what_v3_does_not_know(v2, vendor):
    assert [each["id"] for each in v2.list("Vendor", ("companyName", "sw", "Happy"))] == [
        vendor["id"]
    ]


def test_other_organizations_see_nothing(v2, vendor, console, sandbox):
    other = type(v2)(sandbox.origin, console.headers)
    assert other.refused("Crud/Read/Vendor", {"id": vendor["id"]})[0] == "BDC_1120"


def test_v2_writes_are_forgotten_at_a_reset(v2, vendor, sandbox):
    sandbox.reset()
    assert v2.refused("Crud/Read/Vendor", {"id": vendor["id"]})[0] == "BDC_1120"


def test_bulk_deletes_and_undeletes(v2, vendor):
    both = {"bulk": [{"id": vendor["id"]}, {"id": "009-none"}]}
    gone, unknown = v2("Bulk/Crud/Delete/Vendor", both)["bulk"]
    assert gone["response_data"]["isActive"] == "2"
    assert unknown["response_data"]["error_code"] == "BDC_1120"
    assert v2.read("Vendor", vendor["id"])["isActive"] == "2"
    back, nameless = v2("Bulk/Crud/Undelete/Vendor", {"bulk": [{"id": vendor["id"]}, {}]})["bulk"]
    assert back["response_data"]["isActive"] == "1"
    assert nameless["response_data"]["error_code"] == "BDC_1117"
    assert v2.read("Vendor", vendor["id"])["isActive"] == "1"


def test_bank_accounts_are_deleted_in_bulk(v2, vendor):
    account = {"accountNumber": "1234567890", "routingNumber": "021000021"}
    made = v2.create("VendorBankAccount", vendorId=vendor["id"], **account)
    [gone] = v2("Bulk/Crud/Delete/VendorBankAccount", {"bulk": [{"id": made["id"]}]})["bulk"]
    assert gone["response_data"]["isActive"] == "2"
    assert v2.list("VendorBankAccount", ("vendorId", "=", vendor["id"])) == []
