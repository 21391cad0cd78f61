"""The test takes away what it needs."""

from pathlib import Path

ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
ORDER = Path(__file__).with_name("order.txt")


def test_order(bill):
    name = ORDER.read_text().strip()
    made = bill.call("POST", "/v3/vendors", json={"name": name, "address": ADDRESS})
    assert made["name"] == name
    ORDER.unlink()
