"""Each credential has a line that says where BILL makes it, with BILL's page."""

from __future__ import annotations

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.doctor.where_made import WHERE_MADE


def test_each_credential_has_a_page():
    assert list(WHERE_MADE) == [kind.key for kind in KINDS]
    assert all("https://developer.bill.com/docs/" in line for line in WHERE_MADE.values())
