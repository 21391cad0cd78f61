"""Mistakes in ``.env``, in variables and in addresses, and what BILL refuses: a run each."""

from __future__ import annotations

from tests.promises.messages.mistake import Mistake, Run

VARIABLES_GROUP = "Variables and `.env`"
ADDRESS_GROUP = "The address of BILL"
REFUSALS_GROUP = "Sign-ins that BILL refuses"
CI_GROUP = "Recording, CI and production"

COMPLETE = (
    "BILL_USERNAME=pat@example.com\nBILL_PASSWORD=Correct-Horse-1\n"
    "BILL_ORGANIZATION_ID=00801ABCDEFGHIJKLMNO\nBILL_DEV_KEY=Battery-Staple-2\n"
    "BILL_SPEND_API_TOKEN=Staple-Battery-3\n"
)
SIGNS_IN = "def test_it(bill_dev_session):\n    pass\n"
ASKS = 'def test_it(bill_spend_client):\n    bill_spend_client.get("/v3/spend/budgets")\n'
RECORDS_BY_MARKER = """
import pytest


@pytest.mark.bill_cassette(record_mode="once")
def test_it():
    pass
"""
OAUTH = "BILL_CLIENT_ID=battery-app\nBILL_CLIENT_SECRET=Staple-Battery-4\n"
BY_OAUTH = "def test_it(bill_oauth_session):\n    pass\n"
LIVE = ("--bill-live",)


def given(
    did: str,
    env_file: str,
    *args: str,
    cause: str,
    place: str,
    step: str,
    code: str = SIGNS_IN,
    env: tuple[tuple[str, str], ...] = (),
    more: str = "",
    in_summary: bool = False,
) -> Mistake:
    files = ((".env", env_file),) if env_file else ()
    run = Run(did, args or LIVE, env=env, files=files)
    return Mistake(did, run, cause, step, place, code, more, in_summary)


def address(did: str, url: str, *, cause: str, step: str, code: str = ASKS) -> Mistake:
    line = f"BILL_BASE_URL={url}"
    made = given(
        did, f"{COMPLETE}{line}\n", cause=cause, place="BILL_BASE_URL", step=step, code=code
    )
    return made._replace(wrote="" if "{" in line else line)


def tokens_at(did: str, url: str, *, cause: str, step: str) -> Mistake:
    line = f"BILL_OAUTH_URL={url}"
    place = "BILL_OAUTH_URL (.env:3)"
    made = given(did, f"{OAUTH}{line}\n", cause=cause, place=place, step=step, code=BY_OAUTH)
    return made._replace(wrote=line)


IN_VARIABLES = [
    given(
        "No variables, and recording",
        "",
        "--bill-record-mode=once",
        cause="no value was found for: BILL_USERNAME",
        place="bill_dev_session",
        step="Set them there",
    ),
    given(
        "The name of a variable misspelt",
        COMPLETE.replace("DEV_KEY", "DEVKEY"),
        cause="no value was found for: BILL_DEV_KEY",
        place=".env:4",
        step="Did you mean BILL_DEV_KEY?",
    ),
    given(
        "OAuth without the client secret",
        OAUTH.replace("CLIENT_SECRET", "CLIENT_SECERT"),
        cause="no value was found for: BILL_CLIENT_SECRET",
        place=".env:2",
        step="Did you mean BILL_CLIENT_SECRET?",
        code=BY_OAUTH,
    ),
    given(
        "An MFA id without its device",
        f"{COMPLETE}BILL_REMEMBER_ME_ID=Horse-Staple-5\n",
        cause="BILL takes an MFA id with the name of its device only",
        place="BILL_DEVICE",
        step="Run pytest-bill trust",
    ),
    given(
        "Another variable misspelt, which nobody misses",
        f"{COMPLETE}BILL_ENVIROMENT=local\nBILL_BASE_URL=http://127.0.0.1:9\n",
        cause="pytest-bill reads no such variable",
        place=".env:6",
        step="Did you mean BILL_ENVIRONMENT?",
        in_summary=True,
    ),
    given(
        "A line of .env without an equals sign",
        COMPLETE.replace("BILL_USERNAME=", "BILL_USERNAME "),
        cause="no value was found for: BILL_USERNAME",
        place="line 1: not NAME=value",
        step="Set them there",
    ),
    given(
        "A variable twice in .env",
        f"{COMPLETE}BILL_DEV_KEY=Horse-Battery-4\n",
        cause="to another value than line 4",
        place=".env:6",
        step="Mend it",
    ),
    given(
        "A merge conflict in .env",
        f"<<<<<<< HEAD\n{COMPLETE}=======\n>>>>>>> main\n",
        cause="the mark of a merge conflict",
        place=".env:1",
        step="Mend it",
    ),
    Mistake(
        "A folder called .env",
        Run("folder", LIVE, files=((".env/vendors.env", COMPLETE),)),
        cause="it is a folder",
        step="Mend it",
        place=".env",
        code=SIGNS_IN,
    ),
    given(
        "A value of two lines",
        COMPLETE.replace("=Battery-Staple-2", '="Battery\nStaple"'),
        cause="holds a control character",
        place="BILL_DEV_KEY",
        step="Set it again",
    ),
    given(
        "A key with letters that no header can have",
        COMPLETE.replace("=Battery-Staple-2", "=Batt\u00e9ry-Staple"),
        cause="non-ASCII",
        place="BILL_DEV_KEY",
        step="Copy the key again from BILL",
    ),
    given(
        "The name of a variable as its value",
        COMPLETE.replace("=Battery-Staple-2", "=${BILL_DEV_KEY}"),
        cause="holds its own name, not a value",
        place="BILL_DEV_KEY (bill_dev_session)",
        step="Put the value there",
    ),
    given(
        "An environment that is none, in .env",
        "BILL_ENVIRONMENT=prod\n",
        cause="is something else",
        place=".env:1",
        step="Did you mean production?",
    ),
    given(
        "A sign-in of the sync token that is none, in the environment",
        "",
        *LIVE,
        env=(("BILL_SYNC_SIGN_IN", "v4"),),
        cause="is something else",
        place="the environment",
        step="It must be one of: v3, v2",
    ),
    given(
        "Two ways to sign in for one credential",
        "BILL_SIGN_IN=sync=v3\nBILL_SYNC_SIGN_IN=v2\n",
        *LIVE,
        cause="is v2 and BILL_SIGN_IN (.env:1) says sync=v3",
        place=".env:2",
        step="Leave BILL_SYNC_SIGN_IN out",
    ),
]

IN_ADDRESSES = [
    address(
        "An address without scheme",
        "127.0.0.1:8080",
        cause="has no scheme",
        step="Write it as https://",
    ),
    address(
        "An address of another scheme",
        "ftp://127.0.0.1",
        cause="not an http(s)",
        step="Write it as",
    ),
    address(
        "White space in an address",
        "https://bill.exam ple.com",
        cause="white space",
        step="Write it as",
    ),
    address(
        "An address with the path of an API",
        "http://127.0.0.1:8080/connect/v3",
        cause="ends with /connect/v3",
        step="Write it without: http://127.0.0.1:8080",
    ),
    address(
        "An address with a user name in it",
        "https://pat:Correct-Horse@bill.example.com",
        cause="not an http(s) address without user name",
        step="Write it as",
    ),
    address(
        "Plain http to another machine",
        "http://bill.example.com",
        cause="unencrypted",
        step="Use https",
    ),
    address(
        "BILL's host misspelt",
        "https://gateway.stage.bil.com",
        cause="which is not BILL's and looks like gateway.stage.bill.com",
        step="set BILL_ENVIRONMENT",
    ),
    tokens_at(
        "Plain http to where OAuth tokens come from",
        "http://auth.example.com/token",
        cause="unencrypted",
        step="Use https",
    ),
    tokens_at(
        "The host of OAuth tokens misspelt",
        "https://auth.stage.bil.com/authx/token",
        cause="which is not BILL's and looks like auth.stage.bill.com",
        step="Set it to the address that BILL told you",
    ),
    address(
        "A port where nothing answers",
        "http://127.0.0.1:9",
        cause="the connection was refused",
        step="Check the address",
    ),
    address(
        "A port where nothing answers, at the sign-in",
        "http://127.0.0.1:9",
        cause="the connection was refused",
        step="check the address",
        code=SIGNS_IN,
    ),
    address(
        "An address that answers with a page",
        "{page}",
        cause="is not BILL, or something stands before it",
        step="check the address (BILL_BASE_URL)",
        code=SIGNS_IN,
    ),
]

IN_REFUSALS = [
    given(
        "Two values swapped",
        "BILL_USERNAME=Battery-Staple-2\nBILL_PASSWORD=Correct-Horse-1\n"
        "BILL_ORGANIZATION_ID=00801ABCDEFGHIJKLMNO\nBILL_DEV_KEY=pat@example.com\n"
        "BILL_BASE_URL={refusal}\n",
        cause="BILL refused the sign-in with the developer key",
        place="BILL_DEV_KEY holds an e-mail address",
        step="were two values swapped?",
    ),
    given(
        "A token that BILL refuses",
        COMPLETE + "BILL_BASE_URL={refusal}\n",
        cause="BILL refused the Spend & Expense API token",
        place="bill_spend_client",
        step="Check BILL_SPEND_API_TOKEN",
        code=ASKS,
    ),
]

IN_CI = [
    given(
        "A record mode of the ini file, in CI",
        "",
        cause="CI is set",
        place="pytest.ini",
        step="type --bill-record-mode=once",
        env=(("CI", "true"),),
    )._replace(
        run=Run("ini in CI", ini="[pytest]\nbill_record_mode = once\n", env=(("CI", "true"),))
    ),
    given(
        "A record mode of the marker, in CI",
        "",
        cause="CI is set",
        place="test_vendors.py::test_vendors",
        step="type --bill-record-mode=once",
        code=RECORDS_BY_MARKER,
    )._replace(run=Run("marker in CI", env=(("CI", "true"),))),
    given(
        "Recording from production",
        "",
        "--bill-environment=production",
        "--bill-record-mode=once",
        cause="would send requests there",
        place="BILL_ENVIRONMENT is production",
        step="--bill-allow-production, typed on the command line",
    ),
    given(
        "Consent to production in addopts",
        "",
        cause="would send requests there",
        place="BILL_ENVIRONMENT is production",
        step="addopts and PYTEST_ADDOPTS do not count",
    )._replace(
        run=Run(
            "addopts",
            ("--bill-environment=production", "--bill-live"),
            ini="[pytest]\naddopts = --bill-allow-production\n",
        )
    ),
    given(
        "The local sandbox asked for by a marker, when the run has begun",
        "",
        cause="was asked for after the run began",
        place="test_vendors.py::test_vendors",
        step="--bill-record-mode=once",
        code=RECORDS_BY_MARKER,
    )._replace(run=Run("marker local", ("--bill-environment=local",))),
    given(
        "Pruning, and recording",
        "",
        "--bill-prune",
        "--bill-record-mode=all",
        cause="drops what a replay did not play",
        place="--bill-prune",
        step="Record first",
    ),
]
