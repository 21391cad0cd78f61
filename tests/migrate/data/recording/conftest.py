import pytest
from acme import Acme


@pytest.fixture(scope="module")
def vcr_config():
    return {
        "filter_headers": [("devKey", "REDACTED"), "sessionId", ("organizationId", "DUMMY")],
        "filter_query_parameters": ["sessionId", ("trace", "x")],
        "filter_post_data_parameters": ["password", ("devKey", "DUMMY"), "sessionId"],
        "ignore_localhost": False,
        "record_mode": "once",
    }


@pytest.fixture
def acme():
    return Acme()


@pytest.fixture
def signed_in(acme):
    acme.sign_in()
    return acme
