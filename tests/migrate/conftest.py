"""What the tests of ``pytest-bill migrate`` share."""

from __future__ import annotations

import os

import pytest

from tests.migrate.suites import Suites

collect_ignore = ["data"]


@pytest.fixture
def suites(tmp_path, monkeypatch, capsys):
    """A suite in an empty folder, from which everything is run; without a variable of BILL's."""
    for name in [name for name in os.environ if name.startswith(("BILL_", "ACME_"))]:
        monkeypatch.delenv(name)
    # Each run of pytest there starts without the other plugins that are installed here.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_bill.plugin")
    folder = tmp_path / "suite"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Suites(folder, capsys)
