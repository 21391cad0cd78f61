"""The variables of the credentials: one that is missing, one that BILL refuses, and ``.env``."""

from __future__ import annotations

import os

from pytest_bill.sandbox import LocalSandbox
from tests.plugin.suites import ONE, RECORD


def test_missing_credentials_are_one_error(pytester, run):
    (pytester.path / ".env").write_text("BILL_USERNAME=ada@example.com\nBILL_PASSWORD=\n")
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*bill_dev_session needs the developer key*BILL_PASSWORD, BILL_ORGANIZATION_ID, "
            "BILL_DEV_KEY.",
            f"*Looked in the environment and in {pytester.path / '.env'}.",
            "*--bill-environment=local*",
        ]
    )
    assert "ada@example.com" not in result.stdout.str()


def test_the_process_environment_is_left_as_it_was(pytester, run):
    (pytester.path / ".env").write_text("BILL_USERNAME=ada@example.com\n")
    pytester.makepyfile(test_bill=ONE)
    before = dict(os.environ)
    run(*RECORD)
    after = dict(os.environ)
    assert {name: value for name, value in after.items() if name.startswith("BILL_")} == {}
    assert set(after) - set(before) <= {"PYTEST_VERSION", "PYTEST_CURRENT_TEST"}


def test_a_refused_sign_in_names_what_to_check(pytester, run):
    with LocalSandbox() as sandbox:
        variables = sandbox.variables | {"BILL_PASSWORD": "Wrong-Horse-Battery"}
        lines = [f"{name}='{value}'" for name, value in variables.items()]
        lines.append(f"BILL_BASE_URL={sandbox.origin}")
        (pytester.path / ".env").write_text("\n".join(lines))
        pytester.makepyfile(test_bill=ONE)
        result = run("--bill-record-mode=once", "--showlocals", "-vv")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*BILL refused the sign-in*BDC_1101*", "*Check BILL_USERNAME*"])
    assert "Wrong-Horse" not in result.stdout.str()
    assert not (pytester.path / "cassettes").exists()
