"""BILL is asked for no order, and the test expects one."""


def test_orders(bill):
    asked = {"filters": 'name:sw:"Order "'}
    vendors = bill.call("GET", "/v3/vendors", params=asked)["results"]
    assert [each["name"] for each in vendors] == ["Order A", "Order B"]
