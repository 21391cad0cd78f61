"""A project of one tool, as a user has it: measured tests, cassettes, and a pytest run in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured.plan import Plan

MEASURED = Path(__file__).parent / "measured"
SIGN_IN = Path(__file__).parent.parent / "cassettes/sign_in/developer_key.yaml"
# As pytest knows the plugins; a project uses one of them, or none.
PLUGIN_OF = {"bill": "bill", "recording": "recording", "cassetter": "cassetter"}
OTHERS = ("anyio", "randomly", "xdist", "hypothesispytest", "schemathesis")
LONGEST_SECONDS = 600


class MeasurementFailed(Exception):
    """A measured run ended otherwise than it should; the message is its end."""


@dataclass(frozen=True)
class Run:
    """One finished pytest run: what it kept, and what the process took (milliseconds)."""

    kept: dict[str, list[float]]
    wall: float
    cpu: float

    def mean_of_requests(self) -> dict[str, float]:
        """Milliseconds per request."""
        requests = sum(self.kept["requests"])
        return {clock: sum(self.kept[clock]) / requests for clock in ("wall", "cpu")}

    def last(self, *names: str) -> dict[str, float]:
        return {name: self.kept[name][-1] for name in names}


class Project:
    """A new folder with the measured tests in it; what a run leaves there, the next one finds."""

    def __init__(self, folder: Path, tool: str) -> None:
        self.folder = folder
        self.tool = tool
        self.cassettes = folder / "cassettes"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(MEASURED, folder, ignore=ignored)
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "home").mkdir()
        if tool == "bill":
            (self.cassettes / "sign_in").mkdir(parents=True)
            shutil.copy(SIGN_IN, self.cassettes / "sign_in")

    def options(self) -> list[str]:
        """Switch every other plugin off."""
        off = [name for name in (*PLUGIN_OF.values(), *OTHERS) if name != PLUGIN_OF.get(self.tool)]
        return ["-q", *(f"-pno:{name}" for name in off)]

    def environment(self, plan: Plan) -> dict[str, str]:
        """Nothing of the caller's but the way to programs."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            **plan.to_environment(),
        }

    def plan(self, **values) -> Plan:
        return Plan(self.tool, str(self.folder / "report.json"), **values)

    def run(
        self,
        test: str,
        plan: Plan,
        *options: str,
        expected: int = 0,
        variables: dict[str, str] | None = None,
    ) -> Run:
        """Run one test module in a new process.

        Raises:
            MeasurementFailed: it ended with another status than the expected.
        """
        Path(plan.report).unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", *self.options(), *options, test]
        environment = self.environment(plan) | (variables or {})
        status, output, wall, cpu = timed(command, self.folder, environment, plan.baton or ())
        if status != expected:
            raise MeasurementFailed(_end_of(output))
        kept = json.loads(Path(plan.report).read_text())
        return Run(kept, wall, cpu)


def timed(
    command: list[str], folder: Path, environment: dict[str, str], inherited: tuple[int, ...] = ()
) -> tuple[int, str, float, float]:
    """Run a command: its status and output, and milliseconds by the clock and of its CPU."""
    log = folder / "output.txt"
    with log.open("w") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=inherited,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    return process.returncode, log.read_text(), wall * 1000, cpu * 1000


def _end_of(output: str) -> str:
    lines = [line for line in output.splitlines() if line.startswith("E  ")] or output.splitlines()
    return " ".join(" ".join(lines[-3:]).split())[:300]
