"""Which names are BILL's own, in any spelling."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.kinds import KINDS, STAND_IN_KEY
from pytest_bill.scan.bill_names import (
    is_credential_name,
    own_placeholder,
    shared_placeholder,
    stems_in,
)


def test_each_variable_of_a_credential_is_an_own_name():
    names = [variable.name for kind in KINDS for variable in kind.variables]
    for name in (*names, STAND_IN_KEY):
        assert own_placeholder(name), name
        assert stems_in(name.lower()) is not None, name


@pytest.mark.parametrize(
    ("name", "placeholder"),
    [
        ("devKey", "BILL_DEV_KEY"),
        ("X-DevKey", "BILL_DEV_KEY"),
        ("dev_key", "BILL_DEV_KEY"),
        ("SESSIONID", "BILL_SESSION_ID"),
        ("bill-session-id", "BILL_SESSION_ID"),
        ("billPassword", "BILL_PASSWORD"),
        ("BILLPASSWORD", "BILL_PASSWORD"),
        ("TF_VAR_bill_password", "BILL_PASSWORD"),
        ("BILL_DEV_KEY_PROD_2", "BILL_DEV_KEY"),
        ("rememberMeId", "BILL_REMEMBER_ME_ID"),
        ("password", ""),
        ("DB_PASSWORD", ""),
        ("BILL_PASSWORD_FILE", ""),
        ("BILL_BASE_URL", ""),
        ("bill_next_page_token", ""),
        ("billing_password", ""),
        ("bill_compass", ""),
        ("bill_id", ""),
        ("", ""),
    ],
)
def test_an_own_name_gives_its_placeholder(name, placeholder):
    assert own_placeholder(name) == placeholder
    if placeholder:
        assert stems_in(f"x {name.lower()} y") is not None


@pytest.mark.parametrize("name", ["password", "userName", "client_secret", "deviceId"])
def test_names_that_others_have_too_are_shared(name):
    assert shared_placeholder(name)
    assert not own_placeholder(name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("sessionId", True), ("BILL_DEV_KEY", True), ("data.sessionId", True), ("marmalade", False)],
)
def test_a_value_may_be_a_name(value, expected):
    assert is_credential_name(value) is expected
