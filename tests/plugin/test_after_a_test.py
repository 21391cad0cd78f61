"""What a test leaves: threads that reach no cassette, and no memory in use."""

from __future__ import annotations

import pytest

from tests.plugin.suites import RECORD, counts, tree


@pytest.mark.nightly
def test_what_a_test_replayed_does_not_stay_in_memory(pytester, subprocess_run):
    pytester.makepyfile(
        test_bill="""
        import gc

        import pytest

        @pytest.mark.parametrize("number", range(5))
        def test_it(bill_dev_session, number):
            assert bill_dev_session.get("/v3/vendors").ok
            gc.collect()
            opened = [o for o in gc.get_objects() if type(o).__name__ == "OpenCassette"]
            assert sum(each.use.owner.startswith("test_bill.py") for each in opened) == 1
        """
    )
    subprocess_run(*RECORD).assert_outcomes(passed=5)
    subprocess_run().assert_outcomes(passed=5)


def test_a_thread_that_outlives_its_test_reaches_no_cassette(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import threading

        import pytest
        import urllib3

        go, outcomes, threads = threading.Event(), [], []

        def later(ask):
            def asking():
                go.wait(10)
                try:
                    outcomes.append(ask())
                except BaseException as error:
                    outcomes.append(type(error.__context__ or error).__name__ + str(error))

            threads.append(threading.Thread(target=asking, daemon=True))
            threads[-1].start()

        def test_that_leaves_threads(bill_dev_session):
            assert bill_dev_session.get("/v3/vendors").ok
            url = "https://gateway.stage.bill.com/connect/v3/vendors"
            later(lambda: urllib3.PoolManager().request("GET", url, retries=False).status)
            later(lambda: bill_dev_session.get("/v3/vendors").status_code)

        def test_plain():
            go.set()
            for thread in threads:
                thread.join()
            for outcome in outcomes:
                assert "LateRequest" in outcome, outcome
                assert "test_that_leaves_threads left behind" in outcome, outcome
        """
    )
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes")
    assert len(before) == 2
    replayed = counts(pytester, run)
    assert replayed["replayed"] == 2  # the sign-in and the test's own
    assert tree(pytester.path / "cassettes") == before
