"""`pytest-bill scan`: exit status, formats, known values, what is allowed; never the value."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pytest

from .conftest import COMMAND, SECRET, cassette

SCHEMA = Path(__file__).parent / "sarif-schema-2.1.0.json"
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


def test_the_text_says_where_what_and_what_to_do(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    outcome = scan("a.yaml")
    assert outcome.status == 1
    place = "interaction 1 (POST /connect/v3/vendors), request body"
    assert f"{place} $.sessionId: sessionId (24 characters, fingerprint " in outcome.out
    assert f"{place} $.vendor.taxId: tax id (9 characters) [tax-id]" in outcome.out
    assert "pytest-bill scan --fix" in outcome.out
    assert SECRET not in outcome.out
    assert "927481655" not in outcome.out


@pytest.mark.parametrize("content", [BODY, "{}", None])
def test_sarif_is_what_its_schema_says(scan, tmp_path, content):
    cassette(tmp_path / "a b.yaml", content)
    (tmp_path / "c.txt").write_text(f"devKey={SECRET}\n" if content == BODY else "")
    outcome = scan(".", "--format", "sarif")
    log = json.loads(outcome.out)
    # The schema's own pattern for languages has a bracket too many.
    schema = json.loads(SCHEMA.read_text().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$"))
    jsonschema_rs.validator_for(schema).validate(log)
    results = log["runs"][0]["results"]
    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in results] == [each["ruleId"] for each in results]
    assert (outcome.status, len(results)) == ((1, 3) if content == BODY else (0, 0))
    if results:
        places = [each["locations"][0]["physicalLocation"] for each in results]
        assert places[0]["artifactLocation"]["uri"] == "a%20b.yaml"
        assert places[-1]["region"]["startLine"] == 1
    assert SECRET not in outcome.out


def test_a_sarif_fingerprint_is_the_same_whatever_the_value(scan, tmp_path):
    def mark() -> str:
        log = json.loads(scan("a.yaml", "--format", "sarif").out)
        return log["runs"][0]["results"][0]["partialFingerprints"]

    cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET}))
    first = mark()
    cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET[::-1]}))
    assert mark() == first


def test_the_report_goes_into_a_file(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    outcome = scan(".", "--format", "json", "--output", "report.json")
    assert outcome == (1, "", "")
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["findings"]) == 2
    assert scan("a.yaml", "--output", "no/such/folder.json").status == 2


@pytest.mark.parametrize(
    "encode",
    [
        str,
        lambda value: quote(value, safe=""),
        lambda value: base64.b64encode(f"me:{value}".encode()).decode(),
        lambda value: "".join(f"\\u{ord(character):04x}" for character in value),
        lambda value: "".join(f"&#{ord(character)};" for character in value),
    ],
)
def test_known_values_are_found_in_every_encoding(scan, tmp_path, encode):
    value = "some pass/word"
    (tmp_path / "my.env").write_text(
        f"BILL_PASSWORD={value}\nBILL_ENVIRONMENT=sandbox\nOTHER=elsewhere-value\n"
    )
    cassette(tmp_path / "a.yaml", f'{{"memo": "the {encode(value)}, elsewhere-value"}}')
    cassette(tmp_path / "b.yaml", gzip.compress(f"sandbox {encode(value)}".encode()))
    (tmp_path / "c.txt").write_text(f"x {encode(value)} y")
    (tmp_path / "d.bin").write_bytes(b"\0" + encode(value).encode())
    assert "known-value" not in scan(".", "--format", "json").rules
    outcome = scan("--env-file", "my.env", "a.yaml", "b.yaml", "c.txt", "d.bin", "--format", "json")
    assert {each["file"][0] for each in outcome.findings} == set("abcd")
    assert {each["what"] for each in outcome.findings} == {"value of BILL_PASSWORD"}
    assert value not in outcome.out


def test_a_value_too_short_to_look_for_is_named(scan, tmp_path):
    (tmp_path / "my.env").write_text("BILL_PASSWORD=short\n")
    (tmp_path / "a.txt").write_text("a short text")
    outcome = scan("a.txt", "--env-file", "my.env")
    assert outcome.status == 0
    assert "BILL_PASSWORD is too short to be looked for" in outcome.out


def test_an_env_file_that_is_not_there(scan, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    outcome = scan("a.txt", "--env-file", "no.env")
    assert (outcome.status, outcome.err) == (2, "pytest-bill: --env-file=no.env: no such file.\n")


def test_a_file_that_cannot_be_read_is_named_beside_the_findings(scan, tmp_path, monkeypatch):
    cassette(tmp_path / "a.yaml", BODY)
    monkeypatch.setattr("pytest_bill.scan.files.LARGEST_FILE", 1000)
    (tmp_path / "b.yaml").write_text("x" * 1001)
    outcome = scan(".")
    assert outcome.status == 2
    assert "cannot scan: b.yaml has 1001 bytes" in outcome.out
    assert "[bill-session-id]" in outcome.out
    assert json.loads(scan(".", "--format", "sarif").out)["runs"][0]["invocations"][0] == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": "b.yaml has 1001 bytes, more than 1000 can be scanned."},
            }
        ],
    }


def test_a_baseline_allows_what_was_found(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    (tmp_path / "b.txt").write_text(f"\ndevKey={SECRET}\n")
    assert scan(".", "--update-baseline").status == 0
    baseline = (tmp_path / ".pytest-bill-baseline.json").read_text()
    assert SECRET not in baseline
    assert "927481655" not in baseline
    assert scan(".").status == 0
    # A line may move.
    (tmp_path / "b.txt").write_text(f"\n\n\ndevKey={SECRET}\n")
    assert scan(".").status == 0
    # Another secret in the same place, or the same in another, is not allowed.
    cassette(tmp_path / "a.yaml", BODY.replace(SECRET, SECRET[::-1]))
    assert scan(".", "--format", "json").rules == ["bill-session-id"]
    cassette(tmp_path / "c.yaml", BODY)
    assert {each["file"] for each in scan(".", "--format", "json").findings} == {"a.yaml", "c.yaml"}


def test_what_is_allowed_is_not_fixed(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    scan("a.yaml", "--update-baseline")
    before = (tmp_path / "a.yaml").read_bytes()
    assert scan("a.yaml", "--fix").status == 0
    assert (tmp_path / "a.yaml").read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", '{"salt": "xyz", "allowed": []}', '{"salt": ""}'])
def test_a_baseline_that_is_none(scan, tmp_path, content):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".pytest-bill-baseline.json").write_text(content)
    outcome = scan("a.txt")
    assert outcome.status == 2
    assert "is not a baseline of pytest-bill scan" in outcome.err


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("# pytest-bill: allow", 0),
        ("// pytest-bill: allow bill-dev-key", 0),
        ("# pragma: allowlist secret", 0),
        ("# pytest-bill: allow card-number", 1),
        ("# pytest-bill", 1),
    ],
)
def test_a_comment_allows_its_line(scan, tmp_path, comment, status):
    (tmp_path / "a.py").write_text(f'dev_key = "{SECRET}"  {comment}\n')
    assert scan("a.py").status == status
    (tmp_path / "a.py").write_text(f'{comment}\ndev_key = "{SECRET}"\n')
    assert scan("a.py").status == 1


def test_a_comment_line_of_a_cassette_allows_a_rule_in_it(scan, tmp_path):
    path = cassette(tmp_path / "a.yaml", BODY)
    path.write_text(f"# made up. pytest-bill: allow bill-session-id\n{path.read_text()}")
    assert scan("a.yaml", "--format", "json").rules == ["tax-id"]
    # A comment without rules would allow everything for ever.
    path.write_text(path.read_text().replace(" bill-session-id", ""))
    assert scan("a.yaml", "--format", "json").rules == ["bill-session-id", "tax-id"]


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


def test_control_characters_do_not_reach_the_terminal(scan, tmp_path):
    cassette(tmp_path / "a.yaml", json.dumps({"\x1b[2J": {"sessionId": SECRET}}))
    outcome = scan("a.yaml")
    assert outcome.status == 1
    assert "\x1b" not in outcome.out
