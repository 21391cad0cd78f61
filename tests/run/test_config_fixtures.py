"""Which ``bill_config`` a test and a fixture see: in pytest's own runs, without BILL."""

from __future__ import annotations

import json

import pytest

# Prints, for each test, what is known when the first one begins, and what counts for a fixture.
CONFTEST = """
import json
import pytest
from pytest_bill.run import config_fixtures
from pytest_bill.run.state import state_of

def said(given):
    return [given.values["unchanged"]["fields"], given.where]

@pytest.fixture(scope="session")
def asks(request):
    return config_fixtures.given_to(state_of(request.config).collected.examples.values())

@pytest.fixture(scope="session")
def bill_config():
    return {"unchanged": {"fields": ["root"]}}

@pytest.fixture(scope="session")
def of_root():
    pass

def pytest_fixture_setup(fixturedef, request):
    if fixturedef.argname.startswith("of_"):
        given = config_fixtures.given_to_fixture(fixturedef, request)
        FOUND[fixturedef.argname] = said(given)

FOUND = {}

def pytest_sessionfinish(session):
    (session.config.rootpath / "found.json").write_text(json.dumps(FOUND))

@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item):
    if "asks" in item.fixturenames:
        request = item._request
        FOUND.setdefault("first", list(map(said, request.getfixturevalue("asks"))))
        FOUND[item.name] = said(config_fixtures.given_to_test(item))
"""
HERE = """
import pytest

@pytest.fixture(scope="session")
def helper():
    return "here"

@pytest.fixture(scope="session")
def bill_config(bill_config, helper):
    return {"unchanged": {"fields": [*bill_config["unchanged"]["fields"], helper]}}

@pytest.fixture(scope="session")
def of_here():
    pass
"""
TEST_HERE = """
import pytest

pytestmark = pytest.mark.bill_cassette

@pytest.mark.parametrize("bill_config", [{"unchanged": {"fields": ["own"]}}])
def test_own(asks, bill_config, of_root):
    pass

def test_here(asks, of_here, of_root):
    pass

class TestClass:
    @pytest.fixture(scope="class")
    @classmethod
    def bill_config(cls, bill_config):
        return {"unchanged": {"fields": [*bill_config["unchanged"]["fields"], "class"]}}

    @pytest.fixture(scope="class")
    @classmethod
    def of_class(cls):
        pass

    def test_class(self, asks, of_class, of_root):
        pass

"""
TEST = """
import pytest

@pytest.mark.bill_cassette
def test_{0}(asks, of_root):
    pass
"""
BROKEN = """
import pytest

@pytest.fixture(scope="session")
def bill_config():
    raise RuntimeError("no vault here")
"""


@pytest.fixture
def found(pytester):
    """What a run finds."""
    pytester.makeconftest(CONFTEST)
    for folder, conftest, test in (
        ("here", HERE, TEST_HERE),
        ("there", HERE.replace('"here"', '"there"'), TEST.format("there")),
        ("broken", BROKEN, TEST.format("broken")),
    ):
        path = pytester.mkdir(folder)
        (path / "conftest.py").write_text(conftest)
        (path / f"test_{folder}.py").write_text(test)

    def found(*args):
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)
        return result, json.loads((pytester.path / "found.json").read_text())

    return found


def test_each_test_has_its_own_and_all_are_known_from_the_start(found):
    result, counts = found("there", "broken", "here")
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*RuntimeError: no vault here*"])
    # Whichever test comes first; a narrower one is not asked before its test.
    here, there = ("here/conftest.py", "there/conftest.py")
    assert counts["first"] == [[["root", "here"], here], [["root", "there"], there]]
    assert counts["test_there"] == [["root", "there"], there]
    assert counts["test_here"] == [["root", "here"], here]
    assert counts["test_class"] == [["root", "here", "class"], "here/test_here.py::TestClass"]
    assert counts["test_own[bill_config0]"][0] == ["own"]


def test_a_fixture_has_that_which_stands_where_it_is_defined(found):
    _, counts = found("here")
    assert counts["of_here"] == [["root", "here"], "here/conftest.py"]
    assert counts["of_class"] == [["root", "here", "class"], "here/test_here.py::TestClass"]
    assert counts["of_root"] == [["root"], "conftest.py"]


@pytest.mark.nightly
@pytest.mark.parametrize("alone", ["test_class", "test_own"])
def test_it_has_that_whichever_test_is_run(found, alone):
    assert found("here", "-k", alone)[1]["of_root"] == [["root"], "conftest.py"]
