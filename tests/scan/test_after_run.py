"""The scan at the end of a test run: a warning for what is in the cassettes that it used."""

from __future__ import annotations

import json

import pytest

from tests.helpers.scanning import SECRET, cassette

TEST = """
import pytest

@pytest.mark.bill_cassette("{name}")
def test_{name}(bill_spend_client):
    assert bill_spend_client.call("GET", "/v3/spend/budgets") == {{"results": []}}
"""
HEADING = "*= bill: secrets in cassettes =*"


@pytest.fixture
def project(pytester):
    """Tests that use cassettes with a secret in the answer, or with none."""

    def project(**secrets: str) -> None:
        for name, secret in secrets.items():
            pytester.makepyfile(**{f"test_{name}": TEST.format(name=name)})
            path = cassette(
                pytester.path / f"cassettes/{name}.yaml",
                answer='{"results": []}',
                uri="https://gateway.stage.bill.com/connect/v3/spend/budgets",
                answer_headers={"apiToken": [secret], "content-type": ["application/json"]},
            )
            path.write_text(path.read_text().replace("POST", "GET"))

    return project


def summary(result) -> list[str]:
    return [line for line in result.outlines if "cassettes/" in line and "record mode" not in line]


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("-q",)])
@pytest.mark.sampled(3)
def test_findings_are_a_warning_with_the_command(project, pytester, options):
    project(dirty=SECRET, clean="PLACEHOLDER_BILL_SPEND_API_TOKEN")
    cassette(pytester.path / "cassettes/unused.yaml", json.dumps({"devKey": SECRET}))
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(passed=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines([HEADING])
    found, command = summary(result)
    assert "cassettes/dirty.yaml: interaction 1 (GET /connect/v3/spend/budgets)" in found
    assert "answer header apiToken: Spend & Expense API token (24 characters" in found
    assert command == "Scrub them: pytest-bill scan --fix cassettes/dirty.yaml"
    assert SECRET not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("how", ["--bill-no-scan", "bill_scan = false"])
@pytest.mark.sampled(2)
def test_it_can_be_switched_off(project, pytester, how):
    project(dirty=SECRET)
    if how.startswith("--"):
        result = pytester.runpytest_subprocess(how)
    else:
        pytester.makeini(f"[pytest]\n{how}")
        result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert summary(result) == []


@pytest.mark.nightly
def test_a_verdict_is_remembered_until_the_file_changes(project, pytester):
    project(dirty=SECRET, clean="PLACEHOLDER_BILL_SPEND_API_TOKEN")
    # The scanner itself must not be asked twice about the same content.
    pytester.makeconftest(
        """
        from pathlib import Path
        from pytest_bill.scan.scanner import Scanner

        scan = Scanner.scan

        def counted(self, raw, name=""):
            with Path("asked").open("a") as file:
                file.write(name + "\\n")
            return scan(self, raw, name)

        Scanner.scan = counted
        """
    )

    def run() -> tuple[list[str], list[str]]:
        asked = pytester.path / "asked"
        asked.unlink(missing_ok=True)
        result = pytester.runpytest_subprocess("-p", "cacheprovider")
        result.assert_outcomes(passed=2)
        return summary(result), asked.read_text().split() if asked.exists() else []

    first, asked = run()
    assert sorted(asked) == ["clean.yaml", "dirty.yaml"]
    assert run() == (first, [])
    path = pytester.path / "cassettes/dirty.yaml"
    path.write_text(path.read_text().replace(SECRET, "PLACEHOLDER_BILL_SPEND_API_TOKEN"))
    assert run() == ([], ["dirty.yaml"])
    kept = "".join(
        path.read_text() for path in pytester.path.glob(".pytest_cache/**/*") if path.is_file()
    )
    assert SECRET not in kept


@pytest.mark.parametrize("cached", ["[]", '{"x": 1}', "nonsense"])
@pytest.mark.sampled(3)
def test_a_cache_that_was_tampered_with_is_no_verdict(project, pytester, cached):
    project(dirty=SECRET)
    folder = pytester.path / ".pytest_cache/v/bill"
    folder.mkdir(parents=True)
    (folder / "scan").write_text(cached)
    result = pytester.runpytest_subprocess("-p", "cacheprovider")
    result.stdout.fnmatch_lines([HEADING])


def test_what_goes_wrong_never_fails_the_run(project, pytester):
    project(dirty=SECRET)
    (pytester.path / ".pytest-bill-baseline.json").write_text("{")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert result.ret == 0
    told = (
        "bill: the cassettes (*baseline.json is not a baseline*: line 1, *) could not be scanned *"
    )
    result.stdout.fnmatch_lines([told])


FAILS = "bill: the run fails for that (--bill-fail-on-secrets)."


def test_secrets_fail_the_run_where_that_is_wanted(project, pytester):
    project(dirty=SECRET)
    result = pytester.runpytest_subprocess("--bill-fail-on-secrets")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([HEADING, FAILS])


@pytest.mark.nightly
@pytest.mark.parametrize("options", [("-n", "2"), ("--no-summary",), ("-n2", "-q")])
def test_secrets_fail_each_kind_of_run(project, pytester, options):
    project(dirty=SECRET, clean="PLACEHOLDER_BILL_SPEND_API_TOKEN")
    pytester.makeini("[pytest]\nbill_fail_on_secrets = true\n")
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines.count(FAILS) == 1
    assert "cassettes/dirty.yaml: interaction 1" in summary(result)[0]
    assert pytester.runpytest_subprocess(*options, "test_clean.py").ret == 0


@pytest.mark.nightly
def test_a_scan_that_could_not_be_made_fails_the_run_where_that_is_wanted(project, pytester):
    project(clean="PLACEHOLDER_BILL_SPEND_API_TOKEN")
    (pytester.path / ".pytest-bill-baseline.json").write_text("{")
    result = pytester.runpytest_subprocess("--bill-fail-on-secrets")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["bill: the cassettes (*baseline.json is not a baseline of pytest-bill scan: *", FAILS]
    )


def test_a_baseline_is_heeded(project, pytester, scan, monkeypatch):
    project(dirty=SECRET)
    monkeypatch.chdir(pytester.path)
    assert scan("--update-baseline").status == 0
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert summary(result) == []


def test_a_run_without_bill_imports_no_scanner(pytester):
    pytester.makepyfile(
        """
        def test_nothing():
            pass
        """
    )
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            print("scanner:", any(name.startswith("pytest_bill.scan") for name in sys.modules))
        """
    )
    result = pytester.runpytest_subprocess()
    result.stdout.fnmatch_lines(["scanner: False"])


def test_many_findings_are_cut_short(project, pytester):
    project(dirty=SECRET)
    path = pytester.path / "cassettes/dirty.yaml"
    values = "".join(f"\n      - {SECRET}{number}" for number in range(30))
    path.write_text(path.read_text().replace(f"\n      - {SECRET}", values))
    result = pytester.runpytest_subprocess()
    result.stdout.fnmatch_lines(["… and 10 more"])
