"""GetDynamicExchangeRateQuote of BILL's v2 API: what the currencies of vendors abroad cost.

Page: https://developer.bill.com/v2/reference/ap-vendortransactions-getdynamicexchangeratequote. See
``international`` for the rates, which are made up; ``batchId`` is what v3 calls
``exchangeRateBatchId``.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.payables import payment_quotes
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors, international
from pytest_bill.sandbox.core.fields import Integer, Many, Number, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_TYPES = ("POC1", "POC2", "POC3")


def _quote(call: Call) -> Record:
    """The rates for all vendors that are asked for, or a refusal."""
    known, now = call.table(VENDORS.table), call.state.clock.now()
    asked = call.form["data"]["vendorData"]
    problems = [
        errors.invalid_value(f"vendorData[{index}].vendorId", each["vendorId"])
        for index, each in enumerate(asked)
        if not payment_quotes.is_abroad(known.get(each["vendorId"]))
    ]
    if problems:
        raise errors.bad_request(*problems)
    return {
        "batchId": international.exchange_rate_batch(now),
        "exchangeRates": [
            _rate(international.exchange_rate_quote(known[each["vendorId"]], now), each)
            for each in asked
        ],
        "orgId": call.owner,
        "orgBaseCurrency": international.BASE_CURRENCY,
    }


def _rate(quote: Record, asked: Record) -> Record:
    return {
        **{name: quote[name] for name in ("paymentCurrency", "billCurrency", "exchangeRate")},
        "validFrom": quote["amountRange"]["from"],
        "validTo": quote["amountRange"]["to"],
        "vendorId": asked["vendorId"],
        "totalAmount": asked.get("totalAmount"),
    }


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GetDynamicExchangeRateQuote",
        "v2GetDynamicExchangeRateQuote",
        "The exchange rates for vendors abroad",
        _quote,
        page="ap-vendortransactions-getdynamicexchangeratequote",
        data={
            "vendorData": Many(
                Object(
                    {
                        "vendorId": Text(required=True),
                        "totalAmount": Text(required=True),
                        "type": Text(choices=_TYPES),
                    }
                ),
                required=True,
            )
        },
        answer=Object(
            {
                "batchId": Integer(required=True),
                "exchangeRates": Many(
                    Object(
                        {
                            "paymentCurrency": Text(required=True),
                            "billCurrency": Text(required=True),
                            "exchangeRate": Number(required=True),
                            "validFrom": Number(required=True),
                            "validTo": Number(required=True),
                            "vendorId": Text(required=True),
                            "totalAmount": Text(required=True),
                        }
                    ),
                    required=True,
                ),
                "orgId": Text(required=True),
                "orgBaseCurrency": Text(required=True),
            }
        ),
        missing="type makes no difference.",
        unsure="The rates are made up. The refusal of a vendor who is not abroad, or has no bank "
        "account there, is not documented; here BDC_1119.",
    ),
)
"""The exchange rates of v2."""
