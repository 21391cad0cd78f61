"""The requests that are made, and BILL's answers to them: vendors of about 800 bytes.

Three kinds: ``get`` (N vendors, one by one), ``post`` (N vendors created; bodies differ) and
``repeated`` (one vendor asked N times, each answer newer). Before the N comes one more of the same
kind, the opener: asking it opens a cassette that a tool opens only when needed.
"""

import json
from dataclasses import dataclass
from typing import Any

GATEWAY = "https://gateway.stage.bill.com/connect"
KINDS = ("get", "post", "repeated")
UNKNOWN = "/v3/vendors/00901NOBODYHASTHISID"
ANSWER_HEADERS = {
    "content-type": "application/json",
    "date": "Tue, 24 Nov 2026 12:49:11 GMT",
    "server": "nginx",
}


@dataclass(frozen=True)
class Interaction:
    method: str
    path: str
    body: dict[str, Any] | None
    answer: bytes


def traffic(kind: str, size: int) -> list[Interaction]:
    """The opener and N interactions."""
    make = {"get": _get, "post": _post, "repeated": _repeated}[kind]
    return [make(number) for number in range(size + 1)]


def elsewhere(kind: str, size: int) -> list[Interaction]:
    """So many interactions with a host that is not BILL's; ``post`` has bodies of about 1 kB."""
    make = {"get": _get, "post": _order}[kind]
    return [make(number) for number in range(size)]


def answer_headers(answer: bytes) -> dict[str, str]:
    """The headers that an answer has, canned and in the cassette."""
    return ANSWER_HEADERS | {"content-length": str(len(answer))}


def spread(interactions: list[Interaction], count: int) -> list[Interaction]:
    """So many of the interactions (0: all), evenly spread: their mean place is the middle."""
    size = len(interactions)
    if not 0 < count < size:
        return interactions
    return [interactions[(2 * number + 1) * size // (2 * count)] for number in range(count)]


def new_vendor(number: int) -> dict[str, Any]:
    """The body that creates a vendor."""
    return {
        "name": f"Happy Music Supplies {number}",
        "accountType": "BUSINESS",
        "email": f"billing{number}@happy-music-supplies.example.com",
        "phone": f"98{number:08d}",
        "address": {
            "line1": f"{number} Main Street",
            "city": "San Jose",
            "stateOrProvince": "CA",
            "zipOrPostalCode": "95002",
            "country": "US",
        },
        "paymentInformation": {"payeeName": f"Happy Music Supplies {number}"},
        "billCurrency": "USD",
    }


def number_in(body: bytes) -> int:
    """Which vendor a body creates."""
    return int(json.loads(body)["name"].rpartition(" ")[2])


def vendor(number: int, revision: int = 0) -> bytes:
    """A vendor as BILL answers it."""
    created = new_vendor(number)
    answer = {
        "id": _vendor_id(number),
        "archived": False,
        **created,
        "address": {**created["address"], "countryName": "United States"},
        "additionalInfo": {"track1099": False, "combinePayments": True},
        "networkStatus": "NOT_CONNECTED",
        "paymentInformation": {
            **created["paymentInformation"],
            "payBySubType": "NONE",
            "payByType": "CHECK",
        },
        "createdTime": "2026-11-20T01:40:19.531+00:00",
        "updatedTime": "2026-11-20T01:40:19.531+00:00",
        "bankAccountStatus": "NO_ACCOUNT",
        "recurringPayments": False,
        "balance": {"amount": 2027.97 + revision, "lastUpdatedDate": "2026-11-25"},
    }
    return json.dumps(answer, separators=(",", ":")).encode()


def _vendor_id(number: int) -> str:
    return f"00901{number:015d}"


def vendor_number(path: str) -> int:
    return int(path.rpartition("/")[2].removeprefix("00901"))


def _get(number: int) -> Interaction:
    return Interaction("GET", f"/v3/vendors/{_vendor_id(number)}", None, vendor(number))


def _post(number: int) -> Interaction:
    return Interaction("POST", "/v3/vendors", new_vendor(number), vendor(number))


def _repeated(number: int) -> Interaction:
    return Interaction("GET", f"/v3/vendors/{_vendor_id(0)}", None, vendor(0, revision=number))


def _order(number: int) -> Interaction:
    lines = [
        {
            "sku": f"HMS-{number:06d}-{line}",
            "description": f"Strings, set {line} of 7, nickel wound",
            "quantity": line + 1,
            "unitPrice": {"amount": 12.5 + line, "currency": "USD"},
        }
        for line in range(7)
    ]
    body = {"number": f"2026-{number:06d}", "customer": f"C-{number}", "lines": lines}
    return Interaction("POST", f"/orders/{_vendor_id(number)}", body, vendor(number))
