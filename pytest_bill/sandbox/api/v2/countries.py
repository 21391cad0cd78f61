"""How countries are written: v2 has names, v3 codes of two letters.

BILL tells names from the list of its Help Center ("United Kingdom and not England",
https://developer.bill.com/v2/reference/ap-vendormgmt-bulkcreatevendor), which is not repeated here:
a country without a code below stays as it is given. USA is what BILL's older samples send.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.v2.columns import Codec

_NAMES = {
    "AU": "Australia",
    "AT": "Austria",
    "BE": "Belgium",
    "BR": "Brazil",
    "CA": "Canada",
    "CN": "China",
    "DK": "Denmark",
    "FI": "Finland",
    "FR": "France",
    "DE": "Germany",
    "HK": "Hong Kong",
    "IN": "India",
    "IE": "Ireland",
    "IL": "Israel",
    "IT": "Italy",
    "JP": "Japan",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NZ": "New Zealand",
    "NO": "Norway",
    "PH": "Philippines",
    "PL": "Poland",
    "PT": "Portugal",
    "SG": "Singapore",
    "ZA": "South Africa",
    "KR": "South Korea",
    "ES": "Spain",
    "SE": "Sweden",
    "CH": "Switzerland",
    "GB": "United Kingdom",
    "US": "United States",
}
_CODES = {
    **{name.casefold(): code for code, name in _NAMES.items()},
    "usa": "US",
    "united states of america": "US",
}

COUNTRY = Codec(
    lambda code: _NAMES.get(code, code),
    lambda name: _CODES.get(name.casefold(), name),
)
"""A country's name in v2, its code in v3."""
