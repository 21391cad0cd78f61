"""How a run signs in with its credentials."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import SPEND_API_TOKEN
from pytest_bill.exceptions import MissingCredentials
from pytest_bill.run.accesses import access_of
from tests.helpers.settings_of_run import settings_in


def run(recorder, tmp_path, **variables):
    env_file = EnvFile(tmp_path / ".env", exists=False)
    return SimpleNamespace(
        recorder=recorder(live=True),
        variables=Variables(variables, env_file),
        settings=settings_in(tmp_path),
        cassettes=SimpleNamespace(of_sign_in=lambda kind: pytest.fail("it has no sign-in")),
    )


@pytest.mark.parametrize("is_worker", [False, True])
def test_the_credential_is_that_of_the_runs_variables(recorder, tmp_path, is_worker):
    token = "the-token-of-this-test"
    shared = tmp_path if is_worker else None
    access = access_of(
        run(recorder, tmp_path, BILL_SPEND_API_TOKEN=token), SPEND_API_TOKEN, shared, str
    )
    access.sign_in()
    assert {str.__str__(each) for each in access.real_headers().values()} == {token}


def test_what_is_missing_is_told_when_it_is_used(recorder, tmp_path):
    access = access_of(run(recorder, tmp_path), SPEND_API_TOKEN, None, str)
    with pytest.raises(MissingCredentials, match="BILL_SPEND_API_TOKEN"):
        access.real_headers()
