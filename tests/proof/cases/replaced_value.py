"""The name is replaced in what is recorded, and compared with the one that BILL knows."""


def test_supplier(bill):
    asked = {"filters": 'name:sw:"Happy Music Supplies L"'}
    (vendor,) = bill.call("GET", "/v3/vendors", params=asked)["results"]
    assert vendor["name"] == "Happy Music Supplies Ltd"
