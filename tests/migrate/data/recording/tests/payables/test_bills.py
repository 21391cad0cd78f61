import pytest
from acme import of


def without_body(request):
    request.body = b""
    return request


pytestmark = [pytest.mark.vcr, pytest.mark.block_network]


def test_v2_list(signed_in):
    answer = signed_in.v2("/List/Vendor.json", {"start": 0, "max": 2})
    assert len(answer.json()["response_data"]) == 2


def test_for_an_organization(signed_in):
    headers = {"organizationId": of("ORGANIZATION_ID")}
    assert signed_in.ask("GET", "/bills", headers=headers, params={"max": 1}).ok


def test_session_in_the_query(signed_in):
    parameters = {"max": 1, "sessionId": signed_in.session_id}
    assert signed_in.ask("GET", "/bills", params=parameters).status_code


@pytest.mark.vcr(before_record_request=without_body)
def test_sign_in_without_a_body(acme):
    assert acme.sign_in()["sessionId"]
