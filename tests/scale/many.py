"""Suites of many tests whose cassettes are there, and what a run of one took."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.cassettes.naming import cassette_of_test
from pytest_bill.interaction import Interaction

CONFTEST = """
import json
import os
import resource
import time

BEGAN = time.perf_counter()
DONE = 0
KEPT = []


def pytest_runtest_teardown(item):
    global DONE
    DONE += 1
    if DONE % 500 == 0:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
        KEPT.append([DONE, pages * resource.getpagesize(), time.perf_counter() - BEGAN])


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        with open("kept.json", "w") as file:
            json.dump({"tests": KEPT, "seconds": time.perf_counter() - BEGAN}, file)
"""
TESTS = """
import pytest


@pytest.mark.parametrize("number", range({number}))
def test_one({fixtures}number):
    {body}
"""
RECORDING = """
import pathlib
import time

import pytest


@pytest.mark.parametrize("number", range({number}))
def test_one(bill_dev_session, number):
    # A replay asks as often as the recording did.
    kept = pathlib.Path("asked", str(number))
    often = int(kept.read_text()) if kept.exists() else 0
    ends, asked = time.monotonic() + {seconds}, 0
    while asked < often if often else time.monotonic() < ends:
        assert bill_dev_session.get("/v3/vendors", params={{"max": 1 + asked % 100}}).ok
        asked += 1
    kept.write_text(str(asked))
"""
ASKS = 'assert bill_spend_client.get("/v3/spend/budgets", params={"max": number}).ok'
URL = "https://gateway.stage.bill.com/connect/v3/spend/budgets"
BODY = json.dumps(
    {"results": [{"id": f"bgt_{number:06}", "name": "x" * 40} for number in range(5)]}
)


@dataclass(frozen=True)
class Took:
    """What a run took: seconds of CPU of all its processes, of the clock, and memory."""

    cpu: float
    seconds: float
    rss: list[tuple[int, int]]
    """How many bytes the process had, after so many tests."""
    printed: str

    def growth(self, first: int) -> float:
        """KiB a test from the ``first`` one on to the last."""
        known = dict(self.rss)
        last = max(known)
        return (known[last] - known[first]) / 1024 / (last - first)


class Many:
    """A suite in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "conftest.py").write_text(CONFTEST)

    def with_bill(self, number: int) -> Many:
        """So many tests that ask BILL once, with their cassettes."""
        text = TESTS.format(number=number, fixtures="bill_spend_client, ", body=ASKS)
        (self.folder / "test_many.py").write_text(text)
        for each in range(number):
            url = f"{URL}?max={each}"
            headers = {"content-type": ["application/json"]}
            answered = Interaction("GET", url, {}, b"", 200, "OK", headers, BODY.encode())
            place = self.folder / "cassettes" / cassette_of_test(f"test_many.py::test_one[{each}]")
            store.save(place, store.Recording([answered]), lambda _: None)
        return self

    def without(self, number: int) -> Many:
        """So many tests that ask nobody."""
        text = TESTS.format(number=number, fixtures="", body="assert number >= 0")
        (self.folder / "test_many.py").write_text(text)
        return self

    def recording(self, number: int, seconds: float) -> Many:
        """So many tests that ask BILL for so long each, one time after the other."""
        text = RECORDING.format(number=number, seconds=seconds)
        (self.folder / "test_many.py").write_text(text)
        (self.folder / "asked").mkdir()
        return self

    def run(self, *args: str, status: int = 0) -> Took:
        """Run it to its end."""
        others = ("BILL_", "PYTEST_", "CI", "GITHUB_")
        environ = {name: each for name, each in os.environ.items() if not name.startswith(others)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        off = ("randomly", "anyio", "asyncio", "schemathesis", "hypothesispytest")
        command += [f"-pno:{name}" for name in off]
        before = _cpu()
        done = subprocess.run(
            [*command, *args],
            cwd=self.folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
        kept = json.loads((self.folder / "kept.json").read_text())
        rss = [(number, size) for number, size, _ in kept["tests"]]
        return Took(_cpu() - before, kept["seconds"], rss, done.stdout)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
