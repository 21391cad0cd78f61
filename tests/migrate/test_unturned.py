"""What becomes nothing of ours is told, with what to do."""

from __future__ import annotations

import ast

import pytest

from pytest_bill.migrate.unturned import told_of_call

HEAD = "import pytest\nimport vcr\n\n\n"
TEST = "def test_one():\n    pass\n"


@pytest.mark.nightly
def test_a_marker_that_is_not_seen_is_told(suites):
    code = f"pytestmark = [pytest.mark.vcr] + []\n\n\n{TEST}"
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", HEAD + code)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "tests/test_a.py: vcr: the marker of tests/test_a.py::test_one stands in no deco" in out


@pytest.mark.nightly
def test_vcrpys_own_test_case_is_told(suites):
    suites.write("pytest.ini", "")
    code = "from vcr.unittest import VCRTestCase\n\n\nclass TestA(VCRTestCase):\n"
    suites.write("tests/test_a.py", f"{code}    def test_one(self):\n        pass\n")
    suites.cassette("tests/cassettes/TestA.test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "cassettes/tests/test_a/TestA.test_one.yaml: to be written" in out
    assert "tests/test_a.py: VCRTestCase: let TestA be a unittest.TestCase, and mark it" in out


@pytest.mark.nightly
def test_a_fixture_of_the_recorder_is_told(suites):
    suites.write("pytest.ini", "")
    code = "@pytest.mark.vcr\ndef test_one(vcr):\n    assert vcr.play_count == 0\n"
    suites.write("tests/test_a.py", HEAD + code)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    status, out, _ = suites.migrate()
    assert status == 1
    assert "tests/test_a.py: vcr: test_one asks for this fixture of the recorder" in out


@pytest.mark.parametrize(
    ("call", "settings", "told"),
    [
        ("f()", [], []),
        ("f('a', path='b', serializer='json')", ["path", "serializer"], []),
        ("f(filter_headers=['X'])", ["filter_headers"], ["filter_headers"]),
        ("f(**KNOWN)", ["filter_headers", "match_on"], ["filter_headers"]),
        ("f(**TWICE)", [], ["**TWICE"]),
        ("f(**make('hunter2'))", [], ["**make"]),
        ("f(**{'match_on': []})", ["match_on"], []),
        ("f(**{**KNOWN})", [], ["**…"]),
        ("f(record_mode='once', match_on=['uri'])", ["record_mode", "match_on"], ["record_mode"]),
        ("f(filter_sensitive_data=[])", ["filter_sensitive_data"], ["filter_sensitive_data"]),
    ],
)
def test_settings_of_a_call(call, settings, told):
    module = ast.parse("KNOWN = {'filter_headers': ['X'], 'match_on': []}\nTWICE = {}\nTWICE = {}")
    node = ast.parse(call).body[0].value
    found, said = told_of_call(node, module, "a.py:1")
    assert list(found) == settings
    assert [each.setting for each in said] == told
    assert all(each.where == "a.py:1" and each.is_left for each in said)


def test_no_call_has_no_settings():
    assert told_of_call(None, ast.parse(""), "a.py:1") == ({}, [])


@pytest.mark.nightly
def test_settings_of_a_vcr_count_where_it_is_used(suites):
    suites.write("pytest.ini", "")
    code = "ours = vcr.VCR(filter_headers=['X-Acme'], before_record_request=print)\n\n\n"
    used = "@ours.use_cassette('a.yaml', match_on=['uri'])\n"
    suites.write("tests/test_a.py", HEAD + code + used + TEST)
    suites.cassette("a.yaml", "/v3/vendors")
    status, out, _ = suites.migrate()
    assert status == 1
    assert 'tests/test_a.py:5: filter_headers: put ["X-Acme"] into bill_config' in out
    assert "tests/test_a.py:5: before_record_request: what it hides" in out
    assert '+@pytest.mark.bill_cassette(match_on=["uri"])' in out
