"""Fixtures wider than one test, and BILL fixtures that are asked for late."""

from __future__ import annotations

from tests.plugin.suites import LOCAL, RECORD, counts, tree


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
