"""Payments abroad: what the vendor's country asks for, and exchange rates.

Pages: https://developer.bill.com/docs/creating-an-international-vendor,
https://developer.bill.com/docs/ap-international-payments,
https://developer.bill.com/reference/getintlconfig,
https://developer.bill.com/reference/getexchangerate,
https://developer.bill.com/changelog/2025-04-29-get-international-payments-configuration-response-improvements.

BILL tells what a country asks for from its own data, which it does not publish. The countries,
codes and fields below are the sandbox's own, in the shape of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman): ``paymentPurpose`` (``required``, ``type``
CODE or TEXT, ``codes`` of ``name`` and ``value``) and ``validations`` with its ``fields``, each
with ``name``, ``required``, a ``description`` and, for an IBAN, a ``regularExpression``. The
regulatory fields are among them. BILL's pages name the currencies that it takes.

Rates are made up, too, those of rarer currencies from their names: they depend on the currency and
on the batch alone. A batch lasts 20 minutes, as BILL says of production; the rate changes a little
from one batch to the next.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pytest_bill.checksums import IBAN
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.records import Record

BASE_CURRENCY = "USD"
"""What the organization pays in."""

TRANSFER_METHODS = ("LOCAL", "WIRE")
"""How a vendor abroad gets its money: by its country's own payment network, or between banks
(https://developer.bill.com/changelog/2026-02-18-vendors-api-improvements)."""

HOME = "US"
"""The country that is not abroad."""

BATCH_LASTS = timedelta(minutes=20)

RATES: dict[str, float] = {
    "USD": 1.0,
    "AUD": 1.5213,
    "BRL": 5.4187,
    "CAD": 1.3719,
    "CHF": 0.8012,
    "CNY": 7.1284,
    "CZK": 20.917,
    "DKK": 6.2401,
    "EUR": 0.8361,
    "GBP": 0.7438,
    "HKD": 7.7821,
    "HUF": 329.41,
    "ILS": 3.3372,
    "INR": 87.512,
    "JPY": 149.87,
    "KRW": 1391.2,
    "MXN": 18.426,
    "NOK": 10.084,
    "NZD": 1.7163,
    "PHP": 57.214,
    "PLN": 3.5618,
    "SEK": 9.4127,
    "SGD": 1.2876,
    "THB": 32.185,
    "ZAR": 17.402,
}
"""How much of a currency one US dollar buys, before the batch's small change."""

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GGP GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES
KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SLL SOS SPL SRD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TVD TWD
TZS UAH UGX USD UYU UZS VEF VND VUV WST XAF XCD XDR XOF XPF YER ZAR ZMW ZWD
"""
CURRENCIES = tuple(_CODES.split())
"""The currencies that BILL takes as a vendor's ``billCurrency``."""

_FIRST_BATCH = datetime(2020, 1, 1, tzinfo=UTC)
_LEAST_QUOTED, _MOST_QUOTED = 0.0, 1_000_000.0


@dataclass(frozen=True)
class Country:
    """What a country asks for before a vendor's bank account there can be paid."""

    currency: str
    iban: bool = False
    purposes: Sequence[tuple[str, str]] = ()
    regulatory: Sequence[str] = ()


_ELSEWHERE = Country("USD")

COUNTRIES: dict[str, Country] = {
    "AT": Country("EUR", iban=True),
    "AU": Country("AUD"),
    "BR": Country(
        "BRL",
        iban=True,
        purposes=(("Goods", "GOODS"), ("Services", "SERVICES")),
        regulatory=("taxId",),
    ),
    "CA": Country("CAD"),
    "CH": Country("CHF", iban=True),
    "CN": Country(
        "CNY",
        purposes=(("Goods trade", "CGODDR"), ("Services trade", "CSTRDR")),
        regulatory=("contactName",),
    ),
    "CZ": Country("CZK", iban=True),
    "DE": Country("EUR", iban=True),
    "DK": Country("DKK", iban=True),
    "ES": Country("EUR", iban=True),
    "FR": Country("EUR", iban=True),
    "GB": Country("GBP", iban=True),
    "HK": Country("HKD"),
    "HU": Country("HUF", iban=True),
    "IE": Country("EUR", iban=True),
    "IL": Country("ILS", iban=True),
    "IN": Country("INR", purposes=(("Software services", "P0802"), ("Other services", "P1019"))),
    "IT": Country("EUR", iban=True),
    "JP": Country("JPY"),
    "KR": Country("KRW"),
    "MX": Country("MXN", regulatory=("taxId",)),
    "NL": Country("EUR", iban=True),
    "NO": Country("NOK", iban=True),
    "NZ": Country("NZD"),
    "PH": Country("PHP"),
    "PL": Country("PLN", iban=True),
    "SE": Country("SEK", iban=True),
    "SG": Country("SGD"),
    "TH": Country("THB"),
    "ZA": Country("ZAR"),
}


def rules_of_country(country: str) -> Country:
    """What a country asks for; a country without an entry asks for nothing special."""
    return COUNTRIES.get(country, _ELSEWHERE)


def configuration_of_country(country: str) -> Record:
    """What to give for a vendor's bank account in that country, as BILL answers it."""
    asks = rules_of_country(country)
    return {
        "paymentPurpose": {
            "required": bool(asks.purposes),
            "type": "CODE" if asks.purposes else "TEXT",
            "codes": [{"name": name, "value": value} for name, value in asks.purposes],
        },
        "validations": {
            "fields": [
                _field("nameOnAccount", "Name on the account"),
                {**_field("accountNumber", "IBAN"), "regularExpression": f"^{IBAN}$"}
                if asks.iban
                else _field("accountNumber", "Account number"),
                _field("routingNumber", "Routing number", required=not asks.iban),
                _field("type", "Account type"),
                _field("paymentCurrency", "Payment currency"),
                *(_field(name, "Regulatory field") for name in asks.regulatory),
            ]
        },
    }


def _field(name: str, description: str, *, required: bool = True) -> Record:
    return {"name": name, "description": description, "required": required}


def account_problems(country: str, account: Record, path: str) -> list[Problem]:
    """What is missing or wrong in a bank account for a vendor in that country."""
    if country == HOME:
        return []
    asks = rules_of_country(country)
    needed = ["nameOnAccount", "type", "paymentCurrency", "bankCountry"]
    if not asks.iban:
        needed.append("routingNumber")
    problems = [errors.missing_data(path + name) for name in needed if not account.get(name)]
    if asks.iban and not re.fullmatch(IBAN, account["accountNumber"].replace(" ", "")):
        problems.append(errors.invalid_value(f"{path}accountNumber", account["accountNumber"]))
    currency = account.get("paymentCurrency", BASE_CURRENCY)
    if currency not in CURRENCIES:
        problems.append(errors.invalid_value(f"{path}paymentCurrency", currency))
    given = {each["name"] for each in account.get("regulatoryFields", ()) if each.get("value")}
    if not given.issuperset(asks.regulatory):
        problems.append(errors.missing_data(f"{path}regulatoryFields"))
    if asks.purposes:
        code = account.get("paymentPurpose", {}).get("code", {}).get("value")
        if code is None:
            problems.append(errors.missing_data(f"{path}paymentPurpose.code"))
        elif code not in {value for _, value in asks.purposes}:
            problems.append(errors.invalid_value(f"{path}paymentPurpose.code.value", code))
    return problems


def delivery_of(currency: str) -> Record:
    """How payments in this currency reach a vendor abroad: ``payBySubType``, ``transferMethod``.

    BILL's page on international payments has US dollars by wire and names local transfers for
    other currencies; when several ways are open (MULTIPLE), and which is then the usual one, is not
    documented.
    """
    if currency == BASE_CURRENCY:
        return {"payBySubType": "WIRE"}
    return {"payBySubType": "MULTIPLE", "transferMethod": "LOCAL"}


def exchange_rate(currency: str, now: datetime) -> float:
    """How much of the currency one US dollar buys in the current batch."""
    if currency == BASE_CURRENCY:
        return 1.0
    usual = RATES.get(currency) or 1 + zlib.crc32(currency.encode()) % 9_900 / 100
    return round(usual * (1 + exchange_rate_batch(now) % 11 / 10_000), 7)


def exchange_rate_batch(now: datetime) -> int:
    """The id of the current batch of rates."""
    return (now - _FIRST_BATCH) // BATCH_LASTS


def exchange_rate_quote(vendor: Record, now: datetime) -> Record:
    """The current rate for paying a vendor, as BILL answers it."""
    currency = vendor["billCurrency"]
    account = vendor["paymentInformation"].get("bankAccount", {})
    ends = _FIRST_BATCH + (exchange_rate_batch(now) + 1) * BATCH_LASTS
    return {
        "billCurrency": currency,
        "paymentCurrency": account.get("paymentCurrency", currency),
        "baseCurrency": BASE_CURRENCY,
        "exchangeRate": exchange_rate(currency, now),
        "exchangeRateBatchId": exchange_rate_batch(now),
        "vendorId": vendor["id"],
        "amountRange": {"from": _LEAST_QUOTED, "to": _MOST_QUOTED},
        "expirationTime": timestamp(ends),
    }
