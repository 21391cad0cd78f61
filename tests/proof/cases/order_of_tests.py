"""The second test needs what the first one found."""

FOUND = {}


def test_first(bill):
    FOUND["id"] = bill.call("GET", "/v3/vendors", params={"max": 1})["results"][0]["id"]


def test_second(bill):
    assert bill.call("GET", f"/v3/vendors/{FOUND['id']}")["id"] == FOUND["id"]
