"""Each run sends another key."""

from uuid import uuid4


def test_new_bill(bill):
    vendor = bill.call("GET", "/v3/vendors", params={"max": 1})["results"][0]
    line = {"amount": 12.5, "description": f"order {uuid4()}"}
    sent = {"vendorId": vendor["id"], "dueDate": "2030-12-31", "billLineItems": [line]}
    sent["invoice"] = {"invoiceNumber": "1", "invoiceDate": "2030-12-01"}
    assert bill.call("POST", "/v3/bills", json=sent)["id"]
