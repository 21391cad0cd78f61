"""The plugin that writes down for the demo which secrets must not be in a cassette."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cli.demo_secrets import OPTION, read_secrets

SUITE = """
import json
from pathlib import Path


def test_it(bill_dev_session, bill_spend_client, bill_sandbox):
    headers = [session.credential_headers() for session in (bill_dev_session, bill_spend_client)]
    known = [str.__str__(value) for each in headers for value in each.values()]
    Path("known.json").write_text(json.dumps([*known, *bill_sandbox.variables.values()]))
"""
RUN = ("-p", "pytest_bill.cli.demo_secrets")


def test_every_secret_of_the_run_is_written_down_and_none_is_shown(pytester, tmp_path_factory):
    written = tmp_path_factory.mktemp("demo") / "secrets"
    pytester.makepyfile(SUITE)
    local = ("--bill-environment=local", "--bill-live", "-s", "-vv")
    result = pytester.runpytest_subprocess(*RUN, f"{OPTION}={written}", *local)
    result.assert_outcomes(passed=1)
    known = set(json.loads((pytester.path / "known.json").read_text()))
    assert len(known) > 15
    assert read_secrets(written) == known
    shown = result.stdout.str() + result.stderr.str()
    assert [secret for secret in known if secret in shown] == []


def test_without_the_demos_file_it_says_what_is_missing(pytester):
    result = pytester.runpytest_subprocess(*RUN)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*required: {OPTION}*"])


def test_a_secret_may_be_any_text(tmp_path):
    file = tmp_path / "secrets"
    file.write_text('"a \\"b\\" \\u00e9"\n"one"\n"one"\n')
    assert read_secrets(file) == {'a "b" \u00e9', "one"}
    file.write_text("")
    assert read_secrets(file) == set()
