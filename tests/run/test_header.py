"""The line at a run's start: which BILL is asked, what is recorded, and with whose credentials."""

from __future__ import annotations

import re

import pytest

from tests.plugin.suites import NO_CACHE, ONE

SECRET = "s3cr3t-value-of-a-key"
ENV = f"BILL_SPEND_API_TOKEN={SECRET}\n"


@pytest.fixture
def header(pytester, monkeypatch):
    """The lines of ours in the header of a run that collects and runs nothing."""
    monkeypatch.delenv("CI", raising=False)

    def header(*args: str) -> list[str]:
        result = pytester.runpytest_inprocess(*NO_CACHE, "--collect-only", *args)
        head = result.stdout.str().partition("collected ")[0]
        assert SECRET not in result.stdout.str()
        return [line for line in head.splitlines() if line.startswith("bill: ")]

    return header


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    for name in ("BILL_ENVIRONMENT", "BILL_BASE_URL", "BILL_SPEND_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_a_suite_without_anything_of_bills_has_none(pytester, header):
    pytester.makepyfile("def test_it():\n    pass")
    assert header() == []


def test_a_folder_of_cassettes_is_enough(pytester, header):
    pytester.mkdir("cassettes")
    assert header() == [
        "bill: environment sandbox, record mode none, cassettes in cassettes/, "
        "no credentials (a replay needs none)"
    ]


def test_with_no_header_and_q_there_is_none(pytester, header):
    pytester.mkdir("cassettes")
    assert header("--no-header") == header("-q") == header("-p", "no:terminal") == []


def test_credentials_are_told_by_their_place(pytester, header, monkeypatch):
    (pytester.path / ".env").write_text(ENV)
    assert header("--bill-record-mode=once") == [
        "bill: environment sandbox, record mode once, cassettes in cassettes/, "
        "credentials from .env"
    ]
    monkeypatch.setenv("BILL_USERNAME", SECRET)
    assert header()[0].endswith("credentials from the environment and .env")
    (pytester.path / ".env").unlink()
    assert header()[0].endswith("credentials from the environment")
    monkeypatch.delenv("BILL_USERNAME")
    assert header("--bill-record-mode=once")[0].endswith(", no credentials")


def test_how_credentials_sign_in_is_told_where_they_do(pytester, header):
    (pytester.path / ".env").write_text(f"{ENV}\nBILL_SIGN_IN=developer=oauth\n")
    typed = "--bill-sign-in=spend=oauth"
    told = "credentials from .env (developer=oauth, spend=oauth)"
    assert header("--bill-record-mode=once", typed)[0].endswith(told)
    assert header(typed)[0].endswith("credentials from .env")


def test_a_file_that_cannot_be_used_is_named(pytester, header):
    (pytester.path / ".env").write_bytes(ENV.encode() + b"\xff\n")
    assert header()[0].endswith("credentials from .env (which cannot be used)")
    (told,) = header("--bill-record-mode=once")
    assert ".env is not UTF-8 (line 2)" in told


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("--bill-environment=local", "--bill-record-mode=once"),
            "environment local (its sandbox starts with the first test of BILL), record mode once, "
            "cassettes in cassettes/, credentials of the sandbox",
        ),
        (
            ("--bill-environment=local", "--bill-live"),
            "environment local (its sandbox starts with the first test of BILL), live: no "
            "cassettes, credentials of the sandbox",
        ),
        (
            ("--bill-environment=local", "--bill-cassette-dir=there/of/mine"),
            "environment local, record mode none, cassettes in there/of/mine/, "
            "no credentials (a replay needs none)",
        ),
        (
            ("--bill-verify",),
            "environment sandbox, record mode none (--bill-verify asks again at the end), "
            "cassettes in cassettes/, no credentials",
        ),
        (
            ("--bill-max-age=90d", "--bill-stale=record"),
            "environment sandbox, record mode none (what is older than 90d is recorded anew), "
            "cassettes in cassettes/, no credentials",
        ),
    ],
)
def test_what_the_options_say_is_said(header, args, said):
    assert header(*args) == [f"bill: {said}"]


def test_an_ini_setting_counts(pytester, header):
    pytester.makeini("[pytest]\nbill_environment = local\nbill_cassette_dir = kept")
    assert header()[0].startswith("bill: environment local, record mode none, cassettes in kept/")


def test_another_address_is_told_without_what_may_be_a_secret(header, monkeypatch):
    monkeypatch.setenv("BILL_BASE_URL", "https://bill.example.com:8443/here")
    said = "bill: environment custom (https://bill.example.com:8443/here), record mode none"
    assert header()[0].startswith(said)
    monkeypatch.setenv("BILL_BASE_URL", f"https://me:{SECRET}@bill.example.com")
    (told,) = header()
    assert "BILL_BASE_URL (the environment) is not an http(s) address without user name" in told
    assert "example" not in told.partition("Write it as")[0]


@pytest.mark.parametrize(
    ("variable", "ini", "said"),
    [
        (
            "nowhere",
            "",
            "BILL_ENVIRONMENT (the environment) is something else. It must be one of: sandbox",
        ),
        ("production", "bill_record_mode = once", "production"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_one_line(
    pytester, header, monkeypatch, variable, ini, said
):
    pytester.makepyfile(ONE)
    pytester.makeini(f"[pytest]\n{ini}")
    if variable:
        monkeypatch.setenv("BILL_ENVIRONMENT", variable)
    (told,) = header("--bill-strict")
    assert said in told
    assert re.fullmatch(r"bill: \S[^\n]*", told)


@pytest.mark.nightly
def test_with_workers_their_sandbox_is_told_at_the_end(pytester):
    pytester.makepyfile(ONE)
    result = pytester.runpytest_subprocess(
        *NO_CACHE, "--bill-environment=local", "--bill-live", "-n", "1"
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "bill: environment local (its sandbox *), live: no cassettes, *",
            "bill: 1 sign-in, 1 request, 0 recorded, 0 replayed, 1 live",
            "bill: the local sandbox answered at http://127.0.0.1:*",
        ]
    )
