"""Before a payment: how a vendor can be paid, and what its currency costs.

Pages: https://developer.bill.com/docs/vendor-payment-options,
https://developer.bill.com/docs/ap-international-payments,
https://developer.bill.com/reference/listpaymentoptions,
https://developer.bill.com/reference/getexchangerate,
https://developer.bill.com/reference/getexchangerates.

The options are the organization's card and bank accounts, each with ``name`` and ``available``, and
``processDate`` and ``deliveryDate``, or else the ``reason``; ``amount`` comes back as text. An
exchange rate is how much of the vendor's ``billCurrency`` a dollar buys; it belongs to a batch,
``exchangeRateBatchId``, which ends at ``expirationTime`` and which a payment in that currency has
to name. See ``international`` for the rates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.cards import CARDS
from pytest_bill.sandbox.api.payables import payment_progress
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.core import business_days, errors, international
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import (
    NUMERAL,
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.core.records import Record

_MOST_QUOTED = 200
_CARD_FEE_PERCENT = 2.9
_PATH = V3 + "/payments"


def _options(call: Call) -> Record:
    """How a vendor can be paid that amount, and when the money arrives."""
    vendor, amount = _queried(call)
    method = vendor["paymentInformation"]["payByType"]
    first_day = business_days.following_business_day(call.state.clock.now().date())
    arrives = {
        "processDate": first_day.isoformat(),
        "deliveryDate": payment_progress.arrival_date(first_day, method).isoformat(),
    }
    fee = {
        "amount": round(amount * _CARD_FEE_PERCENT / 100, 2),
        "rate": _CARD_FEE_PERCENT,
    }
    return {
        "vendorId": vendor["id"],
        "amount": f"{amount:.2f}",
        "fundingOptions": {
            "cards": [
                {
                    **_option(card, card["nameOnAccount"], arrives),
                    "brand": card["brand"].lower(),
                    "feeInfo": fee,
                }
                for card in _accounts(call, CARDS.table)
            ],
            "banks": [
                _option(bank, bank["bankName"], arrives) for bank in _accounts(call, BANKS.table)
            ],
        },
    }


def _accounts(call: Call, table: str) -> list[Record]:
    return [each for each in call.table(table).values() if not each["archived"]]


def _option(account: Record, name: str, arrives: Record) -> Record:
    known = {"id": account["id"], "name": name}
    if account["status"] == "VERIFIED":
        return {"available": True, **known, **arrives}
    return {"available": False, **known, "reason": "The account is not verified."}


def _queried(call: Call) -> tuple[Record, float]:
    """The vendor and the amount that a query names; BDC_1129 if there is no such vendor."""
    query = call.request.query
    vendor = call.table(VENDORS.table).get(query.get("vendorId", ""))
    given = query.get("amount", "")
    problems: list[Problem] = []
    if vendor is None:
        problems.append(errors.invalid_parameter("vendorId", query.get("vendorId", "")))
    if not re.fullmatch(NUMERAL, given, re.ASCII) or float(given) < 0:
        problems.append(errors.invalid_parameter("amount", given))
    if vendor is None or problems:
        raise errors.bad_request(*problems)
    return vendor, float(given)


def _exchange_rate(call: Call) -> Record:
    """The current exchange rate for a vendor abroad, and its batch."""
    vendor, _ = _queried(call)
    call.flag("baseCurrency")
    if not is_abroad(vendor):
        raise errors.bad_request(errors.invalid_parameter("vendorId", vendor["id"]))
    return international.exchange_rate_quote(vendor, call.state.clock.now())


def _exchange_rates(call: Call) -> Any:
    """The current exchange rates for several vendors abroad."""
    known = call.table(VENDORS.table)
    problems = [
        errors.invalid_value(f"[{index}].vendorId", each["vendorId"])
        for index, each in enumerate(call.body)
        if not is_abroad(known.get(each["vendorId"]))
    ]
    if problems:
        raise errors.bad_request(*problems)
    now = call.state.clock.now()
    return [international.exchange_rate_quote(known[each["vendorId"]], now) for each in call.body]


def is_abroad(vendor: Record | None) -> bool:
    """Whether there is a vendor, abroad and with the bank account that a rate is quoted for."""
    if vendor is None:
        return False
    information = vendor["paymentInformation"]
    return vendor["address"]["country"] != international.HOME and "bankAccount" in information


_QUOTE = Object(
    {
        **{name: Text(required=True) for name in ("billCurrency", "paymentCurrency")},
        "baseCurrency": Text(required=True),
        "exchangeRate": Number(required=True),
        "exchangeRateBatchId": Integer(required=True),
        "vendorId": Text(required=True),
        "amountRange": Object({"from": Number(required=True), "to": Number(required=True)}),
        "expirationTime": Text(required=True),
    }
)
_OPTION: Mapping[str, Field] = {
    "available": Boolean(required=True),
    "id": Text(required=True),
    "name": Text(required=True),
    "processDate": Date(),
    "deliveryDate": Date(),
    "reason": Text(),
}
_PAYEE = (
    Query("vendorId", Text(required=True)),
    Query("amount", Number(required=True, minimum=0)),
)
_RATES = (
    "The rates are made up. A vendor without a bank account abroad is refused: BILL says that its "
    "payment information is required, not what it answers."
)
_BATCH = (
    "BILL's samples do not show billCurrency, vendorId and exchangeRateBatchId, its guide does."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH + "/options",
        "listPaymentOptions",
        "Get how a vendor can be paid",
        _options,
        area="Payments",
        query=_PAYEE,
        answer=Object(
            {
                "vendorId": Text(required=True),
                "amount": Text(required=True),
                "fundingOptions": Object(
                    {
                        "cards": Many(
                            Object(
                                {
                                    **_OPTION,
                                    "brand": Text(),
                                    "feeInfo": Object({"amount": Number(), "rate": Number()}),
                                }
                            )
                        ),
                        "banks": Many(Object(_OPTION)),
                    }
                ),
            }
        ),
        missing="Which vendors take which cards: every verified account is available. conditions, "
        "and the fee of a bank account.",
        unsure="The reasons are the sandbox's words, the delivery dates its choice. BILL's guide "
        "shows the amount as text, as here, its samples as a number.",
    ),
    Operation(
        "GET",
        _PATH + "/exchange-rate",
        "getExchangeRate",
        "Get the exchange rate for a vendor",
        _exchange_rate,
        area="Payments",
        query=(*_PAYEE, Query("baseCurrency", Boolean())),
        answer=_QUOTE,
        missing="baseCurrency, of which BILL's pages do not say what it does, changes nothing.",
        unsure=f"{_RATES} {_BATCH}",
    ),
    Operation(
        "POST",
        _PATH + "/exchange-rate",
        "getExchangeRates",
        "Get the exchange rates for several vendors",
        _exchange_rates,
        area="Payments",
        body={
            "vendorId": Text(required=True),
            "amount": Number(required=True, minimum=0),
        },
        many=_MOST_QUOTED,
        answer=Many(_QUOTE),
        unsure=f"{_RATES} Body and answer are taken to be lists; up to 200 vendors, as in v2.",
    ),
)
