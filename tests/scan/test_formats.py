"""What a scan found as text, as JSON and as SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.helpers.scanning import SECRET, cassette

SCHEMA = Path(__file__).parent / "sarif-schema-2.1.0.json"
BODY = json.dumps({"sessionId": SECRET, "vendor": {"taxId": "927481655"}})


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


def test_control_characters_do_not_reach_the_terminal(scan, tmp_path):
    cassette(tmp_path / "a.yaml", json.dumps({"\x1b[2J": {"sessionId": SECRET}}))
    outcome = scan("a.yaml")
    assert outcome.status == 1
    assert "\x1b" not in outcome.out
