"""The shops where the cards of Spend & Expense are used; their details are made up."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bill.sandbox.core.records import Record

_OTHER_SHOPS = "5999"
"""The merchant category code of shops that have none of their own (ISO 18245)."""


@dataclass(frozen=True)
class Merchant:
    """A shop as cards know it, and what one pays there: how much, and for what."""

    raw: str
    name: str
    code: str
    category: str
    amount: float
    place: tuple[str, str, str]

    @property
    def fields(self) -> Record:
        """What a transaction says of it."""
        city, state, postal_code = self.place
        return {
            "merchantName": self.name,
            "rawMerchantName": self.raw,
            "merchantCategoryCode": self.code,
            "merchantLocation": {
                "city": city,
                "state": state,
                "postalCode": postal_code,
                "country": "US",
            },
        }


_SEATTLE = ("Seattle", "WA", "98109")
_ATLANTA = ("Atlanta", "GA", "30320")
_SAN_JOSE = ("San Jose", "CA", "95113")
_SAN_FRANCISCO = ("San Francisco", "CA", "94158")
_MEMPHIS = ("Memphis", "TN", "38120")
_MOUNTAIN_VIEW = ("Mountain View", "CA", "94043")
_FRAMINGHAM = ("Framingham", "MA", "01702")

# Quarters of a dollar: their sums are exact.
MERCHANTS = (
    Merchant("AMZN Mktp US*2K4XY", "Amazon", "5942", "Office supplies", 53.25, _SEATTLE),
    Merchant("DELTA AIR 00623418", "Delta Air Lines", "3058", "Travel", 412.5, _ATLANTA),
    Merchant("ZOOM.US 888-799-9666", "Zoom", "4814", "Software", 149.75, _SAN_JOSE),
    Merchant("SQ *BLUE DOOR COFFEE", "Blue Door Coffee", "5814", "Meals", 11.75, _SAN_JOSE),
    Merchant("UBER   *TRIP", "Uber", "4121", "Travel", 28.5, _SAN_FRANCISCO),
    Merchant("FEDEX 774281", "FedEx", "4215", "Shipping", 36.25, _MEMPHIS),
    Merchant("GOOGLE *ADS5530", "Google Ads", "7311", "Advertising", 250.0, _MOUNTAIN_VIEW),
    Merchant("STAPLES 00112", "Staples", "5943", "Office supplies", 87.25, _FRAMINGHAM),
    Merchant("MARRIOTT SAN JOSE", "Marriott", "3509", "Travel", 318.5, _SAN_JOSE),
    Merchant("TST* LA PIÑATA", "La Piñata", "5812", "Meals", 64.25, _SAN_JOSE),
)


def fields_of(name: str) -> Record:
    """What a transaction says of the shop of that name; of an unknown one, no more than it must."""
    known = next((each.fields for each in MERCHANTS if each.name == name), None)
    return known or {
        "merchantName": name,
        "rawMerchantName": name.upper(),
        "merchantCategoryCode": _OTHER_SHOPS,
    }
