"""The table of other recorders' settings knows all of theirs."""

from __future__ import annotations

import inspect

import vcr

from pytest_bill.migrate.config_keys import BY_HAND, KEYS, MATCH_ON, NAMES, NOT_NEEDED, SECRETS


def test_all_settings_of_vcrpy():
    assert set(inspect.signature(vcr.VCR).parameters) <= set(KEYS)


def test_each_row_says_something():
    for name, row in KEYS.items():
        assert row.how in (NAMES, MATCH_ON, SECRETS, NOT_NEEDED, BY_HAND), name
        assert row.said or row.how in (NAMES, MATCH_ON, SECRETS), name
