"""Settings of a run, for tests that make one without pytest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.record_modes import RecordMode
from pytest_bill.settings import Settings


def settings_in(folder: Path, **changes: Any) -> Settings:
    """Those of a run in an empty folder; give what differs from the defaults."""
    values: dict[str, Any] = {
        "rootdir": folder,
        "record_mode": RecordMode.NONE,
        "record_mode_is_final": False,
        "live": False,
        "environment_name": "sandbox",
        "base_url": None,
        "cassette_dir": folder / "cassettes",
        "allow_production": False,
        "variables": Variables({}, EnvFile(folder / ".env", exists=False)),
    }
    return Settings(**(values | changes))
