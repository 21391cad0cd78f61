"""The wiring of a run: its mode, its private folder, what its workers share."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pytest_bill.credentials.kinds import DEVELOPER_KEY
from pytest_bill.exceptions import SettingsError
from pytest_bill.run.run import Run
from tests.helpers.settings_of_run import settings_in


@pytest.mark.parametrize(
    ("bill_config", "message"),
    [
        ({"mode": "all"}, "has no setting mode"),
        ({"record_mode": "sometimes"}, "record_mode 'sometimes'"),
    ],
)
def test_a_wrong_bill_config_is_explained(made, bill_config, message):
    with pytest.raises(SettingsError, match=message):
        _ = made(bill_config).record_mode


def test_one_access_per_credential(made):
    run = made()
    assert run.access(DEVELOPER_KEY) is run.access(DEVELOPER_KEY)


def test_the_private_folder_is_private_and_gone_at_the_end(tmp_path):
    run = Run(settings_in(tmp_path), {})
    folder = run.scratch()
    assert run.scratch() == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    run.close()
    assert not folder.exists()


def test_workers_use_the_folder_they_are_given_and_leave_it(tmp_path):
    run = Run(settings_in(tmp_path), {}, tmp_path)
    assert run.scratch() == tmp_path
    run.close()
    assert tmp_path.exists()


def test_workers_name_what_bill_hands_out_alike(made, tmp_path):
    one, other = (made(shared_folder=tmp_path).recorder.registry for _ in range(2))
    assert one.add("session-number-1", "PLACEHOLDER_S") == "PLACEHOLDER_S"
    assert other.add("session-number-2", "PLACEHOLDER_S") == "PLACEHOLDER_S_2"
    assert other.add("session-number-1", "PLACEHOLDER_S") == "PLACEHOLDER_S"


def test_replay_of_local_cassettes_asks_bills_own_addresses(made):
    run = made(environment_name="local")
    assert run.environment.gateway == "https://gateway.stage.bill.com/connect"
    assert isinstance(run.scratch(), Path)
