"""``pytest-bill demo``: the example suite, recorded from the local sandbox, replayed offline."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.counts import Counts
from pytest_bill.cli import demo_secrets
from pytest_bill.exceptions import SettingsError
from pytest_bill.installed import missing_extra
from pytest_bill.scrubbing.registry import SecretRegistry

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_FAILED = 1
_SUITE = "accounts_payable"
_WIDTH = 120
# A run of its own, whatever this process was started with; -W: blocked sockets warn.
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore")
_RECORD = ("--bill-environment=local", "--bill-record-mode=all", "-p", demo_secrets.__name__)
_REPLAY = ("--bill-record-mode=none", "--disable-socket")


@dataclass(frozen=True)
class _Step:
    """One pytest run of the demo: whether it passed, what it printed and counted."""

    passed: bool
    output: str
    counts: Counts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the recorded suite in DIR")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="also draw the output into FILE")


def run(arguments: argparse.Namespace) -> int:
    """Record and replay the example suite, and show what came out; gives the exit status.

    Raises:
        SettingsError: the extra is not installed, ``--keep`` exists already, a place cannot be
            written, or the examples are not there.
    """
    try:
        import pytest_socket  # noqa: F401
        import rich  # noqa: F401

        import pytest_bill.sandbox.serving  # noqa: F401
    except ImportError as error:
        raise missing_extra("demo", error) from None
    return 0 if _run_demo(arguments.keep, arguments.svg) else _FAILED


def _run_demo(keep: Path | None, svg: Path | None) -> bool:
    """Whether all of it worked."""
    from rich.console import Console

    if svg is not None:
        _make_writable(svg)
    is_terminal = svg is None and sys.stdout.isatty()
    console = Console(
        record=svg is not None, width=None if is_terminal else _WIDTH, highlight=False
    )
    with ExitStack() as stack:
        if keep is None:
            keep = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bill-demo-")))
        # Absolute: the runs are in the suite, and are told of places in it.
        suite = _copy_of_examples(keep.absolute())
        # Its own folder: what is kept holds no secret, whatever happens.
        private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bill-demo-")))
        worked = _record_and_replay(suite, private / "secrets", console)
    if svg is not None:
        # Without rich's web font: a picture that fetches nothing.
        picture = re.sub(
            r"@font-face \{.*?\}", "", console.export_svg(title="make demo"), flags=re.S
        )
        svg.write_text(picture, encoding="utf-8")
    return worked


def _make_writable(svg: Path) -> None:
    """Find out before the runs, not after them, that the picture cannot be written."""
    try:
        svg.parent.mkdir(parents=True, exist_ok=True)
        svg.touch()
    except OSError as error:
        raise _unwritable(svg, "--svg", error) from None


def _unwritable(path: Path, option: str, error: OSError) -> SettingsError:
    # Without strerror it is shutil's: a list of all that failed.
    reason = error.strerror or error
    return SettingsError(f"{path} cannot be written: {reason}.\nGive another place with {option}.")


def _record_and_replay(suite: Path, secrets_file: Path, console: Console) -> bool:
    console.print("[bold]Recording[/] the example suite from the local sandbox (not BILL)")
    recorded = _pytest(suite, (*_RECORD, f"{demo_secrets.OPTION}={secrets_file}"))
    if not _is_well(recorded, console):
        return False
    secrets = demo_secrets.read_secrets(secrets_file)
    leaky = _cassette_with_a_secret(suite / "cassettes", secrets)
    if leaky or not secrets:
        place = f"a secret of the sandbox is in {leaky}." if leaky else "no secret to search for."
        console.print(f"[red]Failed:[/] {place}")
        return False
    console.print(f"  None of the sandbox's {len(secrets)} secrets is in the cassettes.")
    console.print("[bold]Replaying[/] it with no variable set and sockets blocked")
    replayed = _pytest(suite, _REPLAY)
    if not _is_well(replayed, console):
        return False
    console.print(_cassettes_table(suite / "cassettes"))
    console.print(_counts_table(recorded.counts, replayed.counts))
    problem = _problem_in(recorded.counts, replayed.counts)
    if problem:
        console.print(f"[red]Failed:[/] {problem}")
        return False
    console.print("[green]All six credentials recorded and replayed.[/]")
    return True


def _copy_of_examples(folder: Path) -> Path:
    package = Path(__file__).parents[1]
    # In a wheel the examples are within the package, in a checkout beside it.
    for place in (package / "_examples" / _SUITE, package.parent / "examples" / _SUITE):
        if place.is_dir():
            break
    else:
        raise SettingsError("The examples are not installed.\nInstall pytest-bill again.")
    target = folder / _SUITE
    if target.exists():
        raise SettingsError(f"{target} exists already.\nGive another folder with --keep.")
    try:
        shutil.copytree(place, target, ignore=shutil.ignore_patterns("__pycache__", "cassettes"))
    except OSError as error:
        raise _unwritable(target, "--keep", error) from None
    return target


def _pytest(suite: Path, options: tuple[str, ...]) -> _Step:
    report = suite / "report.json"
    done = subprocess.run(  # noqa: S603 - this Python, and options from this module
        [sys.executable, *_PYTEST, *options, f"--bill-report={report}"],
        cwd=suite,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    counts = {each.name: told[each.name] for each in fields(Counts) if each.name in told}
    report.unlink(missing_ok=True)
    return _Step(done.returncode == 0, done.stdout + done.stderr, _counts_in(counts))


def _counts_in(report: dict[str, Any]) -> Counts:
    return Counts(**{field.name: report.get(field.name, 0) for field in fields(Counts)})


def _environment() -> dict[str, str]:
    """This process's environment without what would steer the runs."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BILL_", "PYTEST_", "COV_"))
    }


def _is_well(step: _Step, console: Console) -> bool:
    if step.passed:
        console.print(f"  {_last_line(step.output)}")
    else:
        console.print("[red]Failed:[/]")
        console.print(step.output, markup=False, emoji=False)
    return step.passed


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip(" =") if lines else ""


def _problem_in(recorded: Counts, replayed: Counts) -> str | None:
    if not recorded.recorded or recorded.recorded != recorded.requests:
        return "not every request of the recording run was recorded."
    if replayed.recorded or replayed.replayed != replayed.requests:
        return "the replaying run did not answer every request from a cassette."
    if replayed.requests != recorded.requests:
        return "the two runs made different numbers of requests."
    return None


def _cassette_with_a_secret(folder: Path, secrets: set[str]) -> str | None:
    """The first cassette that holds one of the secrets, however it is encoded."""
    registry = SecretRegistry(("PLACEHOLDER_ANY", secret) for secret in sorted(secrets))
    for path in sorted(folder.rglob("*.yaml")):
        if registry.find(path.read_bytes()) is not None:
            return path.relative_to(folder).as_posix()
    return None


def _cassettes_table(folder: Path) -> Table:
    table = _table("Cassettes")
    table.add_column("cassette", overflow="fold")
    table.add_column("interactions", justify="right")
    table.add_column("bytes", justify="right")
    for path in sorted(folder.rglob("*.yaml")):
        recording = store.load(path) or store.Recording()
        table.add_row(
            path.relative_to(folder).as_posix(),
            str(len(recording.interactions)),
            f"{path.stat().st_size:,}",
        )
    return table


def _counts_table(recorded: Counts, replayed: Counts) -> Table:
    table = _table("Requests")
    table.add_column("run")
    for name in ("sign-ins", "requests", "recorded", "replayed"):
        table.add_column(name, justify="right")
    for label, counts in (("record", recorded), ("replay", replayed)):
        told = counts.sign_ins, counts.requests, counts.recorded, counts.replayed
        table.add_row(label, *map(str, told))
    return table


def _table(title: str) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    return Table(title=title, title_justify="left", box=SIMPLE)
