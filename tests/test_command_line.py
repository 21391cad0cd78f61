"""What was typed on the command line of a run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.command_line import (
    as_typed,
    invocation_folder,
    options_in,
    repeated_options,
    typed_arguments,
)


def test_what_is_added_is_not_typed(pytester, monkeypatch):
    pytester.makeini("[pytest]\naddopts = --bill-live\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-no-scan")
    config = pytester.parseconfig("-q", "--bill-report", "a.json")
    assert config.getoption("bill_live")
    typed = typed_arguments(config)
    assert {"-q", "--bill-report", "a.json"} <= set(typed)
    assert not {"--bill-live", "--bill-no-scan"} & set(typed)


def test_a_worker_knows_what_was_typed_to_its_controller():
    told = SimpleNamespace(workerinput={"bill_typed": ["--bill-live"]})
    assert typed_arguments(told) == ["--bill-live"]


def test_options_are_read_wherever_they_stand():
    options = {"--bill-live": {"action": "store_true"}, "--bill-report": {}}
    found = options_in(["tests", "--bill-report", "a.json", "-x", "--bill-live"], options)
    assert (found.bill_live, found.bill_report) == (True, "a.json")
    found = options_in(["tests", "--bill-reports=a.json", "--bill-li"], options)
    assert (found.bill_live, found.bill_report) == (False, None)


def test_where_the_user_stands(pytester):
    assert invocation_folder(pytester.parseconfig()) == pytester.path
    told = SimpleNamespace(workerinput={"bill_invoked_in": "/somewhere"}, invocation_params=None)
    told.invocation_params = SimpleNamespace(dir=pytester.path)
    assert invocation_folder(told) == Path("/somewhere")


def test_what_matters_for_a_test_is_repeated(pytester):
    (pytester.path / "other.ini").write_text("[pytest]\n")
    options = (
        *("-c", "other.ini", f"--rootdir={pytester.path}", "-o", "bill_sync_sign_in=v2"),
        *("-m", "not slow", "--import-mode=importlib", "--bill-environment=local"),
        *("--bill-cassette-dir=tapes", "--bill-sync-sign-in=v2"),
        *("--bill-sign-in=console=v3", "--bill-sign-in=developer=oauth,spend=oauth"),
    )
    assert set(repeated_options(pytester.parseconfig(*options))) == {
        *("-c", "other.ini", f"--rootdir={pytester.path}", "-o", "bill_sync_sign_in=v2"),
        *("-m", "not slow", "--import-mode=importlib", "--bill-environment=local"),
        *("--bill-cassette-dir=tapes", "--bill-sync-sign-in=v2"),
        *("--bill-sign-in=console=v3", "--bill-sign-in=developer=oauth,spend=oauth"),
    }


def test_nothing_else_is_repeated(pytester):
    given = ("-x", "-k", "a", "-p", "no:cacheprovider", "--bill-allow-production", "--bill-strict")
    assert repeated_options(pytester.parseconfig(*given)) == ()


def test_what_files_give_is_not_repeated(pytester, monkeypatch):
    pytester.makeini("[pytest]\naddopts = -m 'not slow' --bill-environment=local\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-cassette-dir=tapes -o bill_prove=false")
    assert repeated_options(pytester.parseconfig()) == ()
    other = pytester.parseconfig("--bill-cassette-dir=others", "-m", "slow")
    assert repeated_options(other) == ("-m", "slow", "--bill-cassette-dir=others")


@pytest.mark.parametrize(
    ("words", "elsewhere", "on_windows"),
    [
        (["pytest", "tests/test_a.py::test_b"], "pytest tests/test_a.py::test_b", None),
        (["-m", "not slow"], "-m 'not slow'", '-m "not slow"'),
        ([r"tests\test_a.py"], r"'tests\test_a.py'", r"tests\test_a.py"),
        ([r"--bill-env-file=C:\a b\x.env"], None, r'"--bill-env-file=C:\a b\x.env"'),
        (["t.py::t[a'b]"], """'t.py::t[a'"'"'b]'""", "t.py::t[a'b]"),
    ],
)
def test_words_are_quoted_as_the_systems_shell_reads_them(words, elsewhere, on_windows):
    if elsewhere is not None:
        assert as_typed(words, on_windows=False) == elsewhere
    assert as_typed(words, on_windows=True) == (on_windows or elsewhere)
