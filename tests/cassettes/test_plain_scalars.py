"""The rules for plain scalars are the installed PyYAML's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import SafeLoader

from pytest_bill.cassettes import plain_scalars


def test_the_rules_are_pyyamls():
    ours = {
        first: [rule.pattern for rule in rules] for first, rules in plain_scalars._RULES_OF.items()
    }
    theirs = {
        first: [means.pattern for _, means in rules]
        for first, rules in SafeLoader.yaml_implicit_resolvers.items()
    }
    theirs.pop(None, None)  # the empty scalar's
    theirs = {("\0" if first == "" else first): rules for first, rules in theirs.items()}
    assert {first: sorted(rules) for first, rules in ours.items()} == {
        first: sorted(rules) for first, rules in theirs.items()
    }


@pytest.mark.parametrize("text", ["OK", "Tue, 24 Nov 2026", "0.1.0", "text/html", "12-34", "nop"])
def test_text_is_text(text):
    assert plain_scalars.is_text(text)


@pytest.mark.parametrize(
    "written", ["200", "1.5", "on", "No", "~", "null", "2026-01-01", "0x1f", "1:30", "<<", "="]
)
def test_what_is_something_else_is_none(written):
    assert not plain_scalars.is_text(written)


@given(st.text(st.sampled_from("0123456789-+.:eExynoNT _Z~=<!&*"), min_size=1, max_size=12))
def test_all_is_told_as_pyyaml_tells_it(written):
    rules = SafeLoader.yaml_implicit_resolvers.get(written[0], [])
    assert plain_scalars.is_text(written) == (not any(each.match(written) for _, each in rules))
