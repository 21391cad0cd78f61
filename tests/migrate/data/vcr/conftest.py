import pytest
from acme import Acme


@pytest.fixture(scope="module")
def vcr_config():
    return dict(filter_headers=["devKey", "sessionId"], match_on=["method", "path", "query"])


@pytest.fixture
def acme():
    return Acme()
