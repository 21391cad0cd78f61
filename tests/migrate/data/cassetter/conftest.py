import pytest
from acme import Acme


@pytest.fixture(scope="module")
def vcr_config():
    return {"filter_headers": ["devkey", "sessionid"]}


@pytest.fixture
def acme():
    return Acme()
