"""A request that no test makes, sent with the run's credential."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pytest_bill.credentials.kinds import DEVELOPER_KEY, Credential
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.interaction import Interaction
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.asking_again import AskingAgain

ROLES = ("username", "password", "organization_id", "key")
EXPIRED = (401, {}, b'[{"code": "BDC_1109", "message": "Session is invalid."}]')
SET_COOKIE = (200, {"Set-Cookie": "bill=0123456789abcdef0123"}, b"{}")


@pytest.fixture
def bill(server):
    return server()


@pytest.fixture
def asking(recorder, use, bill):
    it = recorder(at_origin(bill.origin, "local"))
    sessions = iter(["session-number-1", "session-number-2"])

    def network(request):
        body = json.dumps({"sessionId": next(sessions)}).encode()
        return replace(request, status=200, answer_body=body)

    values = {role: SecretStr(f"value-of-{role}") for role in ROLES}
    access = Access(
        DEVELOPER_KEY,
        load=lambda: Credential(DEVELOPER_KEY, values),
        recorder=it,
        network=network,
        sign_in_use=lambda: use("none", "sign_in.yaml"),
    )
    return it, AskingAgain(it, lambda _: access)


def request_to(it, path, method="GET", body=b"", **headers) -> Interaction:
    return Interaction(method, it.environment.resolve(path), headers, body)


def test_the_credential_is_added_though_the_run_replays(asking, bill):
    it, ask = asking
    assert not it.can_record_now
    assert ask(request_to(it, "/v3/vendors?max=2", A="b"), DEVELOPER_KEY).status == 200
    (method, path, headers, _) = bill.received[0]
    assert (method, path, headers["a"]) == ("GET", "/connect/v3/vendors?max=2", "b")
    assert headers["sessionid"] == "session-number-1"
    assert headers["devkey"] == "value-of-key"


def test_an_expired_session_is_renewed_once(asking, bill):
    it, ask = asking
    bill.answers = [EXPIRED]
    assert ask(request_to(it, "/v3/vendors"), DEVELOPER_KEY).status == 200
    assert [each[2]["sessionid"] for each in bill.received] == [
        "session-number-1",
        "session-number-2",
    ]


def test_a_form_of_v2_gets_the_credential_as_fields(asking, bill):
    it, ask = asking
    asked = {"Content-Type": "application/x-www-form-urlencoded"}
    ask(request_to(it, "/v2/List/Vendor.json", "POST", b"data=%7B%7D", **asked), DEVELOPER_KEY)
    assert parse_qs(bill.received[0][3].decode()) == {
        "devKey": ["value-of-key"],
        "sessionId": ["session-number-1"],
        "data": ["{}"],
    }


def test_without_a_credential_none_is_sent(asking, bill):
    it, ask = asking
    ask(request_to(it, "/v3/vendors"), None)
    assert not {"sessionid", "devkey"} & set(bill.received[0][2])


def test_what_bill_hands_out_is_secret_from_then_on(asking, bill):
    it, ask = asking
    bill.answers = [SET_COOKIE]
    ask(request_to(it, "/v3/vendors"), None)
    assert "0123456789abcdef" not in it.registry.hide("bill=0123456789abcdef0123")


def test_what_must_not_leave_is_not_sent(asking, bill):
    it, ask = asking
    with pytest.raises(PlaceholderSent):
        ask(request_to(it, "/v3/vendors?a=PLACEHOLDER_B"), DEVELOPER_KEY)
    production = Interaction("GET", "https://gateway.prod.bill.com/connect/v3/vendors", {}, b"")
    with pytest.raises(NetworkRefused):
        ask(production, None)
    assert bill.received == []
