"""The organization's money in v2."""

from pytest_bill.sandbox.api.funding.banks import CHECKING_ID


def test_a_balance_is_kept_where_the_account_has_a_chart_of_accounts(v2):
    given = {"bankBalance": "12.50", "bankBalanceDate": "2026-11-01"}
    assert v2("SetBankBalance", given) == {}
    assert v2("GetBankBalance") == {}
    account = v2.create("ChartOfAccount", name="Checking", accountType="3")
    v2.update("BankAccount", id=CHECKING_ID, chartOfAccountId=account["id"])
    v2("SetBankBalance", given)
    assert v2("GetBankBalance") == given


def test_what_is_paid_moves_money(v2, pass_days, v2_sign_in):
    bill = v2.list("Bill", ("dueAmount", ">", 0))[0]
    pays = [{"billId": bill["id"], "amount": 1}]
    [payment] = v2("PayBills", {"vendorId": bill["vendorId"], "billPays": pays})["sentPays"]
    movement_id = f"mmt{payment['id'][3:]}"
    assert v2.refused("Crud/Read/MoneyMovement", {"id": movement_id})[0] == "BDC_1120"
    pass_days(10)
    later = v2_sign_in()
    movement = later.read("MoneyMovement", movement_id)
    assert (movement["type"], movement["amount"], movement["status"]) == ("1", "-1.00", "1")
    assert movement["bankAccountId"] == payment["bankAccountId"]
    [item] = movement["moneyMovementItems"]
    assert (item["moneyMovementId"], item["amount"]) == (movement_id, "-1.00")
    assert movement in later.list("MoneyMovement", ("type", "=", "1"))


def test_card_accounts(v2):
    [card] = v2.list("CardAccount")
    assert (card["cardType"], card["status"], card["last4"]) == ("1", "1", "1111")
    assert (card["canFund"], card["primaryAP"], card["fingerprint"]) == (True, False, None)
