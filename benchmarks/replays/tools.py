"""The tools, each with how it records a suite and replays it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import requests

from pytest_bill.sandbox import LocalSandbox

PINNED = {
    "vcrpy": "9.4.2",
    "pytest-recording": "0.14.1",
    "cassetter": "0.16.1",
    "pytest": "9.2.0",
    "requests": "2.34.2",
    "time-machine": "3.6.0",
}
SUITES = Path(__file__).with_name("suites")
ASKING = SUITES / "asking.py"
QUIET = ("-q", "--tb=short", "-rfE", "-p", "no:cacheprovider", "--color=no")
REPORT = "report.json"
_OURS = ("PYTEST", "PYTHON", "BILL_")


@dataclass(frozen=True)
class Tool:
    """`record` and `replay` are the arguments of a run, `mode` is for who is told by a variable."""

    conftest: str
    record: tuple[str, ...] = ()
    replay: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    is_ours: bool = False

    def arguments(self, *, is_recorded: bool) -> list[str]:
        return [*QUIET, *(self.record if is_recorded else self.replay)]

    def environment(self, sandbox: LocalSandbox, *, is_recorded: bool) -> dict[str, str]:
        """The variables of a run: of ours and of this run's pytest, none is left."""
        kept = {name: each for name, each in os.environ.items() if not name.startswith(_OURS)}
        kept["CI"] = "true"  # pytest then shows errors whole in its summary
        if self.is_ours:
            given = {**sandbox.variables, "BILL_BASE_URL": sandbox.origin}
            return kept | (given if is_recorded else {})
        return kept | {
            "ORIGIN": sandbox.origin,
            "SESSION_ID": signed_in(sandbox),
            "DEV_KEY": sandbox.variables["BILL_DEV_KEY"],
            "RECORD_MODE": "once" if is_recorded else "none",
            "SETTINGS": json.dumps(self.settings),
        }

    def python(self, of_peers: Path) -> Path:
        return Path(sys.executable) if self.is_ours else of_peers


def signed_in(sandbox: LocalSandbox) -> str:
    """A session for the suites that do not sign in themselves."""
    names = {"username": "USERNAME", "password": "PASSWORD", "devKey": "DEV_KEY"}
    names["organizationId"] = "ORGANIZATION_ID"
    login = {key: sandbox.variables[f"BILL_{name}"] for key, name in names.items()}
    answer = requests.post(f"{sandbox.origin}/connect/v3/login", json=login, timeout=5)
    answer.raise_for_status()
    return answer.json()["sessionId"]


_WITH_BODY = {"match_on": ["method", "scheme", "host", "port", "path", "query", "body"]}
_ONLY_RECORDING = ("-p", "no:cassetter")
_ONLY_CASSETTER = ("-p", "no:recording")
VCRPY, WITH_BODY, OURS = "vcrpy", "vcrpy, bodies compared", "pytest-bill"
_NEITHER = (*_ONLY_RECORDING, *_ONLY_CASSETTER)
TOOLS = {
    VCRPY: Tool("by_vcrpy", _NEITHER, _NEITHER),
    WITH_BODY: Tool("by_vcrpy", _NEITHER, _NEITHER, _WITH_BODY),
    "pytest-recording": Tool(
        "by_pytest_recording",
        ("--record-mode=once", *_ONLY_RECORDING),
        ("--record-mode=none", *_ONLY_RECORDING),
    ),
    "cassetter": Tool(
        "by_cassetter",
        ("--record-mode=once", *_ONLY_CASSETTER),
        ("--record-mode=none", *_ONLY_CASSETTER),
    ),
    OURS: Tool(
        "by_pytest_bill",
        ("-p", "no:randomly", "--bill-record-mode=once", f"--bill-report={REPORT}"),
        ("-p", "no:randomly", f"--bill-report={REPORT}"),
        is_ours=True,
    ),
}
