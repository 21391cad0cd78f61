"""The fixture ``bill_config``."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.plugin.suites import ONE, RECORD, counts, tree


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
    run().stdout.fnmatch_lines(["*bill_config fixture in conftest.py has no setting recordmode*"])


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


FOLDERS = {
    "here": """
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {"environ": {"ACME_HERE": "v3_url"}, "match_on": ["method", "path"]}

        @pytest.fixture(scope="session")
        def of_here(bill_dev_session):
            asked = {"badge_no": "Number-Plate-7"}
            return bill_dev_session.call("GET", "/v3/vendors", params=asked)
        """,
    "there": """
        import pytest

        @pytest.fixture(scope="session")
        def bill_config():
            return {
                "environ": {"ACME_THERE": "v3_url"},
                "scrub_fields": ["badge_no"],
                "secrets": {"VAULT_TOKEN": "Staple-Correct-Horse"},
            }
        """,
}
OF_A_FOLDER = """
import os

from textwrap import dedent

import pytest


def test_own(bill_dev_session, bill_environ):
    assert [name for name in os.environ if name.startswith("ACME_")] == ["ACME_{}"]
    asked = {{"badge_no": "Number-Plate-7", "token": "Staple-Correct-Horse", "max": MOST}}
    assert bill_dev_session.get("/v3/vendors", params=asked).ok


class TestOfClass:
    @pytest.fixture
    def bill_config(self, bill_config):
        return {{**bill_config, "match_on": ["method"], "scrub_fields": ["plate"]}}

    def test_own(self, bill_dev_session):
        asked = {{"plate": "Horse-Battery-1", "max": MOST}}
        assert bill_dev_session.get("/v3/vendors", params=asked).ok
"""


def test_each_folder_and_class_has_its_own_and_what_is_secret_is_so_everywhere(pytester, run):
    for folder, conftest in FOLDERS.items():
        path = pytester.mkdir(folder)
        (path / "conftest.py").write_text(dedent(conftest))
        (path / f"test_{folder}.py").write_text("MOST = 1\n" + OF_A_FOLDER.format(folder.upper()))
    with (pytester.path / "here/test_here.py").open("a") as file:
        file.write("\n\ndef test_fixture(of_here):\n    assert of_here['results']\n")
    recorded = counts(pytester, run, *RECORD, "here", "there")
    assert recorded["recorded"] == 6
    cassettes = tree(pytester.path / "cassettes")
    assert not any(b"Plate-7" in each or b"Horse" in each for each in cassettes.values())
    assert counts(pytester, run, "there", "here")["replayed"] == recorded["requests"]
    # What is compared is the folder's: only there the number counts.
    for folder in FOLDERS:
        path = pytester.path / folder / f"test_{folder}.py"
        path.write_text(path.read_text().replace("MOST = 1", "MOST = 2"))
    run("here", "there").assert_outcomes(passed=4, failed=1)


def test_one_that_is_wrong_lets_nobody_record_what_it_calls_secret(pytester, run):
    """Also in another folder, whose tests do not see it: what it names is secret everywhere."""
    for folder, scrubbed in (("here", '"X-Acme-Key"'), ("there", '["X-Other"]')):
        path = pytester.mkdir(folder)
        (path / "conftest.py").write_text(
            "import pytest\n\n\n@pytest.fixture(scope='session')\n"
            f"def bill_config():\n    return {{'scrub_headers': {scrubbed}}}\n"
        )
        (path / f"test_{folder}.py").write_text(
            "def test_one(bill_dev_session):\n"
            "    headers = {'X-Acme-Key': 'Staple-Battery-Horse'}\n"
            "    assert bill_dev_session.get('/v3/vendors', headers=headers)\n"
        )
    result = run(*RECORD)
    result.assert_outcomes(errors=2)
    says = "The bill_config fixture in here/conftest.py has scrub_headers that is no list of names*"
    result.stdout.fnmatch_lines([says, 'Write it as {"scrub_headers": ["X-Acme-Key"]}.'])
    assert not (pytester.path / "cassettes").exists()
