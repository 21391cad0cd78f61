"""Customers and invoices of v2, over the records of v3."""

import pytest

NO_ID = "0" * 20


@pytest.fixture
def customer(v2):
    return v2.create(
        "Customer",
        name="Paperless Band",
        isActive="1",
        contactFirstName="Zoë",
        billAddress1="987 Side Street",
        billAddressCity="San Jose",
        billAddressCountry="USA",
        billAddressZip="95002",
        printAs="Paperless",
    )


@pytest.fixture
def invoice(v2, customer):
    return v2.create(
        "Invoice",
        customerId=customer["id"],
        invoiceNumber="I-1",
        invoiceDate="2026-11-01",
        dueDate="2026-12-01",
        isToBeEmailed=True,
        jobId=NO_ID,
        invoiceLineItems=[
            {"entity": "InvoiceLineItem", "quantity": 2, "price": 14.99, "itemId": "0ii-7"},
            {"entity": "InvoiceLineItem", "quantity": 1, "price": 50, "description": "Größe L"},
        ],
    )


def test_a_customer_of_v2_is_one_of_v3(v2, customer, developer):
    of_v3 = developer.get(f"/v3/customers/{customer['id']}").json()
    assert of_v3["contact"] == {"firstName": "Zoë"}
    assert of_v3["billingAddress"] == {
        "line1": "987 Side Street",
        "city": "San Jose",
        "country": "US",
        "countryName": "United States",
        "zipOrPostalCode": "95002",
    }
    assert customer["billAddressCountry"] == "United States"
    assert customer["printAs"] == "Paperless"
    assert customer["shipAddress1"] is None
    assert customer["balance"] == 0
    updated = v2.update("Customer", id=customer["id"], contactLastName="Lindqvist")
    assert (updated["contactFirstName"], updated["contactLastName"]) == ("Zoë", "Lindqvist")


def test_an_invoice_of_v2_is_one_of_v3(v2, customer, invoice, developer):
    of_v3 = developer.get(f"/v3/invoices/{invoice['id']}").json()
    assert of_v3["customerId"] == invoice["customerId"] == customer["id"]
    assert of_v3["totalAmount"] == invoice["amount"] == invoice["amountDue"] == 79.98
    assert of_v3["invoiceLineItems"][0]["classifications"] == {"itemId": "0ii-7"}
    assert invoice["paymentStatus"] == "1"
    assert invoice["isToBeEmailed"] is True
    assert invoice["invoiceLineItems"][1]["invoiceId"] == invoice["id"]
    assert invoice["invoiceLineItems"][1]["description"] == "Größe L"
    assert v2.read("Customer", customer["id"])["balance"] == 79.98


def test_a_payment_recorded_in_v3_changes_the_invoice_of_v2(v2, customer, invoice, developer):
    body = {
        "customerId": customer["id"],
        "paymentDate": "2026-11-02",
        "paymentType": "CHECK",
        "amount": 79.98,
        "invoices": [{"id": invoice["id"], "amount": 79.98}],
    }
    developer.post("/v3/invoices/record-payment", body)
    paid = v2.read("Invoice", invoice["id"])
    assert (paid["paymentStatus"], paid["amountDue"]) == ("0", 0)
    found = v2.list("Invoice", ("paymentStatus", "=", "0"), ("customerId", "=", customer["id"]))
    assert [each["id"] for each in found] == [invoice["id"]]


def test_an_updated_invoice(v2, invoice):
    updated = v2.update("Invoice", id=invoice["id"], dueDate="2027-01-01", poNumber="PO")
    assert (updated["dueDate"], updated["poNumber"]) == ("2027-01-01", "PO")
    assert updated["invoiceLineItems"] == [
        {**line, "updatedTime": updated["updatedTime"]} for line in invoice["invoiceLineItems"]
    ]
    assert v2("Crud/Delete/Invoice", {"id": invoice["id"]})["isActive"] == "2"
    assert v2("Crud/Undelete/Invoice", {"id": invoice["id"]})["isActive"] == "1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customerId": "0cu-of-nobody"}, "BDC_1119"),
        ({"customerId": None}, "BDC_1117"),
        ({"dueDate": "soon"}, "BDC_1119"),
        ({"invoiceLineItems": []}, "BDC_1117"),
        ({"invoiceLineItems": [{"price": "much"}]}, "BDC_1124"),
    ],
)
def test_refused_invoices(v2, customer, changes, code):
    body = {"customerId": customer["id"], "invoiceLineItems": [{"price": 1, "quantity": 1}]}
    assert v2.refused("Crud/Create/Invoice", {"obj": {**body, **changes}})[0] == code
    assert v2.list("Invoice", ("customerId", "=", customer["id"])) == []


def test_bulk_invoices(v2, customer):
    one = {"customerId": customer["id"], "invoiceLineItems": [{"price": 1, "quantity": 3}]}
    answers = v2("Bulk/Crud/Create/Invoice", {"bulk": [{"obj": one}, {"obj": one}]})["bulk"]
    assert [each["response_data"]["amount"] for each in answers] == [3, 3]
    assert v2.read("Customer", customer["id"])["balance"] == 6
