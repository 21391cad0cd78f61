"""Type checkers accept what a suite with type hints writes, and refuse its mistakes.

The suite stands in ``suite/``, and is checked as a user's is: strictly, and from its own folder.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
SUITE = Path(__file__).parent / "suite"
FILES = sorted(path.name for path in SUITE.glob("*.py"))

_MYPY_LINE = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: (?P<message>.*)")
_EXPECTED = re.compile(r"# refused: (\S+)$")


class Line(NamedTuple):
    """A line of the suite."""

    file: str
    number: int


class Refusals(dict[Line, str]):
    """What a checker says, by the line that it refuses."""

    def add(self, line: Line, message: str) -> None:
        self[line] = f"{self.get(line, '')}{message}\n"


def by_mypy() -> Refusals:
    # The cache of `make types`, which ran before; alone it takes some seconds more.
    options = ("--strict", "--config-file=", f"--cache-dir={ROOT / '.mypy_cache'}")
    refusals = Refusals()
    for told in _output("mypy", *options, "--no-error-summary", *FILES).splitlines():
        error = _MYPY_LINE.fullmatch(told)
        if error is not None:
            refusals.add(Line(error["file"], int(error["line"])), error["message"])
    return refusals


def by_pyright() -> Refusals:
    """What pyright says in its strict mode, see ``suite/pyrightconfig.json``."""
    told = json.loads(_output("basedpyright", "--outputjson", "--pythonpath", sys.executable))
    refusals = Refusals()
    for each in told["generalDiagnostics"]:
        # Its lines are counted from 0.
        line = Line(Path(each["file"]).name, each["range"]["start"]["line"] + 1)
        refusals.add(line, each["message"])
    return refusals


def _output(checker: str, *arguments: str) -> str:
    command = [sys.executable, "-m", checker, *arguments]
    run = subprocess.run(command, cwd=SUITE, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr  # some lines are refused
    return run.stdout


@pytest.mark.parametrize("refusals_of", [by_mypy, by_pyright])
def test_what_is_right_is_accepted_and_each_mistake_refused(refusals_of):
    expected = {
        Line(file, number): mistake[1]
        for file in FILES
        for number, line in enumerate((SUITE / file).read_text(encoding="utf-8").splitlines(), 1)
        if (mistake := _EXPECTED.search(line)) is not None
    }
    assert len(expected) > 30
    refusals = refusals_of()
    assert {line: refusals[line] for line in refusals.keys() - expected.keys()} == {}
    accepted = [line for line, named in expected.items() if named not in refusals.get(line, "")]
    assert accepted == []


# In a worker the sandbox is another one.
@pytest.mark.parametrize("arguments", [(), ("-n1", "-k", "sandbox")], ids=["alone", "xdist"])
@pytest.mark.sampled(2)
def test_what_is_accepted_works(suite, arguments):
    suite.write(test_typed=(SUITE / "accepted.py").read_text(encoding="utf-8"))
    assert suite.records(*arguments)["passed"] >= 2
