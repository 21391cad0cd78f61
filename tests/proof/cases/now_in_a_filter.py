"""What is asked for depends on when."""

from datetime import UTC, datetime


def test_vendors_until_now(bill):
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")
    assert bill.call("GET", "/v3/vendors", params={"filters": f'createdTime:lt:"{now}"'})["results"]
