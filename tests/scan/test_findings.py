"""What may be shown of a hit: where it is and which rule found it; never the value."""

from __future__ import annotations

import json

import pytest

from pytest_bill.scan.findings import (
    WHOLE_FILE,
    Hit,
    Origin,
    Rule,
    Spot,
    findings_of_hits,
    fingerprint,
    rendered_path,
)
from tests.helpers.scanning import SECRET

RULE = Rule("a-rule", "a secret", "Do something.")
GUESSABLE = Rule("routing-number", "a number", "Do something.", guessable=True)
SALT = b"salt" * 4


def hit(value: str = SECRET, rule: Rule = RULE, **changes) -> Hit:
    values = {
        "origin": Origin(1, "GET", "/connect/v3/vendors"),
        "line": 7,
        "part": "answer body",
        "path": (("$", "vendors"), 0),
        "name": "devkey",
        "rule": rule,
        "value": f"all of it: {value}",
    }
    return Hit(Spot(**(values | changes)), rule, value)


def test_a_finding_says_where_and_what():
    (finding,) = findings_of_hits([hit()], "a.yaml", SALT)
    assert finding.where == "interaction 1 (GET /connect/v3/vendors), answer body $.vendors[0]"
    assert (finding.rule, finding.what, finding.length) == ("a-rule", "a secret", len(SECRET))
    assert finding.advice == "Do something."
    (finding,) = findings_of_hits([hit(origin=WHOLE_FILE)], "a.txt", SALT)
    assert finding.where == "answer body $.vendors[0]"
    assert json.loads(json.dumps(finding.as_dict()))["line"] == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"path": ("$", SECRET)},
        {"path": ("$", f"x{SECRET}y")},
        {"path": ("$", SECRET[::-1])},  # no secret that was found, but it looks like one
        {"origin": Origin(1, "GET", f"/a/{SECRET}/b")},
        {"part": f"request header {SECRET}"},
    ],
)
def test_a_secret_in_what_is_shown_is_masked(changes):
    (finding,) = findings_of_hits([hit(**changes)], "a.yaml", SALT)
    shown = json.dumps(finding.as_dict()) + repr(finding) + finding.where
    assert SECRET not in shown
    assert SECRET[::-1] not in shown
    assert "***" in shown


def test_a_terminals_control_sequences_are_not_shown():
    (finding,) = findings_of_hits([hit(path=("$", "\x1b[2J\x07a"))], "a.yaml", SALT)
    assert finding.field == "answer body $.?[2J?a"
    (finding,) = findings_of_hits([hit(path=("$", "long " + "k" * 100))], "a.yaml", SALT)
    assert finding.field.endswith("k" * 64 + "…")


def test_findings_are_sorted_and_each_is_there_once():
    hits = [hit(line=line) for line in (9, 3, 9)]
    assert [each.line for each in findings_of_hits(hits, "a.yaml", SALT)] == [3, 9]


def test_a_fingerprint_tells_values_apart_and_gives_none_away():
    mark = fingerprint(SECRET, RULE, SALT)
    assert len(mark) == 5
    assert mark == fingerprint(SECRET, RULE, SALT)
    assert mark != fingerprint(SECRET[::-1], RULE, SALT)
    assert mark != fingerprint(SECRET, RULE, b"other salt")
    assert fingerprint("322271779", GUESSABLE, SALT) == ""
    assert fingerprint("1234567", RULE, SALT) == ""
    assert fingerprint("half a pair \ud83d", RULE, b"x" * 100)


def test_the_hash_of_a_place_is_the_same_whatever_the_value():
    (one,) = findings_of_hits([hit()], "a.yaml", SALT)
    (other,) = findings_of_hits([hit("another-value-0123")], "a.yaml", b"other")
    (elsewhere,) = findings_of_hits([hit(line=8)], "b.yaml", SALT)
    assert one.place == other.place != elsewhere.place


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$", "$"),
        ((("$", "a"), 0), "$.a[0]"),
        (((("$", "vendor"), "accounts"), 12), "$.vendor.accounts[12]"),
        ("data", "data"),
        ("", ""),
    ],
)
def test_a_path_in_words(path, text):
    assert rendered_path(path) == text


def test_no_repr_shows_the_value():
    shown = repr([hit(), hit().spot, Origin(1, "GET", f"/{SECRET}")])
    assert SECRET not in shown
    assert "<Hit a-rule>, <Spot in line 7>" in shown
