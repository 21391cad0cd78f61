"""The organization of v2, its users, profiles, bank accounts and payment terms."""

import pytest

from pytest_bill.sandbox.api.funding.banks import CHECKING_ID

NO_ID = "0" * 20


def test_the_organization(v2, sandbox):
    own = sandbox.variables["BILL_ORGANIZATION_ID"]
    organization = v2.read("Organization", own)
    assert organization["name"] == "Crescendo Music Shop"
    assert organization["addressCountry"] == "United States"
    other = sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"]
    assert v2.refused("Crud/Read/Organization", {"id": other})[0] == "BDC_1120"


def test_users_have_profiles(v2, developer):
    profile = next(each for each in v2.list("Profile") if each["name"] == "Clerk")
    user = v2.create(
        "User",
        firstName="Zoë",
        lastName="Größe",
        email="zoe@example.com",
        profileId=profile["id"],
    )
    assert v2.read("Profile", user["profileId"]) == profile
    assert developer.get(f"/v3/users/{user['id']}").json()["role"]["type"] == "CLERK"
    assert v2.update("User", id=user["id"], lastName="Ortiz")["firstName"] == "Zoë"
    assert v2("Crud/Delete/User", {"id": user["id"]})["isActive"] == "2"
    assert v2("Crud/Undelete/User", {"id": user["id"]})["isActive"] == "1"


@pytest.mark.parametrize("changes", [{"profileId": "0po-of-nobody"}, {"firstName": ""}])
def test_refused_users(v2, changes):
    body = {"firstName": "A", "lastName": "B", "email": "a@example.com", **changes}
    before = len(v2.list("User"))
    assert v2.refused("Crud/Create/User", {"obj": body})[0] in {"BDC_1117", "BDC_1119"}
    assert len(v2.list("User")) == before


def test_payment_terms(v2):
    assert "Net 30" in [each["name"] for each in v2.list("PaymentTerm")]
    term = v2.create("PaymentTerm", name="Net 45", netDue=45)
    assert v2.update("PaymentTerm", id=term["id"], netDue=46)["netDue"] == 46
    refused = {"obj": {"name": "Again", "netDue": 46}}
    assert v2.refused("Crud/Create/PaymentTerm", refused)[0] == "BDC_1119"


def test_bank_accounts(v2, developer):
    account = v2.read("BankAccount", CHECKING_ID)
    assert (account["status"], account["isSavings"]) == ("1", False)
    assert (account["primaryAP"], account["primaryAR"]) == (True, False)
    created = v2.create(
        "BankAccount",
        bankName="Erste Bank",
        accountNumber="987654321",
        routingNumber="074000010",
        isSavings=True,
    )
    assert created["status"] == "2"
    assert created["accountNumber"].endswith("4321")
    of_v3 = developer.get(f"/v3/funding-accounts/banks/{created['id']}").json()
    assert (of_v3["type"], of_v3["ownerType"]) == ("SAVINGS", "BUSINESS")
    data = {"obj": {"id": created["id"], "bankName": "New"}}
    assert v2.refused("Crud/Update/BankAccount", data)[0] == "BDC_1119"
    assert v2.update("BankAccount", id=CHECKING_ID, nameOnAcct="Shop")["nameOnAcct"] == "Shop"
    assert v2("Crud/Delete/BankAccount", {"id": CHECKING_ID})["isActive"] == "2"


def test_a_sync_token_creates_no_bank_account(v2_sync):
    obj = {"bankName": "B", "accountNumber": "987654321", "routingNumber": "074000010"}
    assert v2_sync.refused("Crud/Create/BankAccount", {"obj": obj})[0] == "BDC_1361"
