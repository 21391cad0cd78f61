"""Which test a thread works for."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from multiprocessing.pool import ThreadPool

import pytest

import pytest_bill.processes.threads
from pytest_bill.processes.threads import Threads


@pytest.fixture
def threads():
    """The threads of a run that is watched, in which a test has begun."""
    it = Threads()
    it.watch()
    it.begin("test_a")
    yield it
    it.close()


class Worker:
    """A thread that tells whom it works for, each time it is asked."""

    def __init__(self, threads: Threads, start: bool = True) -> None:
        self._threads = threads
        self._go, self._told = threading.Semaphore(0), threading.Semaphore(0)
        self._ends = False
        self._whose = ""
        self.thread = threading.Thread(target=self._work, daemon=True)
        if start:
            self.thread.start()

    def _work(self) -> None:
        while True:
            self._go.acquire()
            if self._ends:
                return
            self._whose = self._threads.whose()
            self._told.release()

    def whose(self) -> str:
        self._go.release()
        assert self._told.acquire(timeout=10)
        return self._whose

    def end(self) -> None:
        self._ends = True
        self._go.release()
        self.thread.join()


@pytest.fixture
def worker(threads):
    """Start workers; each has ended when the test has."""
    workers = []

    def worker(**options) -> Worker:
        workers.append(Worker(threads, **options))
        return workers[-1]

    yield worker
    for each in workers:
        each.end()


def next_test(threads: Threads) -> None:
    threads.end()
    threads.begin("test_b")


def test_a_thread_that_works_while_its_test_runs_is_no_late_one(threads, worker):
    it = worker()
    assert it.whose() == ""
    assert threads.whose() == ""


def test_a_thread_that_goes_on_is_the_finished_tests(threads, worker):
    it = worker()
    threads.end()
    assert it.whose() == "test_a"
    threads.begin("test_b")
    assert it.whose() == "test_a"
    assert worker().whose() == ""
    assert threads.whose() == ""


def test_what_a_late_thread_starts_is_the_finished_tests_too(threads):
    go, told = threading.Event(), []

    def begin():
        go.wait(10)
        inner = threading.Thread(target=lambda: told.append(threads.whose()))
        inner.start()
        inner.join()

    outer = threading.Thread(target=begin)
    outer.start()
    next_test(threads)
    go.set()
    outer.join()
    assert told == ["test_a"]


def test_threads_that_were_there_before_are_nobodys():
    it = Threads()
    before = Worker(it)
    it.watch()
    it.begin("test_a")
    next_test(it)
    assert before.whose() == ""
    it.close()
    before.end()


# --- pools -----------------------------------------------------------------------------------


def test_a_pools_thread_that_waits_when_its_test_ends_is_free(threads):
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(threads.whose).result() == ""
        wait_until_idle(pool)
        next_test(threads)
        assert pool.submit(threads.whose).result() == ""
        assert pool.submit(threads.owner_of_new).result() is None


def wait_until_idle(pool: ThreadPoolExecutor) -> None:
    """The result of a job is there before its thread waits for another."""
    assert pool._idle_semaphore.acquire(timeout=10)
    pool._idle_semaphore.release()


def test_a_pools_job_that_goes_on_is_late_and_the_next_job_is_not(threads):
    go, begun = threading.Event(), threading.Event()

    def job():
        begun.set()
        go.wait(10)
        return threads.whose()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(job)
        begun.wait(10)
        next_test(threads)
        following = pool.submit(threads.whose)
        go.set()
        assert late.result() == "test_a"
        assert following.result() == ""


def test_a_pool_of_multiprocessings_is_free_as_well(threads):
    with ThreadPool(1) as pool:
        assert pool.apply(threads.whose) == ""
        next_test(threads)
        assert pool.apply(threads.whose) == ""


def test_a_thread_that_waits_at_a_queue_is_free(threads):
    asked, told = queue.Queue(), queue.Queue()

    def work():
        while asked.get() is not None:
            told.put(threads.whose())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    asked.put("go")
    assert told.get(timeout=10) == ""
    while not is_waiting(thread, "get"):
        pass
    next_test(threads)
    asked.put("go")
    assert told.get(timeout=10) == ""
    asked.put(None)
    thread.join()


def is_waiting(thread: threading.Thread, function: str) -> bool:
    frame = sys._current_frames()[thread.ident]
    names = []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names[:2] == ["wait", function]


# --- event loops -----------------------------------------------------------------------------


def test_a_loops_task_is_whose_gave_it_to_the_loop(threads):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    go = threading.Event()

    async def whose(late: bool) -> str:
        if late:
            await asyncio.to_thread(go.wait, 10)
        return threads.whose()

    late = asyncio.run_coroutine_threadsafe(whose(True), loop)
    assert asyncio.run_coroutine_threadsafe(whose(False), loop).result(10) == ""
    next_test(threads)
    assert asyncio.run_coroutine_threadsafe(whose(False), loop).result(10) == ""
    go.set()
    assert late.result(10) == "test_a"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def test_a_context_that_a_thread_is_given_says_whose_it_is(threads):
    context = copy_context()
    next_test(threads)
    told = []
    thread = threading.Thread(target=lambda: told.append(context.run(threads.whose)))
    thread.start()
    thread.join()
    assert told == ["test_a"]


# --- wide fixtures ---------------------------------------------------------------------------


def test_what_a_wide_fixture_starts_outlives_the_test_and_ends_with_the_fixture(threads, worker):
    owner = threads.begin_fixture("the fixture server")
    it = worker()
    threads.go_on_after(owner)
    of_test = worker()
    next_test(threads)
    assert it.whose() == ""
    assert of_test.whose() == "test_a"
    threads.end_fixture(owner)
    assert it.whose() == "the fixture server"


def test_a_fixture_within_a_fixture_is_an_owner_of_its_own(threads, worker):
    outer = threads.begin_fixture("outer")
    inner = threads.begin_fixture("inner")
    of_inner = worker()
    threads.go_on_after(inner)
    of_outer = worker()
    threads.go_on_after(outer)
    threads.end_fixture(inner)
    assert (of_inner.whose(), of_outer.whose()) == ("inner", "")
    threads.end_fixture(outer)
    assert (of_inner.whose(), of_outer.whose()) == ("inner", "outer")
    assert threads.owner_of_new().name == "test_a"


# --- its own ---------------------------------------------------------------------------------


def test_a_block_may_work_for_somebody_else(threads):
    first = threads.owner_of_new()
    next_test(threads)
    told = []

    def work():
        told.append(threads.whose())
        with threads.working_for(first):
            told.append(threads.whose())
        told.append(threads.whose())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told == ["", "test_a", ""]


def test_a_thread_of_our_own_is_nobodys(threads, worker):
    it = worker(start=False)
    threads.start_for_nobody(it.thread)
    next_test(threads)
    assert it.whose() == ""


def test_a_test_may_run_in_another_thread_than_the_last(threads):
    told = []

    def run():
        threads.begin("test_b")
        told.append((threads.whose(), threads.owner_of_new().name))
        threads.end()

    threads.end()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert told == [("", "test_b")]


def test_an_owner_says_who_it_is_and_whether_it_has_ended(threads):
    owner = threads.owner_of_new()
    assert repr(owner) == "<test_a>"
    threads.end()
    assert repr(owner) == "<test_a, ended>"
    assert threads.owner_of_new() is None


def test_threads_start_as_ever_when_no_run_watches(monkeypatch):
    # That these tests are a run themselves is not to matter.
    monkeypatch.setattr(pytest_bill.processes.threads, "_watching", [])
    monkeypatch.setattr(threading.Thread, "start", pytest_bill.processes.threads._start)
    before = threading.Thread.start
    one, other = Threads(), Threads()
    one.watch()
    other.watch()
    assert threading.Thread.start is not before
    one.close()
    assert threading.Thread.start is not before
    other.close()
    assert threading.Thread.start is before


def test_what_a_finished_test_left_at_work_is_waited_for(threads):
    done = threading.Event()
    go = threading.Event()
    thread = threading.Thread(target=lambda: go.wait() and done.set())
    thread.start()
    threads.end()
    threads.wait_for_left_behind(0.01)
    assert thread.is_alive()
    go.set()
    threads.wait_for_left_behind(60)
    assert done.is_set()
    assert not thread.is_alive()
