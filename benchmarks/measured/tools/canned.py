"""The client on a canned transport of its own; see ``clients``."""

import pytest

KEEPS_BYTES = True
cassette = pytest.mark.cassette


@pytest.fixture
def opened():
    """There is no cassette to open."""
