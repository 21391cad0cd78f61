"""``bill_console_session.for_organization``: several client organizations with one token."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes import store
from tests.plugin.suites import LOCAL, RECORD, counts, tree

SUITE = """
import os


def clients(session):
    return [each["id"] for each in session.paginate("/v3/login/organizations")]


def test_each_client_has_books_of_its_own(bill_console_session):
    seen = {}
    order = sorted(range(3), reverse="OTHER_ORDER" in os.environ)
    ids = clients(bill_console_session)
    for number in order:
        books = bill_console_session.for_organization(ids[number])
        assert books.call("GET", "/v3/login/session")["organizationId"] == ids[number]
        assert books.organization_id
        seen[number] = [each["name"] for each in books.paginate("/v3/vendors")]
    assert seen[0] == ["Harbor Tea Importers", "Copper Kettle Repair"]
    assert len({tuple(names) for names in seen.values()}) == 3


def test_the_first_one_is_the_sessions_own(bill_console_session):
    books = bill_console_session.for_organization(bill_console_session.organization_id)
    assert books.credential_headers() == bill_console_session.credential_headers()
    assert books.get("/v3/bills").json() == bill_console_session.get("/v3/bills").json()


def test_v2_and_another_client(bill_console_session):
    import json

    import requests

    books = bill_console_session.for_organization(clients(bill_console_session)[2])
    data = {"data": json.dumps({"start": 0, "max": 9})}
    names = [each["name"] for each in books.call("POST", "/v2/List/Vendor.json", data=data)[
        "response_data"
    ]]
    v3 = requests.get(f"{books.base_url}/v3/vendors", auth=books.auth).json()["results"]
    assert [each["name"] for each in v3] == names
"""


@pytest.mark.parametrize("way", [(), ("--bill-sign-in=console=v3",)], ids=["v2", "v3"])
@pytest.mark.sampled(2)
def test_each_client_is_signed_in_to_once_and_replayed_in_any_order(
    pytester, run, monkeypatch, way
):
    pytester.makepyfile(test_clients=SUITE)
    recorded = counts(pytester, run, *RECORD, *way)
    assert recorded["sign_ins"] == 3
    folder = pytester.path / "cassettes"
    names = sorted(path.stem for path in (folder / "sign_in").iterdir())
    assert names[0] == "console_api_token"
    assert [len(name) for name in names[1:]] == [len("console_api_token_0a1b2c")] * 2
    for path in (folder / "sign_in").iterdir():
        (interaction,) = store.load(path).interactions
        assert b"PLACEHOLDER_BILL_CONSOLE_API_TOKEN" in interaction.body
        assert b"0081" not in interaction.body
    monkeypatch.setenv("OTHER_ORDER", "1")
    for now in ((), ("--bill-sign-in=console=v3",)):
        replayed = counts(pytester, run, *now, "--bill-block-network", "--bill-strict")
        assert replayed["replayed"] == replayed["requests"]
        assert replayed["sign_ins"] == 3


@pytest.mark.nightly
def test_what_was_recorded_is_as_before(pytester, run):
    pytester.makepyfile(test_clients=SUITE)
    counts(pytester, run, *RECORD)
    written = tree(pytester.path / "cassettes")
    counts(pytester, run, *LOCAL, "--bill-record-mode=all")
    assert tree(pytester.path / "cassettes").keys() == written.keys()


ONE = """
def test_one(bill_console_session):
    assert bill_console_session.for_organization("{organization}").get("/v3/vendors").ok
"""


def test_an_organization_that_is_no_client_is_told(pytester, run):
    pytester.makepyfile(test_one=ONE.format(organization="00801NOCLIENTOFOURS0"))
    result = run(*LOCAL, "--bill-live")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*bill_console_session: BILL refused the sign-in*BDC_1123*",
            "*Check the id that for_organization was given, and that it is of this environment*",
        ]
    )


@pytest.mark.nightly
def test_workers_share_the_sign_ins(pytester, subprocess_run):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE)
    result = subprocess_run("-n", "2", *LOCAL, "--bill-live", "--bill-report=report.json")
    assert result.ret == 0, result.stdout.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 3
