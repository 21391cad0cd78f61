"""What a person sees on a terminal while something is asked, and that nothing of it stays."""

from __future__ import annotations

import os
import re
import threading
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes.on_way import OnWay
from pytest_bill.processes.threads import Threads
from pytest_bill.run import progress
from pytest_bill.run.progress import Progress
from pytest_bill.run.state import RunState
from tests.helpers.terminals import on_terminal, seen
from tests.helpers.waiting import wait_for
from tests.plugin.suites import NO_CACHE, RECORD

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there it shows nothing")

SECRET = "Marple & Daughters"
SUITE = f"""
import threading
import httpx

def test_session(bill_dev_session):
    for _ in range(2):
        bill_dev_session.get("/v3/vendors", params={{"filters": 'name:eq:"{SECRET}"'}})

def test_own_client(bill_dev_session):
    print("printed by the test")
    httpx.get(bill_dev_session.base_url + "/v3/bills", auth=bill_dev_session.auth)

def test_thread(bill_dev_session):
    asks = threading.Thread(target=bill_dev_session.get, args=("/v3/customers",))
    asks.start()
    asks.join()
"""


@pytest.fixture
def run(pytester):
    """Run the suite on a terminal; gives all that was written, and what is seen at last."""
    pytester.makepyfile(test_a=SUITE)

    def run(*args: str, status: int = 0, **options) -> tuple[str, list[str]]:
        ended, written = on_terminal(pytester.path, *NO_CACHE, *args, **options)
        assert ended == status, written
        return written, seen(written)

    return run


@pytest.mark.nightly
def test_each_request_is_shown_while_it_is_on_its_way_and_then_is_gone(run):
    written, lines = run(*RECORD)
    shown = re.findall(r"bill: (\d) sent; 0 s (\S+ [^\s\x1b]+)", written)
    assert shown == [
        ("1", "POST /v3/login"),
        ("2", "GET /v3/vendors"),
        ("3", "GET /v3/vendors"),
        ("4", "GET /v3/bills"),
        ("5", "GET /v3/customers"),
    ]
    assert not [line for line in lines if " sent; " in line]
    assert "Marple" not in written
    # pytest's own dots are where they always are, behind what was told of the sandbox.
    assert "." in lines
    assert [line for line in lines if re.fullmatch(r"test_a\.py \.\. +\[100%\]", line)]
    assert [line for line in lines if re.match(r"bill: the local sandbox answers at http", line)]
    assert not [line for line in lines if "sandbox answered" in line]
    replayed, lines = run()
    assert " sent; " not in replayed
    assert [line for line in lines if re.fullmatch(r"test_a\.py \.\.\. +\[100%\]", line)]


@pytest.mark.nightly
def test_with_v_each_request_has_a_line_that_stays(run):
    written, lines = run("-v", *RECORD)
    told = [line for line in lines if re.fullmatch(r"bill: [A-Z]+ /v3/\S+: 200, \d+\.\d\d s", line)]
    assert [line.partition(":")[2].split()[1] for line in told] == [
        "/v3/login:",
        "/v3/vendors:",
        "/v3/vendors:",
        "/v3/bills:",
        "/v3/customers:",
    ]
    assert "printed by the test" not in written
    for test in ("test_session", "test_own_client", "test_thread"):
        assert [line for line in lines if re.match(rf"test_a\.py::{test} PASSED", line)]


@pytest.mark.parametrize(
    ("args", "variables"),
    [
        (["-q"], {}),
        (["-s"], {}),
        (["-o", "log_cli=true"], {}),
        (["-p", "no:terminal"], {}),
        (["--capture=tee-sys"], {}),
        (["-p", "no:capture"], {}),
        ([], {"TERM": "dumb"}),
        ([], {"CI": "true"}),
    ],
)
@pytest.mark.sampled(4)
def test_where_nobody_looks_or_the_cursor_may_be_anywhere_nothing_is_shown(run, args, variables):
    written, _ = run(*RECORD, *args, variables=variables)
    assert " sent; " not in written
    assert "GET /v3/vendors: 200" not in written


@pytest.mark.nightly
def test_live_logs_that_are_blocked_hinder_nothing(run):
    written, _ = run(*RECORD, "-p", "no:logging")
    assert " sent; " in written


@pytest.mark.nightly
def test_a_wait_has_a_line_of_its_own_that_stays(run, pytester, server):
    bill = server()
    busy = (429, {"Retry-After": "0"}, b"{}")
    bill.answers = [busy, (200, {}, b'{"results": []}'), busy]
    pytester.makepyfile(
        test_a="""
        def test_budgets(bill_spend_client):
            assert bill_spend_client.get("/v3/spend/budgets").ok

        def test_users(bill_spend_client):
            assert bill_spend_client.get("/v3/spend/users").ok
        """
    )
    variables = {"BILL_BASE_URL": bill.origin, "BILL_SPEND_API_TOKEN": "t0k3n-0f-a-server"}
    written, lines = run("--bill-record-mode=once", variables=variables)
    assert "bill: 2 sent; 0 s GET /v3/spend/budgets" in written
    waits = "BILL says to come again (HTTP 429); waiting 0 s, then asking again (2 of 4)"
    told = [line for line in lines if line.startswith("bill: GET ") and line.endswith(waits)]
    assert len(told) == 2
    dots = [line for line in lines if re.fullmatch(r"(test_a\.py )?\.( +\[100%\])?", line)]
    assert len(dots) == 2
    assert "t0k3n" not in written


@pytest.mark.nightly
def test_workers_show_nothing_and_their_dots_are_there(run):
    written, lines = run(*RECORD, "-n", "2")
    assert " sent; " not in written
    assert [line for line in lines if re.fullmatch(r"\.\.\. +\[100%\]", line)]


@pytest.fixture
def terminal():
    """A pipe in place of a terminal, with all that was written to it so far."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def written() -> str:
        try:
            return os.read(reading, 2**16).decode()
        except BlockingIOError:
            return ""

    yield SimpleNamespace(writing=writing, written=written)
    os.close(reading)


@pytest.fixture
def shown(terminal):
    """A progress whose line begins in the fifth column."""
    state = RunState(None)
    state.run = SimpleNamespace(threads=Threads())
    state.thread = threading.get_ident()
    writer = SimpleNamespace(width_of_current_line=4)
    config = SimpleNamespace(get_terminal_writer=lambda: writer, get_verbosity=lambda: 0)
    made = Progress(config, state, terminal.writing)
    made.open()
    yield made
    made.pytest_unconfigure()


@pytest.fixture
def way(shown):
    made = OnWay()
    made.watcher = shown
    return made


def test_the_seconds_go_on_while_an_answer_is_waited_for(terminal, way, monkeypatch):
    monkeypatch.setattr(progress, "_TICK_SECONDS", 0.01)
    before = {*threading.enumerate()}  # of other tests, too, which may end meanwhile
    with way.asking("GET", "https://bill.test/v3/vendors"):
        text = []
        wait_for(lambda: text.append(terminal.written()) or "".join(text).count(" sent; ") > 2)
    wait_for(lambda: before.issuperset(threading.enumerate()))
    written = "".join(text) + terminal.written()
    assert seen(f"test{written}") == ["test"]


def test_several_at_once_are_counted(terminal, way):
    first = way.begin("GET", "https://bill.test/v3/a")
    second = way.begin("GET", "https://bill.test/v3/b")
    assert seen(f"test{terminal.written()}") == ["test bill: 2 sent; 0 s GET /v3/a and 1 more"]
    way.end(first)
    assert seen(f"test{terminal.written()}") == ["test bill: 2 sent; 0 s GET /v3/b"]
    way.end(second)
    assert seen(f"test {terminal.written()}") == ["test"]


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (40, "test bill: 1 sent; 0 s GET /v3/vendors/"),
        (29, "test bill: 1 sent; 0 s GET /"),
        (28, "test"),
    ],
)
def test_what_a_terminal_has_no_room_for_is_cut_or_not_shown(
    terminal, way, monkeypatch, columns, line
):
    monkeypatch.setattr(progress, "_size_of", lambda _: os.terminal_size((columns, 40)))
    way.begin("GET", "https://bill.test/v3/vendors/00901ABCDEFGHIJKLMNO")
    assert seen(f"test{terminal.written()}") == [line]
    assert len(line) < columns


def test_before_pytest_writes_the_line_is_gone_and_none_comes(terminal, way, shown):
    way.begin("GET", "https://bill.test/v3/a")
    shown.close()
    assert seen(f"test{terminal.written()}") == ["test"]
    number = way.begin("GET", "https://bill.test/v3/b")
    assert terminal.written() == ""
    way.end(number)
    shown.open()
    way.begin("GET", "https://bill.test/v3/c")
    assert "GET /v3/a and 1 more" in terminal.written()


def test_a_terminal_that_is_gone_stops_nobody(way, shown):
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, shown._terminal)
    os.close(writing)
    with way.asking("GET", "https://bill.test/v3/a"):
        pass


def test_what_is_never_answered_is_not_shown_when_the_run_has_ended(terminal, way, shown):
    before = {*threading.enumerate()}  # of other tests, too, which may end meanwhile
    way.begin("GET", "https://bill.test/v3/a")
    shown.pytest_unconfigure()
    wait_for(lambda: before.issuperset(threading.enumerate()))
    assert seen(f"test{terminal.written()}") == ["test"]
    way.begin("GET", "https://bill.test/v3/b")
    assert terminal.written() == ""
    shown._terminal = os.open(os.devnull, os.O_WRONLY)
