"""Sign-ins of one credential: what is told, recorded and counted of each."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests

from pytest_bill.credentials.kinds import DEVELOPER_KEY, Credential
from pytest_bill.environments import SANDBOX
from pytest_bill.exceptions import SignInFailed
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.known_sign_ins import OwnSignIns
from pytest_bill.sessions.retrying import Retrying
from pytest_bill.sessions.signing_in import SigningIn

NOW = datetime(2026, 12, 1, 14, 20, 5, tzinfo=UTC)
CREDENTIAL = Credential(
    DEVELOPER_KEY, {v.role: SecretStr(f"the-{v.role}-of-ada") for v in DEVELOPER_KEY.variables}
)


@pytest.fixture
def signing_in(recorder):
    """Make one that is answered, in this order, what it is given: status and JSON, or an error."""

    def signing_in(*answers, known=None):
        left, it = list(answers), recorder(SANDBOX)

        def network(request):
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return replace(request, status=answer[0], answer_body=json.dumps(answer[1]).encode())

        made = SigningIn(
            DEVELOPER_KEY,
            recorder=it,
            network=network,
            known=known or OwnSignIns(),
            retrying=Retrying(sleep=lambda seconds: None, now=lambda: NOW),
            now=lambda: NOW,
        )
        made.recorder, made.left = it, left
        return made

    return signing_in


def session(number):
    return 200, {"sessionId": f"session-number-{number}"}


def test_a_session_is_secret_before_it_is_recorded(signing_in):
    it = signing_in(session(1))
    recorded = []

    def record(answered):
        recorded.append(it.recorder.registry.hide(answered.answer_body.decode()))

    assert it.session(CREDENTIAL, record) == "session-number-1"
    assert recorded == ['{"sessionId": "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"}']


def test_what_another_one_signed_in_to_is_taken_and_not_recorded(signing_in):
    known = OwnSignIns()
    signing_in(session(1), known=known).session(CREDENTIAL)
    second = signing_in(known=known)
    assert (
        second.session(CREDENTIAL, lambda answered: pytest.fail("recorded")) == "session-number-1"
    )
    assert second.asked == 1
    assert second.recorder.counts.sign_ins == 0


def test_a_limit_says_when_again(signing_in):
    it = signing_in((429, [{"code": "BDC_1144", "message": "Max number reached: 200."}]))
    with pytest.raises(SignInFailed, match=r"run again after 15:00:00 UTC, when the next hour"):
        it.session(CREDENTIAL)


def test_what_bill_saw_is_counted_over_all_sign_ins(signing_in):
    refused = (401, [{"code": "BDC_1101", "message": "No match."}])
    it = signing_in((503, {}), session(1), (503, {}), refused)
    stale = it.session(CREDENTIAL)
    with pytest.raises(SignInFailed, match="BILL was asked 4 times for a sign-in with it"):
        it.renewed_session(CREDENTIAL, stale, is_refused=True)
    with pytest.raises(SignInFailed, match="BDC_1101"):
        it.renewed_session(CREDENTIAL, stale, is_refused=True)
    assert it.left == []


def test_what_another_ones_failure_says_is_told_by_all(signing_in):
    known = OwnSignIns()
    first, second = signing_in((401, {}), known=known), signing_in(known=known)
    with pytest.raises(SignInFailed) as told:
        first.session(CREDENTIAL)
    for ask in (second.require_none_failed, lambda: second.session(CREDENTIAL)):
        with pytest.raises(SignInFailed) as again:
            ask()
        assert str(again.value) == str(told.value)
        assert again.value is not told.value


def test_a_failure_of_the_network_drags_no_secret_along(signing_in):
    it = signing_in(requests.ReadTimeout(f"no answer to {CREDENTIAL['password'].reveal()}"))
    it.recorder.registry.add(CREDENTIAL["password"], "PLACEHOLDER_BILL_PASSWORD")
    with pytest.raises(SignInFailed, match=r"had no answer from https://gateway\.stage") as failed:
        it.session(CREDENTIAL)
    assert "the-password-of-ada" not in str(failed.value)
    assert failed.value.__context__ is None


def test_what_interrupts_a_sign_in_is_not_final(signing_in):
    it = signing_in(session(1))
    it.left.insert(0, RuntimeError("interrupted"))
    with pytest.raises(RuntimeError):
        it.session(CREDENTIAL)
    assert it.session(CREDENTIAL) == "session-number-1"
