"""What the checks of health answer, those of the gateway and of webhooks.

The fields are those of https://developer.bill.com/reference/gethealthcheck and
https://developer.bill.com/reference/webhookgethealthcheck; the values are the sandbox's own.
"""

from __future__ import annotations

from pytest_bill import __version__
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.records import Record

ANSWER: Record = {
    "appId": "pytest-bill-sandbox",
    "appEnv": "sandbox",
    "appVersion": __version__,
    "bdcRegion": "local",
}
FIELDS = Object({name: Text(required=True) for name in ANSWER})
