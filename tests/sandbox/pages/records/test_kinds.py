"""Every kind of record of the API is one that the pages show, and nothing else that is kept."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from pytest_bill.sandbox import api, seed
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.operations import SPEND_OWNER
from pytest_bill.sandbox.core.records import lookup
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.records.holdings import Holdings, all_owners
from pytest_bill.sandbox.pages.records.kinds import OF_ORGANIZATIONS, OF_SPEND, WITHIN, kinds_of

INTERNAL = {
    "3D Secure challenges",
    "bankAccountWrongAmounts",
    "billsNumbers",
    "cards",
    "consoleOrganizations",
    "files",
    "invoicesNumbers",
    "mfaPhones",
    "network_requests",
    "uploads",
    "vendor_audit",
}
"""What a fresh sandbox keeps beside its records: "cards" are those of budgets, which are shown."""


@pytest.fixture(scope="module")
def state() -> SandboxState:
    fresh = SandboxState(Clock(), 0, {})
    seed.fill_state(fresh)
    return fresh


def test_each_kind_of_record_is_shown():
    shown = {each.table for each in (*OF_ORGANIZATIONS, *OF_SPEND)}
    found = set()
    for about in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        for value in vars(importlib.import_module(about.name)).values():
            if isinstance(value, Resource | SpendResource):
                found.add(value.table)
    assert len(found) > 25
    assert found - shown == set()


def test_each_table_is_of_a_kind_or_internal(state):
    unknown = {
        name
        for owner, tables in state.tables_by_owner().items()
        if owner in {each.id for each in all_owners(state)}
        for name in tables
        if Holdings(state, owner).kind_of(name) is None
        and name.partition(WITHIN)[0] not in INTERNAL
        and not name.endswith(" by id")
    }
    assert unknown == set()


def test_a_name_is_of_one_kind():
    for kinds in (OF_ORGANIZATIONS, OF_SPEND):
        tables = [each.table for each in kinds]
        assert len(set(tables)) == len(tables)


@pytest.mark.parametrize("which", ["organization", "spend"])
def test_columns_are_fields_of_answers(state, which):
    owner = SPEND_OWNER if which == "spend" else state.credentials.organization_id
    holdings = Holdings(state, owner)
    missing = []
    for kind in kinds_of(owner):
        answers = [holdings.answered(each) for each in holdings.rows(kind.table)]
        missing += [
            (kind.name, column)
            for column in kind.columns
            if answers and all(lookup(each, column) is None for each in answers)
        ]
    assert missing == []
