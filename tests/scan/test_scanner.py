"""One file's bytes: values that are known, what a comment allows, the fast way with cassettes."""

from __future__ import annotations

import base64
import gzip
import json
import re
from urllib.parse import quote

import pytest
import yaml

from pytest_bill.cassettes import reader
from pytest_bill.scan.body_values import SHORTEST_SECRET
from pytest_bill.scan.detect_secrets import Engine, load_engine
from pytest_bill.scan.scanner import Scanner
from tests.helpers.scanning import ACCOUNT, CARD, SECRET, cassette

LOGIN = "https://gateway.stage.bill.com/connect/v3/login"
BODY = json.dumps({"sessionId": SECRET, "vendor": {"taxId": "927481655"}})


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


# --- the fast way: what it leaves out cannot be a secret ----------------------------------------


@pytest.fixture
def fast() -> Scanner:
    return Scanner(load_engine(), read=reader.read)


def rules_in(scanner: Scanner, path) -> list[str]:
    return sorted({hit.rule.id for hit in scanner.scan(path.read_bytes(), path.name).hits})


@pytest.fixture
def no_yaml_parser(monkeypatch):
    def compose(*_: object, **__: object) -> None:
        raise AssertionError("a YAML parser was asked")

    monkeypatch.setattr(yaml, "compose", compose)
    monkeypatch.setattr(Scanner, "scan", Scanner.scan.__wrapped__)  # that other way asks one


@pytest.mark.usefixtures("no_yaml_parser")
def test_a_cassette_without_secrets_needs_no_yaml_parser(fast, tmp_path):
    path = cassette(
        tmp_path / "a.yaml",
        json.dumps({"name": "Acme", "amount": 12.5}),
        json.dumps({"id": "00901ABCDEFGHJKLMNOP", "devKey": "PLACEHOLDER_BILL_DEV_KEY"}),
        headers={"Accept": ["*/*"], "sessionId": ["PLACEHOLDER_BILL_SESSION_ID"]},
        answer_headers={
            "Content-Type": ["application/json"],
            "Set-Cookie": ["a=PLACEHOLDER_COOKIE"],
        },
        metadata={"pytest_bill": {"environment": "sandbox"}},
    )
    assert fast.scan(path.read_bytes(), path.name).hits == []


@pytest.mark.usefixtures("no_yaml_parser")
def test_data_that_is_made_up_needs_no_yaml_parser(fast, tmp_path):
    about = {"pytest_bill": {"environment": "local"}}
    answer = json.dumps({"accountNumber": ACCOUNT, "name": CARD})
    path = cassette(tmp_path / "a.yaml", answer=answer, metadata=about)
    assert fast.scan(path.read_bytes(), path.name).hits == []


def test_made_up_data_is_not_remembered_as_harmless(fast, tmp_path):
    about = {"pytest_bill": {"environment": "local"}}
    answer = json.dumps({"name": CARD})
    assert rules_in(fast, cassette(tmp_path / "a.yaml", answer=answer, metadata=about)) == []
    assert rules_in(fast, cassette(tmp_path / "b.yaml", answer=answer)) == ["card-number"]


def test_what_is_a_secret_in_a_sign_in_only_is_found_there(tmp_path):
    fast = Scanner(read=reader.read)  # without an engine, for which base64 is a secret anyway
    packed = base64.b64encode(b'{"userName": "kate@acme.io"}').decode()
    body = json.dumps({"text": packed})
    assert rules_in(fast, cassette(tmp_path / "a.yaml", body)) == []
    assert rules_in(fast, cassette(tmp_path / "b.yaml", body, uri=LOGIN)) == ["bill-username"]


def test_what_was_too_deep_to_look_into_is_found_where_it_is_not(fast, tmp_path):
    packed = base64.b64encode(json.dumps({"sessionId": SECRET}).encode()).decode()
    nested = {"text": packed}
    for _ in range(6):
        nested = {"text": json.dumps(nested)}
    rules_in(fast, cassette(tmp_path / "a.yaml", answer=json.dumps(nested)))
    path = cassette(tmp_path / "b.yaml", answer=json.dumps({"text": packed}))
    assert "bill-session-id" in rules_in(fast, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Plain": ["a", f"Bearer {SECRET}"]},  # vcrpy keeps the first alone
        {"sessionId": [int(SECRET.encode().hex(), 16)]},
    ],
)
def test_headers_that_vcrpy_reads_otherwise(fast, tmp_path, headers):
    path = cassette(tmp_path / "a.yaml", headers=headers)
    assert rules_in(fast, path) == rules_in(Scanner(load_engine()), path) != []


def test_a_number_with_another_spelling_is_left_to_the_yaml_parser(fast, tmp_path):
    path = cassette(tmp_path / "a.yaml", headers={"X-Key": ["NUMBER"]})
    key = "0x" + SECRET.encode().hex()
    path.write_text(path.read_text().replace("NUMBER", key))
    assert reader.read(path.read_text()) is not None
    assert rules_in(fast, path) == rules_in(Scanner(load_engine()), path)


def test_a_comment_allows_what_it_names(fast, tmp_path):
    path = cassette(tmp_path / "a.yaml", answer=json.dumps({"devKey": SECRET}))
    path.write_text("# pytest-bill: allow bill-dev-key\n" + path.read_text())
    assert rules_in(fast, path) == []


def test_no_detector_finds_less_than_the_shortest_secret():
    parse = re._parser.parse  # type: ignore[attr-defined]
    patterns = [pattern for _, each in Engine()._detectors for pattern in each._patterns]
    assert len(patterns) > 10
    for pattern in patterns:
        if pattern.pattern.startswith("eyJ"):
            continue  # a JWT; no JSON object fits into the shortest that the pattern takes
        assert parse(pattern.pattern, pattern.flags).getwidth()[0] >= SHORTEST_SECRET, pattern


def test_what_cannot_be_searched_is_a_finding_and_is_not_fixed_away(scan, tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_bill.scrubbing.search.budget.MOST_UNPACKED", 10_000)
    (tmp_path / "my.env").write_text("BILL_PASSWORD=some-pass-word\n")
    bomb = b"\0" + gzip.compress(bytes(20_000))
    (tmp_path / "a.bin").write_bytes(bomb)
    path = cassette(tmp_path / "b.yaml", json.dumps({"sessionId": SECRET}), bomb)
    before = path.read_bytes()
    arguments = ("--env-file", "my.env", "a.bin", "b.yaml", "--format", "json")
    outcome = scan(*arguments)
    assert {"unsearchable", "bill-session-id"} <= set(outcome.rules)
    assert {each["file"] for each in outcome.findings if each["rule"] == "unsearchable"} == {
        "a.bin",
        "b.yaml",
    }
    fixed = scan(*arguments, "--fix")
    assert fixed.status == 2
    assert "cannot be searched" in fixed.out
    assert path.read_bytes() == before
