"""The runs of one case by one tool: recorded, replayed twice, recorded again; and what was said."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.replays.tools import ASKING, REPORT, SUITES, Tool, signed_in
from pytest_bill.sandbox import LocalSandbox
from tests.proof.cases import Case

ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
RECORDED, REPLAYED, NEXT_DAY, AGAIN = "recorded", "replayed", "next day", "recorded again"
RUNS = (RECORDED, REPLAYED, NEXT_DAY, AGAIN)
"""The second replay is in the opposite order, and on the next day."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) [^\s[]+(?:\[.*?\](?= |$))?(?: - (.*))?$", re.MULTILINE)
_OUTCOMES = re.compile(
    r"^(?:no tests ran|\d+ (?:passed|failed|error)).* in [\d.]+s.*$", re.MULTILINE
)
_ABOUT_STAND_INS = re.compile(r"^-+ bill: stand-ins -+\n(.*)\n(.*)$", re.MULTILINE)
_CAUSE = "Likely cause: "


@dataclass(frozen=True)
class Ran:
    """What came of one run.

    `said` is verbatim. A run that `has_failed` tells; so does one that `has_warned`. `reached`
    counts the requests that left in a replay.
    """

    outcomes: str
    said: tuple[str, ...]
    has_failed: bool
    has_warned: bool = False
    reached: int = 0

    @property
    def is_told(self) -> bool:
        return self.has_failed or self.has_warned


def all_runs(case: Case, tool: Tool, python: Path, folder: Path) -> dict[str, Ran]:
    """Each run of a case, by its name."""
    folder.mkdir(parents=True)
    shutil.copy(ASKING, folder)
    shutil.copy(SUITES / f"{tool.conftest}.py", folder / "conftest.py")
    (folder / "pytest.ini").write_text("[pytest]\n")
    done = {}
    given = {"STAND_INS": "1"} if case.stand_ins else {}
    case.write(folder)
    with LocalSandbox(rate_limits=False) as sandbox:
        fill(sandbox, case.vendors)
        done[RECORDED] = run(tool, python, folder, sandbox, is_recorded=True, **given)
        done[REPLAYED] = run(tool, python, folder, sandbox, **given)
        done[NEXT_DAY] = run(tool, python, folder, sandbox, REVERSED="1", DAYS="1", **given)
    shutil.rmtree(folder / "cassettes", ignore_errors=True)
    case.write(folder)
    with LocalSandbox(rate_limits=False) as sandbox:
        fill(sandbox, reversed(case.vendors))
        done[AGAIN] = run(tool, python, folder, sandbox, is_recorded=True, **given)
    return done


def fill(sandbox: LocalSandbox, vendors) -> None:
    """Put vendors into BILL, in this order."""
    headers = {"sessionId": signed_in(sandbox), "devKey": sandbox.variables["BILL_DEV_KEY"]}
    for name in vendors:
        made = requests.post(
            f"{sandbox.origin}/connect/v3/vendors",
            json={"name": name, "address": ADDRESS},
            headers=headers,
            timeout=5,
        )
        made.raise_for_status()


def run(
    tool: Tool,
    python: Path,
    folder: Path,
    sandbox: LocalSandbox,
    *,
    is_recorded: bool = False,
    **variables: str,
) -> Ran:
    command = [python, "-m", "pytest", *tool.arguments(is_recorded=is_recorded)]
    environment = tool.environment(sandbox, is_recorded=is_recorded) | variables
    before = len(sandbox.received_requests())
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    reached = 0 if is_recorded else len(sandbox.received_requests()) - before
    return read(done.stdout, notices_in(folder / REPORT), str(folder), done.returncode, reached)


def notices_in(report: Path) -> list[str]:
    """What pytest-bill tells in its report of recordings: the likely causes, and what to do."""
    if not report.exists():
        return []
    notices = json.loads(report.read_text(encoding="utf-8"))["notices"]
    report.unlink()
    said = []
    for notice in notices:
        lines = notice["text"].splitlines()
        if notice["kind"] == "unproven":
            causes = [number for number, line in enumerate(lines) if line.startswith(_CAUSE)]
            said += [line for number in causes for line in lines[number : number + 2]]
        elif notice["kind"] == "list_order":
            said += [*lines[:2], lines[-1]]  # between them is the whole difference
    return said


def read(printed: str, notices: list[str], folder: str, status: int, reached: int = 0) -> Ran:
    """What a run said, of what it printed."""
    found = _OUTCOMES.findall(printed)
    if not found:
        raise SystemExit(f"no outcome in:\n{printed}")
    outcomes = re.sub(r" in [\d.]+s.*", "", found[-1])
    errors = [each[1] or "" for each in _FAILED.finditer(printed)]
    errors += [line for each in _ABOUT_STAND_INS.findall(printed) for line in each]
    said = [each.replace(f"{folder}/", "") for each in [*errors, *notices]]
    return Ran(outcomes, tuple(said), bool(status), bool(notices), reached)
