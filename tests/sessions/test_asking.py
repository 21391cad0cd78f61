"""BILL asked with one credential outside of a run; the doctor and MFA's trust ask so."""

from __future__ import annotations

import json

import pytest
import requests

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import DEVELOPER_KEY, load_credential
from pytest_bill.credentials.sign_in import session_id_in
from pytest_bill.environments import at_origin
from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sessions.asking import Asking


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def asking(sandbox, tmp_path):
    variables = Variables(sandbox.variables, EnvFile(tmp_path / ".env", exists=False))
    credential = load_credential(DEVELOPER_KEY, variables)
    return Asking(credential, at_origin(sandbox.origin, "custom"), (2, 2))


def test_it_asks_in_its_session_and_hides_its_values(asking, sandbox):
    session_id = session_id_in(asking.answer_to(asking.sign_in()))
    asking.enter(session_id)
    assert json.loads(asking.answer_to(asking.get("/v3/login/session")).answer_body)["userId"]
    assert asking.answer_to(asking.post("/v3/mfa/challenge", {})).status == 200
    asking.learn("a value that came later", "PLACEHOLDER_LATER")
    said = f"{sandbox.variables['BILL_PASSWORD']} {session_id.reveal()} a value that came later"
    for value in said.split(" ", 2):
        assert value not in asking.hide(said)
    assert asking.answer_to(asking.sign_out()).status == 200
    assert asking.answer_to(asking.get("/v3/login/session")).status == 401


def test_a_failure_holds_no_request(asking, sandbox):
    sandbox.fail("login", drop=True)
    with pytest.raises(requests.RequestException) as failed:
        asking.answer_to(asking.sign_in())
    assert failed.value.request is None
    assert sandbox.variables["BILL_PASSWORD"] not in repr(failed.value.__dict__)
