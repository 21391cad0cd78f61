"""Mistakes in ``bill_config``, in the marker and in tests, all made in one run that replays."""

from __future__ import annotations

from tests.promises.messages.mistake import TEST, Mistake, Run

CONFIG_GROUP = "The fixture `bill_config`"
MARKER_GROUP = "The marker `bill_cassette`"
FIXTURES_GROUP = "Fixtures"
REQUESTS_GROUP = "Requests and cassettes"

CASSETTES = (
    ("cassettes/shop/empty.yaml", ""),
    ("cassettes/shop/damaged.yaml", "interactions:\n- request:\n    body: null\n    head"),
    ("cassettes/shop/list.yaml", "- vendors\n"),
    ("cassettes/shop/half.yaml", "interactions:\n- request:\n    method: GET\nversion: 1\n"),
    ("cassettes/shop/newer.yaml", "interactions: []\nversion: 2\n"),
    (
        "cassettes/shop/merged.yaml",
        "<<<<<<< HEAD\ninteractions: []\n=======\ninteractions: []\n>>>>>>> main\nversion: 1\n",
    ),
    ("cassettes/shop/folder.yaml/vendors.yaml", "interactions: []\nversion: 1\n"),
    (
        "cassettes/shop/vendors.yaml",
        "interactions:\n- request:\n    body: null\n    headers: {}\n    method: GET\n"
        "    uri: https://gateway.stage.bill.com/connect/v3/vendors\n  response:\n    body:\n"
        "      string: '{\"results\": []}'\n    headers:\n      content-type:\n"
        "      - application/json\n    status:\n      code: 200\n      message: OK\nversion: 1\n",
    ),
)
REPLAY = Run(
    "replay",
    ("--continue-on-collection-errors", "-W", "default"),
    ini="[pytest]\nmarkers =\n    vcr: of another tool\n",
    files=CASSETTES,
    is_apart=True,
)
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def config(did: str, value: str, *, cause: str, step: str, more: str = "") -> Mistake:
    code = f"""
import pytest


@pytest.fixture
def bill_config():
    return {value}


def test_it(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
"""
    return Mistake(did, REPLAY, cause, step, "bill_config", code, more, wrote=value)


def marked(did: str, marker: str, *, cause: str, step: str, more: str = "") -> Mistake:
    code = f"""
from pathlib import Path

import httpx
import pytest


@pytest.mark.bill_cassette({marker})
def test_it():
    httpx.get("{URL}")
"""
    wrote = f"@pytest.mark.bill_cassette({marker})"
    return Mistake(did, REPLAY, cause, step, code=code, more=more, wrote=wrote)


def made(
    did: str,
    code: str,
    *,
    cause: str,
    step: str,
    place: str = TEST,
    more: str = "",
    in_summary: bool = False,
) -> Mistake:
    return Mistake(did, REPLAY, cause, step, place, code, more, in_summary)


IN_CONFIG = [
    config("It gives None", "None", cause="gave None", step="is there a return in it?"),
    config("It gives a list", '["X-Acme-Key"]', cause="type list", step="Let it return one"),
    config(
        "A text where a list of headers belongs",
        '{"scrub_headers": "X-Acme-Key"}',
        cause="is no list of names",
        step='Write it as {"scrub_headers": ["X-Acme-Key"]}',
        more="Nothing is recorded in such a run: the header is a secret one.",
    ),
    config(
        "A dict where a list of headers belongs",
        '{"filter_headers": {"X-Acme-Key": None}}',
        cause="of type dict",
        step='Write it as {"filter_headers": ["name"]}',
    ),
    config(
        "None within a list of headers",
        '{"scrub_headers": ["X-Acme-Key", None]}',
        cause="number 2 is None",
        step='Write it as {"scrub_headers": ["name"]}',
    ),
    config(
        "Bytes within a list of fields",
        '{"scrub_fields": [b"pin"]}',
        cause="type bytes",
        step='Write it as {"scrub_fields": ["name"]}',
    ),
    config(
        "A number where a list of fields belongs",
        '{"filter_post_data_parameters": 7}',
        cause="type int",
        step='Write it as {"filter_post_data_parameters": ["name"]}',
    ),
    config(
        "An empty name in a list",
        '{"filter_query_parameters": [""]}',
        cause="number 1 is empty",
        step='Write it as {"filter_query_parameters": ["name"]}',
    ),
    config(
        "A header with its value where its name belongs",
        '{"scrub_headers": ["X-Acme-Key: Correct-Horse"]}',
        cause="is none that a header can have",
        step='Write it as {"scrub_headers": ["name"]}',
    ),
    config(
        "A replacement of vcrpy's",
        '{"filter_headers": [("X-Acme-Key", "XXX")]}',
        cause="with a replacement of its own",
        step="Give the name alone",
    ),
    config(
        "A key misspelt",
        '{"filter_header": ["X-Acme-Key"]}',
        cause="has no setting filter_header",
        step="Did you mean filter_headers?",
    ),
    config(
        "A record mode that is none",
        '{"record_mode": "onec"}',
        cause="has record_mode 'onec'",
        step="Did you mean once?",
    ),
    config(
        "A text where match_on takes a list",
        '{"match_on": "method"}',
        cause="match_on that is no list",
        step='Write it as match_on=["method", "uri"]',
    ),
    config(
        "A part of match_on misspelt",
        '{"match_on": ["methd"]}',
        cause="no part named methd",
        step="Did you mean method?",
    ),
    config(
        "An empty match_on",
        '{"match_on": []}',
        cause="every request would be taken for each other",
        step='Write it as match_on=["method", "uri"]',
    ),
    config(
        "A text where keep takes a list",
        '{"keep": "timeout"}',
        cause="keep that is no list",
        step='Write it as keep=[429, "timeout"]',
    ),
    config(
        "A word of keep misspelt",
        '{"keep": ["timeuot"]}',
        cause="'timeuot' in keep",
        step="Did you mean timeout?",
    ),
    config(
        "A list where environ takes a dict",
        '{"environ": ["ACME_BILL_URL"]}',
        cause="environ that is no dict of names",
        step='Write it as {"environ": {"ACME_BILL_URL": "v3_url"}}',
    ),
    config(
        "A name of environ misspelt",
        '{"environ": {"ACME_BILL_KEY": "devkey"}}',
        cause="which bill_environ does not know",
        step="Did you mean dev_key?",
    ),
    config(
        "A variable of environ with an equals sign",
        '{"environ": {"ACME_BILL_URL=v3": "v3_url"}}',
        cause="a name that no variable can have",
        step='{"environ": {"ACME_BILL_URL": "v3_url"}}',
    ),
    config(
        "A text where secrets takes a dict",
        '{"secrets": "Correct-Horse-Battery"}',
        cause="of type str, where a dict or a list belongs",
        step="Give a dict of names and values",
    ),
    config(
        "A number among the secrets",
        '{"secrets": {"VAULT_PIN": 4711}}',
        cause="is of type int",
        step="Give it as text (str)",
    ),
    config(
        "A value where the name of a secret belongs",
        '{"secrets": {"Correct-Horse-Battery-1234567": "VAULT_TOKEN"}}',
        cause="it may be the value",
        step="Name it as VAULT_TOKEN",
    ),
    config(
        "A rule of unchanged misspelt",
        '{"unchanged": {"date": False}}',
        cause="which it does not know",
        step="Did you mean dates?",
    ),
    config(
        "A word where unchanged takes True or False",
        '{"unchanged": {"dates": "no"}}',
        cause="neither True nor False",
        step='Write it as {"unchanged": {"dates": False}}',
    ),
    config(
        "A kind of stand-ins misspelt",
        '{"stand_ins": {"organisation_name": False}}',
        cause="which is no kind of data",
        step="Did you mean organization_name?",
    ),
    config(
        "A word where stand_ins takes True or False",
        '{"stand_ins": "no"}',
        cause="neither True, False nor a dict",
        step='Write it as {"stand_ins": {"organization_name": False}}',
    ),
]

IN_MARKER = [
    marked(
        "A keyword misspelt",
        'recordmode="once"',
        cause="has no setting recordmode",
        step="Did you mean record_mode?",
    ),
    marked(
        "The name as a keyword",
        'name="vendors"',
        cause="has no setting name",
        step="The name comes first, without a keyword",
    ),
    marked(
        "Two names", '"vendors", "bills"', cause="has 2 names", step="Write it as bill_cassette("
    ),
    marked(
        "A path where a name belongs",
        'Path("vendors")',
        cause="has a PosixPath",
        step='Write it as bill_cassette("vendors/onboarding")',
    ),
    marked("An empty name", '""', cause="has the name ''", step="Give a relative name"),
    marked(
        "An absolute name",
        '"/tmp/vendors"',
        cause="not a file name below",
        step="Give a relative name",
    ),
    marked(
        "A name that leads out of the cassette folder",
        '"../vendors"',
        cause="not a file name below",
        step="Give a relative name",
    ),
    marked(
        "A number where a name belongs", "7", cause="type int", step="Write it as bill_cassette("
    ),
    marked(
        "A text where its match_on takes a list",
        'match_on="method"',
        cause="match_on that is no list",
        step='Write it as match_on=["method", "uri"]',
    ),
    marked(
        "A part of its match_on misspelt",
        'match_on=["pth"]',
        cause="no part named pth",
        step="Did you mean path?",
    ),
    marked(
        "A text where its keep takes a list",
        'keep="timeout"',
        cause="keep that is no list",
        step='Write it as keep=[429, "timeout"]',
    ),
    marked(
        "A record mode of the marker that is none",
        'record_mode="new-episodes"',
        cause="has record_mode 'new-episodes'",
        step="Did you mean new_episodes?",
    ),
    made(
        "Two tools' markers on one test",
        """
import pytest


@pytest.mark.vcr
@pytest.mark.bill_cassette
def test_it():
    pass
""",
        cause="two tools would record the same requests",
        step="Take one of them away",
    ),
]

IN_FIXTURES = [
    made(
        "The name of a fixture misspelt",
        "def test_it(bill_dev_sesion):\n    pass\n",
        cause="there is no fixture bill_dev_sesion",
        step="Did you mean bill_dev_session?",
    ),
    made(
        "A fixture as an argument in a unittest.TestCase",
        """
import unittest


class TestVendors(unittest.TestCase):
    def test_it(self, bill_dev_session):
        pass
""",
        cause="unittest.TestCase gives none",
        step="@pytest.fixture(autouse=True)",
    ),
    made(
        "A fixture that the test does not ask for",
        'def test_it():\n    bill_dev_session.get("/v3/vendors")\n',
        cause="does not ask for it",
        step="def test_vendors(bill_dev_session):",
    ),
    made(
        "A fixture called as a function",
        """
from pytest_bill.plugin import bill_dev_session as signed_in


def test_it():
    signed_in().get("/v3/vendors")
""",
        cause="was called as a function",
        step="def test_vendors(bill_dev_session):",
    ),
    made(
        "A fixture used at the head of a module",
        'VENDORS = bill_dev_session.get("/v3/vendors")\n\n\ndef test_it():\n    assert VENDORS\n',
        cause="no test is running",
        step="def test_one(bill_dev_session):",
    ),
    made(
        "A fixture called at the head of a module",
        "from pytest_bill.plugin import bill_dev_session\n\nVENDORS = bill_dev_session()\n",
        cause="was called as a function",
        step="def test_one(bill_dev_session):",
    ),
    made(
        "A fixture imported, and used as what it gives",
        """
import pytest

from pytest_bill.plugin import bill_dev_session


@pytest.mark.parametrize("vendor", bill_dev_session.paginate("/v3/vendors"))
def test_it(vendor):
    pass
""",
        cause="no test is running",
        step="def test_one(bill_dev_session):",
    ),
    made(
        "A name of bill_environ misspelt",
        'def test_it(bill_environ):\n    bill_environ["devkey"]\n',
        cause="'devkey'",
        step="Did you mean dev_key?",
    ),
    made(
        "A variable's name in bill_environ",
        'def test_it(bill_environ):\n    bill_environ["BILL_DEV_KEY"]\n',
        cause="'BILL_DEV_KEY'",
        step="Write bill_environ['dev_key']",
    ),
    made(
        "A number as a secret",
        'def test_it(bill_secrets):\n    bill_secrets.add(4711, "VAULT_PIN")\n',
        cause="is of type int",
        step="Give it as text (str)",
    ),
    made(
        "An organization asked of a credential that has none",
        "def test_it(bill_spend_client):\n    bill_spend_client.organization_id\n",
        cause="names no organization",
        step="bill_dev_session.organization_id",
    ),
    made(
        "A webhook event misspelt",
        'def test_it(bill_webhook):\n    bill_webhook.event("bill.update", {"id": "1"})\n',
        cause="has no 'bill.update'",
        step="It has bill.updated",
    ),
    made(
        "A webhook of a record that is none",
        'def test_it(bill_webhook):\n    bill_webhook.event("bill.updated", None)\n',
        cause="was given NoneType as the record of bill.updated",
        step="Give what BILL's API answers of one",
    ),
    made(
        "A webhook, and no receiver",
        "def test_it(bill_webhook):\n"
        '    bill_webhook.send("http://127.0.0.1:9/", "bill.updated", {"id": "1"})\n',
        cause="nothing answered (ConnectionError)",
        step="Start the receiver before",
    ),
    made(
        "A webhook sent to another machine",
        "def test_it(bill_webhook):\n"
        '    bill_webhook.send("http://example.com/", "bill.updated", {"id": "1"})\n',
        cause="was to send bill.updated to http://example.com/",
        step="run the receiver on http://127.0.0.1",
    ),
    made(
        "The sandbox steered in a replay",
        """
import pytest


@pytest.mark.bill_cassette
def test_it(bill_sandbox):
    bill_sandbox.fail("listVendors", status=503)
""",
        cause="this run replays (record mode none)",
        step="--bill-environment=local --bill-record-mode=once",
        more="What was steered while a test was recorded is in its recording: such a test replays.",
    ),
]


def asks(name: str, url: str = URL) -> str:
    return f"""
import httpx
import pytest


@pytest.mark.bill_cassette("shop/{name}")
def test_it():
    httpx.get("{url}")
"""


IN_REQUESTS = [
    made(
        "A session's sign-in was never recorded",
        "def test_it(bill_dev_session):\n    pass\n",
        cause="no recorded answer (record mode none)",
        step="Record it: pytest ",
    ),
    made(
        "A cassette is not there", asks("absent"), cause="does not exist", step="Record it: pytest "
    ),
    made("A cassette is empty", asks("empty"), cause="is empty", step="Record it: pytest "),
    made(
        "A request is not in its cassette",
        asks("vendors", f"{URL}?max=2"),
        cause="no recorded answer",
        step="--bill-record-mode=new_episodes",
    ),
    made("A cassette was cut", asks("damaged"), cause="is damaged", step="Restore it"),
    made("A file is no cassette", asks("list"), cause="is a list", step="Restore it"),
    made("An interaction has no answer", asks("half"), cause="has no response", step="Restore it"),
    made("A cassette of a later version", asks("newer"), cause="a later version", step="Update"),
    made(
        "A cassette with a merge conflict",
        asks("merged"),
        cause="marks of a merge conflict",
        step="git checkout --ours",
    ),
    made(
        "A folder where a cassette belongs",
        asks("folder"),
        cause="it is a folder",
        step="Put a cassette",
    ),
    made(
        "A client of its own in a test without a cassette",
        f'import httpx\n\n\ndef test_it():\n    httpx.get("{URL}")\n',
        cause="A connection to gateway.stage.bill.com was refused",
        step="give the test a BILL fixture or @pytest.mark.bill_cassette",
    ),
    made(
        "A fixture of the session that asks with its own client",
        f"""
import httpx
import pytest


@pytest.fixture(scope="session")
def vendors():
    return httpx.get("{URL}").json()


def test_it(vendors):
    pass
""",
        cause="no recorded answer",
        step="Record it: pytest ",
    ),
    made(
        "A request while a module is imported",
        f'import httpx\n\nVENDORS = httpx.get("{URL}")\n',
        cause="was asked while this was imported",
        step="Ask in a test, or in a fixture",
    ),
    made(
        "A marker misspelt",
        """
import pytest


@pytest.mark.bill_casette
def test_it():
    pass
""",
        cause="it does nothing",
        step="Did you mean pytest.mark.bill_cassette?",
        place="test_a_marker_misspelt.py:4",
        in_summary=True,
    ),
    made(
        "A thread that asks when its test has ended",
        f"""
import threading
from contextlib import suppress

import httpx
import pytest

ended = threading.Event()
asked = threading.Event()


def work():
    ended.wait(10)
    with suppress(Exception):
        httpx.get("{URL}")
    asked.set()


@pytest.mark.bill_cassette("shop/vendors")
def test_it():
    threading.Thread(target=work).start()


def test_next():
    ended.set()
    assert asked.wait(10)
""",
        cause="was asked for by a thread or process that",
        step="Join it before the test ends",
        place="test_a_thread_that_asks_when_its_test_has_ended.py::",
        in_summary=True,
        more="It was refused with a LateRequest in the thread.",
    ),
    made(
        "A list where paginate takes a dict",
        "def test_it(bill_spend_client):\n"
        '    list(bill_spend_client.paginate("/v3/spend/budgets", ["max"]))\n',
        cause="was given list",
        step='Write it as params={"max": 100}',
    ),
    made(
        "No path",
        "def test_it(bill_spend_client):\n    bill_spend_client.get(None)\n",
        cause="It was NoneType",
        step='as in get("/v3/vendors")',
    ),
    made(
        "Lists of v2 with paginate",
        "def test_it(bill_spend_client):\n"
        '    list(bill_spend_client.paginate("/v2/List/Bill.json"))\n',
        cause="is one of v2",
        step="ask for one page after the other",
    ),
]
