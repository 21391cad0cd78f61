"""Stand-ins through the front door: recorded, looked at, and replayed offline.

A local sandbox behind BILL_BASE_URL is BILL for the runs here: nothing tells them that its data is
made up, and nothing of it may be in a cassette.
"""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest
import yaml

from pytest_bill.sandbox import LocalSandbox

# Imported here, so that they stay imported: see tests/plugin/conftest.py.
from pytest_bill.scrubbing.personal_places import CHOICES

NO_CACHE = ("-p", "no:cacheprovider")
FLOW = """
FREE_TEXT = "For Ada Lovelace Engines, ada@lovelace-engines.org"
VENDOR = {
    "name": "Ada Lovelace Engines",
    "email": "ada@lovelace-engines.org",
    "phone": "(408) 376-2233",
    "address": {
        "line1": "12 Analytical Way",
        "city": "Houston",
        "stateOrProvince": "TX",
        "zipOrPostalCode": "77002",
        "country": "US",
    },
    "paymentInformation": {
        "payeeName": "Ada Lovelace Engines",
        "bankAccount": {
            "nameOnAccount": "Ada Lovelace",
            "accountNumber": "998877665544",
            "routingNumber": "074000010",
            "type": "CHECKING",
        },
    },
    "additionalInfo": {"taxId": "123456789"},
}


def test_values_of_its_own(bill_dev_session):
    made = bill_dev_session.call("POST", "/v3/vendors", json=VENDOR)
    for field in ("name", "email", "phone"):
        assert made[field] == VENDOR[field]
    assert VENDOR["address"].items() <= made["address"].items()
    assert made["additionalInfo"]["taxId"] == "123456789"
    assert made["paymentInformation"]["bankAccount"]["accountNumber"].endswith("5544")
    found = bill_dev_session.call(
        "GET", "/v3/vendors", params={"filters": 'name:eq:"Ada Lovelace Engines"'}
    )
    assert [vendor["id"] for vendor in found["results"]] == [made["id"]]
    bill = {
        "vendorId": made["id"],
        "dueDate": "2027-12-31",
        "invoice": {"invoiceNumber": "1", "invoiceDate": "2027-01-01"},
        "billLineItems": [{"amount": 1, "description": FREE_TEXT}],
    }
    billed = bill_dev_session.call("POST", "/v3/bills", json=bill)
    assert billed["billLineItems"][0]["description"] == FREE_TEXT


def test_values_of_an_answer(bill_dev_session):
    vendors = bill_dev_session.call("GET", "/v3/vendors", params={"max": 5})["results"]
    old = next(vendor for vendor in vendors if vendor.get("email"))
    again = {key: old[key] for key in ("name", "email", "address")}
    again["shortName"] = old["name"][:40]
    made = bill_dev_session.call("POST", "/v3/vendors", json=again)
    assert (made["name"], made["email"]) == (old["name"], old["email"])
    found = bill_dev_session.call(
        "GET", "/v3/vendors", params={"filters": f'name:eq:"{old["name"]}"'}
    )
    assert {vendor["name"] for vendor in found["results"]} == {old["name"]}
"""
PERSONAL = (
    "Lovelace",
    "lovelace",
    "376-2233",
    "Analytical",
    "Houston",
    "TX",
    "77002",
    "998877665544",
    "5544",
    "074000010",
    "123456789",
)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def bill(monkeypatch):
    """Another BILL than the local sandbox: what that answers is made up, and says so."""
    monkeypatch.setattr("pytest_bill.sandbox.server.SERVER", "BILL")
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def run(pytester):
    """Run pytest in-process and give the result."""

    def run(*args):
        return pytester.runpytest_inprocess(*NO_CACHE, *args)

    return run


@pytest.fixture
def record(pytester, run, bill):
    """Record from BILL, which is gone afterwards, and give what is in the cassettes."""

    def record(*args, **variables):
        known = bill.variables | {"BILL_BASE_URL": bill.origin} | variables
        lines = [f"{name}={value}" for name, value in known.items()]
        env = pytester.path / ".env"
        env.write_text("\n".join(lines))
        result = run("--bill-record-mode=once", *args)
        env.unlink()
        assert result.ret == 0, result.stdout.str()
        return cassettes(pytester)

    return record


def cassettes(pytester) -> dict[str, dict]:
    return {
        path.stem: yaml.safe_load(path.read_text())
        for path in (pytester.path / "cassettes").rglob("*.yaml")
    }


def replay(run, *args):
    result = run("--disable-socket", "-W", "ignore", *args)
    assert result.ret == 0, result.stdout.str()


def configured(pytester, value) -> None:
    pytester.makeconftest(
        "import pytest\n\n"
        "@pytest.fixture(scope='session')\n"
        f"def bill_config():\n    return {{'stand_ins': {value!r}}}\n"
    )


def test_a_test_that_sends_values_of_its_own_records_and_replays(pytester, run, record):
    pytester.makepyfile(test_flow=FLOW)
    recorded = record("-k", "own")["test_values_of_its_own"]
    text = yaml.safe_dump(recorded)
    for value in PERSONAL:
        assert re.search(rf"(?<![A-Za-z0-9]){re.escape(value)}", text) is None, value
    told = recorded["metadata"]["pytest_bill"]["stand_ins"]
    assert set(told) == {"kinds", "fingerprint"}
    assert {"bank", "email", "organization_name", "phone", "tax_id"} < set(told["kinds"])

    created = recorded["interactions"][0]
    sent, got = json.loads(created["request"]["body"]), created["response"]["body"]["string"]
    answer = json.loads(got)
    # What belongs together still does.
    assert sent["name"] == answer["name"] == sent["paymentInformation"]["payeeName"]
    assert sent["email"] == answer["email"]
    assert sent["email"].endswith(".example.org")
    assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", sent["phone"])
    account = sent["paymentInformation"]["bankAccount"]
    masked = answer["paymentInformation"]["bankAccount"]["accountNumber"]
    assert masked.startswith("*")
    assert masked[-4:] == account["accountNumber"][-4:]
    described = json.loads(recorded["interactions"][2]["request"]["body"])["billLineItems"][0]
    assert described["description"] == f"For {sent['name']}, {sent['email']}"
    replay(run, "-k", "own")


def test_a_test_that_sends_back_what_it_read_records_and_replays(pytester, run, record):
    pytester.makepyfile(test_flow=FLOW)
    record("-k", "answer")
    replay(run, "-k", "answer")


def test_all_cassettes_of_a_team_agree(pytester, run, record, bill):
    pytester.makepyfile(test_flow=FLOW)

    def name_of_the_vendor(**variables):
        bill.reset()
        # Other stand-ins for the same are no change.
        shutil.rmtree(pytester.path / "cassettes", ignore_errors=True)
        recorded = record("-k", "own", "--bill-record-mode=all", **variables)
        body = recorded["test_values_of_its_own"]["interactions"][0]["request"]["body"]
        return json.loads(body)["name"]

    first = name_of_the_vendor()
    assert name_of_the_vendor() == first
    assert name_of_the_vendor(BILL_STAND_IN_KEY="x" * 16) != first


def test_the_key_is_nowhere(pytester, record, bill):
    pytester.makepyfile(test_flow=FLOW)
    recorded = record(BILL_STAND_IN_KEY="a-key-of-the-whole-team")
    assert recorded
    for path in (pytester.path / "cassettes").rglob("*.yaml"):
        assert "a-key-of-the-whole-team" not in path.read_text()
        assert bill.variables["BILL_DEV_KEY"] not in path.read_text()


def test_a_key_that_can_be_guessed_is_refused(pytester, run):
    pytester.makepyfile(test_flow=FLOW)
    (pytester.path / ".env").write_text("BILL_STAND_IN_KEY=hunter2")
    result = run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*BILL_STAND_IN_KEY has fewer than 16 characters*"])
    assert "hunter2" not in result.stdout.str()


@pytest.mark.parametrize(
    ("choice", "shown", "hidden"),
    [
        (False, ["Ada Lovelace Engines", "998877665544", "ada@lovelace-engines.org"], []),
        ({"organization_name": False}, ["Ada Lovelace Engines"], ["998877665544", "376-2233"]),
        (
            {"bank": False, "email": False},
            ["998877665544", "ada@lovelace-engines.org"],
            ["Engines"],
        ),
    ],
)
def test_what_is_replaced_can_be_chosen(pytester, run, record, choice, shown, hidden):
    configured(pytester, choice)
    pytester.makepyfile(test_flow=FLOW)
    recorded = record("-k", "own")["test_values_of_its_own"]
    text = yaml.safe_dump(recorded, width=1_000_000)
    assert all(value in text for value in shown)
    assert not any(value in text for value in hidden)
    replay(run, "-k", "own")
    # Another choice later makes no difference to what is recorded.
    configured(pytester, True)
    replay(run, "-k", "own")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("all", "*stand_ins that are neither True, False nor a dict*"),
        ({"email": "no"}, "*stand_ins that are neither True, False nor a dict*"),
        ({"iban": True}, "*stand_ins for iban, which is no kind of data*"),
    ],
)
def test_a_wrong_choice_is_explained(pytester, run, choice, message):
    configured(pytester, choice)
    pytester.makepyfile(test_flow=FLOW)
    result = run()
    assert result.ret == 1
    result.stdout.fnmatch_lines([message, f"*some of: {', '.join(CHOICES)}*"])


def test_the_local_sandbox_needs_none_but_can_have_them(pytester, run):
    pytester.makepyfile(test_flow=FLOW)
    record = ("--bill-environment=local", "--bill-record-mode=all", "-k", "own")
    assert run(*record).ret == 0
    plain = cassettes(pytester)["test_values_of_its_own"]
    assert "Ada Lovelace Engines" in yaml.safe_dump(plain, width=1_000_000)
    assert "stand_ins" not in plain["metadata"]["pytest_bill"]

    configured(pytester, True)
    assert run(*record).ret == 0
    replaced = cassettes(pytester)["test_values_of_its_own"]
    assert "Lovelace" not in yaml.safe_dump(replaced, width=1_000_000)
    replay(run, "-k", "own")


def test_a_changed_request_is_still_a_miss(pytester, run, record):
    pytester.makepyfile(test_flow=FLOW)
    record("-k", "own")
    pytester.makepyfile(test_flow=FLOW.replace('"type": "CHECKING"', '"type": "SAVINGS"'))
    result = run("-k", "own")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["    - body *bankAccount.type: CHECKING", "    + body *bankAccount.type: SAVINGS"]
    )


def test_new_requests_join_what_a_cassette_holds(pytester, run, record):
    """What the test has sent itself before is known by the stand-ins of the recorded part."""
    pytester.makepyfile(test_flow=FLOW)
    record("-k", "own")
    more = """
    again = {key: VENDOR[key] for key in ("name", "email", "address")} | {"phone": "4083762299"}
    bill_dev_session.call("PATCH", f"/v3/vendors/{made['id']}", json=again)
"""
    pytester.makepyfile(test_flow=FLOW.partition("\n\ndef test_values_of_an_answer")[0] + more)
    recorded = record("-k", "own", "--bill-record-mode=new_episodes", BILL_STAND_IN_KEY="y" * 16)
    calls = recorded["test_values_of_its_own"]["interactions"]
    assert [call["request"]["method"] for call in calls] == ["POST", "GET", "POST", "PATCH"]
    sent = [json.loads(calls[index]["request"]["body"]) for index in (0, 3)]
    assert [sent[0][field] for field in ("name", "email", "address")] == [
        sent[1][field] for field in ("name", "email", "address")
    ]
    assert sent[1]["phone"][3:8] == "55501"
    replay(run, "-k", "own")


def test_a_stand_in_of_the_recorded_part_is_not_sent(pytester, run, record, bill):
    pytester.makepyfile(test_flow=FLOW)
    before = record("-k", "answer")
    more = """
    bill_dev_session.call("PATCH", f"/v3/vendors/{old['id']}", json=again)
"""
    pytester.makepyfile(test_flow=FLOW + more)
    known = bill.variables | {"BILL_BASE_URL": bill.origin}
    (pytester.path / ".env").write_text("\n".join(f"{name}={known[name]}" for name in known))
    result = run("--bill-record-mode=new_episodes", "-k", "answer")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "*StandInSent",
            "PATCH *was not sent: it holds a stand-in (*) that cassettes/*_answer.yaml gave to the "
            "test, and the real value is not in it.",
            "Record the test anew: pytest *test_values_of_an_answer --bill-record-mode=all",
        ]
    )
    assert cassettes(pytester) == before


def test_what_a_wider_fixture_made_is_known(pytester, run, record):
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def vendor(bill_dev_session):
            address = {"line1": "1 Way", "city": "X", "zipOrPostalCode": "77002", "country": "US"}
            body = {"name": "Grace Hopper Compilers", "address": address}
            return bill_dev_session.call("POST", "/v3/vendors", json=body)
        """
    )
    pytester.makepyfile(
        test_wider="""
        def test_it(bill_dev_session, vendor):
            assert vendor["name"] == "Grace Hopper Compilers"
            invoice = {"invoiceNumber": "1", "invoiceDate": "2027-01-01"}
            items = [{"amount": 1, "description": "From Grace Hopper Compilers"}]
            bill = {"vendorId": vendor["id"], "dueDate": "2027-12-31", "invoice": invoice}
            made = bill_dev_session.call("POST", "/v3/bills", json=bill | {"billLineItems": items})
            assert made["billLineItems"][0]["description"] == "From Grace Hopper Compilers"
            again = bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")
            assert again["name"] == vendor["name"]
        """
    )
    recorded = record()
    assert "Hopper" not in yaml.safe_dump(recorded, width=1_000_000)
    replay(run)


def test_what_runs_of_different_choices_wrote_is_marked_and_replays(pytester, run, record):
    configured(pytester, {"organization_name": False})
    pytester.makepyfile(test_flow=FLOW)
    record("-k", "own")
    configured(pytester, {"email": False})
    more = """
    bill_dev_session.call("PATCH", f"/v3/vendors/{made['id']}", json={"name": "Babbage and Sons"})
"""
    pytester.makepyfile(test_flow=FLOW.partition("\n\ndef test_values_of_an_answer")[0] + more)
    recorded = record("-k", "own", "--bill-record-mode=new_episodes")["test_values_of_its_own"]
    told = recorded["metadata"]["pytest_bill"]["stand_ins"]
    assert told["mixed"] is True
    assert {"email", "organization_name", "bank"} < set(told["kinds"])
    text = yaml.safe_dump(recorded, width=1_000_000)
    assert "Babbage" not in text
    assert "Ada Lovelace Engines" in text
    replay(run, "-k", "own")


def test_links_lose_their_signature(pytester, run, record):
    pytester.makepyfile(
        test_receipt="""
        import requests


        def test_receipt(bill_spend_client):
            made = bill_spend_client.call("POST", "/v3/spend/reimbursements/image-upload-url")
            png = bytes.fromhex("89504e470d0a1a0a") + b"rest"
            assert requests.put(made["url"], data=png, timeout=5).status_code == 200
        """
    )
    recorded = record()["test_receipt"]
    url = json.loads(recorded["interactions"][0]["response"]["body"]["string"])["url"]
    assert "signature=PLACEHOLDER_URL_SIGNATURE" in url
