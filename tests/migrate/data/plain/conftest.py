import pytest
from acme import Acme


@pytest.fixture
def acme():
    return Acme()
