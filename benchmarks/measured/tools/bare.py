"""No tool at all."""

import pytest

cassette = pytest.mark.cassette
