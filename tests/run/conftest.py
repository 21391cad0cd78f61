"""What the tests of a run's parts share."""

from __future__ import annotations

import pytest

from pytest_bill.run.run import Run
from tests.helpers.settings_of_run import settings_in


@pytest.fixture
def made(tmp_path):
    """Make runs that are closed at the end."""
    runs = []

    def made(bill_config=None, shared_folder=None, **changes) -> Run:
        settings = settings_in(tmp_path, **changes)
        runs.append(Run(settings, bill_config or {}, shared_folder))
        return runs[-1]

    yield made
    for run in runs:
        run.close()
