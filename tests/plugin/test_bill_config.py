"""The fixture ``bill_config``."""

from __future__ import annotations

import pytest

from tests.plugin.suites import ONE, RECORD, counts


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


@pytest.mark.parametrize(
    "words",
    [
        {"filter_headers": ["X-Acme-Key"], "filter_query_parameters": [("pin", None)]},
        {"scrub_headers": ["X-Acme-Key"], "scrub_fields": ["pin"]},
    ],
    ids=["vcrpy's", "ours"],
)
def test_what_is_named_as_secret_is_not_recorded(pytester, run, words):
    pytester.makeconftest(
        f"""
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {words!r}
        """
    )
    pytester.makepyfile(
        test_bill="""
        def test_one(bill_dev_session):
            headers = {"X-Acme-Key": "Staple-Battery-Horse"}
            asked = {"pin": "Correct-Horse-Battery"}
            assert bill_dev_session.get("/v3/vendors", params=asked, headers=headers)
        """
    )
    counts(pytester, run, *RECORD)
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "Horse" not in cassette
    assert cassette.count("PLACEHOLDER_") >= 2
    assert counts(pytester, run)["recorded"] == 0


def test_a_replacement_that_is_not_put_there_is_refused(pytester, run):
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {"filter_headers": [("X-Acme-Key", "XXX")]}
        """
    )
    pytester.makepyfile(test_bill=ONE)
    run().stdout.fnmatch_lines(["*filter_headers with a replacement of its own for 'X-Acme-Key'*"])
