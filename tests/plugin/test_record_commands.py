"""What a message says that records a test does record it, pasted where the user stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.suites import ONE

LOCAL = "--bill-environment=local"
CASES = {
    "outside": (".", ["--rootdir=project", "project/tests", LOCAL]),
    "folder below": ("project/tests", ["--bill-cassette-dir=the tapes", LOCAL]),
    "rootdir": ("project", [LOCAL]),
    "no ini file": (".", ["plain/tests", "plain/more", LOCAL]),
    "other ini file": ("project", ["-c", "other.ini", "--rootdir=tests", LOCAL]),
    "workers": ("project/tests", ["-n", "2", LOCAL]),
    "marked": ("project", ["-m", "slow", "-o", "bill_cassette_dir=others", LOCAL]),
}


@pytest.fixture
def shell(pytester):
    """Type a command into a shell that stands in a folder; gives what it printed."""

    def shell(folder: str, command: str) -> str:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            command,
            shell=True,
            cwd=pytester.path / folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return shell


@pytest.fixture
def files(pytester):
    """Two projects: one has ini files, the other has none."""
    test = ONE.replace("def test_one", "import pytest\n\n\n@pytest.mark.slow\ndef test_one")
    ini = "[pytest]\nmarkers = slow\naddopts = "
    written = {
        "project/pytest.ini": f"{ini}-m ''\n",
        "project/other.ini": f"{ini}--bill-cassette-dir=tapes\n",
        "project/tests/test_bill.py": test,
        "plain/tests/test_bill.py": ONE,
        "plain/more/test_nothing.py": "",
    }
    for name, text in written.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def cassettes(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.yaml")}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.sampled(7)
def test_a_command_that_is_printed_records(pytester, files, shell, case):
    folder, options = CASES[case]
    quoted = " ".join(f"'{each}'" for each in options)
    missed = shell(folder, f"pytest -p no:cacheprovider {quoted}")
    assert cassettes(pytester.path) == set()
    (command,) = {
        line.partition("Record it: ")[2] for line in missed.splitlines() if "Record it: " in line
    }
    recorded = shell(folder, command)
    assert "1 passed" in recorded, f"{command}\n{recorded}"
    assert len(cassettes(pytester.path)) == 2  # a sign-in's, and the test's
    # Found where the first run looked for it.
    assert "1 passed" in shell(folder, f"pytest -p no:cacheprovider {quoted}")
