"""Purchase orders, which are v2's alone."""


def test_an_order_is_kept_as_it_was_sent(v2):
    vendor = v2.create("Vendor", name="Paper")
    order = v2.create(
        "PurchaseOrder",
        vendorId=vendor["id"],
        poNumber="PO-1",
        poDate="2026-11-01",
        memo="Größe A4",
        purchaseOrderLineItems=[{"amount": 10, "quantity": 2, "unitPrice": 5}, {"amount": 1}],
    )
    assert order["id"].startswith("pur")
    assert (order["memo"], order["multipleBillLineItems"]) == ("Größe A4", True)
    assert (order["closureStatus"], order["requestor"]) == ("1", "0" * 20)
    first, _ = order["purchaseOrderLineItems"]
    assert (first["amount"], first["quantity"], first["lineType"]) == (10, 2, "1")
    assert v2.list("PurchaseOrder", ("poNumber", "=", "PO-1")) == [order]
    nobody = {"obj": {"vendorId": "009-none", "poNumber": "1", "poDate": "2026-11-01"}}
    assert v2.refused("Crud/Create/PurchaseOrder", nobody)[0] == "BDC_1119"
    assert v2.refused("Crud/Create/PurchaseOrder", {"obj": {"poNumber": "1"}})[0] == "BDC_1117"
