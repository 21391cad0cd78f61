"""What a process asks with that a test started."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import LateRequest
from pytest_bill.guards.network import BlockedNetwork
from pytest_bill.interaction import Interaction
from pytest_bill.processes.child import VARIABLE, Asked, Remote, RunInfo

ROOT = Path(__file__).parents[2]
PTH = "pytest_bill_processes.pth"
URL = "http://127.0.0.1:9/connect/v3/vendors"
WORD = RunInfo("", 0, "local", "http://127.0.0.1:9/connect", "http://127.0.0.1:9/api")
REQUEST = Interaction("GET", URL, {}, b"")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")


def test_a_word_is_read_as_it_was_told():
    told = replace(WORD, path="/tmp/a folder/1.socket", owner=3)
    assert RunInfo.read(str(told)) == told
    assert told.environment.owns(URL)


def test_a_word_tells_that_the_network_is_blocked():
    assert WORD.blocked_by(None) == WORD
    network = BlockedNetwork(("a.example.com", "10.0.0.0/8"), lambda: "test_a.py::test_b", None)
    told = RunInfo.read(str(WORD.blocked_by(network)))
    assert (told.allowed_hosts, told.test) == ("a.example.com,10.0.0.0/8", "test_a.py::test_b")


@pytest.fixture
def ended(tmp_path):
    """Whom a process asks whose run has ended."""
    return Remote(replace(WORD, path=str(tmp_path / "nobody.socket")))


@pytest.mark.parametrize(
    "ask",
    [
        lambda remote: remote.ask(REQUEST),
        lambda remote: remote.recorded_for(REQUEST),
        lambda remote: remote.answered(Asked(REQUEST, None, 0), REQUEST),
    ],
)
def test_a_process_that_outlived_the_run_is_refused(ended, ask):
    refused = "^GET to gateway.stage.bill.com was asked for by a process that outlived the test run"
    with pytest.raises(LateRequest, match=refused):
        ask(ended)
    assert not ended.may_send
    assert not ended.may_play
    assert not ended.may_connect(URL)
    assert not ended.may_reach("gateway.stage.bill.com")


def test_a_process_that_outlived_the_run_still_knows_what_is_bills(ended):
    assert ended.takes(URL)
    assert ended.takes_at(URL)
    assert ended.takes("https://api.bill.com/api/v2/Login.json")
    assert ended.takes_at("https://files.bill.com/")
    assert not ended.takes("https://example.com/connect/v3/vendors")
    assert not ended.takes_at("http://127.0.0.1:10/")


def test_a_process_that_outlived_the_run_may_ask_others(ended):
    ended.check_elsewhere("example.com", b"GET / HTTP/1.1\r\n\r\n")
    ended.abandoned(REQUEST)
    ended.unanswered(Asked(REQUEST, None, 0), OSError())


def test_where_no_process_can_be_answered_it_says_so():
    with pytest.raises(LateRequest, match="only on a system with Unix sockets"):
        Remote(WORD).ask(REQUEST)


# --- how it begins ---------------------------------------------------------------------------


def python(code: str, **variables: str) -> str:
    """What the code prints in a process that has these variables, and no word of this run."""
    named = (f"{name}={value}" for name, value in variables.items())
    # Set by another program: the run of these tests would give Python its own info.
    return subprocess.check_output(
        ["env", "-u", VARIABLE, *named, sys.executable, "-c", code],
        text=True,
        stderr=subprocess.STDOUT,
    )


LOADED = "import sys; print(*(each for each in sys.modules if each.startswith('pytest_bill')))"


def test_its_file_comes_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included[PTH] == PTH
    installed = Path(sysconfig.get_path("purelib")) / PTH
    assert installed.read_text() == (ROOT / PTH).read_text()
    assert len((ROOT / PTH).read_text().splitlines()) == 1  # each line is one statement


def test_without_the_variable_nothing_happens():
    assert python(LOADED) == "\n"


@pytest.mark.parametrize("value", ["", "{}", "[]", '{"path": ""}', '{"of": "another version"}'])
def test_the_word_of_another_version_changes_nothing(value):
    code = "from pytest_bill.clients import base; print(base._serving)"
    assert python(code, **{VARIABLE: value}) == "()\n"


def test_it_begins_once_however_often_python_reads_the_file():
    code = "from pytest_bill.clients import base; print(len(base._serving))"
    again = "from pytest_bill.processes.child import begin; begin();"
    assert python(again + code, **{VARIABLE: str(WORD)}) == "1\n"


# --- through the front door ------------------------------------------------------------------


CODE = """
import json
import os
import socket
import sys
import urllib.request

BASE, HEADERS = os.environ["BASE"], json.loads(os.environ["HEADERS"])


def ask(path="/v3/vendors?max=1", base=BASE):
    try:
        urllib.request.urlopen(urllib.request.Request(base + path, headers=HEADERS)).read()
        return "answered"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def connect():
    try:
        host, _, port = BASE.split("/")[2].partition(":")
        socket.create_connection((host, int(port or 443)))
        return "connected"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


what = sys.argv[1]
if what == "waits":
    print("ready", flush=True)
    sys.stdin.readline()
    print(ask())
elif what == "outlives":
    first = ask()
    print("ready", flush=True)
    sys.stdin.read()
    with open(os.environ["TOLD"], "w") as told:
        told.write(first + "\\n" + ask("/v3/vendors?max=2"))
elif what == "elsewhere":
    print(ask("/somewhere", os.environ["ELSEWHERE"]))
elif what == "connects":
    print(connect())
else:
    print(ask(what))
"""
SUITE = """
import json
import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def begin():
    begun = []

    def begin(session, *args):
        headers = {
            name: value.reveal() if hasattr(value, "reveal") else value
            for name, value in session.credential_headers().items()
        }
        own = {"BASE": session.base_url, "HEADERS": json.dumps(headers)}
        command = [sys.executable, "application.py", *args]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        begun.append(subprocess.Popen(command, env={**os.environ, **own}, **pipes))
        return begun[-1]

    return begin


left = []


def test_that_leaves_one_behind(bill_dev_session, begin):
    left.append(begin(bill_dev_session, "waits"))
    assert left[0].stdout.readline() == "ready\\n"


def test_next(bill_dev_session):
    told, _ = left[0].communicate("go\\n")
    assert told.startswith("LateRequest: GET https://gateway.stage.bill.com/connect/v3/vendors?")
    assert "test_that_leaves_one_behind left behind" in told


def test_that_is_outlived(bill_dev_session, begin):
    left.append(begin(bill_dev_session, "outlives"))
    assert left[1].stdout.readline() == "ready\\n"


def test_elsewhere(bill_dev_session, begin):
    told, _ = begin(bill_dev_session, "elsewhere").communicate()
    assert told.startswith(os.environ["EXPECTED"]), told


def test_unseen(bill_dev_session, begin):
    told, _ = begin(bill_dev_session, "connects").communicate()
    host = bill_dev_session.base_url.split("/")[2].partition(":")[0]
    assert told.startswith(f"NetworkRefused: A connection to {host} was refused.\\n")


def test_miss(bill_dev_session, begin):
    path = "/v3/vendors?max=" + os.environ["MAX"]
    told, _ = begin(bill_dev_session, path).communicate()
    if os.environ["MAX"] == "1":
        assert told == "answered\\n"
    else:
        assert told.startswith("NotInCassette: test_code.py::test_miss: no recorded answer")
"""


@pytest.fixture
def run(pytester, monkeypatch, server):
    """Run the suite; gives the result, and what the process told that outlived it."""
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ELSEWHERE", server().origin)
    monkeypatch.setenv("TOLD", str(pytester.path / "told"))
    os.mkfifo(pytester.path / "told")
    pytester.makepyfile(application=CODE, test_code=SUITE)

    def run(*args, most, expected):
        monkeypatch.setenv("MAX", most)
        monkeypatch.setenv("EXPECTED", expected)
        telling = os.open(pytester.path / "told", os.O_RDWR)
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *args)
        assert select.select([telling], [], [], 10)[0], result.stdout.str()
        told = os.read(telling, 10_000).decode()
        os.close(telling)
        return result, told

    return run


LEFT = "*GET */v3/vendors?max=1 was asked for by a thread or process that *leaves_one_behind left*"


def test_processes_are_answered_refused_and_told_of(pytester, run):
    record = ("--bill-environment=local", "--bill-record-mode=once")
    recorded, told = run(*record, most="1", expected="NetworkRefused: A request to 127.0.0.1 was")
    recorded.assert_outcomes(passed=6)
    recorded.stdout.fnmatch_lines(["*bill: neither recorded nor played*", LEFT])
    assert told.startswith(
        "answered\nLateRequest: GET to gateway.stage.bill.com was asked for by a"
    )
    cassettes = pytester.path / "cassettes/test_code"
    held = {file.stem: len(store.load(file).interactions) for file in cassettes.iterdir()}
    assert held == {"test_that_is_outlived": 1, "test_miss": 1}

    replayed, told = run(most="99", expected="answered")
    replayed.assert_outcomes(passed=5, failed=1)
    replayed.stdout.fnmatch_lines(
        [
            "The test hid an error of a request to BILL that has no recorded answer.",
            "test_code.py::test_miss: no recorded answer (record mode none).",
            "*request: GET https://gateway.stage.bill.com/connect/v3/vendors?max=99",
            "*nearest: GET https://gateway.stage.bill.com/connect/v3/vendors?max=1",
            LEFT,
        ]
    )
    assert told.startswith(
        "answered\nLateRequest: GET to gateway.stage.bill.com was asked for by a"
    )


NESTED = {
    "test_outer": """
import subprocess
import sys


def test_outer(bill_dev_session):
    bill_dev_session.get("/v3/vendors", params={"max": 1})
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "inner.py", *sys.argv[1:]]
    told = subprocess.run(run, capture_output=True, text=True)
    assert "3 passed" in told.stdout, told.stdout
""",
    "inner": """
import os
import urllib.error
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def status(url):
    try:
        return urllib.request.urlopen(url).status
    except urllib.error.HTTPError as error:
        return error.code


def test_without_bill():
    assert "PYTEST_BILL_PARENT" not in os.environ


def test_session(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors", params={"max": 2}).status_code == 200


def test_processes(bill_dev_session):
    url = f"{bill_dev_session.base_url}/v3/vendors?max=3"
    for way in ("fork", "spawn"):
        with ProcessPoolExecutor(1, mp_context=get_context(way)) as pool:
            assert pool.submit(status, url).result() == 400
""",
}


@pytest.mark.nightly
def test_a_pytest_run_that_a_test_starts_is_a_run_of_its_own(pytester):
    pytester.makepyfile(**NESTED)
    recording = ("--bill-environment=local", "--bill-record-mode=once")
    for options in recording, ():
        outcome = pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)
        outcome.assert_outcomes(passed=1)
    cassettes = pytester.path.glob("cassettes/*/test_*")
    kept = {each.stem: each.read_text().count("uri:") for each in cassettes}
    assert kept == {"test_outer": 1, "test_session": 1, "test_processes": 2}
