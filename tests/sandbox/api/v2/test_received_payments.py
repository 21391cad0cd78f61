"""What customers pay, in v2: recorded, charged, read; and sending invoices."""

import pytest

NO_ID = "0" * 20


@pytest.fixture
def customer(v2):
    return v2.create(
        "Customer",
        name="Paperless",
        billAddress1="1 Main",
        billAddressCity="Reno",
        billAddressZip="8",
    )


@pytest.fixture
def invoice(v2, customer):
    lines = [{"quantity": 2, "price": 50}]
    return v2.create("Invoice", customerId=customer["id"], invoiceLineItems=lines)


@pytest.fixture
def recorded(v2, customer, invoice):
    return v2(
        "RecordARPayment",
        {
            "customerId": customer["id"],
            "paymentDate": "2026-11-28",
            "paymentType": "1",
            "amount": 75.3,
            "description": "Scheck erhalten: Größe",
            "refNumber": "735",
            "invoicePays": [{"invoiceId": invoice["id"], "amount": 56.5}],
        },
    )


def test_a_recorded_payment(v2, recorded, customer, invoice, developer):
    assert recorded["entity"] == "ReceivedPay"
    assert recorded["id"].startswith("0rp")
    assert (recorded["status"], recorded["paymentType"], recorded["isOnline"]) == ("0", "1", False)
    assert (recorded["amount"], recorded["unappliedAmount"]) == (75.3, 18.8)
    assert (recorded["refNumber"], recorded["depositToAccountId"]) == ("735", NO_ID)
    assert recorded["invoicePays"][0]["invoiceId"] == invoice["id"]
    assert v2.read("ReceivedPay", recorded["id"]) == recorded
    assert v2.read("Invoice", invoice["id"])["amountDue"] == 43.5
    assert v2.read("Invoice", invoice["id"])["paymentStatus"] == "2"
    of_v3 = developer.get(f"/v3/receivable-payments/{recorded['id']}").json()
    assert of_v3["receivablesType"] == "CHECK"
    found = v2.list("ReceivedPay", ("customerId", "=", customer["id"]), nested=True)
    assert found == [recorded]


def test_a_payment_may_stay_unapplied(v2, customer):
    data = {
        "customerId": customer["id"],
        "paymentDate": "2026-11-28",
        "paymentType": "0",
        "amount": "5",
    }
    answer = v2("RecordARPayment", data)
    assert (answer["unappliedAmount"], answer["invoicePays"]) == (5, [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customerId": "0cu-of-nobody"}, "BDC_1119"),
        ({"customerId": None}, "BDC_1117"),
        ({"paymentType": "9"}, "BDC_1119"),
        ({"amount": 1}, "BDC_1119"),
        ({"invoicePays": [{"invoiceId": "00e-of-nobody", "amount": 1}]}, "BDC_1119"),
        ({"invoicePays": [{"amount": 1}]}, "BDC_1117"),
    ],
)
def test_refused_payments(v2, customer, invoice, changes, code):
    data = {
        "customerId": customer["id"],
        "paymentDate": "2026-11-28",
        "paymentType": "0",
        "amount": 50,
        "invoicePays": [{"invoiceId": invoice["id"], "amount": 50}],
        **changes,
    }
    assert v2.refused("RecordARPayment", data)[0] == code
    assert v2.read("Invoice", invoice["id"])["amountDue"] == 100


@pytest.fixture
def bank_account(v2, customer):
    return v2.create(
        "CustomerBankAccount",
        customerId=customer["id"],
        accountNumber="123456789012",
        routingNumber="322271627",
        isSavings=True,
        isWrittenAuth=True,
    )


def test_a_bank_account_of_a_customer(v2, customer, bank_account, developer):
    path = f"/v3/customers/{customer['id']}/bank-accounts/{bank_account['id']}"
    of_v3 = developer.get(path).json()
    assert (of_v3["type"], of_v3["ownerType"]) == ("SAVINGS", "BUSINESS")
    assert bank_account["customerId"] == customer["id"]
    assert bank_account["accountNumber"].endswith("9012")
    found = v2.list("CustomerBankAccount", ("customerId", "=", customer["id"]))
    assert found == [v2.read("CustomerBankAccount", bank_account["id"])] == [bank_account]
    again = {"customerId": customer["id"], "accountNumber": "1", "routingNumber": "322271627"}
    assert v2.refused("Crud/Create/CustomerBankAccount", {"obj": again})[0] == "BDC_1119"
    deleted = v2("Crud/Delete/CustomerBankAccount", {"id": bank_account["id"]})
    assert deleted["isActive"] == "2"
    assert developer.get(path).json()["archived"] is True


def test_a_charged_customer(v2, customer, invoice, bank_account, developer):
    path = f"/v3/customers/{customer['id']}/charge-authorization"
    data = {
        "customerId": customer["id"],
        "memo": "Invoice",
        "invoicePays": [{"invoiceId": invoice["id"], "amount": 100}],
    }
    assert v2.refused("ChargeCustomer", data)[0] == "BDC_1119"
    developer.post(path, {"authorizedToCharge": True})
    wrong = {**data, "paymentType": "3", "paymentAccountId": "cba-none"}
    assert v2.refused("ChargeCustomer", wrong)[0] == "BDC_1119"
    right = {**wrong, "paymentAccountId": bank_account["id"]}
    charged = v2("ChargeCustomer", right)["chargedReceivedPay"]
    assert charged["customerBankAccountId"] == bank_account["id"]
    [share] = charged["invoicePays"]
    assert (share["receivedPayId"], share["status"]) == (charged["id"], "2")
    assert (charged["status"], charged["isOnline"], charged["paymentType"]) == ("2", True, "3")
    assert charged["description"] == "Invoice"
    assert v2.read("Invoice", invoice["id"])["paymentStatus"] == "4"


def test_a_customer_without_bank_account_is_not_charged(v2, customer, invoice, v2_sync):
    data = {
        "customerId": customer["id"],
        "invoicePays": [{"invoiceId": invoice["id"], "amount": 1}],
    }
    assert v2.refused("ChargeCustomer", data)[0] == "BDC_1119"
    assert v2.refused("ChargeCustomer", {**data, "customerId": "x"})[0] == "BDC_1119"
    assert v2_sync.refused("ChargeCustomer", data)[0] == "BDC_1361"


def test_a_sent_invoice(v2, invoice):
    assert invoice["lastSentTime"] is None
    headers = {"toEmailAddresses": ["a@example.com"], "subject": "Café"}
    sent = v2("SendInvoice", {"invoiceId": invoice["id"], "headers": headers})
    assert sent["lastSentTime"] == v2.read("Invoice", invoice["id"])["lastSentTime"] is not None
    assert v2.refused("SendInvoice", {"invoiceId": "x"})[0] == "BDC_1120"


def test_contacts_of_a_customer(v2, customer, developer):
    contact = v2.create("CustomerContact", customerId=customer["id"], firstName="Zoë")
    path = f"/v3/customers/{customer['id']}/contacts/{contact['id']}"
    assert developer.get(path).json()["firstName"] == "Zoë"
    updated = v2.update("CustomerContact", id=contact["id"], phone="1", fax="2")
    assert (updated["phone"], updated["fax"]) == ("1", "2")
    assert developer.get(path).json()["phone"] == "1"
    assert v2("Crud/Delete/CustomerContact", {"id": contact["id"]})["isActive"] == "2"
    assert v2("Crud/Undelete/CustomerContact", {"id": contact["id"]})["isActive"] == "1"
    former = {"customerId": customer["id"], "firstName": "Ada", "isActive": "2"}
    former = v2.create("CustomerContact", **former)
    assert former["isActive"] == v2.read("CustomerContact", former["id"])["isActive"] == "2"
    moved = {"obj": {"id": contact["id"], "customerId": "0cu-other"}}
    assert v2.refused("Crud/Update/CustomerContact", moved)[0] == "BDC_1119"
    nobody = {"obj": {"customerId": "0cu-of-nobody"}}
    assert v2.refused("Crud/Create/CustomerContact", nobody)[0] == "BDC_1119"


def test_credit_memos_and_recurring_invoices(v2, customer, developer):
    lines = [{"price": 10, "quantity": 2, "description": "Rückgabe"}]
    memo = v2.create(
        "CreditMemo",
        customerId=customer["id"],
        refNumber="CM-1",
        creditDate="2026-11-01",
        creditMemoLineItems=lines,
    )
    assert (memo["amount"], memo["availableAmount"], memo["status"]) == (20, 20, "1")
    assert developer.get(f"/v3/credit-memos/{memo['id']}").json()["referenceNumber"] == "CM-1"
    recurring = v2.create(
        "RecurringInvoice",
        customerId=customer["id"],
        timePeriod="2",
        frequencyPerTimePeriod=1,
        nextDueDate="2030-01-01",
        daysInAdvance=3,
        recurringInvoiceLineItems=lines,
    )
    of_v3 = developer.get(f"/v3/recurring-invoices/{recurring['id']}").json()
    assert of_v3["schedule"]["period"] == "MONTHLY"
    assert recurring["recurringInvoiceLineItems"][0]["amount"] == 20


def test_an_invoice_goes_by_mail_to_an_address_in_the_us(v2):
    address = {"billAddressCity": "Reno", "billAddressState": "NV", "billAddressZip": "89501"}
    customer = v2.create("Customer", name="Mailed", billAddress1="1 Main", **address)
    invoice = v2.create(
        "Invoice",
        customerId=customer["id"],
        invoiceNumber="mailed",
        invoiceDate="2026-11-01",
        dueDate="2026-12-01",
        invoiceLineItems=[{"quantity": 1, "price": 12}],
    )
    data = {"invoiceId": invoice["id"]}
    assert v2.refused("MailInvoice", data)[0] == "BDC_1117"
    v2.update("Customer", id=customer["id"], billAddressCountry="United States")
    assert v2("MailInvoice", data) == {}
    assert v2.read("Invoice", invoice["id"])["lastSentTime"] is not None
    assert v2.refused("MailInvoice", {"invoiceId": "00e-none"})[0] == "BDC_1120"


def test_a_customer_is_authorized(v2, customer, v2_sync):
    data = {"customerId": customer["id"], "hasAuthorizedToCharge": True}
    assert v2("SetCustomerAuthorization", data)["hasAuthorizedToCharge"] is True
    assert v2.read("Customer", customer["id"])["hasAuthorizedToCharge"] is True
    assert v2_sync.refused("SetCustomerAuthorization", data)[0] == "BDC_1361"
