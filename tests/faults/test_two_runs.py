"""Two runs at once that record into one folder: both are whole, nothing is lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from tests.plugin.suites import LOCAL, NO_CACHE

pytestmark = pytest.mark.nightly

TOGETHER = """
import os
from pathlib import Path

import pytest
from tests.helpers.waiting import wait_for


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop(session):
    # Each has recorded its tests before the other one puts what it recorded.
    result = yield
    here = Path(os.environ["TOGETHER"])
    (here / os.environ["WHO"]).touch()
    wait_for(lambda: len(list(here.iterdir())) == 2)
    return result
"""
SUITE = """
import os
import pytest

WHO = os.environ.get("WHO", "")


@pytest.fixture(scope="session")
def vendor(bill_dev_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    new = {"name": "Difference Engines", "address": address}
    return bill_dev_session.call("POST", "/v3/vendors", json=new)


@pytest.mark.parametrize("number", range(3))
def test_vendor(vendor, bill_dev_session, number):
    read = bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")
    assert read["id"] == vendor["id"]


def test_grows(bill_dev_session):
    asked = os.environ.get("ASKED", "1")
    for size in asked.split(","):
        assert bill_dev_session.call("GET", "/v3/vendors", params={"max": size})["results"]


@pytest.mark.bill_cassette("shared")
def test_left(bill_dev_session):
    assert bill_dev_session.call("GET", "/v3/bills", params={"max": 1})["results"]


@pytest.mark.bill_cassette("shared")
def test_right(bill_dev_session):
    assert bill_dev_session.call("GET", "/v3/bills", params={"max": 2})["results"]
"""


@pytest.fixture
def at_once(proven, monkeypatch):
    """Run the suite twice at once; what is given by name differs."""
    proven.makepyfile(test_a=SUITE, together=TOGETHER)
    repository = Path(__file__).parents[2]

    def at_once(*options: str, **each: tuple[str, str]) -> list[str]:
        meeting = proven.mkdir(f"meeting-{len(list(proven.path.iterdir()))}")
        command = [sys.executable, "-m", "pytest", *NO_CACHE, "-p", "together", *LOCAL, *options]
        path = os.pathsep.join(map(str, (proven.path, repository)))
        with ExitStack() as running:
            started = []
            for number, who in enumerate(("one", "two")):
                own = {name: values[number] for name, values in each.items()}
                told = {"WHO": who, "TOGETHER": str(meeting), "PYTHONPATH": path}
                output = running.enter_context((proven.path / f"{who}.txt").open("wb"))
                arguments = [*command, *own.get("OPTIONS", "").split(",")]
                process = subprocess.Popen(
                    list(filter(None, arguments)),
                    cwd=proven.path,
                    env=os.environ | own | told,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
                started.append(running.enter_context(process))
            ended = [process.wait(300) for process in started]
        printed = [(proven.path / f"{who}.txt").read_text() for who in ("one", "two")]
        assert ended == [0, 0], "\n".join(printed)
        return printed

    return at_once


def requests_in(file: Path) -> Counter[str]:
    asked = yaml.safe_load(file.read_text())["interactions"]
    return Counter(
        f"{each['request']['method']} {each['request']['uri'].partition('/v3')[2]}"
        for each in asked
    )


def test_two_that_record_all_of_it(at_once, proven):
    """The one that ends last finds nothing changed: its ids are those of the first."""
    printed = at_once("--bill-record-mode=once", TMPDIR=temporaries(proven))
    assert sum("waiting until it has ended" in each for each in printed) == 1
    cassettes = proven.path / "cassettes"
    assert not (cassettes / ".unproven").exists()
    assert requests_in(cassettes / "test_a/test_vendor-1.yaml").total() == 1
    assert requests_in(cassettes / "test_a/fixture.vendor.yaml").total() == 1
    assert proven.runpytest_subprocess(*NO_CACHE, "--disable-socket", "-W", "ignore").ret == 0


def temporaries(proven) -> tuple[str, str]:
    """As two machines have with one folder of cassettes: nobody sees the other one's."""
    return str(proven.mkdir("tmp-one")), str(proven.mkdir("tmp-two"))


def test_new_episodes_of_both_are_there_once(at_once, proven):
    assert proven.runpytest_subprocess(*NO_CACHE, *LOCAL, "--bill-record-mode=once").ret == 0
    grown = proven.path / "cassettes/test_a/test_grows.yaml"
    assert requests_in(grown) == {"GET /vendors?max=1": 1}
    printed = at_once("--bill-record-mode=new_episodes", ASKED=("1,2,5", "1,2,6"))
    wanted = {f"GET /vendors?max={size}": 1 for size in (1, 2, 5, 6)}
    assert requests_in(grown) == wanted
    told = "test_grows.yaml: another run wrote it meanwhile; 1 added, 1 recorded by both kept once"
    assert sum(told in each for each in printed) == 1


def test_a_shared_cassette_has_what_each_has_recorded(at_once, proven):
    at_once("--bill-record-mode=once", OPTIONS=("-k,test_left", "-k,test_right"))
    assert requests_in(proven.path / "cassettes/shared.yaml") == {
        "GET /bills?max=1": 1,
        "GET /bills?max=2": 1,
    }
    assert proven.runpytest_subprocess(*NO_CACHE, "-k", "left or right").ret == 0
