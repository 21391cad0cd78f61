"""The groups of operations that production may be asked for: each is used, and has its words."""

from __future__ import annotations

import subprocess
import sys

from pytest_bill.guards import production_operations
from pytest_bill.guards.production_groups import GROUPS, UNKNOWN


def test_the_groups_are_those_of_the_table_and_the_one_for_all_else():
    assert set(GROUPS) == set(production_operations._TABLE) - {""} | {UNKNOWN}
    assert all(GROUPS.values())


def test_they_are_known_without_the_table():
    code = (
        "import sys; import pytest_bill.guards.production_groups; "
        "print('pytest_bill.guards.production_operations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
