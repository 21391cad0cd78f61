"""--bill-prune, and how a new recording replaces an old one."""

from __future__ import annotations

import pytest

from tests.helpers.cassettes import paths_in, write_cassette
from tests.plugin.suites import LOCAL, tree

MODULE = """
import urllib.request

import pytest

API = "https://gateway.stage.bill.com/connect"
pytestmark = pytest.mark.bill_cassette


def ask(path):
    with urllib.request.urlopen(API + path) as answer:
        return answer.read()


def test_half():
    ask("/v3/bills")


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.bill_cassette("lists/vendors")
def test_shared(page):
    ask(f"/v3/vendors?page={page}")
"""


@pytest.fixture
def cassettes(pytester):
    """Those of the module above, with more answers than it asks for, and one that it does not."""
    folder = pytester.path / "cassettes"
    pytester.makepyfile(test_a=MODULE)
    write_cassette(folder / "test_a/test_half.yaml", "/v3/vendors", "/v3/bills", "/v3/invoices")
    pages = [f"/v3/vendors?page={page}" for page in (1, 2, 3)]
    write_cassette(folder / "lists/vendors.yaml", *pages)
    write_cassette(folder / "lists/old.yaml", "/v3/bills")
    write_cassette(folder / "lists/of_vcrpy.yaml", "/v3/bills", metadata={})
    return folder


@pytest.mark.parametrize("workers", [("-n", "2"), ()], ids=["two workers", "one process"])
@pytest.mark.sampled(2)
def test_what_was_not_played_is_dropped(pytester, cassettes, subprocess_run, workers):
    result = subprocess_run("--bill-prune", "--bill-strict", *workers)
    assert result.ret == 0, result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "*bill: pruned*",
            "cassettes/lists/vendors.yaml: 1 of 3 answers dropped",
            "cassettes/test_a/test_half.yaml: 2 of 3 answers dropped",
            "cassettes/lists/old.yaml: deleted, with 1 answer",
        ]
    )
    assert {name: paths_in(cassettes / name) for name in tree(cassettes)} == {
        "lists/of_vcrpy.yaml": ["/v3/bills"],
        "lists/vendors.yaml": ["/v3/vendors?page=1", "/v3/vendors?page=2"],
        "test_a/test_half.yaml": ["/v3/bills"],
    }


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-k", "half"), "not all tests ran: test_a.py::test_shared[[]1], *"),
        (("test_a.py",), "*. was not collected as a whole"),
        (("--ignore=more",), "*left tests out*"),
        (("-k", "half", "-x"), "not all tests ran:*"),
    ],
)
@pytest.mark.sampled(4)
def test_a_run_that_is_not_complete_prunes_nothing(pytester, cassettes, run, options, why):
    before = tree(cassettes)
    result = run("--bill-prune", *options)
    assert result.ret == 0, result.stdout.str()
    result.stdout.fnmatch_lines(["*bill: not pruned*", f"--bill-prune: {why}"])
    assert tree(cassettes) == before


@pytest.mark.nightly
def test_a_test_that_fails_prunes_nothing(pytester, cassettes, run):
    before = tree(cassettes)
    pytester.makepyfile(test_a=MODULE, test_b="def test_fails():\n    assert False\n")
    result = run("--bill-prune")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["--bill-prune: the run did not pass"])
    assert tree(cassettes) == before


@pytest.mark.nightly
@pytest.mark.parametrize("option", [*LOCAL, "--bill-live"])
def test_a_run_that_may_record_is_refused(cassettes, run, option):
    before = tree(cassettes)
    mode = () if option == "--bill-live" else ("--bill-record-mode=all",)
    result = run("--bill-prune", option, *mode)
    result.stdout.fnmatch_lines(["*--bill-prune drops what a replay did not play*"])
    assert tree(cassettes) == before


def test_a_request_that_changed_replaces_its_old_recording(pytester, run):
    test = """
        def test_half(bill_spend_client):
            assert bill_spend_client.get("/v3/spend/budgets", params={"max": 2}).ok
        """
    pytester.makepyfile(test_a=test)
    old = [f"/v3/spend/budgets?max={number}" for number in (20, 30)]
    cassette = pytester.path / "cassettes/test_a/test_half.yaml"
    write_cassette(cassette, *old)
    result = run(*LOCAL, "--bill-record-mode=new_episodes", "--bill-strict")
    assert result.ret == 0, result.stdout.str()
    budgets = "test_a.py::test_half: GET https://gateway.stage.bill.com/connect/v3/spend/budgets"
    result.stdout.fnmatch_lines(
        ["*bill: recorded answers that new ones replaced*", f"{budgets}*20"]
    )
    new = "/v3/spend/budgets?max=2"
    assert paths_in(cassette) == [old[1], new]
