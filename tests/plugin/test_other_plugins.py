"""Beside plugins that repeat tests, try them again, or run them in their own way.

They are in the dependency group ``plugins``: some of them act in every run that finds them, so the
night installs them apart, and a run here loads the one that it is about.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.helpers.suites import LOOPBACK_ONLY, RECORD, Suite

pytestmark = pytest.mark.nightly

MODULES = {
    "retry": "pytest_retry.retry_plugin",
    "rerunfailures": "pytest_rerunfailures",
    "flaky": "flaky.flaky_pytest_plugin",
    "repeat": "pytest_repeat",
    "flakefinder": "pytest_flakefinder",
    "randomly": "pytest_randomly",
    "order": "pytest_order.plugin",
    "timeout": "pytest_timeout",
    "subtests": "pytest_subtests.plugin",
    "bdd": "pytest_bdd.plugin",
    "anyio": "anyio.pytest_plugin",
    "hypothesis": "_hypothesis_pytestplugin",
}


def beside(*names: str) -> list[str]:
    """The options that load these plugins; the test is skipped where one is not installed."""
    for name in names:
        if find_spec(MODULES[name].partition(".")[0]) is None:
            pytest.skip(f"pytest-{name} is not installed: pip install --group plugins")
    return [option for name in names for option in ("-p", MODULES[name])]


def cassettes_of_tests(suite: Suite) -> set[str]:
    return {path for path in suite.cassettes() if not path.startswith("sign_in/")}


# --- tried again ---------------------------------------------------------------------------------

SECOND_TRY = """
import pytest
{imports}

TRIES = []


{mark}
def test_second_try(bill_dev_session):
    TRIES.append(1)
    assert bill_dev_session.get("/v3/vendors", params={{"max": len(TRIES)}}).ok
    assert len(TRIES) == {good}
"""
TRY_AGAIN = {
    "retry": ("", "@pytest.mark.flaky(retries=2)"),
    "rerunfailures": ("", "@pytest.mark.flaky(reruns=2)"),
    "flaky": ("from flaky import flaky", "@flaky(max_runs=3)"),
}


@pytest.mark.parametrize("name", TRY_AGAIN)
@pytest.mark.usefixtures("proven")
def test_what_passes_at_the_second_try_is_saved_and_proven(suite, name):
    options = beside(name)
    imports, mark = TRY_AGAIN[name]
    suite.write(test_again=SECOND_TRY.format(imports=imports, mark=mark, good=2))
    result = suite.run(*RECORD, *options)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines(["bill: 2 recordings proven by a replay"])
    assert "did not end well" not in result.stdout.str()
    (recorded,) = suite.interactions("test_again.py::test_second_try")
    assert "max=2" in recorded["request"]["uri"]
    assert suite.run(*options).parseoutcomes()["passed"] == 1


@pytest.mark.parametrize("name", TRY_AGAIN)
def test_what_never_passes_keeps_the_old_recording_and_is_told_once(suite, name):
    options = beside(name)
    imports, mark = TRY_AGAIN[name]
    suite.write(test_again=SECOND_TRY.format(imports=imports, mark=mark, good=1))
    suite.run(*RECORD, *options)
    before = suite.cassettes()
    assert "test_again/test_second_try.yaml" in before
    suite.write(test_again=SECOND_TRY.format(imports=imports, mark=mark, good=9))
    result = suite.run(*RECORD[:1], "--bill-record-mode=all", *options)
    assert result.parseoutcomes()["failed"] == 1
    assert suite.cassettes() == before
    lines = result.outlines
    (told,) = [number for number, line in enumerate(lines) if "did not end well" in line]
    assert lines[told + 1] == "test_again.py::test_second_try"
    assert lines[told + 2] != lines[told + 1]


# --- repeated ------------------------------------------------------------------------------------

REPEATED = """
import unittest

import pytest


def ask(session, number):
    assert session.get("/v3/vendors", params={"max": number}).ok


def test_plain(bill_dev_session):
    ask(bill_dev_session, 1)


@pytest.mark.parametrize("number", [2, 3])
def test_of_numbers(bill_dev_session, number):
    ask(bill_dev_session, number)


@pytest.fixture(scope="module", params=["a", "b"])
def wide(request, bill_dev_session):
    ask(bill_dev_session, 4)
    return request.param


def test_wide(wide, bill_dev_session):
    ask(bill_dev_session, 5)


class TestOfUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _session(self, bill_dev_session):
        self.session = bill_dev_session

    def test_it(self):
        ask(self.session, 6)
"""
NAMES = {
    "test_repeated/test_plain.yaml",
    "test_repeated/test_of_numbers-2.yaml",
    "test_repeated/test_of_numbers-3.yaml",
    "test_repeated/test_wide-a.yaml",
    "test_repeated/test_wide-b.yaml",
    "test_repeated/TestOfUnittest.test_it.yaml",
    "test_repeated/fixture.wide-0.yaml",
    "test_repeated/fixture.wide-1.yaml",
}
REPEAT = {
    "repeat": ["--count=3"],
    "flakefinder": ["--flake-finder", "--flake-runs=2"],
}


@pytest.mark.parametrize("name", REPEAT)
def test_each_repetition_has_the_cassette_of_its_test(suite, name):
    options = [*beside(name), *REPEAT[name]]
    suite.write(test_repeated=REPEATED)
    suite.passes(*RECORD)
    assert cassettes_of_tests(suite) == NAMES
    once = suite.passes()["passed"]
    assert suite.replays(*options)["passed"] > once
    suite.replays(*options, *beside("randomly"))
    suite.replays(*options, "-n", "2", network=LOOPBACK_ONLY)


@pytest.mark.parametrize("mode", ["once", "all"])
@pytest.mark.parametrize("name", REPEAT)
@pytest.mark.usefixtures("proven")
def test_repetitions_record_one_cassette_which_replays(suite, name, mode):
    options = [*beside(name), *REPEAT[name]]
    suite.write(test_repeated=REPEATED)
    suite.passes(RECORD[0], f"--bill-record-mode={mode}", *options)
    assert cassettes_of_tests(suite) == NAMES
    suite.replays()
    suite.replays(*options)


def test_a_repetition_that_fails_overwrites_nothing(suite):
    options = [*beside("repeat"), "--count=3"]
    test = """
        RUNS = []

        def test_it(bill_dev_session):
            RUNS.append(1)
            assert bill_dev_session.get("/v3/vendors", params={"max": len(RUNS)}).ok
            assert len(RUNS) in (1, 2)
        """
    suite.write(test_it=test)
    assert suite.run(RECORD[0], "--bill-record-mode=all", *options).ret == 1
    # The last that ended well.
    (recorded,) = suite.interactions("test_it.py::test_it")
    assert "max=2" in recorded["request"]["uri"]


# --- spread and sorted ---------------------------------------------------------------------------

GROUPS = """
import pytest


@pytest.mark.xdist_group("a")
def test_of_a(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors", params={"max": 1}).ok


@pytest.mark.xdist_group("b")
@pytest.mark.parametrize("number", [2, 3])
def test_of_b(bill_dev_session, number):
    assert bill_dev_session.get("/v3/vendors", params={"max": number}).ok


@pytest.mark.order(1)
def test_first(bill_dev_session):
    assert bill_dev_session.get("/v3/bills", params={"max": 1}).ok
"""


def test_groups_of_tests_have_the_cassettes_of_their_tests(suite):
    suite.write(test_groups=GROUPS)
    unknown = ("-W", "ignore")
    groups = ("-n", "2", "--dist", "loadgroup")
    suite.passes(*RECORD, *groups, *unknown)
    assert not any("@" in path for path in suite.cassettes())
    suite.replays(*unknown)
    suite.replays(*groups, network=LOOPBACK_ONLY)


def test_the_order_of_tests_does_not_matter(suite):
    suite.write(test_groups=GROUPS)
    suite.passes(*RECORD, *beside("order"), "-W", "ignore")
    suite.replays(*beside("order"))
    suite.replays(*beside("randomly"), "-W", "ignore")


# --- subtests of the plugin ----------------------------------------------------------------------

SUBTESTS = """
import os


def test_parts(bill_dev_session, subtests):
    for number in range(3):
        with subtests.test(number=number):
            most = 2 if "ACME" in os.environ else 1
            assert bill_dev_session.get("/v3/vendors", params={"max": most}).ok
            assert number != 1 or "ACME" not in os.environ
"""


@pytest.mark.parametrize("plugin", ["pytest's own", "pytest-subtests"])
def test_a_failed_subtest_keeps_the_old_recording(suite, monkeypatch, plugin):
    options = []
    if plugin == "pytest-subtests":
        options = [*beside("subtests"), "-p", "no:subtests", "-W", "ignore"]
    elif pytest.version_tuple < (9,):
        pytest.skip("pytest has subtests from 9.0 on")
    suite.write(test_parts=SUBTESTS)
    assert suite.run(*RECORD, *options).ret == 0
    before = suite.cassettes()
    monkeypatch.setenv("ACME", "1")
    assert suite.run(RECORD[0], "--bill-record-mode=all", *options).ret == 1
    assert suite.cassettes() == before


# --- cut short -----------------------------------------------------------------------------------

ENDLESS = """
import os
import threading

import pytest


def test_before(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors", params={"max": 3 if "ACME" in os.environ else 1}).ok


@pytest.mark.timeout(2)
def test_endless(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors", params={"max": 2 if "ACME" in os.environ else 1}).ok
    if "ACME" in os.environ:
        threading.Event().wait()
"""


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_test_that_takes_too_long_keeps_the_old_recording(suite, monkeypatch, method):
    options = [*beside("timeout"), f"--timeout-method={method}"]
    suite.write(test_endless=ENDLESS)
    assert suite.run(*RECORD, *options).ret == 0
    before = suite.cassettes()
    monkeypatch.setenv("ACME", "1")
    result = suite.run(RECORD[0], "--bill-record-mode=all", *options)
    assert result.ret != 0
    after = suite.cassettes()
    name = "test_endless/test_endless.yaml"
    assert after[name] == before[name]
    if method == "thread":  # the process was ended at once
        kept = {path for path in after if path.startswith(".unproven/")}
        assert any(path.endswith("test_endless/test_before.yaml") for path in kept)
    else:
        assert b"max=3" in after["test_endless/test_before.yaml"]
        assert "test_endless.py::test_endless" in result.outlines


# --- tests of other kinds ------------------------------------------------------------------------

FEATURE = """
Feature: Vendors
    Scenario: Some vendors
        Given the developer key
        When I ask for 1 vendor
        Then I get 1

    Scenario Outline: More vendors
        Given the developer key
        When I ask for <number> vendor
        Then I get <number>

        Examples:
        | number |
        | 2      |
        | 3      |
"""
STEPS = """
from pytest_bdd import given, parsers, scenarios, then, when

scenarios("vendors.feature")


@given("the developer key", target_fixture="session")
def _(bill_dev_session):
    return bill_dev_session


@when(parsers.parse("I ask for {number:d} vendor"), target_fixture="got")
def _(session, number):
    return session.call("GET", "/v3/vendors", params={"max": number})["results"]


@then(parsers.parse("I get {number:d}"))
def _(got, number):
    assert len(got) == number
"""


@pytest.mark.usefixtures("proven")
def test_scenarios(suite):
    options = [*beside("bdd"), "-W", "ignore"]
    (suite.folder / "vendors.feature").write_text(FEATURE)
    suite.write(test_steps=STEPS)
    assert suite.passes(*RECORD, *options)["passed"] == 3
    assert len(cassettes_of_tests(suite)) == 3
    suite.replays(*options)
    suite.replays(*options, "-k", "some")


ANYIO = """
import httpx
import pytest

pytestmark = pytest.mark.anyio


async def test_on_both(bill_dev_session, anyio_backend_name):
    async with httpx.AsyncClient(auth=bill_dev_session.auth) as client:
        url = f"{bill_dev_session.base_url}/v3/vendors"
        assert len((await client.get(url, params={"max": 2})).json()["results"]) == 2


@pytest.fixture
async def first(bill_dev_session):
    async with httpx.AsyncClient(auth=bill_dev_session.auth) as client:
        answer = await client.get(f"{bill_dev_session.base_url}/v3/vendors?max=1")
        yield answer.json()["results"][0]
        assert (await client.get(f"{bill_dev_session.base_url}/v3/vendors?max=3")).is_success


async def test_through_a_fixture(first):
    assert first["id"]
"""


@pytest.mark.usefixtures("proven")
def test_coroutines_of_anyio(suite):
    options = [*beside("anyio"), "-W", "ignore"]
    suite.write(test_anyio=ANYIO)
    done = suite.passes(*RECORD, *options)
    assert done["passed"] == 4  # asyncio and trio
    suite.replays(*options)
    suite.replays(*options, "-k", "trio")


EXAMPLES = """
import hypothesis
from hypothesis import strategies as st


@hypothesis.settings(derandomize=True, max_examples=5, deadline=None)
@hypothesis.given(number=st.integers(1, 3))
def test_numbers(bill_dev_session, number):
    found = bill_dev_session.call("GET", "/v3/vendors", params={"max": number})["results"]
    assert len(found) == number
"""


@pytest.mark.usefixtures("proven")
def test_many_examples_of_one_test(suite):
    options = [*beside("hypothesis"), "-W", "ignore"]
    suite.write(test_examples=EXAMPLES)
    assert suite.passes(*RECORD, *options)["passed"] == 1
    suite.replays(*options)


@pytest.mark.usefixtures("proven")
def test_examples_that_differ_from_run_to_run_are_told_not_kept(suite):
    options = [*beside("hypothesis"), "-W", "ignore"]
    random = EXAMPLES.replace("derandomize=True", "database=None").replace("1, 3", "1, 10**6")
    suite.write(test_examples=random.replace("== number", "> 0"))
    result = suite.run(*RECORD, *options)
    result.stdout.fnmatch_lines(["*recordings that do not replay: nothing of them was kept*"])
    assert "test_examples/test_numbers.yaml" not in suite.cassettes()


# --- parts of a suite ----------------------------------------------------------------------------

PARTS = """
import os

import pytest

BAD = "ACME" in os.environ


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_part(bill_dev_session, number):
    most = number + (10 if BAD else 0)
    assert bill_dev_session.get("/v3/vendors", params={"max": most}).ok
    assert not (BAD and number == 2)
"""


@pytest.mark.parametrize(
    ("options", "recorded"),
    [
        (("-x",), {1}),
        (("--maxfail=2",), {1, 3, 4}),
        (("-k", "3 or 2"), {3}),
        (("--deselect", "test_parts.py::test_part[2]"), {1, 3, 4}),
    ],
)
def test_what_ended_well_before_a_run_was_cut_short_is_kept(suite, monkeypatch, options, recorded):
    suite.write(test_parts=PARTS)
    suite.passes(*RECORD)
    before = suite.cassettes()
    monkeypatch.setenv("ACME", "1")
    suite.run(RECORD[0], "--bill-record-mode=all", *options)
    after = suite.cassettes()
    changed = {path for path in before if after[path] != before[path]}
    assert changed == {f"test_parts/test_part-{number}.yaml" for number in recorded}


def test_only_what_failed_last_is_recorded_again(suite, monkeypatch):
    suite.write(test_parts=PARTS)
    monkeypatch.setenv("ACME", "1")
    cache = ("-p", "cacheprovider")
    suite.run(*RECORD, *cache)
    before = cassettes_of_tests(suite)
    assert before == {f"test_parts/test_part-{number}.yaml" for number in (1, 3, 4)}
    monkeypatch.delenv("ACME")
    result = suite.run(*RECORD, *cache, "--lf")
    assert result.parseoutcomes()["passed"] == 1
    assert cassettes_of_tests(suite) == before | {"test_parts/test_part-2.yaml"}
