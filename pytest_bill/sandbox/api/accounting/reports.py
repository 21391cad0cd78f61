"""Reports: the audit trail of a vendor.

Pages: https://developer.bill.com/docs/getting-audit-trail-details,
https://developer.bill.com/reference/getvendoraudittrail. The answer is a list; each entry has
``source``, ``type``, ``createdTime``, ``user`` (``id`` and ``name``) and ``field``, which is empty
for a creation and else has ``name`` and ``value`` (``previous`` and ``current``).
``vendors.record_change`` writes it down when something is done to a vendor.
"""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.api.payables.vendors import AUDIT_TABLE, VENDORS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Integer, Many, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.core.user_names import full_name

_LARGEST = 2**31 - 1


def _audit_trail(call: Call) -> list[Any]:
    """What was done to the vendor, oldest first."""
    vendor = VENDORS.find(call)
    call.flag("includeArchived")
    start = _number(call, "start", 0)
    most = _number(call, "max", _LARGEST)
    entries = call.table(AUDIT_TABLE).get(vendor["id"], {"entries": []})["entries"]
    return [
        {
            "source": entry["source"],
            "type": entry["type"],
            "createdTime": (vendor if entry["type"] == "Create" else entry)["createdTime"],
            "field": entry["field"],
            "user": {"id": entry["userId"], "name": full_name(call, entry["userId"])},
        }
        for entry in entries[start : start + most]
    ]


def _number(call: Call, name: str, default: int) -> int:
    given = call.request.query.get(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and int(given) <= _LARGEST):
        raise errors.bad_request(errors.invalid_parameter(name, given))
    return int(given)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/reports/audit-trail/vendor/{vendorId}",
        "getVendorAuditTrail",
        "Get what was done to a vendor: its creation and each edited field",
        _audit_trail,
        area="Reports",
        query=(
            Query("includeArchived", Boolean()),
            Query("start", Integer(minimum=0, maximum=_LARGEST)),
            Query("max", Integer(minimum=0, maximum=_LARGEST)),
        ),
        answer=Many(
            Object(
                {
                    "source": Text(required=True),
                    "type": Text(required=True),
                    "createdTime": Text(required=True),
                    "user": Object({"id": Text(required=True), "name": Text(required=True)}),
                    "field": Object(
                        {
                            "name": Text(),
                            "value": Object({"previous": Text(), "current": Text()}),
                        }
                    ),
                }
            )
        ),
        missing="No entry is ever archived, so includeArchived changes nothing.",
        unsure="The guide shows the types Create and Edit, the reference CREATE and EDIT; here as "
        "in the guide. Only the field Pay by is documented; other fields are named in words after "
        "the API's. Without max every entry is answered.",
    ),
)
