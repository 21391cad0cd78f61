"""Secrets of a team's own, told by bill_config or during the run."""

from __future__ import annotations

import re
import warnings

import pytest

from pytest_bill.exceptions import BillWarning, SettingsError
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.team_secrets import BillSecrets, secrets_of_config
from tests.helpers.suites import RECORD

VALUE = "kept-in-0ur-vault"


@pytest.fixture
def registry():
    return SecretRegistry()


@pytest.fixture
def secrets(registry):
    return BillSecrets(registry, lambda _: [])


def test_a_dict_names_its_values():
    told = secrets_of_config({"vault token": VALUE, "Db.Password": "an0ther-value", "absent": None})
    assert told == [
        ("PLACEHOLDER_VAULT_TOKEN", VALUE),
        ("PLACEHOLDER_DB_PASSWORD", "an0ther-value"),
    ]


def test_values_of_a_list_are_numbered():
    registry = SecretRegistry(secrets_of_config([VALUE, None, "an0ther-value"]))
    assert list(registry.known().values()) == ["PLACEHOLDER_SECRET", "PLACEHOLDER_SECRET_2"]
    assert secrets_of_config({"b-secret", "a-secret"}) == [
        ("PLACEHOLDER_SECRET", "a-secret"),
        ("PLACEHOLDER_SECRET", "b-secret"),
    ]
    assert secrets_of_config(None) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (VALUE, "of type str"),
        (7, "of type int"),
        ({"TOKEN": 7}, "the value for PLACEHOLDER_TOKEN is of type int"),
        ({"TOKEN": VALUE.encode()}, "the value for PLACEHOLDER_TOKEN is of type bytes"),
        ({"TOKEN": " "}, "the value for PLACEHOLDER_TOKEN is empty.*None where there is none"),
        ({"": VALUE}, "a name that cannot be used"),
        ({7: VALUE}, "a name that cannot be used"),
        ({"x" * 41: VALUE}, "a name that cannot be used"),
        ({"a0b1c2d3e4": "VAULT_TOKEN"}, "a name that cannot be used; it is not shown"),
        ([VALUE, [VALUE]], "the value for PLACEHOLDER_SECRET is of type list"),
    ],
)
def test_what_cannot_be_used_is_told_without_the_value(given, said):
    with pytest.raises(SettingsError, match=r'^bill_config\["secrets"\]') as caught:
        secrets_of_config(given)
    assert re.search(said, str(caught.value), re.DOTALL)
    assert VALUE not in str(caught.value)
    assert "a0b1c2d3e4" not in str(caught.value)


def test_what_is_added_is_hidden_and_given_back_masked(registry, secrets):
    given = secrets.add(VALUE, "vault-token")
    assert given == VALUE
    assert VALUE not in repr([given, secrets])
    assert registry.hide(f"a {VALUE} b") == "a PLACEHOLDER_VAULT_TOKEN b"


@pytest.mark.parametrize("wrong", [None, "", b"bytes-of-a-secret"])
def test_what_cannot_be_added_is_refused(secrets, registry, wrong):
    with pytest.raises(SettingsError, match=r"^bill_secrets\.add\(value, name\): the value for"):
        secrets.add(wrong, "TOKEN")
    with pytest.raises(SettingsError, match="not shown"):
        secrets.add("VAULT_TOKEN", "a0b1-c2d3-e4f5")
    assert not registry


def test_one_that_is_in_an_id_comes_too_late(registry):
    late = BillSecrets(registry, lambda _: [], ["test_a.py::test[x]", f"test_a.py::test[{VALUE}]"])
    with pytest.raises(SettingsError, match="another id") as caught:
        late.add(VALUE, "TOKEN")
    assert VALUE not in str(caught.value)
    late.add("an0ther-value", "TOKEN")


def test_a_short_one_is_warned_of(secrets):
    with pytest.warns(BillWarning, match="The secret for PLACEHOLDER_PIN has fewer than 8") as said:
        secrets.add("s3cr3t7", "PIN")
    assert said[0].filename == __file__
    with pytest.warns(BillWarning, match="scrub_fields"):
        secrets_of_config({"PIN": "s3cr3t7"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        secrets_of_config({"PIN": VALUE})


CONFTEST = """
import pytest


@pytest.fixture(scope="session")
def bill_config():
    return {"secrets": {"CONFIGURED": "fr0m-the-configuration"}}


@pytest.fixture(scope="session", autouse=True)
def vault(bill_secrets):
    bill_secrets.add("fr0m-the-fixture", "FIXTURE")
"""
USES = """
import base64
import socket

import pytest
import requests

LATE = "l4te-in-the-test"


def test_early(bill_dev_session):
    for value in ("fr0m-the-configuration", "fr0m-the-fixture"):
        bill_dev_session.post("/v3/vendors", json={"name": value, "note": f"x{value}"})
        encoded = base64.b64encode(value.encode()).decode()
        bill_dev_session.get("/v3/vendors", params={"q": value, "r": encoded})


def test_late(bill_dev_session, bill_secrets, pytestconfig):
    if pytestconfig.getoption("bill_record_mode"):
        bill_dev_session.get("/v3/bills", headers={"X-Any": LATE})
        bill_secrets.add(LATE, "late")
    else:
        bill_secrets.add(LATE, "late")
        bill_dev_session.get("/v3/bills", headers={"X-Any": LATE})


@pytest.fixture(scope="module")
def elsewhere():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.parametrize("number", [0, 1])
def test_elsewhere(bill_dev_session, elsewhere, number):
    value = ("fr0m-the-configuration", "fr0m-the-fixture")[number]
    with pytest.raises(Exception, match="header X-Any holds the secret of PLACEHOLDER|header or"):
        requests.get(elsewhere, headers={"X-Any": value})
"""
SHOWS = """
import logging
import sys


def test_shows(bill_secrets):
    bill_secrets.add("l4te-in-the-test", "late")
    for value in ("fr0m-the-configuration", "fr0m-the-fixture", "l4te-in-the-test"):
        print(value)
        print(value, file=sys.stderr)
        logging.getLogger().warning("it is %s", value)
    assert {"a": "fr0m-the-configuration fr0m-the-fixture l4te-in-the-test"} == {"a": "b"}
"""
SECRETS = ("fr0m-the-configuration", "fr0m-the-fixture", "l4te-in-the-test")


def assert_clean(suite):
    for path, content in suite.cassettes().items():
        for secret in SECRETS:
            assert secret.encode() not in content, path


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.nightly)])
def test_told_secrets_are_in_no_cassette_and_go_nowhere_else(suite, workers):
    suite.write(conftest=CONFTEST, test_uses=USES)
    assert suite.passes(*RECORD, *workers)["passed"] == 4
    assert_clean(suite)
    texts = b"".join(suite.cassettes().values()).decode()
    for name in ("CONFIGURED", "FIXTURE", "LATE"):
        assert f"PLACEHOLDER_{name}" in texts
    assert suite.replays(*workers, network=())["passed"] == 4


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.nightly)])
def test_told_secrets_are_shown_nowhere(suite, workers):
    suite.write(conftest=CONFTEST, test_shows=SHOWS)
    result = suite.run(*workers, "-rA", "--showlocals", "-vv", "--junitxml=junit.xml")
    result.assert_outcomes(failed=1)
    told = result.stdout.str() + result.stderr.str() + (suite.folder / "junit.xml").read_text()
    assert "PLACEHOLDER_LATE" in told
    for secret in SECRETS:
        assert secret not in told


@pytest.mark.nightly
def test_one_that_is_told_after_its_cassette_was_written_is_warned_of(suite):
    suite.write(
        test_two="""
        def test_first(bill_dev_session):
            bill_dev_session.get("/v3/bills", headers={"X-Any": "l4te-in-the-test"})


        def test_second(bill_dev_session, bill_secrets):
            bill_secrets.add("l4te-in-the-test", "late")
        """
    )
    result = suite.run(*RECORD)
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*cassettes/test_two/test_first.yaml holds the secret that PLACEHOLDER_LATE stands *",
            "cassettes/test_two/test_first.yaml",
            "*interaction 1 (GET /connect/v3/bills) would hold the secret of PLACEHOLDER_LATE.",
        ]
    )
    assert [each for each in suite.cassettes() if "first" in each] == []
    assert "l4te-in-the-test" not in result.stdout.str()


@pytest.mark.nightly
def test_what_is_none_is_said_plainly(suite):
    suite.write(
        conftest=CONFTEST.replace('{"CONFIGURED": "fr0m-the-configuration"}', "7"),
        test_uses="def test_any(): pass",
    )
    result = suite.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ['bill_config?"secrets"? in conftest.py is of type int, where a dict or a list belongs.']
    )


@pytest.mark.nightly
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_one_in_an_id_is_refused_with_words(suite, workers):
    suite.write(
        conftest=CONFTEST,
        test_uses="""
        import pytest


        @pytest.mark.parametrize("value", ["fr0m-the-configuration", "any"])
        def test_any(value, bill_dev_session): pass
        """,
    )
    result = suite.run(*workers)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["The id of a test holds the secret that PLACEHOLDER_CONFIGURED *"])
