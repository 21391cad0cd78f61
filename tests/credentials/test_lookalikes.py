"""Variables whose names are nearly those of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables, read_env_file
from pytest_bill.credentials.lookalikes import KNOWN, lookalikes


def variables(**environ: str) -> Variables:
    return Variables(environ, EnvFile(Path(".env"), exists=False))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BILL_DEVKEY", "BILL_DEV_KEY"),
        ("BILL_ENVIROMENT", "BILL_ENVIRONMENT"),
        ("bill_dev_key", "BILL_DEV_KEY"),
        ("BIL_PASSWORD", "BILL_PASSWORD"),
        ("BILL_BASEURL", "BILL_BASE_URL"),
        ("BILL_SIGNIN", "BILL_SIGN_IN"),
        ("BILL_OAUTHURL", "BILL_OAUTH_URL"),
        ("BILL_CLIENTID", "BILL_CLIENT_ID"),
        ("BILL_REMEMBERME_ID", "BILL_REMEMBER_ME_ID"),
    ],
)
def test_what_is_nearly_ours(name, meant):
    assert lookalikes(variables(**{name: "x"})) == {name: meant}


@pytest.mark.parametrize("name", ["BILL_VENDOR_ID", "BILLING_USERNAME", "ACME_DEV_KEY", "PATH"])
def test_what_is_a_suites_own(name):
    assert lookalikes(variables(**{name: "x"})) == {}


def test_what_is_set_under_its_right_name_too_is_left_out():
    assert lookalikes(variables(BILL_DEVKEY="x", BILL_DEV_KEY="y")) == {}
    assert lookalikes(variables(**dict.fromkeys(KNOWN, "x"))) == {}


def test_where_one_is_wanted_less_is_enough():
    given = variables(BILL_ORG_ID="x")
    assert lookalikes(given) == {}
    wanted = frozenset({"BILL_ORGANIZATION_ID"})
    assert lookalikes(given, wanted=wanted) == {"BILL_ORG_ID": "BILL_ORGANIZATION_ID"}


def test_the_place_of_a_variable(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# ours\n\nBILL_DEVKEY=x\nexport BILL_PASSWORD=y\n")
    given = Variables({"BILL_USERNAME": "z"}, read_env_file(path))
    assert given.place_of("BILL_DEVKEY") == ".env:3"
    assert given.place_of("BILL_PASSWORD") == ".env:4"
    assert given.place_of("BILL_USERNAME") == "the environment"
    assert given.place_of("BILL_DEV_KEY") == ".env"
