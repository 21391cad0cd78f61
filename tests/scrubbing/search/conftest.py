"""What the tests of the search share."""

from __future__ import annotations

import pytest

from pytest_bill.scrubbing.search.search import Search
from tests.helpers.searching import PLACEHOLDER, SECRET


@pytest.fixture
def searching() -> Search:
    return Search({SECRET: PLACEHOLDER})
