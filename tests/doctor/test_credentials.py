"""Which variables are set and from where, and what of a credential is missing."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import KINDS
from pytest_bill.doctor.credentials import BY_WORD, of_file, seen, source_of, word_of
from pytest_bill.environments import PRODUCTION, SANDBOX

KEY, ORGANIZATION = "0123456789abcdef", "00801ABCDEFGHIJKLMNO"
DEVELOPER = {
    "BILL_USERNAME": "ada@example.com",
    "BILL_PASSWORD": "test-password",
    "BILL_ORGANIZATION_ID": ORGANIZATION,
    "BILL_DEV_KEY": KEY,
}
SYNC = {"BILL_SYNC_TOKEN_NAME": "test-name", "BILL_SYNC_TOKEN_VALUE": "test-token"}


@pytest.fixture
def credentials(tmp_path):
    def credentials(environ, of_env_file=(), required=()):
        file = EnvFile(tmp_path / ".env", bool(of_env_file), dict(of_env_file))
        found = seen(Variables(environ, file), required)
        return {each["credential"]: each for each in found}

    return credentials


def test_the_words_that_are_typed():
    assert list(BY_WORD) == ["developer", "sync", "console", "spend", "partner", "oauth"]
    assert [word_of(kind) for kind in KINDS] == list(BY_WORD)


@pytest.mark.parametrize("word", ["developer", "spend"])
def test_what_oauth_takes_the_place_of_needs_its_variables(tmp_path, word):
    file = EnvFile(tmp_path / ".env", exists=False)
    oauth = {"BILL_CLIENT_ID": "test-client-id", "BILL_CLIENT_SECRET": "test-client-secret"}

    def found(environ, environment=SANDBOX):
        seen_now = seen(Variables(environ, file), [word], {word: "oauth"}, environment)
        return next(each for each in seen_now if each["credential"] == word)

    complete = found(oauth)
    assert complete["title"] == f"{BY_WORD[word].title}, by OAuth"
    assert complete["fixture"] == BY_WORD[word].fixture
    assert (complete["state"], complete["findings"]) == ("complete", [])
    (missing,) = found({"BILL_CLIENT_ID": "test-client-id"})["findings"]
    assert missing["what"] == "No value for BILL_CLIENT_SECRET."
    assert "developer app" in missing["then"]
    (unknown,) = found(oauth, PRODUCTION)["findings"]
    assert unknown["level"] == "wrong"
    assert "BILL_OAUTH_URL" in unknown["then"]


@pytest.mark.parametrize(
    ("given", "level", "what"),
    [
        ({}, None, ""),
        ({"BILL_REMEMBER_ME_ID": KEY[::-1], "BILL_DEVICE": "Dana's laptop"}, None, ""),
        ({"BILL_REMEMBER_ME_ID": KEY[::-1]}, "wrong", "No value for BILL_DEVICE, with which alone"),
        ({"BILL_DEVICE": "Dana's laptop"}, "hint", "No value for BILL_REMEMBER_ME_ID: the device"),
    ],
    ids=["none", "both", "id", "device"],
)
def test_mfas_trust_takes_both(credentials, given, level, what):
    developer = credentials(DEVELOPER | given)["developer"]
    assert developer["state"] == "complete"
    assert [each["name"] for each in developer["variables"]] == [*DEVELOPER, *given]
    assert [each["level"] for each in developer["findings"]] == ([level] if level else [])
    for finding in developer["findings"]:
        assert finding["what"].startswith(what)
        assert "pytest-bill trust" in finding["then"]
    assert not [f for each in developer["variables"] for f in each["findings"]]


def test_where_each_value_comes_from(credentials, tmp_path):
    path = str(tmp_path / ".env")
    of_file = {name: DEVELOPER[name] for name in ("BILL_ORGANIZATION_ID", "BILL_DEV_KEY")}
    of_file["BILL_PASSWORD"] = DEVELOPER["BILL_PASSWORD"]
    found = credentials(
        {"BILL_USERNAME": DEVELOPER["BILL_USERNAME"], "BILL_PASSWORD": " "}, of_file
    )["developer"]
    assert found["state"] == "complete"
    sources = {each["name"]: each["source"] for each in found["variables"]}
    assert sources == {
        "BILL_USERNAME": "environment",
        "BILL_PASSWORD": path,
        "BILL_ORGANIZATION_ID": path,
        "BILL_DEV_KEY": path,
    }
    assert not found["findings"]


def test_the_environment_and_the_file_have_different_values(credentials):
    name = "BILL_PASSWORD"
    other = {name: "another-test-password"}
    variables = credentials(DEVELOPER, other)["developer"]["variables"]
    (finding,) = next(each["findings"] for each in variables if each["name"] == name)
    assert "has another value in" in finding["what"]
    assert finding["then"] == "Unset it there: unset BILL_PASSWORD"
    same = credentials(DEVELOPER, {name: DEVELOPER[name]})["developer"]["variables"]
    assert not any(each["findings"] for each in same)


def test_what_it_defaults_to(credentials):
    found = credentials(DEVELOPER | SYNC)["sync"]
    assert found["state"] == "complete"
    through = {each["name"]: each["through"] for each in found["variables"]}
    assert through == {
        "BILL_SYNC_TOKEN_NAME": None,
        "BILL_SYNC_TOKEN_VALUE": None,
        "BILL_SYNC_ORGANIZATION_ID": "BILL_ORGANIZATION_ID",
        "BILL_SYNC_DEV_KEY": "BILL_DEV_KEY",
    }


def test_what_is_wrong_with_the_one_that_it_defaults_to(credentials):
    found = credentials(DEVELOPER | SYNC | {"BILL_DEV_KEY": "your-key", "BILL_USERNAME": "test"})
    told = [each["what"] for one in found["sync"]["variables"] for each in one["findings"]]
    assert told == ["BILL_DEV_KEY still holds the words of an example."]


def test_defaults_alone_are_no_credential(credentials):
    found = credentials(DEVELOPER)["sync"]
    assert found["state"] == "missing"
    assert not found["findings"]


def test_what_is_missing_of_one_that_was_begun(credentials):
    found = credentials({"BILL_USERNAME": "ada@example.com", "BILL_DEV_KEY": KEY})["developer"]
    assert found["state"] == "partial"
    (finding,) = found["findings"]
    assert finding["level"] == "wrong"
    assert finding["what"] == "No value for BILL_PASSWORD, BILL_ORGANIZATION_ID."
    assert "Manage Developer Keys" in finding["then"]


def test_what_stands_there_without_a_value(credentials):
    of_example = dict.fromkeys(DEVELOPER | SYNC, "")
    found = credentials({}, of_example)
    assert [each["state"] for each in found.values()] == ["missing"] * 6
    assert [each["empty"] for each in found["developer"]["variables"]] == [True] * 4
    begun = credentials({"BILL_PASSWORD": "test-password", "BILL_DEV_KEY": " "}, of_example)
    (finding,) = begun["developer"]["findings"]
    assert finding["what"] == (
        "No value for BILL_USERNAME (which is empty), BILL_ORGANIZATION_ID (which is empty), "
        "BILL_DEV_KEY (which is empty)."
    )


def test_a_key_that_is_there_for_the_sync_token_is_no_fault(credentials):
    shared = {name: DEVELOPER[name] for name in ("BILL_ORGANIZATION_ID", "BILL_DEV_KEY")}
    found = credentials(SYNC | shared)
    assert found["sync"]["state"] == "complete"
    assert found["developer"]["state"] == "partial"
    assert not found["developer"]["findings"]
    (finding,) = credentials(SYNC | shared, required=["developer"])["developer"]["findings"]
    assert finding["what"] == "No value for BILL_USERNAME, BILL_PASSWORD."


@pytest.mark.parametrize("word", BY_WORD)
def test_one_that_is_asked_for(credentials, word):
    (finding,) = credentials({}, required=[word])[word]["findings"]
    assert finding["level"] == "wrong"
    assert "https://developer.bill.com/docs/" in finding["then"]
    assert not credentials({})[word]["findings"]


def test_where_a_value_comes_from(tmp_path):
    file = EnvFile(tmp_path / ".env", exists=True, values={"A": "1", "B": "  "})
    variables = Variables({"A": " ", "C": "2"}, file)
    assert source_of("A", variables) == str(tmp_path / ".env")
    assert source_of("B", variables) is None
    assert source_of("C", variables) == "environment"


def test_of_a_file_lines_that_are_none(tmp_path):
    file = EnvFile(tmp_path / ".env", True, {"BILL_DEV_KY": "x"}, unreadable_lines=(3,))
    first, second = of_file(Variables({}, file))
    assert first["what"].endswith(".env:3 is not NAME=value, and is left out.")
    assert second["then"] == "Is BILL_DEV_KEY meant?"
