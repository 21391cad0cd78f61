"""Every field that BILL's pages of v2 list in an answer is answered, or named as left out."""

from pathlib import Path

import pytest

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.fields import Either, Many, Null, Object

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "documented_fields.tsv").read_text().splitlines()
    if not line.startswith("#")
]
OPERATIONS = {
    each.path.removeprefix("/api/v2/").removesuffix(".json"): each
    for each in api.OPERATIONS
    if each.path.startswith("/api/v2/")
}
LEFT_OUT = {
    # A recorded answer has mergedIntoId, which the pages have everywhere else.
    ("Crud/Read/Vendor", ""): {"mergeIntoId"},
    ("SearchEntity", ""): {"mergeIntoId"},
    # Told as the parent location, which is sent as parentLocationId.
    ("Crud/Read/Location", ""): {"parentActgClassId"},
    ("GetNetworkStatus", ""): {"logoUrl"},
    ("ListPayments", "payments"): {
        *("disbursement", "extraData", "vendorAddressCountry", "vendorBankCountry"),
    },
}
NEVER_ANSWERED = {"apConvFee", "payments.apConvFee", "sentPays.apConvFee", "largeBillers.masks"}
"""Objects that the sandbox has none of."""


def object_at(field, path):
    """The object that an answer has at that path."""
    while not isinstance(field, Object):
        if isinstance(field, Many):
            field = field.item
        elif isinstance(field, Either):
            field = next(each for each in field.kinds if not isinstance(each, Null))
        else:
            return None
    if not path:
        return field
    name, _, rest = path.partition(".")
    return object_at(field.fields[name], rest)


@pytest.mark.parametrize("operation", sorted({row[0] for row in ROWS} & set(OPERATIONS)))
def test_every_documented_field_is_answered(operation):
    answer = OPERATIONS[operation].answer.kinds[0].fields["response_data"]
    for name, path, fields in ROWS:
        if name != operation or path in NEVER_ANSWERED:
            continue
        known = object_at(answer, path)
        assert known is not None, path
        lacking = set(fields.split()) - set(known.fields)
        assert lacking == LEFT_OUT.get((operation, path), set()), path


def test_what_is_left_out_is_told():
    for operation, path in LEFT_OUT:
        one = OPERATIONS[operation]
        for name in LEFT_OUT[operation, path]:
            assert name in f"{one.missing} {one.unsure}", (operation, name)
