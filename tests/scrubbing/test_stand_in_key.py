"""The key of a run's stand-ins."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.exceptions import SettingsError
from pytest_bill.scrubbing.stand_in_key import stand_in_key
from pytest_bill.scrubbing.stand_ins import derived_key


@pytest.fixture
def variables(tmp_path):
    def variables(**environ: str) -> Variables:
        return Variables(environ, EnvFile(tmp_path / ".env", exists=False))

    return variables


def test_the_teams_own_goes_before_a_key_of_bill(variables):
    own = variables(BILL_STAND_IN_KEY="a-key-of-the-whole-team")
    used = variables(BILL_DEV_KEY="01DEVKEY")
    assert stand_in_key(own, used) == derived_key("a-key-of-the-whole-team")
    assert stand_in_key(variables(), used) == derived_key("01DEVKEY")


def test_without_any_it_is_another_one_each_time(variables):
    assert stand_in_key(variables(), variables()) != stand_in_key(variables(), variables())


def test_one_that_can_be_guessed_is_refused(variables):
    with pytest.raises(SettingsError, match="BILL_STAND_IN_KEY has fewer than"):
        stand_in_key(variables(BILL_STAND_IN_KEY="short"), variables())
