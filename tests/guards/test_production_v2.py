"""Each operation of BILL's v2 reference is known: it reads, is plain, or needs its group's name."""

import pytest

from pytest_bill.guards.production_groups import UNKNOWN
from pytest_bill.guards.production_operations import change_by
from pytest_bill.sandbox.description import v2_index

PRODUCTION = "https://api.bill.com"


def group_of(path):
    change = change_by("POST", PRODUCTION + path)
    return change and change.group


def test_no_operation_of_v2_is_unknown():
    unknown = [
        path for area, _, path, *_ in v2_index.index() if area == "v2" and group_of(path) == UNKNOWN
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("operation", "group"),
    [
        ("CurrentTime", None),
        ("MFAStatus", None),
        ("MFAChallenge", None),
        ("UploadAttachment", None),
        ("Crud/Create/PurchaseOrder", None),
        ("DisconnectVendorFromNetwork", "network"),
        ("MailInvoice", "messages"),
        ("SendMessage", "messages"),
        ("VoidARPayment", UNKNOWN),
    ],
)
def test_which_group_an_operation_needs(operation, group):
    assert group_of(f"/api/v2/{operation}.json") == group
