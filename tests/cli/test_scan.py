"""`pytest-bill scan`: its options, its exit status, and what it says when it cannot go on."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.helpers.scanning import COMMAND, SECRET, cassette

BODY = json.dumps({"sessionId": SECRET, "vendor": {"taxId": "927481655"}})


def test_the_installed_command(tmp_path):
    cassette(tmp_path / "cassettes/a.yaml", BODY)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "scan", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )

    assert run().returncode == 1
    assert run("--fix").returncode == 0
    assert run().returncode == 0
    assert run("nowhere").returncode == 2
    assert run("--format", "nonsense").returncode == 2


def test_nothing_found(scan, tmp_path):
    cassette(tmp_path / "a.yaml", '{"devKey": "PLACEHOLDER_BILL_DEV_KEY"}')
    outcome = scan("a.yaml")
    assert outcome == (0, "1 files scanned, 1 of them cassettes: no findings\n", "")


def test_the_report_goes_into_a_file(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    outcome = scan(".", "--format", "json", "--output", "report.json")
    assert outcome == (1, "", "")
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["findings"]) == 2
    assert scan("a.yaml", "--output", "no/such/folder.json").status == 2


def test_a_value_too_short_to_look_for_is_named(scan, tmp_path):
    (tmp_path / "my.env").write_text("BILL_PASSWORD=short\n")
    (tmp_path / "a.txt").write_text("a short text")
    outcome = scan("a.txt", "--env-file", "my.env")
    assert outcome.status == 0
    assert "BILL_PASSWORD is too short to be looked for" in outcome.out


def test_an_env_file_that_is_not_there(scan, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    outcome = scan("a.txt", "--env-file", "no.env")
    assert (outcome.status, outcome.err) == (
        2,
        "pytest-bill: --env-file=no.env: no such file.\n"
        "It is looked for here: give another one, or leave the option out.\n",
    )


def test_a_file_that_cannot_be_read_is_named_beside_the_findings(scan, tmp_path, monkeypatch):
    cassette(tmp_path / "a.yaml", BODY)
    monkeypatch.setattr("pytest_bill.scan.files.LARGEST_FILE", 1000)
    (tmp_path / "b.yaml").write_text("x" * 1001)
    outcome = scan(".")
    assert outcome.status == 2
    assert "cannot scan: b.yaml cannot be read: it has 1,001 bytes" in outcome.out
    assert "[bill-session-id]" in outcome.out
    assert json.loads(scan(".", "--format", "sarif").out)["runs"][0]["invocations"][0] == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {
                    "text": "b.yaml cannot be read: it has 1,001 bytes, and 1,000 are the most."
                },
            }
        ],
    }


def test_without_the_extra_our_own_rules_work(tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    code = (
        "import sys; sys.modules['detect_secrets'] = None; from pytest_bill.cli import main; "
        "sys.exit(main(['scan', 'a.yaml']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1
    assert "[bill-session-id]" in result.stdout
    assert "pip install 'pytest-bill[scan]'" in result.stdout
