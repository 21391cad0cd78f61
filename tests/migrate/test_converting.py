"""What other recorders recorded becomes BILL's, and scrubbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.environments import LOCAL_SERVER, SANDBOX, at_origin
from pytest_bill.interaction import Interaction
from pytest_bill.migrate.converting import Converter, Secrets, as_bills
from pytest_bill.scan.fix import CannotFix
from pytest_bill.scrubbing.scrub import ScrubRules

API = "https://gateway.stage.bill.com/connect/v3"
PROXY = at_origin("https://bill.acme.example", "custom")
JSON = {"content-type": ["application/json"]}


def answered(url: str, server: str = "x", body: bytes = b"{}", **headers: str) -> Interaction:
    return Interaction("GET", url, headers, b"", 200, "OK", {**JSON, "Server": [server]}, body)


def converted(
    *interactions: Interaction, known: Secrets | None = None, places: ScrubRules | None = None
) -> str:
    converter = Converter(known or Secrets(), b"k" * 32, places)
    converter.learn(Path("a.yaml"), interactions)
    return converter.converted(Path("a.yaml")).text


@pytest.mark.parametrize(
    ("url", "server", "environment", "bills"),
    [
        (f"{API}/vendors", "x", SANDBOX, f"{API}/vendors"),
        ("https://api.bill.com/api/v2/a", "x", SANDBOX, "https://api.bill.com/api/v2/a"),
        ("http://127.0.0.1:1/connect/v3/vendors", LOCAL_SERVER, SANDBOX, f"{API}/vendors"),
        ("http://127.0.0.1:1/connect/v3/vendors", "x", SANDBOX, None),
        ("http://127.0.0.1:1/other", LOCAL_SERVER, SANDBOX, None),
        ("ftp://127.0.0.1:1/connect/v3/vendors", LOCAL_SERVER, SANDBOX, None),
        ("https://bill.acme.example/connect/v3/vendors", "x", PROXY, f"{API}/vendors"),
        ("https://bill.acme.example/connect/v3/vendors", "x", SANDBOX, None),
        ("https://api.stripe.example/v3/vendors", "x", PROXY, None),
    ],
)
def test_whose_a_request_is(url, server, environment, bills):
    found = as_bills(answered(url, server), environment)
    assert (found.url if found is not None else None) == bills


def test_the_word_of_a_filter_is_no_secret_elsewhere():
    text = converted(answered(f"{API}/vendors", devKey="REDACTED", body=b'{"name":"REDACTED"}'))
    assert "PLACEHOLDER_BILL_DEV_KEY" in text
    assert '"name":"REDACTED"' in text


def test_a_value_at_a_secret_place_is_found_elsewhere():
    session = "5c1d9e7a40b3428f9d6ae2b7c8f01234"
    text = converted(
        answered(f"{API}/vendors", sessionId=session), answered(f"{API}/bills?x={session}")
    )
    assert session not in text
    assert text.count("PLACEHOLDER_BILL_SESSION_ID") == 2


def test_two_users_that_stand_in_the_code_are_told_apart():
    bodies = [b'{"username":"%s@acme.test","password":"p"}' % each for each in (b"ann", b"bob")]
    sign_ins = [
        Interaction(
            "POST",
            f"{API}/login",
            {"Content-Type": "application/json"},
            body,
            200,
            "OK",
            JSON,
            b"{}",
        )
        for body in bodies
    ]
    text = converted(*sign_ins)
    assert "acme.test" not in text
    assert text.count("PLACEHOLDER_BILL_USERNAME_") == 2


def test_a_value_of_the_variables_that_would_stay_is_refused(monkeypatch):
    known = Secrets([("PLACEHOLDER_BILL_DEV_KEY", "01SOMEDEVKEYOFOURS77")])
    interactions = [answered(f"{API}/vendors?x=01SOMEDEVKEYOFOURS77")]
    assert "01SOMEDEVKEYOFOURS77" not in converted(*interactions, known=known)
    converter = Converter(known, b"k" * 32)
    converter.learn(Path("a.yaml"), interactions)
    monkeypatch.setattr(converter._fixer, "scrubbed", lambda _: "x: 01SOMEDEVKEYOFOURS77")
    with pytest.raises(CannotFix, match="a value of the variables would still be in it"):
        converter.converted(Path("a.yaml"))


def test_places_that_the_suite_names_are_secret_too():
    places = ScrubRules(frozenset({"X-Acme-Key"}), frozenset({"badge"}))
    headers = {"X-Acme-Key": "of-this-team-only"}
    recorded = answered(
        f"{API}/vendors?badge=b4dge-0001", body=b'{"badge":"b4dge-0001"}', **headers
    )
    text = converted(recorded, places=places)
    assert "of-this-team-only" not in text
    assert text.count("PLACEHOLDER_BADGE") == 2
    assert not Path("a.yaml").exists()
