"""Payments of bills in v2: paid, recorded, canceled, voided; SentPay, BillPay, BillCredit."""

from datetime import timedelta

import pytest

from pytest_bill.sandbox.api.funding.banks import CHECKING_ID

NO_ID = "0" * 20


def make_bill(v2, vendor_id, amount=100, number="1"):
    return v2.create(
        "Bill",
        vendorId=vendor_id,
        invoiceNumber=number,
        invoiceDate="2026-11-01",
        dueDate="2026-12-31",
        billLineItems=[{"amount": amount}],
    )


@pytest.fixture
def vendor(v2):
    return v2.create(
        "Vendor", name="Happy Müsic", address1="1 Main", addressCity="Reno", addressZip="89501"
    )


@pytest.fixture
def bill(v2, vendor):
    return make_bill(v2, vendor["id"])


@pytest.fixture
def credit(v2, vendor):
    return v2.create(
        "VendorCredit",
        vendorId=vendor["id"],
        refNumber="VC-1",
        creditDate="2026-11-01",
        vendorCreditLineItems=[{"amount": 30, "description": "Rückgabe"}],
    )


@pytest.fixture
def pay(v2, vendor, bill):
    def pay(amount=100, **more):
        pays = [{"billId": bill["id"], "amount": amount}]
        data = {"vendorId": vendor["id"], "billPays": pays, **more}
        return v2("PayBills", data)["sentPays"]

    return pay


def test_the_whole_flow_of_a_v2_client(v2_sign_in, developer):
    """From Login to Logout, as a client of v2 goes."""
    v2 = v2_sign_in()
    vendor = v2.create("Vendor", isActive="1", name="Happy Music Supplies", addressCountry="USA")
    bill = make_bill(v2, vendor["id"], 228.99, "202611")
    found = v2.list(
        "Bill",
        ("vendorId", "=", vendor["id"]),
        ("dueDate", ">=", "2026-12-01"),
        ("paymentStatus", "in", "1,2"),
        sort=[{"field": "dueDate", "asc": "true"}],
        nested=True,
    )
    assert found == [bill]
    data = {
        "vendorId": vendor["id"],
        "bankAccountId": CHECKING_ID,
        "billPays": [{"billId": bill["id"], "amount": bill["dueAmount"]}],
        "billCredits": [],
    }
    (sent,) = v2("PayBills", data)["sentPays"]
    payment = v2.read("SentPay", sent["id"])
    assert payment == sent
    assert (payment["status"], payment["amount"], payment["isOnline"]) == ("1", 228.99, True)
    assert payment["billPays"][0]["billId"] == bill["id"]
    assert v2.read("Bill", bill["id"])["paymentStatus"] == "4"
    assert developer.get(f"/v3/payments/{sent['id']}").json()["amount"] == 228.99
    v2("Logout")
    assert v2.refused("Crud/Read/SentPay", {"id": sent["id"]})[0] == "BDC_1109"


def test_a_payment_follows_the_clock(pay, bill, sandbox, v2_sign_in):
    (sent,) = pay()
    assert sent["bankAccountId"] == CHECKING_ID
    assert (sent["paymentType"], sent["billCredits"]) == ("0", [])
    assert sent["billPays"][0]["name"] == sent["name"]
    sandbox.advance(timedelta(days=20))
    v2 = v2_sign_in()
    paid = v2.read("SentPay", sent["id"])
    assert (paid["status"], paid["billPays"][0]["paymentStatus"]) == ("2", "2")
    disbursed = v2("GetDisbursementData", {"sentPayId": sent["id"]})
    assert disbursed["disbursementStatus"] == "3"
    assert disbursed["checkData"]["checkNumber"] > 0
    assert v2.read("Bill", bill["id"])["paymentStatus"] == "0"
    assert v2.refused("CancelAPPayment", {"sentPayId": sent["id"]})[0] == "BDC_1119"


def test_payments_can_be_listed(v2, pay, vendor, bill):
    (sent,) = pay(40, processDate="2027-01-04", description="Größe")
    assert v2.list("SentPay", ("vendorId", "=", vendor["id"]), nested=True) == [sent]
    (part,) = v2.list("BillPay", ("billId", "=", bill["id"]))
    assert {name: part[name] for name in sent["billPays"][0]} == sent["billPays"][0]
    assert v2.read("BillPay", part["id"]) == part
    assert (part["processDate"], part["description"]) == ("2027-01-04", "Größe")
    assert v2.read("Bill", bill["id"])["dueAmount"] == 60


def test_vendor_credits_are_used(v2, vendor, bill, credit):
    uses = [{"billId": bill["id"], "vendorCreditId": credit["id"], "amount": 30}]
    data = {
        "vendorId": vendor["id"],
        "billPays": [{"billId": bill["id"], "amount": 70}],
        "billCredits": uses,
    }
    (sent,) = v2("PayBills", data)["sentPays"]
    (used,) = sent["billCredits"]
    assert (used["vendorCreditId"], used["sentPayId"], used["amount"]) == (
        credit["id"],
        sent["id"],
        30,
    )
    assert v2.read("BillCredit", used["id"]) == {**used, "isActive": "1"}
    assert v2.read("VendorCredit", credit["id"])["creditStatus"] == "0"
    paid = v2.read("Bill", bill["id"])
    assert (paid["dueAmount"], paid["creditAmount"], paid["scheduledAmount"]) == (0, 30, 70)
    v2("CancelAPPayment", {"sentPayId": sent["id"]})
    assert v2.read("VendorCredit", credit["id"])["creditStatus"] == "1"
    assert v2.read("Bill", bill["id"])["dueAmount"] == 100


def test_a_canceled_payment(v2, pay, bill):
    (sent,) = pay()
    canceled = v2("CancelAPPayment", {"sentPayId": sent["id"]})
    assert (canceled["entity"], canceled["status"]) == ("SentPay", "3")
    assert v2.read("Bill", bill["id"])["paymentStatus"] == "1"
    assert v2.refused("CancelAPPayment", {"sentPayId": sent["id"]})[0] == "BDC_1119"
    voiding = {"sentPayId": sent["id"], "voidRequestType": "0", "reason": "Lost"}
    assert v2.refused("VoidAPPayment", voiding)[0] == "BDC_1119"
    assert v2.refused("VoidAPPayment", {"sentPayId": sent["id"]})[0] == "BDC_1117"
    assert v2.refused("CancelAPPayment", {"sentPayId": "stp"})[0] == "BDC_1120"


def test_a_recorded_payment(v2, vendor, bill, credit, developer):
    data = {
        "vendorId": vendor["id"],
        "processDate": "2026-11-15",
        "toPrintCheck": False,
        "chartOfAccountId": "0ca-7",
        "description": "Scheck für Müller",
        "syncReference": None,
        "billPays": [{"billId": bill["id"], "amount": 40}],
        "billCredits": [{"billId": bill["id"], "vendorCreditId": credit["id"], "amount": 10}],
    }
    recorded = v2("RecordAPPayment", data)
    assert (recorded["status"], recorded["isOnline"], recorded["paymentType"]) == ("2", False, "4")
    assert (recorded["amount"], recorded["processDate"]) == (40, "2026-11-15")
    assert recorded["chartOfAccountId"] == "0ca-7"
    assert recorded["bankAccountId"] == NO_ID
    assert developer.get(f"/v3/payments/{recorded['id']}").json()["onlinePayment"] is False
    assert v2.read("Bill", bill["id"])["dueAmount"] == 50
    voided = v2("VoidAPPayment", {"sentPayId": recorded["id"], "reason": "Lost"})
    assert voided["status"] == "4"
    [request] = voided["voidRequests"]
    assert (request["type"], request["status"], request["reason"]) == ("2", "1", "Lost")
    assert v2.read("Bill", bill["id"])["dueAmount"] == 100


def test_a_payment_is_recorded_without_vendor_and_date(v2, bill):
    recorded = v2("RecordAPPayment", {"billPays": [{"billId": bill["id"], "amount": "100"}]})
    assert recorded["vendorId"] == bill["vendorId"]
    assert v2.read("Bill", bill["id"])["paymentStatus"] == "0"


@pytest.mark.parametrize("operation", ["PayBills", "RecordAPPayment"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vendorId": "009-of-nobody"}, "BDC_1119"),
        ({"billPays": [{"billId": "00n-of-nobody", "amount": 1}]}, "BDC_1119"),
        ({"billPays": [{"amount": 1}]}, "BDC_1117"),
        ({"billPays": []}, "BDC_1117"),
        ({"billPays": [{"billId": "BILL", "amount": 100.01}]}, "BDC_1159"),
        ({"billPays": [{"billId": "BILL", "amount": 60}] * 2}, "BDC_1159"),
        ({"processDate": "tomorrow"}, "BDC_1119"),
        (
            {"billCredits": [{"billId": "BILL", "vendorCreditId": "vcr-none", "amount": 1}]},
            "BDC_1119",
        ),
    ],
)
def test_refused_payments(v2, vendor, bill, operation, changes, code):
    pays = [{"billId": "BILL", "amount": 1}]
    data = {"vendorId": vendor["id"], "billPays": pays, **changes}
    for each in (*data["billPays"], *data.get("billCredits", ())):
        if each.get("billId") == "BILL":
            each["billId"] = bill["id"]
    before = len(v2.list("SentPay"))
    assert v2.refused(operation, data)[0] == code
    assert v2.read("Bill", bill["id"])["dueAmount"] == 100
    assert len(v2.list("SentPay")) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bankAccountId": "bac-of-nobody"}, "BDC_1119"),
        ({"processDate": "2020-01-01"}, "BDC_1152"),
        ({"processDate": "2099-01-03"}, "BDC_1152"),
        ({"description": "x" * 71}, "BDC_1143"),
        ({"vendorId": None}, "BDC_1117"),
    ],
)
def test_payments_that_are_refused_before_the_bills_are_looked_at(v2, vendor, bill, changes, code):
    pays = [{"billId": bill["id"], "amount": 1}]
    data = {"vendorId": vendor["id"], "billPays": pays, **changes}
    assert v2.refused("PayBills", data)[0] == code
    assert v2.read("Bill", bill["id"])["dueAmount"] == 100


def test_two_hundred_bills_at_once(v2, vendor, bill):
    pays = [{"billId": f"00n{number}", "amount": 1} for number in range(201)]
    data = {"vendorId": vendor["id"], "billPays": pays}
    assert v2.refused("PayBills", data) == (
        "BDC_1119",
        "Invalid field,value: payments, 201.",
    )


def test_a_sync_token_takes_part_in_no_payment(v2_sync):
    data = {"vendorId": "x", "billPays": [{"billId": "x", "amount": 1}]}
    assert v2_sync.refused("PayBills", data)[0] == "BDC_1361"
    assert v2_sync.refused("CancelAPPayment", {"sentPayId": "x"})[0] == "BDC_1361"


def test_how_the_money_reaches_the_vendor(v2, pay):
    (sent,) = pay(processDate="2027-01-04")
    answer = v2("GetDisbursementData", {"sentPayId": sent["id"]})
    assert answer["checkData"] == {
        "checkNumber": None,
        "checkDate": "2027-01-04",
        "amount": 100,
        "memo": None,
        "errorCode": None,
    }
    assert (answer["paymentType"], answer["disbursementStatus"]) == ("0", "")
    assert (answer["combinedStatus"], answer["isVoidable"]) == (2, False)
    assert answer["vendorName"] == v2.read("Vendor", sent["vendorId"])["name"]
    assert v2.refused("GetDisbursementData", {"sentPayId": "x"})[0] == "BDC_1120"


@pytest.fixture
def bank_account(v2, vendor):
    return v2.create(
        "VendorBankAccount",
        vendorId=vendor["id"],
        accountNumber="1234567",
        routingNumber="121000358",
        isSavings=False,
        isPersonalAcct=True,
    )


def test_a_bank_account_of_a_vendor(v2, vendor, bank_account, developer):
    assert bank_account["id"].startswith("vba")
    assert (bank_account["accountNumber"], bank_account["routingNumber"]) == (
        "******4567",
        "121000358",
    )
    assert (bank_account["status"], bank_account["isPersonalAcct"]) == ("1", True)
    assert v2.list("VendorBankAccount", ("vendorId", "=", vendor["id"])) == [bank_account]
    assert v2.read("Vendor", vendor["id"])["payBy"] == "1"
    of_v3 = developer.get(f"/v3/vendors/{vendor['id']}/bank-account").json()
    assert (of_v3["type"], of_v3["ownerType"]) == ("CHECKING", "PERSON")
    again = {"vendorId": vendor["id"], "accountNumber": "1", "routingNumber": "2"}
    assert v2.refused("Crud/Create/VendorBankAccount", {"obj": again})[0] == "BDC_1119"
    deleted = v2("Crud/Delete/VendorBankAccount", {"id": bank_account["id"]})
    assert deleted == {**bank_account, "isActive": "2"}
    assert v2.read("Vendor", vendor["id"])["payBy"] == "0"
    assert v2.refused("Crud/Read/VendorBankAccount", {"id": bank_account["id"]})[0] == "BDC_1120"


def test_a_bank_account_needs_a_vendor(v2):
    obj = {"vendorId": "009-of-nobody", "accountNumber": "1", "routingNumber": "2"}
    assert v2.refused("Crud/Create/VendorBankAccount", {"obj": obj})[0] == "BDC_1119"


def test_a_payment_by_ach(v2, bank_account, pay):
    (sent,) = pay()
    assert (sent["paymentType"], sent["fundingType"]) == ("1", "2")
    answer = v2("GetDisbursementData", {"sentPayId": sent["id"]})
    assert (answer["paymentType"], answer["disbursementStatus"]) == ("2", "")
    assert "checkData" not in answer


def test_a_vendor_credit_is_one_of_v3(v2, vendor, credit, developer):
    of_v3 = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert (of_v3["referenceNumber"], of_v3["amount"]) == ("VC-1", 30)
    assert credit["vendorCreditLineItems"][0]["vendorCreditId"] == credit["id"]
    updated = v2.update("VendorCredit", id=credit["id"], description="Zurück")
    assert (updated["description"], updated["amount"]) == ("Zurück", 30)
    assert v2("Crud/Delete/VendorCredit", {"id": credit["id"]})["isActive"] == "2"
