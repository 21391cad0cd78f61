"""What an expression needs: never more than a match has."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scan.detect_secrets import Engine
from pytest_bill.scan.needs import IN_RUN, Needs, needs_of

PATTERNS = [pattern for _, each in Engine()._detectors for pattern in each._patterns]
RUN = re.compile(f"[{IN_RUN}]+")


def longest_run(text: str) -> int:
    return max(map(len, RUN.findall(text)), default=0)


@pytest.mark.parametrize(
    ("pattern", "run", "words"),
    [
        (r"\bAKIA[0-9A-Z]{16}\b", 20, {"akia"}),
        (r"A(?:KI|SI)A[0-9]{4}", 8, {"aki", "asi"}),
        (
            r"(?:npm_[a-z]{4})|(?:(?:_auth|NPM[ _]?TOKEN).{0,5}([a-z]{9}))",
            8,
            {"npm_", "_auth", "token"},
        ),
        (r"key .{0,20}?[0-9a-f]{40}", 40, {"key "}),
        (r"key\s[0-9]{3}", 3, {"key"}),
        (r"[a-z ]{40}", 0, set()),
        (r"(?:[a-z]{2}-){3}", 9, {"-"}),
        (r"(?:secret)?[0-9]{4}", 4, set()),
        (r"a(?=bcd)[a-z]{2}", 3, {"a"}),
    ],
)
def test_what_an_expression_needs(pattern, run, words):
    needs = needs_of(re.compile(pattern))
    assert (needs.run, set(needs.words)) == (run, words)


def test_other_letters_may_be_the_same_in_another_case():
    slack = re.compile("xoxs-[0-9]+", re.IGNORECASE)
    assert slack.search("xox\u017f-1")
    assert needs_of(slack).are_met_by("xox\u017f-1".lower())
    assert not needs_of(slack).are_met_by("xox")


def test_nothing_is_known_where_python_does_not_tell(monkeypatch):
    pattern = re.compile("abc")
    with monkeypatch.context() as patched:
        patched.delattr("re._parser.parse")
        assert needs_of(pattern) == Needs()
    assert Needs().are_met_by("")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:20])
@pytest.mark.sampled(5)
def test_each_match_of_a_detector_has_what_it_needs(pattern):
    needs = needs_of(pattern)
    assert needs.run
    assert needs.words

    @settings(max_examples=20, deadline=None, database=None)
    @given(st.from_regex(pattern), st.randoms(use_true_random=False))
    def check(text: str, chance: random.Random) -> None:
        found = pattern.search(text)
        assert found is not None
        assert longest_run(found.group(0)) >= needs.run
        around = chance.choice(["", " ", "\n", "x, "])
        assert needs.are_met_by(f"{around}{text}{around}".lower())

    check()
