"""How the money of payments reaches vendors, in v2."""


def test_payments_are_listed_by_how_far_their_money_is(v2, pass_days, v2_sign_in):
    bill = v2.list("Bill", ("dueAmount", ">", 0))[0]
    pays = [{"billId": bill["id"], "amount": 1}]
    [payment] = v2("PayBills", {"vendorId": bill["vendorId"], "billPays": pays})["sentPays"]

    def listed(session, status):
        asked = {"disbursementStatus": status, "start": 0, "max": 999}
        return [each["id"] for each in session("ListPayments", asked)["payments"]]

    assert payment["id"] not in listed(v2, "0")
    pass_days(60)
    later = v2_sign_in()
    assert payment["id"] in listed(later, "3")
    assert later("GetDisbursementData", {"sentPayId": payment["id"]})["disbursementStatus"] == "3"
    assert later.refused("ListPayments", {"disbursementStatus": "9"})[0] == "BDC_1119"
