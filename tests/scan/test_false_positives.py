"""What stands in a secret's place and is none, and what looks made by a machine."""

from __future__ import annotations

import base64
import json

import pytest

from pytest_bill.scan.false_positives import (
    decoded_base64,
    entropy,
    is_counted,
    is_generated,
    is_id,
    is_no_secret,
)
from tests.helpers.scanning import SECRET


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", True),
        (" null ", True),
        ("PLACEHOLDER_BILL_DEV_KEY", True),
        ("Bearer PLACEHOLDER_AUTHORIZATION_2", True),
        (f"PLACEHOLDER_X {SECRET}", False),
        ("********", True),
        ("XXXXXXXX1234", True),
        (f"***{SECRET}", False),
        ("{{dev_key}}", True),
        ("${BILL_DEV_KEY}", True),
        ("<your key>", True),
        ("%(key)s", True),
        (f"<a>{SECRET}</a>", False),
        ("REDACTED", True),
        ("your-dev-key-1", True),
        ("ada@example.com", True),
        ("ada@bill.com", False),
        ("secret", True),
        (f"my-secret-{SECRET}", False),
        (SECRET, False),
    ],
)
def test_what_is_harmless(value, expected):
    assert is_no_secret(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("00901AGGKZYWJBUUIDDL", True),
        ("bgt_5tu733h277ii53eujrq5fsm3ko", True),
        ("9b2f6c1e-3d47-4a58-8c90-1e5d7f2a6b34", True),
        ("9b2f6c1e3d474a588c901e5d7f2a6b34", True),
        ("2026-11-24", True),
        ("2026-11-24T12:49:11.789+00:00", True),
        (base64.b64encode(b"Budget:3c2f9a7d-1e4b").decode(), True),
        (base64.b64encode(b"user:correct-horse").decode(), False),
        (SECRET, False),
        ("00901", False),
        ("", False),
    ],
)
def test_what_an_id_is(value, expected):
    assert is_id(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SECRET, True),
        (SECRET[:12], True),
        (SECRET[:11], False),
        ("AccountsPayableVendor1", False),
        ("correct-horse-battery-staple", False),
        ("123456789012345", False),
        ("two words 1234567", False),
        ("aaaaaaaaaaa1", False),
        ("00901AGGKZYWJBUUIDDL", False),
        ("", False),
    ],
)
def test_what_looks_made_by_a_machine(value, expected):
    assert is_generated(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0123456789", True),
        ("key-987654x", True),
        ("ABCDEF", True),
        ("99887766", True),
        (SECRET, False),
        ("884422119935", False),
        ("", False),
    ],
)
def test_what_was_counted(value, expected):
    assert is_counted(value) is expected


def test_entropy_in_bits_per_character():
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcdefgh") == 3
    assert entropy("") == 0


TEXT = json.dumps({"devKey": "v"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (base64.b64encode(TEXT.encode()).decode(), TEXT),
        (base64.urlsafe_b64encode("a text: ÿÿÿÿ".encode()).decode().rstrip("="), "a text: ÿÿÿÿ"),
        (base64.b64encode(b"\x00\x01\x02" * 8).decode(), None),
        (base64.b64encode(b"\xff\xfe" * 10).decode(), None),
        ("short", None),
        ("not base64, but a text", None),
        ("A" * 17, None),  # no length of base64
        ("00901AGGKZYWJBUUIDDL", None),
        ("", None),
    ],
)
def test_texts_in_base64(value, expected):
    assert decoded_base64(value) == expected
