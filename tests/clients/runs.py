"""Whole pytest runs of the measured suite: plain, at another host, recorded, and replayed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.clients.servers import certificates
from tests.clients.servers.servers import Servers, started
from tests.clients.traffic.place import Addresses

ROOT = Path(__file__).parents[2]
SUITE = Path(__file__).parent / "traffic/suite.py"
LONGEST_SECONDS = 300
PATIENT, HASTY = 1.0, 0.1
"""Seconds that a paced body waits for its reader: who reads as it comes, and who may not."""
SECRET = "rWq7Zt1vB9xKc3Ln5Hs8Jd2Fg6Pm4Yk0TaUeIoQw1zXcVbNm"  # pytest-bill: allow
"""A loaded secret, so that what goes to other hosts is looked at; nothing that is sent holds it."""


class RunFailed(Exception):
    """A run ended without having tried every kind; the message is its end."""


@dataclass
class Observed:
    """What one run saw, and how its tests ended otherwise than well: by client and kind."""

    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0
    asked_of_bill: list[str] = field(default_factory=list)


class Project:
    """A new folder with the suite in it; a replay finds the cassettes that were recorded there."""

    def __init__(self, folder: Path, only: Sequence[str], python_path: Sequence[str]) -> None:
        """``only`` names clients or kinds; what is found in ``python_path`` comes first."""
        self._folder, self._only = folder, only
        self._python_path = os.pathsep.join([*python_path, str(ROOT)])
        (folder / "home").mkdir(parents=True)
        shutil.copy(SUITE, folder / "test_traffic.py")
        (folder / "pytest.ini").write_text("[pytest]\n")
        self._certificates = certificates.make(folder)

    def all_runs(self) -> dict[str, Observed]:
        """All runs, by name; what asks BILL by TLS is recorded and replayed by itself."""
        with ThreadPoolExecutor() as threads:
            sent, kept = threads.submit(self._sent), threads.submit(self._recorded_and_replayed)
            return sent.result() | kept.result()

    def _sent(self) -> dict[str, Observed]:
        runs = {}
        for name in ("plain", "other"):
            with started(self._certificates.server, patience=PATIENT) as servers:
                runs[name] = self._run(name, servers)
        return runs

    def _recorded_and_replayed(self) -> dict[str, Observed]:
        runs = {}
        with started(self._certificates.server, patience=HASTY) as servers:
            for name in ("recorded", "recorded_tls", "replayed", "replayed_tls"):
                if name == "replayed":
                    servers.take_bill_away()
                runs[name] = self._run(name, servers)
                runs[name].asked_of_bill = list(servers.state.asked)
        return runs

    def _run(self, name: str, servers: Servers) -> Observed:
        """One run in a process of its own.

        Raises:
            RunFailed: it did not come to its end.
        """
        report = self._folder / f"{name}.jsonl"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.clients.traffic.outcomes"]
        if name != "plain":
            command += ["-p", "pytest_bill.plugin", "--bill-no-scan"]
        if name.startswith("recorded"):
            command += ["--bill-record-mode=once", "--bill-no-prove"]
        environment = self._environment(name, servers) | {"TRAFFIC_OBSERVATIONS": str(report)}
        log = self._folder / f"{name}.txt"
        begun = time.perf_counter()
        with log.open("w") as output:
            status = subprocess.run(
                command,
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_SECONDS,
                check=False,
            ).returncode
        if status == pytest.ExitCode.NO_TESTS_COLLECTED:  # nothing that was asked for takes part
            return Observed()
        ended = status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not ended or not report.exists() or servers.state.broken:
            ending = log.read_text()[-4000:]
            raise RunFailed(f"{name}: status {status}, {servers.state.broken}\n{ending}")
        return _read(report, time.perf_counter() - begun)

    def _environment(self, name: str, servers: Servers) -> dict[str, str]:
        """Nothing of the caller's but the way to programs."""
        # To the plain run it is BILL that stands there; only nobody watches.
        at_bill = name != "other"
        base, base_tls = servers.bill, servers.bill_tls
        if not at_bill:
            base, base_tls = servers.other, servers.other_tls
        addresses = Addresses(
            base=base.origin,
            base_tls=base_tls.origin,
            elsewhere=servers.elsewhere.origin,
            proxy=servers.proxy.origin,
            closed=servers.closed,
            control=servers.control.origin,
            authority=str(self._certificates.authority),
            stranger=str(self._certificates.stranger),
        )
        bill = servers.bill_tls if name.endswith("_tls") else servers.bill
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder / "home"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": self._python_path,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            # Loading all authorities of the world for each client would take most of the time.
            "SSL_CERT_FILE": str(self._certificates.stranger),
            "BILL_BASE_URL": bill.origin,
            "BILL_SPEND_API_TOKEN": SECRET,
            "TRAFFIC_RUN": name,
            "TRAFFIC_ONLY": ",".join(self._only),
            "TRAFFIC_ADDRESSES": json.dumps(vars(addresses)),
        }


def _read(report: Path, seconds: float) -> Observed:
    observed = Observed(seconds=seconds)
    for line in report.read_text().splitlines():
        told = json.loads(line)
        if "outcome" in told:
            observed.outcomes.setdefault(told["test"], []).append(told["outcome"])
        else:
            observed.seen[f"{told['client']}-{told['kind']}"] = told
    return observed
