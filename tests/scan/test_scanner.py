"""One file's bytes: values that are known, and what a comment allows."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest

from .conftest import SECRET, cassette

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
