"""The scan on a corpus: it misses no secret at BILL's own names, and alarms on nothing innocent."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from .corpus import innocents, secrets


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.nightly)])
def test_no_secret_at_a_name_of_bills_is_missed(scan, tmp_path, every):
    chosen = [*secrets()][::every]
    cases = {f"{number:04}/{case.suffix}": case for number, case in enumerate(chosen)}
    for path, case in cases.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(case.text, encoding="utf-8")
    outcome = scan(".", "--format", "json")
    found = {each["file"] for each in outcome.findings if each["rule"].startswith("bill-")}
    missed = [case.kind for path, case in cases.items() if path not in found]
    assert len(cases) >= 200
    assert missed == []
    shown = json.dumps(outcome.findings)
    assert [case.kind for case in cases.values() if case.secret in shown] == []


def test_nothing_innocent_is_an_alarm(scan, tmp_path):
    kinds, lines = {}, 0
    for kind, path, text in innocents():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        kinds[path] = kind
        lines += text.count("\n")
    outcome = scan(".", "--format", "json")
    alarms = Counter(
        (kinds[each["file"]], each["rule"], each["field"]) for each in outcome.findings
    )
    assert lines >= 2000
    assert alarms == {}
