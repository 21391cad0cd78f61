"""What a supplier is owed, asked with this module's own HTTP client."""

from collections.abc import Mapping

import httpx


def open_balance(base_url: str, headers: Mapping[str, str], vendor_id: str) -> float:
    """The sum that is left to pay of all bills of a vendor."""
    params = {"filters": f'vendorId:eq:"{vendor_id}"', "max": 100}
    with httpx.Client(base_url=base_url, headers=headers) as client:
        response = client.get("/v3/bills", params=params)
    response.raise_for_status()
    return sum(bill["dueAmount"] for bill in response.json()["results"])
