"""The plugin through the front door: whole pytest runs in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path

import pytest
import requests
import vcr

# Imported here, so that they stay imported: pytester forgets what an in-process run imports, and
# PyYAML's C extension cannot be imported twice.
import pytest_bill.run
import pytest_bill.sandbox
import pytest_bill.sessions.session

SUITE = """
import httpx


def test_developer_key(bill_dev_session):
    vendors = bill_dev_session.call("GET", "/v3/vendors", params={"max": 3})
    assert len(vendors["results"]) == 3


def test_sync_token(bill_sync_session):
    assert bill_sync_session.call("GET", "/v3/bills")["results"]


def test_console_api_token(bill_console_session):
    assert bill_console_session.call("GET", "/v3/vendors")["results"]


def test_spend_api_token(bill_spend_client):
    assert len(list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))) > 20


def test_partner_app_key(bill_partner_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    organization = {"name": "Difference Engines", "address": address}
    created = bill_partner_session.call("POST", "/v3/partner/organizations", json=organization)
    users = bill_partner_session.for_organization(created["id"])
    assert "results" in users.call("GET", "/v3/partner/users")


def test_another_client(bill_dev_session):
    answer = httpx.get(
        f"{bill_dev_session.base_url}/v3/vendors",
        headers=bill_dev_session.credential_headers(),
    )
    assert answer.status_code == 200
"""
ONE = """
def test_one(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
"""
NO_CACHE = ("-p", "no:cacheprovider")
LOCAL = ("--bill-environment=local",)
RECORD = (*LOCAL, "--bill-record-mode=once")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def run(pytester):
    """Run pytest in-process, and give the result."""

    def run(*args, **options):
        return pytester.runpytest_inprocess(*NO_CACHE, *args, **options)

    return run


@pytest.fixture
def subprocess_run(pytester):
    """Run pytest in a process of its own, and give the result."""

    def run(*args):
        return pytester.runpytest_subprocess(*NO_CACHE, *args)

    return run


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def counts(pytester, run, *args) -> dict[str, int]:
    """The counts of a run that must pass."""
    result = run("--bill-report=report.json", *args)
    assert result.ret == 0, result.stdout.str()
    return json.loads((pytester.path / "report.json").read_text())


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- record and replay -----------------------------------------------------------------------


def test_all_five_credentials_are_recorded_and_replayed(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    recorded = counts(pytester, run, *RECORD)
    assert recorded["sign_ins"] == 4
    assert recorded["recorded"] == recorded["requests"] > 10
    files = tree(pytester.path / "cassettes")
    assert {name for name in files if name.startswith("sign_in")} == {
        "sign_in/developer_key.yaml",
        "sign_in/sync_token.yaml",
        "sign_in/console_api_token.yaml",
        "sign_in/partner_app_key.yaml",
    }
    assert "test_bill/test_spend_api_token.yaml" in files

    replayed = counts(pytester, run, "--disable-socket", "-W", "ignore")
    assert replayed == recorded | {"recorded": 0, "replayed": recorded["requests"]}
    assert tree(pytester.path / "cassettes") == files


@pytest.mark.parametrize(
    "selection",
    [
        ("-k", "test_partner_app_key"),
        ("-p", "randomly", "-p", "no:cacheprovider"),
        ("-n", "2"),
        ("test_bill.py::test_another_client",),
    ],
    ids=["one", "random order", "two workers", "by node id"],
)
@pytest.mark.sampled(2)
def test_any_selection_replays(pytester, subprocess_run, run, selection):
    pytester.makepyfile(test_bill=SUITE)
    counts(pytester, run, *RECORD)
    result = subprocess_run("--bill-report=report.json", *selection)
    assert result.ret == 0, result.stdout.str()
    done = json.loads((pytester.path / "report.json").read_text())
    assert done["replayed"] == done["requests"] > 0
    assert done["recorded"] == 0


@pytest.mark.parametrize("how", ["--bill-record-mode=all", "--bill-live"])
@pytest.mark.sampled(2)
def test_two_workers_sign_in_once_per_credential(pytester, subprocess_run, how):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE)
    result = subprocess_run("-n", "2", *LOCAL, how, "--bill-report=report.json")
    assert result.ret == 0, result.stdout.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 4


def test_what_two_workers_record_replays(pytester, subprocess_run):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE, test_c=SUITE)
    result = subprocess_run("-n", "2", *RECORD)
    assert result.ret == 0, result.stdout.str()
    assert len(list((pytester.path / "cassettes").rglob("*.yaml"))) == 4 + 3 * 6
    replay = subprocess_run("--disable-socket", "-W", "ignore")
    assert replay.ret == 0, replay.stdout.str()


def test_a_second_run_in_mode_once_signs_in_nowhere(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    counts(pytester, run, *RECORD)
    # No variable is set and the environment is BILL's own: whatever left the process would fail.
    done = counts(pytester, run, "--bill-record-mode=once", "--disable-socket", "-W", "ignore")
    assert done["replayed"] == done["requests"]


def test_mode_all_records_anew_and_drops_what_is_gone(pytester, run):
    two = ONE.replace("assert", 'bill_dev_session.get("/v3/bills")\n    assert')
    pytester.makepyfile(test_bill=two)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run, *LOCAL, "--bill-record-mode=all")["replayed"] == 0
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "/v3/bills" not in cassette
    assert cassette.count("uri: ") == 1


def test_mode_new_episodes_adds_what_is_missing(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE + '    assert bill_dev_session.get("/v3/bills").ok\n')
    done = counts(pytester, run, *LOCAL, "--bill-record-mode=new_episodes")
    assert (done["recorded"], done["replayed"]) == (1, 2)  # the sign-in and the vendors
    assert counts(pytester, run)["replayed"] == 3


def test_live_uses_no_cassettes(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    done = counts(pytester, run, *LOCAL, "--bill-live")
    assert (done["recorded"], done["replayed"], done["sign_ins"]) == (0, 0, 4)
    assert not (pytester.path / "cassettes").exists()


def test_a_failing_test_keeps_the_old_recording(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes/test_bill")
    pytester.makepyfile(test_bill=ONE + "    assert False\n")
    result = run(*LOCAL, "--bill-record-mode=all")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["bill: test_bill.py::test_one did not end well, so its recording was*"]
    )
    assert tree(pytester.path / "cassettes/test_bill") == before


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "import pytest; pytest.exit('enough')"])
def test_an_interrupted_test_keeps_the_old_recording(pytester, run, end):
    two = ONE + '    assert bill_dev_session.get("/v3/bills").ok\n'
    pytester.makepyfile(test_bill=two)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes/test_bill")
    pytester.makepyfile(test_bill=ONE + f"    {end}\n")
    run(*LOCAL, "--bill-record-mode=all", no_reraise_ctrlc=True)
    assert tree(pytester.path / "cassettes/test_bill") == before


@pytest.mark.parametrize("end", ["pytest.xfail('known')", "pytest.skip('enough')"])
def test_a_test_that_ends_as_it_means_to_is_saved(pytester, run, end):
    pytester.makepyfile(test_bill="import pytest\n" + ONE + f"    {end}\n")
    run(*RECORD)
    assert (pytester.path / "cassettes/test_bill/test_one.yaml").exists()


def test_an_expired_session_is_renewed_without_a_trace(pytester, run):
    pytester.makepyfile(
        test_bill="""
        def test_expiry(bill_dev_session, request):
            assert bill_dev_session.get("/v3/vendors").ok
            sandbox = request.getfixturevalue("bill_sandbox")
            if request.config.getoption("bill_record_mode") == "once":
                sandbox.expire_sessions()
            assert bill_dev_session.get("/v3/bills").ok
        """
    )
    done = counts(pytester, run, *RECORD)
    assert done["sign_ins"] == 2
    cassette = (pytester.path / "cassettes/test_bill/test_expiry.yaml").read_text()
    assert cassette.count("uri: ") == 2
    assert "login" not in cassette
    assert "BDC_1109" not in cassette
    assert counts(pytester, run)["replayed"] == 3


V2 = """
import json


def listed(session, start):
    asked = {"data": json.dumps({"start": start, "max": 1})}
    return session.call("POST", "/v2/List/Vendor.json", data=asked)["response_data"]


def test_a_list(bill_console_session):
    first, second = listed(bill_console_session, 0), listed(bill_console_session, 1)
    assert len(first) == len(second) == 1
    assert first != second


def test_by_hand(bill_dev_session):
    own = bill_dev_session.credential_headers()
    assert bill_dev_session.call("POST", "/v2/GetSessionInfo.json", data=own)


def test_a_file(bill_dev_session):
    file = {"file": ("a.txt", b"text", "text/plain")}
    data = {"data": json.dumps({"fileName": "a.txt"})}
    answer = bill_dev_session.call("POST", "/v2/UploadAttachment.json", data=data, files=file)
    assert answer["response_data"]["documentUploadedId"]


def test_expiry(bill_sync_session, request):
    assert bill_sync_session.call("POST", "/v2/GetSessionInfo.json")
    if request.config.getoption("bill_record_mode") == "once":
        request.getfixturevalue("bill_sandbox").expire_sessions()
    answer = bill_sync_session.post("/v2/GetSessionInfo.json")
    answer.raise_for_status()
    assert answer.request.body is None
"""


def test_v2_is_recorded_and_replayed(pytester, run):
    pytester.makepyfile(test_v2=V2)
    recorded = counts(pytester, run, *RECORD)
    # Three, and the one that expired.
    assert recorded["sign_ins"] == 4
    files = tree(pytester.path / "cassettes/test_v2")
    assert len(files) == 4
    for name, text in files.items():
        found = re.findall(rb"(?:sessionId|devKey)=(\w+)", text)
        assert all(value.startswith(b"PLACEHOLDER_BILL_") for value in found), name
        assert b"BDC_1109" not in text
        assert b"Login" not in text
    assert files["test_expiry.yaml"].count(b"uri: ") == 2
    replayed = counts(pytester, run, "--disable-socket", "-W", "ignore")
    assert replayed["replayed"] == recorded["recorded"]
    assert tree(pytester.path / "cassettes/test_v2") == files


def test_the_environments_of_the_recording_are_told_apart(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "uri: https://gateway.stage.bill.com/connect/v3/vendors" in cassette
    assert "environment: local" in cassette
    assert "not by BILL" in cassette
    assert "127.0.0.1" not in cassette


def test_a_subscription_to_webhooks_is_recorded_without_its_key(pytester, run):
    pytester.makepyfile(
        test_webhooks="""
        import uuid

        def test_subscribe(bill_dev_session, bill_sandbox, pytestconfig):
            subscription = {
                "name": "Bills",
                "status": {"enabled": True},
                "events": [{"type": "bill.created", "version": "1"}],
                "notificationUrl": "https://hooks.example.com/bill",
            }
            made = bill_dev_session.call(
                "POST",
                "/connect-events/v3/subscriptions",
                json=subscription,
                headers={"X-Idempotent-Key": str(uuid.uuid4())},
            )
            one = f"/connect-events/v3/subscriptions/{made['id']}"
            assert bill_dev_session.call("GET", one)["name"] == "Bills"
            renewed = bill_dev_session.call(
                "POST", f"{one}/security_key", headers={"X-Idempotent-Key": str(uuid.uuid4())}
            )
            assert renewed["securityKey"] != made["securityKey"]
            keys = [made["securityKey"], renewed["securityKey"]]
            print("KEYS", *keys)
            (pytestconfig.rootpath / "keys.txt").write_text(" ".join(keys))
        """
    )
    recorded = run("-s", *RECORD)
    assert recorded.ret == 0, recorded.stdout.str()
    keys = (pytester.path / "keys.txt").read_text().split()
    assert len(set(keys)) == 2
    assert not [key for key in keys if key in recorded.stdout.str()]
    (cassette,) = (pytester.path / "cassettes/test_webhooks").glob("*.yaml")
    content = cassette.read_text()
    assert not [key for key in keys if key in content]
    assert content.count("PLACEHOLDER_BILL_WEBHOOK_SECURITY_KEY") == 2
    assert "https://gateway.stage.bill.com/connect-events/v3/subscriptions\n" in content
    assert "127.0.0.1" not in content

    replayed = run("-s", "-W", "ignore")
    assert replayed.ret == 0, replayed.stdout.str()
    assert "KEYS PLACEHOLDER_BILL_WEBHOOK_SECURITY_KEY" in replayed.stdout.str()


def test_notifications_need_no_bill_and_reach_a_receiver_while_it_replays(pytester, run):
    pytester.makepyfile(
        test_webhooks="""
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from threading import Thread

        import pytest
        from pytest_bill import verify_signature

        @pytest.fixture
        def receiver():
            class Handler(BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    server.got = (body, self.headers["x-bill-sha-signature"])
                    self.send_response(204)
                    self.end_headers()

                def log_message(self, *_):
                    pass

            with HTTPServer(("127.0.0.1", 0), Handler) as server:
                thread = Thread(target=server.handle_request)
                thread.start()
                yield server
                thread.join()

        def send(bill_webhook, receiver):
            port = receiver.server_address[1]
            answer = bill_webhook.send(f"http://127.0.0.1:{port}", "bill.updated", {"id": "1"})
            assert answer.status_code == 204
            assert verify_signature(*receiver.got, bill_webhook.security_key)

        def test_alone(bill_webhook, receiver):
            send(bill_webhook, receiver)

        @pytest.mark.bill_cassette
        def test_with_a_cassette(bill_webhook, receiver):
            send(bill_webhook, receiver)

        def test_unknown(bill_webhook):
            bill_webhook.event("bill.deleted", {})
        """
    )
    result = run()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*BILL's catalogue of webhook events has no 'bill.deleted'.*"])
    assert not (pytester.path / "cassettes").exists()


# --- cassettes of tests and fixtures ---------------------------------------------------------


def test_a_wide_fixture_has_its_own_cassette(pytester, run):
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def vendor_count(bill_dev_session):
            yield len(bill_dev_session.call("GET", "/v3/vendors")["results"])
            assert bill_dev_session.get("/v3/bills", params={"max": 1}).ok
        """
    )
    pytester.makepyfile(
        test_bill="""
        def test_one(vendor_count):
            assert vendor_count

        def test_two(vendor_count, bill_dev_session):
            assert bill_dev_session.get("/v3/vendors").ok
        """
    )
    counts(pytester, run, *RECORD)
    cassettes = pytester.path / "cassettes"
    fixture = (cassettes / "conftest/fixture.vendor_count.yaml").read_text()
    assert fixture.count("uri: ") == 2  # set-up and teardown
    assert not (cassettes / "test_bill/test_one.yaml").exists()
    assert counts(pytester, run, "-k", "test_two")["replayed"] == 4
    assert counts(pytester, run, "-k", "test_one")["replayed"] == 3


def test_a_fixture_set_up_for_several_modules_has_a_cassette_for_each(pytester, run):
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="module")
        def vendor(bill_dev_session):
            address = {"line1": "1", "city": "X", "zipOrPostalCode": "77002", "country": "US"}
            vendor = {"name": "Difference Engines", "address": address}
            return bill_dev_session.call("POST", "/v3/vendors", json=vendor)
        """
    )
    test = """
        def test_vendor(bill_dev_session, vendor):
            read = bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")
            assert read["id"] == vendor["id"]
        """
    pytester.makepyfile(test_a=test, test_b=test)
    counts(pytester, run, *LOCAL, "--bill-record-mode=all")
    replayed = counts(pytester, run)
    assert replayed["replayed"] == replayed["requests"] == 5
    assert len(list((pytester.path / "cassettes").rglob("fixture.vendor-*.yaml"))) == 2


@pytest.mark.nightly
def test_a_wide_fixture_is_not_recorded_by_several_workers(pytester, subprocess_run, run):
    pytester.makepyfile(
        test_bill="""
        import pytest

        @pytest.fixture(scope="session")
        def vendor(bill_dev_session):
            return bill_dev_session.call("GET", "/v3/vendors")["results"][0]

        @pytest.mark.parametrize("number", range(4))
        def test_vendor(vendor, number):
            assert vendor["id"]
        """
    )
    result = subprocess_run("-n", "2", *RECORD)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "*fixture vendor (set up for *): no recorded answer*",
            "*A fixture wider than one test is recorded by one process: leave out -n.",
        ]
    )
    counts(pytester, run, *RECORD)
    for mode in ("none", "once"):  # what is recorded is replayed by any number of workers
        again = subprocess_run("-n", "2", *LOCAL, f"--bill-record-mode={mode}")
        assert again.ret == 0, again.stdout.str()


def test_a_fixture_asked_for_while_the_test_runs(pytester, run):
    pytester.makepyfile(
        test_bill="""
        def test_first(request):
            assert request.getfixturevalue("bill_dev_session").get("/v3/vendors").ok

        def test_second(request):
            assert request.getfixturevalue("bill_dev_session").get("/v3/bills").ok
        """
    )
    counts(pytester, run, *RECORD)
    assert set(tree(pytester.path / "cassettes/test_bill")) == {
        "test_first.yaml",
        "test_second.yaml",
    }
    assert counts(pytester, run, "-k", "second")["replayed"] == 2


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
    for mode in ("new_episodes", "all"):
        counts(pytester, run, *LOCAL, f"--bill-record-mode={mode}")
        cassette = (pytester.path / "cassettes/shared/lists.yaml").read_text()
        assert cassette.count("uri: ") == 2
        counts(pytester, run)


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


def test_a_cassette_that_plain_vcrpy_recorded_replays(pytester, run, monkeypatch):
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    with pytest_bill.sandbox.LocalSandbox() as sandbox:
        recorded = pytester.path / "cassettes/from_vcrpy.yaml"
        with vcr.use_cassette(str(recorded), filter_headers=["devKey", "sessionId"]):
            answer = requests.get(f"{sandbox.origin}/connect/v3/vendors", timeout=5)
    assert answer.status_code == 400
    # vcrpy keeps the address that it saw; a team's old cassettes hold BILL's.
    recorded.write_text(recorded.read_text().replace(f"{sandbox.origin}/connect/v3/vendors", url))
    pytester.makepyfile(
        test_bill=f"""
        import pytest, requests

        @pytest.mark.bill_cassette("from_vcrpy")
        def test_own_client():
            headers = {{"devKey": "any", "sessionId": "any"}}
            assert requests.get({url!r}, headers=headers, timeout=5).status_code == 400
        """
    )
    assert counts(pytester, run, "--disable-socket", "-W", "ignore")["replayed"] == 1


# --- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["ini", "marker", "bill_config", "all of them"])
def test_none_on_the_command_line_beats_everything(pytester, run, source):
    if source in ("ini", "all of them"):
        pytester.makeini("[pytest]\nbill_record_mode = all\nbill_environment = local\n")
    if source in ("bill_config", "all of them"):
        pytester.makeconftest(
            """
            import pytest

            @pytest.fixture(scope="session")
            def bill_config():
                return {"record_mode": "all"}
            """
        )
    marked = "import pytest\n\n@pytest.mark.bill_cassette(record_mode='all')"
    pytester.makepyfile(test_bill=(marked if source in ("marker", "all of them") else "") + ONE)
    result = run("--bill-record-mode=none", "--disable-socket", "-W", "ignore")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no recorded answer (record mode none)*"])
    assert not (pytester.path / "cassettes").exists()


def test_the_ini_file_sets_what_options_set(pytester, run):
    pytester.makeini(
        "[pytest]\nbill_record_mode = once\nbill_environment = local\nbill_cassette_dir = tapes\n"
    )
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run)["recorded"] == 2
    assert (pytester.path / "tapes/test_bill/test_one.yaml").exists()
    assert not (pytester.path / "cassettes").exists()


def test_bill_config_and_marker_set_the_mode_where_the_command_line_does_not(pytester, run):
    pytester.makeini("[pytest]\nbill_environment = local\n")
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {"record_mode": "once"}
        """
    )
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run)["recorded"] == 2


@pytest.mark.parametrize("args", [("--bill-record-mode=all",), ("--bill-live",)])
def test_production_needs_leave(pytester, run, args):
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-environment=production", *args)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--bill-allow-production*"])


@pytest.mark.parametrize("client", ["bill_dev_session", "httpx"])
@pytest.mark.parametrize("mode", ["--bill-record-mode=once", "--bill-live"])
@pytest.mark.sampled(2)
def test_production_is_not_asked_by_its_address_either(pytester, subprocess_run, client, mode):
    # In a process of its own: this project's own run guards BILL's hosts in this one.
    pytester.makepyfile(
        test_bill=f"""
        import httpx

        def test_one(bill_dev_session):
            {client}.get("https://gateway.prod.bill.com/connect/v3/vendors")
        """
    )
    result = subprocess_run(*LOCAL, mode)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*BILL's production; allow it with --bill-allow-production.*"])


def test_contradicting_options_are_refused(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-live", "--bill-record-mode=once")
    result.stdout.fnmatch_lines(["*--bill-live uses no cassettes*"])


def test_an_unknown_setting_in_bill_config_is_explained(pytester, run):
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {"recordmode": "once"}
        """
    )
    pytester.makepyfile(test_bill=ONE)
    run().stdout.fnmatch_lines(["*bill_config fixture has no setting recordmode*"])


def test_missing_credentials_are_one_error(pytester, run):
    (pytester.path / ".env").write_text("BILL_USERNAME=ada@example.com\nBILL_PASSWORD=\n")
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*bill_dev_session needs the developer key*BILL_PASSWORD, BILL_ORGANIZATION_ID, "
            "BILL_DEV_KEY.",
            f"*Looked in the environment and in {pytester.path / '.env'}.",
            "*--bill-environment=local*",
        ]
    )
    assert "ada@example.com" not in result.stdout.str()


def test_the_process_environment_is_left_as_it_was(pytester, run):
    (pytester.path / ".env").write_text("BILL_USERNAME=ada@example.com\n")
    pytester.makepyfile(test_bill=ONE)
    before = dict(os.environ)
    run(*RECORD)
    after = dict(os.environ)
    assert {name: value for name, value in after.items() if name.startswith("BILL_")} == {}
    assert set(after) - set(before) <= {"PYTEST_VERSION", "PYTEST_CURRENT_TEST"}


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


# --- other clients ---------------------------------------------------------------------------


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


# --- misses ----------------------------------------------------------------------------------


def test_a_miss_names_the_request_the_nearest_and_the_command(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(test_bill=ONE.replace("/v3/vendors", "/v3/vendors?max=7"))
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_bill.py:2: NotInCassette",
            "test_bill.py::test_one: no recorded answer (record mode none).",
            "*request: GET https://gateway.stage.bill.com/connect/v3/vendors?max=7",
            "*cassette: cassettes/test_bill/test_one.yaml, 1 recorded.",
            "*nearest: GET https://gateway.stage.bill.com/connect/v3/vendors",
            "*differs: query max: 7 now, (absent) recorded",
            "Record it: pytest test_bill.py::test_one --bill-environment=local "
            "--bill-record-mode=new_episodes",
        ]
    )


def test_a_miss_that_the_code_under_test_swallows_fails_the_test(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(
        test_bill="""
        def test_one(bill_dev_session):
            try:
                bill_dev_session.get("/v3/bills")
            except Exception:
                pass
        """
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*hid an error*", "*no recorded answer*"])


def test_a_request_in_a_test_without_bill_opens_no_socket_to_bill(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makepyfile(
        test_bill=ONE
        + """

def test_without_a_fixture():
    import httpx
    httpx.get("https://gateway.stage.bill.com/connect/v3/vendors")
"""
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*A connection to gateway.stage.bill.com was refused*"])


# --- secrets ---------------------------------------------------------------------------------

SECRETS = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
}


@pytest.mark.parametrize(
    "trouble",
    [
        "raise ValueError('boom ' + headers['sessionId'] + headers['devKey'])",
        "assert headers == {}",
        "assert str(headers['sessionId']) == 'x'",
        "print(*headers.values()); raise ValueError",
        "import logging; logging.error('%s', list(map(str, headers.values()))); raise ValueError",
        "bill_sandbox.fail('listVendors', delay_seconds=1); "
        "bill_dev_session.get('/v3/vendors', timeout=0.1)",
        "bill_dev_session.post('/v3/vendors', json=headers).raise_for_status()",
        "bill_sandbox.fail('v2GetSessionInfo', delay_seconds=1); "
        "bill_dev_session.post('/v2/GetSessionInfo.json', timeout=0.1)",
        "bill_dev_session.call('POST', '/v2/Crud/Read/Vendor.json', data={'data': str(headers)})",
    ],
)
@pytest.mark.sampled(3)
def test_no_secret_shows_when_a_test_fails(pytester, run, trouble, tmp_path_factory):
    pytester.makepyfile(
        test_bill=f"""
        def test_one(bill_dev_session, bill_sandbox):
            assert bill_dev_session.get("/v3/vendors").ok
            headers = bill_dev_session.credential_headers()
            with open({str(pytester.path / "secrets.txt")!r}, "w") as file:
                print(*headers.values(), *bill_sandbox.variables.values(), sep="\\n", file=file)
            {trouble}
        """
    )
    result = run(*RECORD, "--showlocals", "-vv", "--full-trace", "--junit-xml=junit.xml")
    result.assert_outcomes(failed=1)
    secrets = (pytester.path / "secrets.txt").read_text().split()
    assert len(secrets) == 18
    shown = result.stdout.str() + result.stderr.str() + (pytester.path / "junit.xml").read_text()
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest has subtests since 9.0")
def test_no_secret_shows_when_a_subtest_fails(pytester, run):
    pytester.makepyfile(
        test_bill=f"""
        def test_one(bill_dev_session, subtests):
            key = str(bill_dev_session.credential_headers()["devKey"])
            with open({str(pytester.path / "key.txt")!r}, "w") as file:
                file.write(key)
            with subtests.test(msg=key, key=key):
                print(key)
                assert 0
        """
    )
    result = run(*RECORD, "-vv")
    assert result.ret == 1
    assert (pytester.path / "key.txt").read_text() not in result.stdout.str()


def test_no_secret_shows_when_a_sign_in_cannot_be_sent(pytester, run, unused_port):
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    lines.append(f"BILL_BASE_URL=http://127.0.0.1:{unused_port}")
    (pytester.path / ".env").write_text("\n".join(lines))
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once", "--showlocals", "-vv", "--full-trace")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*The sign-in did not reach POST*/v3/login*"])
    shown = result.stdout.str()
    assert [name for name, value in SECRETS.items() if value in shown] == []


def test_a_refused_sign_in_names_what_to_check(pytester, run):
    sandbox_of = pytest.importorskip("pytest_bill.sandbox").LocalSandbox
    with sandbox_of() as sandbox:
        variables = sandbox.variables | {"BILL_PASSWORD": "Wrong-Horse-Battery"}
        lines = [f"{name}='{value}'" for name, value in variables.items()]
        lines.append(f"BILL_BASE_URL={sandbox.origin}")
        (pytester.path / ".env").write_text("\n".join(lines))
        pytester.makepyfile(test_bill=ONE)
        result = run("--bill-record-mode=once", "--showlocals", "-vv")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*BILL refused the sign-in*BDC_1101*", "*Check BILL_USERNAME*"])
    assert "Wrong-Horse" not in result.stdout.str()
    assert not (pytester.path / "cassettes").exists()


def test_no_secret_of_the_recording_is_on_disk(pytester, run):
    sandbox_of = pytest.importorskip("pytest_bill.sandbox").LocalSandbox
    with sandbox_of() as sandbox:
        environ = sandbox.variables | {"BILL_BASE_URL": sandbox.origin}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            pytester.makepyfile(test_bill=SUITE)
            assert counts(pytester, run, "--bill-record-mode=all")["recorded"] > 10
    files = tree(pytester.path)
    assert len([name for name in files if name.startswith("cassettes/")]) == 10
    for secret in sandbox.variables.values():
        assert [name for name, text in files.items() if secret.encode() in text] == []
    for name, text in files.items():
        if name.startswith("cassettes/"):
            found = re.findall(rb"sessionId\W+(?:- )?(\w+)", text)
            assert all(value.startswith(b"PLACEHOLDER_") for value in found), name


def test_a_placeholder_is_never_sent(pytester, run):
    pytester.makepyfile(
        test_bill="""
        import httpx

        kept = {}

        def test_one(bill_dev_session):
            kept.update(sessionId="PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID")
            httpx.get(bill_dev_session.base_url + "/v3/vendors", headers=kept)
        """
    )
    result = run(*RECORD)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*was not sent: its header*holds PLACEHOLDER_*"])


# --- cost ------------------------------------------------------------------------------------


def test_an_empty_suite_imports_neither_vcrpy_nor_requests(pytester, subprocess_run, all_plugins):
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            heavy = {"vcr", "requests", "urllib3", "dotenv", "yaml", "filelock", "starlette"}
            print("HEAVY", sorted(heavy & set(sys.modules)))
            print("PLUGIN", "pytest_bill.plugin" in sys.modules)
        """
    )
    pytester.makepyfile(test_nothing="def test_nothing():\n    pass\n")
    # These two, which are installed for the tests of this project, import requests at once.
    others = ("-p", "no:schemathesis", "-p", "no:requests_mock")
    result = subprocess_run("-s", *others)
    result.stdout.fnmatch_lines(["HEAVY []", "PLUGIN True"])


def test_a_replay_imports_no_sandbox_and_no_locks(pytester, subprocess_run, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            heavy = {"filelock", "starlette", "uvicorn", "jinja2", "pytest_bill.sandbox"}
            print("HEAVY", sorted(heavy & set(sys.modules)))
        """
    )
    result = subprocess_run("-s", "-p", "no:xdist.plugin")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["HEAVY []"])


def test_the_fixtures_and_the_marker_are_documented(pytester, run):
    result = run("--fixtures", "--markers")
    text = result.stdout.str()
    assert "@pytest.mark.bill_cassette" in text
