"""What pytest collects of a suite, and what it says where it cannot."""

from __future__ import annotations

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.migrate.suite import collect

MARKED = "import pytest\n\n@pytest.mark.vcr\ndef test_one():\n    pass\n"


@pytest.fixture
def one(suites):
    """The only test of a suite with these files."""

    def one(**files: str):
        suites.write("pytest.ini", "")
        for name, text in {"test_a": MARKED, **files}.items():
            suites.write(f"{name}.py", text)
        (test,) = collect([]).tests
        return test

    return one


def test_what_is_collected(suites):
    suites.write("pytest.ini", "[pytest]\nbill_cassette_dir = recorded\n")
    suites.write(
        "tests/test_a.py",
        """
import functools, pytest

def wrapped(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

class Base:
    @pytest.mark.vcr("a.yaml", match_on=["uri"])
    @pytest.mark.parametrize("a", [1], ids=["x/y"])
    @wrapped
    def test_one(self, a):
        pass

@pytest.mark.default_cassette("mine")
class TestB(Base):
    pass

@pytest.mark.bill_cassette
def test_ours(bill_dev_session):
    pass
""",
    )
    suite = collect([])
    assert (suite.rootdir, suite.cassette_dir) == (suites.folder, suites.folder / "recorded")
    assert suite.trouble == ""
    first, ours = suite.tests
    assert first.nodeid == "tests/test_a.py::TestB::test_one[x/y]"
    assert first.module == "tests/test_a.py"
    assert (first.class_name, first.name) == ("TestB", "test_one[x/y]")
    assert first.qualname == "Base.test_one"
    assert first.markers == [(["a.yaml"], ["match_on"])]
    assert first.default_cassette == "mine"
    assert (first.is_ours, first.uses_bill) == (False, False)
    assert (ours.is_ours, ours.uses_bill, ours.markers) == (True, True, [])


def test_a_folder_that_a_fixture_gives(one, suites):
    conftest = """
import os, pytest

@pytest.fixture(scope="module")
def vcr_cassette_dir(request):
    return os.path.join("recorded", request.module.__name__)
"""
    assert one(conftest=conftest).folder == "recorded/test_a"


def test_a_name_that_a_fixture_gives(one):
    conftest = """
import pytest

@pytest.fixture
def default_cassette_name(request):
    return request.node.name.removeprefix("test_")
"""
    assert one(conftest=conftest).own_name == "one"


def test_a_fixture_that_needs_a_run_is_told(one, suites):
    conftest = """
import pytest

@pytest.fixture
def vcr_cassette_dir(tmp_path):
    return str(tmp_path)
"""
    test = one(conftest=conftest)
    assert test.folder == ""
    assert test.problems == [
        "conftest.py: vcr_cassette_dir cannot be asked outside a run (KeyError)"
    ]
    status, out, _ = suites.migrate()
    assert status == 1
    assert "conftest.py: vcr_cassette_dir cannot be asked outside a run" in out


def test_no_fixture_and_no_test_is_run(one, suites):
    conftest = """
import pathlib, pytest

@pytest.fixture(autouse=True, scope="session")
def a():
    pathlib.Path("ran").touch()

@pytest.fixture
def vcr_config():
    pathlib.Path("ran").touch()
    return {}
"""
    one(conftest=conftest)
    assert "ran" not in suites.files()


def test_options_of_a_recorder_that_is_gone_do_not_matter(suites):
    suites.write("pytest.ini", "[pytest]\naddopts = --record-mode=none --strict-markers\n")
    suites.write("test_a.py", MARKED)
    assert [each.nodeid for each in collect([]).tests] == ["test_a.py::test_one"]


def test_a_module_that_cannot_be_imported_is_told_and_the_others_move(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    suites.write("tests/test_b.py", "import not_there\n")
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert "pytest could not collect all tests; those are not looked at:" in out
    assert "tests/test_b.py: ModuleNotFoundError: No module named 'not_there'" in out
    assert "cassettes/tests/test_a/test_one.yaml" in suites.files()


def test_a_suite_that_cannot_be_collected_at_all_is_told(suites):
    suites.write("pytest.ini", "")
    suites.write("conftest.py", "import not_there\n")
    with pytest.raises(SettingsError) as error:
        collect([])
    assert "pytest could not collect the tests (exit status 4):" in str(error.value)
    assert "No module named 'not_there'" in str(error.value)
    assert "Make `pytest --collect-only` work first" in str(error.value)


def test_no_tests_are_no_trouble(suites):
    suites.write("pytest.ini", "")
    suite = collect([])
    assert (list(suite.tests), suite.trouble) == ([], "")


def test_tests_that_addopts_leaves_out_are_collected(suites):
    suites.write("pytest.ini", "[pytest]\naddopts = -m 'not vcr' -k nothing\n")
    suites.write("test_a.py", MARKED)
    assert [each.nodeid for each in collect([]).tests] == ["test_a.py::test_one"]


def test_a_suite_where_this_plugin_is_not_loaded(suites, monkeypatch):
    monkeypatch.delenv("PYTEST_PLUGINS")
    suites.write("pytest.ini", "")
    suites.write("test_a.py", MARKED)
    suite = collect([])
    assert [each.nodeid for each in suite.tests] == ["test_a.py::test_one"]
    assert suite.cassette_dir == suites.folder / "cassettes"
