"""A suite as a user has it: recorded from the local sandbox, then replayed without a network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_bill.cassettes.naming import cassette_of_test

RECORD = ("--bill-environment=local", "--bill-record-mode=once")
NO_NETWORK = ("--disable-socket", "--allow-unix-socket", "-W", "ignore")
"""No socket but those within an event loop. urllib3 tries one when it is imported, for IPv6."""
LOOPBACK_ONLY = ("--allow-hosts=127.0.0.1", "--allow-unix-socket", "-W", "ignore")
"""For suites that have servers of their own."""


class Suite:
    """The suite in the folder of a test; each run of it is a process of its own."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        for name in [name for name in os.environ if name.startswith("BILL_")]:
            monkeypatch.delenv(name)

    @property
    def folder(self) -> Path:
        return self._pytester.path

    def write(self, **files: str) -> None:
        """Write modules by their names."""
        self._pytester.makepyfile(**files)

    def run(self, *args: str) -> pytest.RunResult:
        """A run, however it ends.

        pytest does not look for what nobody closed: for that it collects all garbage five times.
        """
        plugins = ("-p", "no:cacheprovider", "-p", "no:unraisableexception")
        return self._pytester.runpytest_subprocess(*plugins, "--bill-report=report.json", *args)

    def passes(self, *args: str) -> dict[str, int]:
        """The counts of a run whose tests all pass, each request of it recorded or replayed."""
        result = self.run(*args)
        assert result.ret == 0  # a worker may have died
        outcomes = result.parseoutcomes()
        assert set(outcomes) <= {"passed", "deselected", "warning", "warnings"}, outcomes
        assert outcomes["passed"]
        assert "neither recorded nor played" not in result.stdout.str()
        counts = json.loads((self.folder / "report.json").read_text())
        for name in ("notices", "usage", "slowest", "cassettes"):
            del counts[name]
        return counts | {"passed": outcomes["passed"]}

    def records(self, *args: str) -> dict[str, int]:
        """The counts of a run in which each request is sent, and recorded."""
        done = self.passes(*RECORD, *args)
        assert done["recorded"] == done["requests"]
        return done

    def replays(self, *args: str, network: tuple[str, ...] = NO_NETWORK) -> dict[str, int]:
        """The counts of a run in which no request is sent, and no cassette changed."""
        before = self.cassettes()
        done = self.passes(*network, *args)
        assert (done["recorded"], done["replayed"]) == (0, done["requests"])
        assert self.cassettes() == before
        return done

    def records_and_replays(
        self, *args: str, network: tuple[str, ...] = NO_NETWORK
    ) -> dict[str, int]:
        """The counts of the first of two runs; the second is the same without a network."""
        recorded = self.records(*args)
        replayed = self.replays(*args, network=network)
        assert replayed["requests"] == recorded["requests"]
        assert replayed["passed"] == recorded["passed"]
        return recorded

    def cassettes(self) -> dict[str, bytes]:
        """Every cassette, by its path below the folder of cassettes."""
        folder = self.folder / "cassettes"
        files = sorted(folder.rglob("*.yaml"))
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    def interactions(self, nodeid: str) -> list[dict[str, Any]]:
        """What the cassette of a test holds."""
        text = self.cassettes()[str(cassette_of_test(nodeid))]
        interactions: list[dict[str, Any]] = yaml.safe_load(text)["interactions"]
        return interactions
