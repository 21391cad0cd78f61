"""The state of a run: which cassette each user gets, the private folder, the local sandbox."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import DEVELOPER_KEY
from pytest_bill.exceptions import SettingsError
from pytest_bill.record_modes import RecordMode
from pytest_bill.run import Run
from pytest_bill.settings import Settings


@pytest.fixture
def settings(tmp_path):
    """Settings of a run in an empty folder; give what differs from the defaults."""

    def settings(**changes) -> Settings:
        values = {
            "rootdir": tmp_path,
            "record_mode": RecordMode.NONE,
            "record_mode_is_final": False,
            "live": False,
            "environment_name": "sandbox",
            "base_url": None,
            "cassette_dir": tmp_path / "cassettes",
            "sync_sign_in": "v3",
            "allow_production": False,
            "variables": Variables({}, EnvFile(tmp_path / ".env", exists=False)),
        }
        return Settings(**(values | changes))

    return settings


@pytest.fixture
def made(settings):
    """Make runs that are closed at the end."""
    runs = []

    def made(bill_config=None, shared_folder=None, **changes) -> Run:
        runs.append(Run(settings(**changes), bill_config or {}, shared_folder))
        return runs[-1]

    yield made
    for run in runs:
        run.close()


def test_the_cassette_of_a_test(made, tmp_path):
    use = made().use_of_test("tests/test_a.py::test_b", (), {})
    assert use.path == tmp_path / "cassettes/tests/test_a/test_b.yaml"
    assert (use.record_mode, use.shared) == ("none", False)
    assert use.record_command == "pytest tests/test_a.py::test_b"


def test_the_cassette_that_a_marker_names(made, tmp_path):
    use = made().use_of_test("t.py::a[1 2]", ("shared/one",), {"record_mode": "once"})
    assert use.path == tmp_path / "cassettes/shared/one.yaml"
    assert (use.record_mode, use.shared) == ("once", True)
    assert use.record_command == "pytest 't.py::a[1 2]'"


def test_the_cassette_of_a_fixture(made, tmp_path):
    use = made({"record_mode": "all"}).use_of_fixture("tests", "vendor", None, "tests/t.py::a")
    assert use.path == tmp_path / "cassettes/tests/conftest/fixture.vendor.yaml"
    assert use.record_mode == "all"
    assert "fixture vendor" in use.owner


@pytest.mark.parametrize("is_final", [True, False])
def test_only_a_mode_from_the_command_line_is_final(made, is_final):
    run = made({"record_mode": "all"}, record_mode_is_final=is_final)
    use = run.use_of_test("t.py::a", (), {"record_mode": "once"})
    assert use.record_mode == ("none" if is_final else "once")
    assert run.record_mode == ("none" if is_final else "all")


def test_a_marker_cannot_reach_production(made):
    run = made(environment_name="production")
    with pytest.raises(SettingsError, match="--bill-allow-production"):
        run.use_of_test("t.py::a", (), {"record_mode": "once"})


def test_a_marker_cannot_start_the_local_sandbox_late(made):
    run = made(environment_name="local")
    with pytest.raises(SettingsError, match="Give it on the command line"):
        run.use_of_test("t.py::a", (), {"record_mode": "once"})


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


def test_the_private_folder_is_private_and_gone_at_the_end(settings):
    run = Run(settings(), {})
    folder = run.scratch()
    assert run.scratch() == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    run.close()
    assert not folder.exists()


def test_workers_use_the_folder_they_are_given_and_leave_it(settings, tmp_path):
    run = Run(settings(), {}, tmp_path)
    assert run.scratch() == tmp_path
    run.close()
    assert tmp_path.exists()


def test_workers_name_what_bill_hands_out_alike(made, tmp_path):
    one, other = (made(shared_folder=tmp_path).recorder.registry for _ in range(2))
    assert one.add("session-number-1", "PLACEHOLDER_S") == "PLACEHOLDER_S"
    assert other.add("session-number-2", "PLACEHOLDER_S") == "PLACEHOLDER_S_2"
    assert other.add("session-number-1", "PLACEHOLDER_S") == "PLACEHOLDER_S"


def test_the_local_sandbox_is_started_to_record_only(settings):
    local = settings(environment_name="local")
    assert not local.wants_sandbox(RecordMode.NONE)
    assert local.wants_sandbox(RecordMode.ONCE)
    assert settings(environment_name="local", live=True).wants_sandbox(RecordMode.NONE)
    assert not settings(environment_name="local", base_url="http://[::1]").wants_sandbox(
        RecordMode.ALL
    )


def test_replay_of_local_cassettes_asks_bills_own_addresses(made):
    run = made(environment_name="local")
    assert run.environment.gateway == "https://gateway.stage.bill.com/connect"
    assert isinstance(run.scratch(), Path)
