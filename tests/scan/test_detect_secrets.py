"""The engine: high-entropy strings, other services' keys; time that grows with the text only."""

from __future__ import annotations

import json
import time

import pytest

from pytest_bill.scan.detect_secrets import Engine
from pytest_bill.scan.findings import findings_of_hits
from pytest_bill.scan.scanner import Scanner
from tests.helpers.scanning import cassette

RANDOM = "tG7q" + "ZxW2" + "mB9k" + "RfN4" + "vYc8" + "LpD1" + "hSj6" + "eUa3"
HEX = "9f86d081884ced65" + "9a2feaa0c55ad015"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("memo", RANDOM, "high-entropy"),
        ("memo", f"use {RANDOM} please", "high-entropy"),
        ("memo", HEX, "high-entropy"),
        ("memo", "AKIA" + "QWERTYUIOP234567", "aws-access-key"),
        ("memo", "sk_" + "live_" + RANDOM[:24], "stripe-access-key"),
        ("memo", "-----BEGIN RSA " + "PRIVATE KEY-----\nabc", "private-key"),
        ("memo", f"eyJ{RANDOM}.eyJ{RANDOM}.{RANDOM}", "json-web-token"),
        ("etag", RANDOM, None),
        ("requestId", RANDOM, None),
        ("nextPage", RANDOM, None),
        ("vendor_hash", HEX, None),
        ("memo", HEX[:24], None),
        ("memo", f"multipart/form-data; boundary={HEX}", None),
        ("memo", f"data:image/png;base64,{RANDOM}", None),
        ("memo", f"{RANDOM} data: none", "high-entropy"),
    ],
)
def test_what_the_engine_finds(scan, tmp_path, name, value, rule):
    cassette(tmp_path / "a.yaml", json.dumps({name: value}))
    outcome = scan("a.yaml", "--format", "json")
    assert rule in outcome.rules if rule else outcome.rules == []
    assert value not in outcome.out


def test_a_private_key_is_not_half_removed(scan, tmp_path):
    key = "-----BEGIN RSA " + "PRIVATE KEY-----\nTUlJRW93SUJBQUtDQVFFQQ\n"
    path = cassette(tmp_path / "a.yaml", json.dumps({"memo": key}))
    before = path.read_bytes()
    assert scan("a.yaml", "--fix").status == 1
    assert path.read_bytes() == before


PIECES = (
    *("a", "A0", "=", "-", " ", "%41", '"', "\\", "{", "[", "4111 ", "4", "eyJ", "eyJ.", "aws "),
    *("://", "://a:", "a:", "x=", "&a=", "?a=b&", "xoxb-1-", "Bearer ", "AC", 'devKey":"', "<"),
    *("sessionId=", "\n--", "QUJD", "sk_live_", "_authToken ", "npm_", "-----BEGIN ", "*", "{{"),
    *("# pytest-bill: allow ", "redacted ", "your_", "$", "1 ", "2026-", "Ab:", "\t", "\n", "•"),
    *('Content-Disposition: form-data; name="', "MTAw.", "ghp_", "SG.", "sq0csp-", "=,("),
)


@pytest.fixture(scope="module")
def scanner():
    return Scanner(Engine())


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.sampled(4)
def test_no_text_makes_it_slow(scanner, piece):
    text = piece * (80_000 // len(piece))
    body = json.dumps({"a": text, text[:50_000]: 1, "devKey": text})
    request = {"method": "POST", "uri": f"https://h/p?{text[:5000]}", "body": body, "headers": {}}
    headers = {"Cookie": [text[:20_000]], "x": [text[:20_000]]}
    response = {"status": {"code": 200}, "headers": headers, "body": {"string": text}}
    data = {"version": 1, "interactions": [{"request": request, "response": response}]}
    begin = time.process_time()
    for raw in (text.encode(), json.dumps(data).encode()):
        findings_of_hits(scanner.scan(raw, "a.txt").hits, "a.txt", b"salt")
    # Half a second or less; what is not linear takes far longer.
    assert time.process_time() - begin < 5


@pytest.mark.nightly
def test_the_time_grows_with_the_files(scanner, tmp_path):
    def seconds(vendors: int) -> float:
        rows = [
            {"id": f"009{number:017X}", "name": f"Vendor {number}", "city": f"Town {number}"}
            for number in range(vendors)
        ]
        raw = cassette(tmp_path / "a.yaml", answer=json.dumps(rows)).read_bytes()
        times = []
        for _ in range(3):
            begin = time.process_time()
            scanner.scan(raw)
            times.append(time.process_time() - begin)
        return min(times)

    seconds(100)
    assert seconds(20_000) < 8 * seconds(5_000)
