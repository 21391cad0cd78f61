"""No tool at all."""

import pytest

cassette = pytest.mark.cassette


@pytest.fixture
def opened():
    """There is no cassette to open."""
