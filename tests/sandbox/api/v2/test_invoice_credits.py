"""What invoices take of credit memos, in v2."""


def test_an_invoice_that_takes_credit(v2, developer):
    assert v2.list("RPConvFee") == []
    assert v2.refused("Crud/Read/RPConvFee", {"id": "rpf-none"})[0] == "BDC_1120"
    memo = v2.list("CreditMemo")[0]
    invoice = v2.create(
        "Invoice",
        customerId=memo["customerId"],
        invoiceNumber="credited",
        invoiceDate="2026-11-01",
        dueDate="2026-12-01",
        invoiceLineItems=[{"quantity": 1, "price": 100}],
    )
    answer = developer.patch(f"/v3/invoices/{invoice['id']}", {"creditAmount": 5})
    assert answer.status_code == 200, answer.text
    [credit] = v2.list("InvoiceCredit", ("invoiceId", "=", invoice["id"]))
    assert (credit["creditMemoId"], credit["amount"]) == (memo["id"], 5)
    assert v2.read("InvoiceCredit", credit["id"]) == credit
    after = v2.read("CreditMemo", memo["id"])
    assert (after["status"], after["appliedAmount"]) == ("2", 5)
    assert after["availableAmount"] == round(memo["amount"] - 5, 2)
