"""The marker ``bill_cassette``, and the names of cassettes."""

from __future__ import annotations

import pytest

from tests.plugin.suites import LOCAL, ONE, RECORD, counts


def test_the_marker_names_a_cassette_that_tests_share(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import pytest

        @pytest.mark.bill_cassette("shared/lists")
        def test_vendors(bill_dev_session):
            assert bill_dev_session.get("/v3/vendors").ok

        @pytest.mark.bill_cassette("shared/lists")
        def test_bills(bill_dev_session):
            assert bill_dev_session.get("/v3/bills").ok
        """
    )
    for mode in ("once", "new_episodes", "all"):
        counts(pytester, run, *LOCAL, f"--bill-record-mode={mode}")
        cassette = (pytester.path / "cassettes/shared/lists.yaml").read_text()
        assert cassette.count("uri: ") == 2
        counts(pytester, run)


SHARED = """
import pytest

pytestmark = pytest.mark.bill_cassette("shared/lists")


class TestTwo:
    def test_vendors(self, bill_dev_session):
        assert bill_dev_session.get("/v3/vendors").ok

    @pytest.mark.parametrize("most", range(1, 6))
    def test_bills(self, bill_dev_session, most):
        assert bill_dev_session.get("/v3/vendors").ok
        assert bill_dev_session.get("/v3/bills", params={"max": most}).ok
"""


@pytest.mark.nightly
def test_workers_that_share_a_cassette_lose_nothing_and_record_nothing_twice(
    proven, subprocess_run
):
    proven.makepyfile(test_one=SHARED, test_other=SHARED)
    recorded = subprocess_run("-n", "3", *RECORD)
    recorded.assert_outcomes(passed=12)
    recorded.stdout.fnmatch_lines(["bill: 2 recordings proven by a replay"])
    path = proven.path / "cassettes/shared/lists.yaml"
    cassette = path.read_text()
    assert cassette.count("uri: ") == 6
    subprocess_run("--disable-socket", "-W", "ignore").assert_outcomes(passed=12)
    # What was there before a run is not recorded into.
    proven.makepyfile(test_third=SHARED.replace('"max": most', '"max": most + 50'))
    subprocess_run("-n", "2", *RECORD, "test_third.py").assert_outcomes(passed=1, failed=5)
    assert path.read_text() == cassette


def test_the_marker_alone_covers_other_clients(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import json, os, urllib.request
        import pytest, urllib3

        @pytest.mark.bill_cassette
        def test_sign_in_by_hand(bill_sandbox_or_stage):
            url, variables = bill_sandbox_or_stage
            body = {
                "username": variables["BILL_USERNAME"],
                "password": variables["BILL_PASSWORD"],
                "organizationId": variables["BILL_ORGANIZATION_ID"],
                "devKey": variables["BILL_DEV_KEY"],
            }
            answer = urllib3.request("POST", f"{url}/v3/login", json=body)
            assert answer.status == 200, answer.data
            headers = {"sessionId": answer.json()["sessionId"], "devKey": body["devKey"]}
            assert urllib3.request("GET", f"{url}/v3/vendors", headers=headers).status == 200
        """
    )
    pytester.makeconftest(
        """
        import collections
        import pytest

        @pytest.fixture
        def bill_sandbox_or_stage(_bill_run):
            if _bill_run.sandbox is None:
                unknown = collections.defaultdict(lambda: "nothing")
                return "https://gateway.stage.bill.com/connect", unknown
            return _bill_run.environment.gateway, _bill_run.sandbox.variables
        """
    )
    counts(pytester, run, *RECORD)
    cassette = (pytester.path / "cassettes/test_bill/test_sign_in_by_hand.yaml").read_text()
    assert "/v3/login" not in cassette
    assert "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID" in cassette
    sign_in = (pytester.path / "cassettes/sign_in/developer_key.yaml").read_text()
    assert "PLACEHOLDER_BILL_PASSWORD" in sign_in
    assert counts(pytester, run, "--disable-socket", "-W", "ignore")["replayed"] == 2


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ('bill_cassette("../elsewhere")', "not a file name below the cassette folder"),
        ('bill_cassette("a", "b")', "takes one name"),
        ('bill_cassette(mode="all")', "has no setting mode"),
        ('bill_cassette(record_mode="some")', "record_mode 'some'"),
        ('bill_cassette(match_on=["colour"])', "no part named colour"),
    ],
)
def test_a_wrong_marker_is_explained(pytester, run, marker, message):
    pytester.makepyfile(test_bill="import pytest\n\n@pytest.mark." + marker + ONE)
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{message}*"])
    assert "Traceback" not in result.stdout.str()


def test_two_tests_that_a_disk_could_mix_up_are_refused(pytester, run):
    pytester.makepyfile(test_bill=ONE + ONE.replace("test_one", "test_ONE"))
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*test_one and test_bill.py::test_ONE would share*"])
