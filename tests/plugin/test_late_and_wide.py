"""BILL fixtures that a test gets late, through wide fixtures, or in suites of other kinds."""

from __future__ import annotations

import pytest

from tests.helpers.suites import LOOPBACK_ONLY

ANOTHER_ORDER = ("-p", "randomly", "-p", "no:cacheprovider")

# --- late ----------------------------------------------------------------------------------------

LATE = """
import asyncio

import httpx
import pytest
import requests

SESSIONS = ["bill_dev_session", "bill_sync_session", "bill_console_session"]


def ask(session, path="/v3/vendors?max=1"):
    answer = httpx.get(f"{session.base_url}{path}", auth=session.auth)
    assert len(answer.json()["results"]) == 1


@pytest.mark.parametrize("name", SESSIONS)
def test_by_name(request, name):
    ask(request.getfixturevalue(name))


def test_after_a_while(request):
    assert sum(range(10)) == 45
    session = request.getfixturevalue("bill_dev_session")
    ask(session)
    assert session.get("/v3/bills").ok
    ask(request.getfixturevalue("bill_console_session"))


def test_environ(request):
    environ = request.getfixturevalue("bill_environ")
    headers = {"apiToken": environ["spend_api_token"]}
    assert httpx.get(f"{environ['v3_url']}/v3/spend/budgets", headers=headers).status_code == 200


@pytest.fixture
def acme(request):
    session = request.getfixturevalue("bill_dev_session")
    with httpx.Client(auth=session.auth, base_url=session.base_url) as client:
        yield client
        assert client.get("/v3/bills?max=1").status_code == 200  # in its teardown


def test_through_a_fixture(acme):
    assert acme.get("/v3/vendors?max=1").status_code == 200


@pytest.fixture
def session(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("session", SESSIONS, indirect=True)
def test_indirect(session):
    ask(session)


@pytest.fixture(params=SESSIONS[:2])
def either(request):
    return request.getfixturevalue(request.param)


def test_parametrised_fixture(either):
    ask(either)


def test_in_a_thread(request):
    session = request.getfixturevalue("bill_dev_session")
    asyncio.run(asyncio.to_thread(ask, session))


class TestAutouse:
    @pytest.fixture(autouse=True)
    def _session(self, bill_sync_session):
        self.session = bill_sync_session
        ask(self.session)

    def test_one(self):
        ask(self.session)

    def test_two(self):
        ask(self.session, "/v3/bills?max=1")


@pytest.mark.bill_cassette("late/named")
def test_with_the_marker(request):
    ask(request.getfixturevalue("bill_dev_session"))


def test_none_of_bills():
    pass
"""


@pytest.mark.nightly
def test_a_fixture_obtained_late_is_as_any_other(suite):
    suite.write(test_late=LATE)
    suite.records_and_replays()
    assert "test_late/test_through_a_fixture.yaml" in suite.cassettes()
    assert "late/named.yaml" in suite.cassettes()
    assert len(suite.interactions("test_late.py::test_through_a_fixture")) == 2
    suite.replays(*ANOTHER_ORDER)
    suite.replays("-k", "test_in_a_thread")


# --- wide ----------------------------------------------------------------------------------------

WIDE = """
import httpx
import pytest


def made(session, name):
    address = {"line1": "1 Way", "city": "Houston", "stateOrProvince": "TX",
               "zipOrPostalCode": "77002", "country": "US"}
    vendor = {"name": name, "accountType": "BUSINESS", "address": address}
    answer = httpx.post(f"{session.base_url}/v3/vendors", json=vendor, auth=session.auth)
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture(scope="session")
def of_session(bill_dev_session):
    vendor = made(bill_dev_session, "of the session")
    yield vendor
    url = f"{bill_dev_session.base_url}/v3/vendors/{vendor['id']}/archive"
    assert httpx.post(url, auth=bill_dev_session.auth).json()["archived"]


@pytest.fixture(scope="package")
def of_package(request):
    return made(request.getfixturevalue("bill_dev_session"), "of the package")


@pytest.fixture(scope="module")
def of_module(bill_sync_session, of_session):
    return made(bill_sync_session, f"of the module, beside {of_session['name']}")


@pytest.fixture(scope="class", params=["a", "b"])
def of_class(request, bill_dev_session):
    return made(bill_dev_session, f"of the class, {request.param}")


@pytest.fixture(scope="session")
def acme(bill_dev_session):
    with httpx.Client(base_url=bill_dev_session.base_url, auth=bill_dev_session.auth) as client:
        assert client.get("/v3/vendors?max=1").status_code == 200
        yield client
"""
USES_WIDE = """
import pytest
import requests


def has(session, vendor):
    answer = requests.get(f"{session.base_url}/v3/vendors/{vendor['id']}", auth=session.auth)
    assert answer.json()["name"] == vendor["name"]


def test_session(bill_dev_session, of_session):
    has(bill_dev_session, of_session)


def test_package(bill_dev_session, of_package):
    has(bill_dev_session, of_package)


def test_module(bill_dev_session, of_module):
    has(bill_dev_session, of_module)


def test_of_the_session_late(request, bill_dev_session):
    has(bill_dev_session, request.getfixturevalue("of_session"))


class TestOfClass:
    def test_one(self, bill_dev_session, of_class):
        has(bill_dev_session, of_class)

    def test_two(self, bill_dev_session, of_class, of_module):
        has(bill_dev_session, of_class)
        has(bill_dev_session, of_module)


def test_a_wide_client(acme):
    assert len(acme.get("/v3/bills?max=2").json()["results"]) == 2


def test_a_wide_client_again(acme, bill_dev_session):
    assert len(acme.get("/v3/bills?max=3").json()["results"]) == 3
"""


@pytest.mark.nightly
def test_a_fixture_wider_than_a_test_is_as_any_other(suite):
    suite.write(conftest=WIDE, test_a=USES_WIDE, test_b=USES_WIDE)
    suite.records_and_replays()
    suite.replays(*ANOTHER_ORDER)
    suite.replays("-n", "2", network=LOOPBACK_ONLY)
    suite.replays("test_b.py", "-k", "TestOfClass or late")
    suite.replays("-k", "wide_client_again")


# --- other kinds of suites -----------------------------------------------------------------------

UNITTEST = """
import asyncio
import unittest

import httpx
import pytest
import requests


def ask(session, number=1):
    url = f"{session.base_url}/v3/vendors?max={number}"
    assert len(requests.get(url, auth=session.auth).json()["results"]) == number


class Plain(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _session(self, bill_dev_session):
        self.session = bill_dev_session

    def setUp(self):
        ask(self.session, 2)

    def tearDown(self):
        ask(self.session, 3)

    def test_one(self):
        ask(self.session)

    def test_two(self):
        with self.subTest("a part"):
            ask(self.session)


@pytest.mark.usefixtures("for_the_class")
class WithSetUpClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before = True

    def test_one(self):
        assert self.before
        ask(self.session)

    def test_two(self):
        ask(self.session, self.number)


@pytest.fixture(scope="class")
def for_the_class(request, bill_sync_session):
    ask(bill_sync_session, 2)
    request.cls.session, request.cls.number = bill_sync_session, 4


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _session(self, bill_dev_session):
        self.session = bill_dev_session

    async def asyncSetUp(self):
        self.client = httpx.AsyncClient(auth=self.session.auth, base_url=self.session.base_url)
        assert (await self.client.get("/v3/vendors?max=1")).status_code == 200

    async def asyncTearDown(self):
        assert (await self.client.get("/v3/vendors?max=2")).status_code == 200
        await self.client.aclose()

    async def test_one(self):
        assert (await self.client.get("/v3/bills")).status_code == 200
        await asyncio.to_thread(ask, self.session)

    async def test_two(self):
        # Three at once, as BILL allows.
        asked = [self.client.get(f"/v3/bills?max={number}") for number in range(1, 4)]
        got = [len(answer.json()["results"]) for answer in await asyncio.gather(*asked)]
        assert got == list(range(1, 4))


@pytest.fixture(scope="module", autouse=True)
def for_the_module(bill_dev_session):
    global OF_MODULE
    ask(bill_dev_session, 5)
    OF_MODULE = bill_dev_session


class TestXunit:
    def setup_method(self):
        ask(OF_MODULE)

    def test_one(self, bill_dev_session):
        ask(bill_dev_session)

    def test_two(self, bill_dev_session):
        ask(bill_dev_session, 2)
"""
DOCTESTS = '''
def vendors(number):
    """Some vendors.

    >>> session = getfixture("bill_dev_session")
    >>> import httpx
    >>> url = f"{session.base_url}/v3/vendors?max=2"
    >>> len(httpx.get(url, auth=session.auth).json()["results"])
    2
    >>> session.get("/v3/bills").ok
    True
    """


def bills(number):
    """Some bills.

    >>> environ = getfixture("bill_environ")
    >>> import httpx
    >>> headers = {"apiToken": environ["spend_api_token"]}
    >>> httpx.get(f"{environ['v3_url']}/v3/spend/budgets", headers=headers).status_code
    200
    """
'''
ASYNC = """
import asyncio

import aiohttp
import httpx
import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture
def url(bill_dev_session):
    return f"{bill_dev_session.base_url}/v3/vendors"


async def test_httpx(bill_dev_session, url):
    async with httpx.AsyncClient(auth=bill_dev_session.auth) as client:
        asked = [client.get(url, params={"max": number}) for number in (1, 2, 3)]
        got = [len(answer.json()["results"]) for answer in await asyncio.gather(*asked)]
    assert got == [1, 2, 3]


async def test_aiohttp(bill_dev_session, url):
    async with aiohttp.ClientSession(headers=bill_dev_session.credential_headers()) as client:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(size(client, f"{url}?max={number}")) for number in (1, 2)]
    assert [task.result() for task in tasks] == [1, 2]


async def size(client, url):
    async with client.get(url) as answer:
        return len((await answer.json())["results"])


async def test_late(request):
    session = request.getfixturevalue("bill_sync_session")
    async with httpx.AsyncClient(auth=session.auth) as client:
        assert (await client.get(f"{session.base_url}/v3/bills")).status_code == 200


async def test_the_session_in_a_thread(bill_dev_session):
    answer = await asyncio.to_thread(bill_dev_session.get, "/v3/vendors")
    assert answer.ok
"""
OTHER_KINDS = ("--doctest-modules", "-p", "pytest_asyncio.plugin", "-W", "ignore")


@pytest.mark.nightly
def test_suites_of_other_kinds(suite):
    suite.write(test_unittest=UNITTEST, documented=DOCTESTS, test_async=ASYNC)
    suite.records_and_replays(*OTHER_KINDS)
    suite.replays(*OTHER_KINDS, *ANOTHER_ORDER)
    for alone in ("Asynchronous and two", "WithSetUpClass and two", "documented and vendors"):
        suite.replays(*OTHER_KINDS, "-k", alone)


SET_UP = """
import unittest

import httpx
import pytest

from kept import KEPT


def ask(number):
    session = KEPT["session"]
    answer = httpx.get(f"{session.base_url}/v3/vendors?max={number}", auth=session.auth)
    assert len(answer.json()["results"]) == number


def setup_module():
    ask(5)


def teardown_module():
    ask(4)


class TestOfClass:
    @classmethod
    def setup_class(cls):
        ask(3)

    def test_one(self, bill_dev_session):
        ask(1)

    def test_two(self, bill_dev_session):
        ask(2)


class OfUnittest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ask(2)

    @classmethod
    def tearDownClass(cls):
        ask(3)

    @pytest.fixture(autouse=True)
    def _session(self, bill_dev_session):
        pass

    def setUp(self):
        ask(4)

    def test_one(self):
        ask(1)

    def test_two(self):
        ask(2)
"""
KEEPS = """
import pytest

from kept import KEPT


@pytest.fixture(scope="session", autouse=True)
def kept(bill_dev_session):
    KEPT["session"] = bill_dev_session
"""


@pytest.mark.nightly
def test_what_sets_up_modules_and_classes_is_as_wide_as_a_fixture(suite):
    suite.write(kept="KEPT = {}", conftest=KEEPS, test_set_up=SET_UP)
    suite.records_and_replays()
    suite.replays(*ANOTHER_ORDER)
    for alone in ("TestOfClass and two", "OfUnittest and one"):
        suite.replays("-k", alone)


# --- live ----------------------------------------------------------------------------------------

LIVE = """
import httpx
import pytest


def leak(session):
    headers = {name: str.__str__(value) for name, value in session.credential_headers().items()}
    httpx.get("http://localhost:9/", headers=headers)


def test_by_name(request):
    leak(request.getfixturevalue("bill_dev_session"))


@pytest.fixture
def late(request):
    leak(request.getfixturevalue("bill_dev_session"))


def test_through_a_fixture(late):
    pass


@pytest.fixture(scope="module")
def wide(request):
    leak(request.getfixturevalue("bill_dev_session"))


def test_through_a_wide_fixture(wide):
    pass


def test_without_bill():
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://localhost:9/")
"""


def test_live_requests_are_looked_at_where_bill_was_asked_for_late(suite):
    suite.write(test_live=LIVE)
    result = suite.run("--bill-environment=local", "--bill-live", *ANOTHER_ORDER)
    result.assert_outcomes(passed=1, failed=1, errors=2)
    assert result.stdout.str().count("was not sent: its header") >= 3
