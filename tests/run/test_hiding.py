"""What a run hides from its start."""

from __future__ import annotations

from pytest_bill.run.hiding import known_registry, protect
from pytest_bill.run.state import state_of
from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders

KEY = "01DEVELOPERKEY0123456789"


def test_the_secrets_of_the_environment_and_those_of_workers(pytester, monkeypatch, tmp_path):
    monkeypatch.setenv("BILL_DEV_KEY", KEY)
    config = pytester.parseconfig()
    assert known_registry(config).hide(f"key {KEY}") == "key PLACEHOLDER_BILL_DEV_KEY"
    SharedPlaceholders(tmp_path)("session-of-a-worker", "PLACEHOLDER_SESSION")
    registry = known_registry(config, tmp_path)
    registry.refresh()
    assert (
        registry.hide(f"{KEY} session-of-a-worker")
        == "PLACEHOLDER_BILL_DEV_KEY PLACEHOLDER_SESSION"
    )


def test_there_is_one_protection(pytester, monkeypatch):
    monkeypatch.setenv("BILL_DEV_KEY", KEY)
    config = pytester.parseconfig()
    protection = protect(config, known_registry(config))
    assert protect(config, known_registry(config)) is protection
    assert state_of(config).protection is protection


def test_before_the_options_are_read_to_their_end(pytester):
    """So older versions of pytest ask: the option is known, and has no value yet."""
    pytester.path.joinpath(".env").write_text(f"BILL_DEV_KEY={KEY}\n")
    config = pytester.parseconfig()
    del config.option.bill_env_file
    assert known_registry(config).hide(KEY) == "PLACEHOLDER_BILL_DEV_KEY"
