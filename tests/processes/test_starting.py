"""Processes however started, through the front door: recorded by the run, and replayed by it."""

from __future__ import annotations

import os

import pytest

from pytest_bill.cassettes import store

LOCAL = ("-p", "no:cacheprovider", "--bill-environment=local")
RECORD = (*LOCAL, "--bill-record-mode=once")
REPLAY = ("-p", "no:cacheprovider", "-W", "ignore", "--disable-socket", "--allow-unix-socket")

CODE = """
import json
import os
import subprocess
import sys
import urllib.request


def count(base, headers, times):
    found = []
    for number in range(times):
        url = f"{base}/v3/vendors?max={number + 1}"
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            found.append(len(json.load(answer)["results"]))
    assert found == list(range(1, times + 1))
    return found


def put(results, *args):
    results.put(count(*args))


def start(base, headers):
    own = {"BASE": base, "HEADERS": json.dumps(headers)}
    subprocess.run([sys.executable, __file__], env=own, check=True)


if __name__ == "__main__":
    count(os.environ["BASE"], json.loads(os.environ["HEADERS"]), 2)
    if "grandchild" in sys.argv:
        start(os.environ["BASE"], json.loads(os.environ["HEADERS"]))
        if not os.fork():
            count(os.environ["BASE"], json.loads(os.environ["HEADERS"]), 3)
            os._exit(0)
        assert os.wait()[1] == 0
"""

WAYS = """
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys

import pytest

from application import count, put

COMMAND = [sys.executable, "application.py"]


@pytest.fixture
def asked(bill_dev_session):
    headers = {
        name: value.reveal() if hasattr(value, "reveal") else value
        for name, value in bill_dev_session.credential_headers().items()
    }
    return bill_dev_session.base_url, headers


@pytest.fixture
def own(asked):
    return {"PATH": os.environ["PATH"], "BASE": asked[0], "HEADERS": json.dumps(asked[1])}


@pytest.fixture
def inherited(own, monkeypatch):
    monkeypatch.setenv("BASE", own["BASE"])
    monkeypatch.setenv("HEADERS", own["HEADERS"])


def ended_well(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_subprocess_with_its_own_environment(own):
    subprocess.run(COMMAND, env=own, check=True)


def test_subprocess_with_the_inherited_one(inherited):
    subprocess.check_output(COMMAND)


def test_subprocess_that_forks_here(own):
    subprocess.run(COMMAND, env=own, check=True, preexec_fn=lambda: os.umask(0o77))


def test_os_system(inherited):
    assert os.system(" ".join(COMMAND)) == 0


def test_posix_spawn(own):
    assert ended_well(os.posix_spawn(sys.executable, COMMAND, own))


def test_fork_and_exec(own):
    pid = os.fork()
    if not pid:
        os.execve(sys.executable, COMMAND, own)
    assert ended_well(pid)


def test_asyncio(own):
    async def run():
        process = await asyncio.create_subprocess_exec(*COMMAND, env=own)
        assert await process.wait() == 0

    asyncio.run(run())


def test_grandchildren(own):
    subprocess.run([*COMMAND, "grandchild"], env=own, check=True)


def test_fork(bill_dev_session, asked):
    pid = os.fork()
    if not pid:
        bill_dev_session.get("/v3/vendors?max=7").raise_for_status()
        count(*asked, 2)
        os._exit(0)
    assert ended_well(pid)
    assert bill_dev_session.get("/v3/vendors?max=8").ok


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_process(asked, method):
    context = multiprocessing.get_context(method)
    results = context.SimpleQueue()
    process = context.Process(target=put, args=(results, *asked, 2))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert results.get() == [1, 2]
"""
RECORDED = {
    "test_subprocess_with_its_own_environment": 2,
    "test_subprocess_with_the_inherited_one": 2,
    "test_subprocess_that_forks_here": 2,
    "test_os_system": 2,
    "test_posix_spawn": 2,
    "test_fork_and_exec": 2,
    "test_asyncio": 2,
    "test_grandchildren": 2 + 2 + 3,
    "test_fork": 1 + 2 + 1,
    **{f"test_process-{method}": 2 for method in ("fork", "spawn", "forkserver")},
}


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)


def recorded(pytester, module: str) -> dict[str, int]:
    """How many interactions each test's cassette holds."""
    files = (pytester.path / "cassettes" / module).iterdir()
    return {file.stem: len(store.load(file).interactions) for file in files}


@pytest.mark.nightly
def test_each_way_of_starting_one_is_recorded_exactly_and_replays(pytester):
    pytester.makepyfile(application=CODE, test_code=WAYS)
    pytester.runpytest_subprocess(*RECORD).assert_outcomes(passed=len(RECORDED))
    assert recorded(pytester, "test_code") == RECORDED
    replayed = pytester.runpytest_subprocess(*REPLAY)
    replayed.assert_outcomes(passed=len(RECORDED))
    asked = sum(RECORDED.values()) + 1  # with the sign-in
    replayed.stdout.fnmatch_lines([f"bill: 1 sign-in, {asked} requests, 0 recorded, {asked} rep*"])


SHARED = """
import concurrent.futures
import multiprocessing

import pytest

from application import count, start
from test_code import asked


@pytest.fixture(scope="module", params=["fork", "spawn", "forkserver"])
def pools(request):
    context = multiprocessing.get_context(request.param)
    with (
        concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor,
        context.Pool(2) as pool,
    ):
        yield executor, pool


@pytest.mark.parametrize("times", [1, 2, 3])
def test_shared(asked, pools, times):
    executor, pool = pools
    assert executor.submit(count, *asked, times).result() == list(range(1, times + 1))
    assert len(pool.starmap(count, [(*asked, times)] * 3)) == 3


def test_that_starts_another_in_a_job(asked, pools):
    executor, _ = pools
    executor.submit(start, *asked).result()
"""


@pytest.mark.nightly
def test_pools_that_tests_share_work_for_each(pytester):
    pytester.makepyfile(application=CODE, test_code=WAYS, test_shared=SHARED)
    pytester.runpytest_subprocess(*RECORD, "test_shared.py").assert_outcomes(passed=12)
    methods = ("fork", "spawn", "forkserver")
    of_jobs = {f"test_that_starts_another_in_a_job-{method}": 2 for method in methods}
    of_pools = {f"test_shared-{method}-{n}": 4 * n for method in methods for n in (1, 2, 3)}
    assert recorded(pytester, "test_shared") == of_jobs | of_pools
    pytester.runpytest_subprocess(*REPLAY, "test_shared.py").assert_outcomes(passed=12)


EARLY = """
import concurrent.futures
import multiprocessing

import pytest

from application import count
from test_code import asked


@pytest.fixture(scope="session", autouse=True)
def pools():
    with (
        concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("{0}")) as executor,
        multiprocessing.get_context("{0}").Pool(1) as pool,
    ):
        assert executor.submit(len, "a").result() == pool.apply(len, "a") == 1
        yield executor, pool


def test_executor(pools, asked):
    assert pools[0].submit(count, *asked, 2).result() == [1, 2]


def test_pool(pools, asked):
    base, headers = asked
    assert pools[1].apply(count, (base, headers, 2)) == [1, 2]
    assert pools[1].starmap(count, [(base, headers, 1)]) == [[1]]
    assert pools[1].map(len, ["a", "bc"]) == [1, 2]
    assert list(pools[1].imap(len, ["a", "bc"])) == [1, 2]
    assert sorted(pools[1].imap_unordered(len, ["a", "bc"], 2)) == [1, 2]
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.sampled(2)
@pytest.mark.nightly
def test_a_pool_that_began_before_bill_was_used_asks_the_run(pytester, method):
    early = EARLY.format(method)
    pytester.makepyfile(application=CODE, test_code=WAYS, test_early=early)
    pytester.runpytest_subprocess(*RECORD, "test_early.py").assert_outcomes(passed=2)
    assert recorded(pytester, "test_early") == {"test_executor": 2, "test_pool": 3}
    pytester.runpytest_subprocess(*REPLAY, "test_early.py").assert_outcomes(passed=2)
