"""benchmarks/others: what it says of other tools is worth as much as its finder."""

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from benchmarks.others.cases import cases
from benchmarks.others.finder import finds
from benchmarks.others.report import EXAMPLES, report
from benchmarks.others.results import Results
from benchmarks.others.tools import (
    BLIND,
    BY_NAME_ONLY,
    CASSETTER_ALONE,
    CASSETTER_BY_NAME,
    CONTROL,
    OURS,
    PINNED,
    TOOLS,
    WITH_VALUE,
    as_vcrpy_writes,
    cassettes,
    with_pytest_recording,
)

DOCUMENT = Path(__file__).parents[2] / "docs/what-others-let-through.md"


@pytest.fixture(scope="module")
def sample():
    """Each place with one encoding, each encoding in one place, and the page's examples."""
    made = cases()
    places = list(dict.fromkeys(case.place for case in made))
    encodings = list(dict.fromkeys(case.encoding.name for case in made))
    wanted = {(place, encodings[at % len(encodings)]) for at, place in enumerate(places)}
    one_each = {(case.place, case.encoding.name): case for case in made}
    rows = [row for _, row, *_ in EXAMPLES]
    chosen = [case for pair, case in one_each.items() if pair in wanted]
    chosen += [case for case in made if case.place.row in rows and case.is_plain]
    assert {case.place for case in chosen} == set(places)
    assert {case.encoding.name for case in chosen} == set(encodings)
    return chosen


@pytest.fixture(scope="module")
def results(sample, tmp_path_factory):
    """Those of vcrpy as it is installed here, and of pytest-bill."""
    results = Results(sample)
    for name in (CONTROL, BY_NAME_ONLY, WITH_VALUE, BLIND, OURS):
        folder = tmp_path_factory.mktemp("cases") / "here"
        recorded = TOOLS[name].record(sample, folder, sys.executable, TOOLS[name].told)
        results.add(name, recorded)
        results.add(name.replace("vcrpy", "pytest-recording"), recorded)
        if name == BY_NAME_ONLY:  # cassetter is not installed here; `make others` has it
            results.add(CASSETTER_ALONE, recorded)
            results.add(CASSETTER_BY_NAME, recorded)
    return results


@pytest.mark.nightly
def test_the_finder_finds_each_secret_where_nothing_is_filtered(results, sample):
    assert results.let_through(CONTROL) == sample
    assert results.missed() == []


@pytest.mark.nightly
def test_the_finder_finds_no_secret_that_is_not_there(results, sample):
    for name in (CONTROL, OURS):
        for case, text in zip(sample, results.recorded[name], strict=True):
            written = case.encoding.encode("Another, secret 42", lambda _: False)
            other = replace(case, secret="Another, secret 42", written=written)
            assert not finds(other, text), str(case)


@pytest.mark.nightly
def test_pytest_bill_records_all_and_lets_none_through(results):
    assert results.let_through(OURS) == []
    assert None not in results.recorded[OURS]


@pytest.mark.nightly
def test_the_filters_hold_back_what_they_are_told_and_no_more(results):
    by_name = {case.place.row for case in results.let_through(BY_NAME_ONLY)}
    assert "form field `password`" not in by_name
    assert {"JSON field `password`, deeper", "response: JSON field `sessionId`"} <= by_name
    by_value = results.let_through(WITH_VALUE)
    assert "JSON field `password`, deeper" not in {case.place.row for case in by_value}
    assert by_value
    assert not any(case.is_literal for case in by_value)


@pytest.mark.nightly
def test_a_blind_finder_is_noticed(results, sample):
    through = {CONTROL: True, BLIND: False, CASSETTER_BY_NAME: True}
    through = {tool: [each] * len(sample) for tool, each in through.items()}
    cleaned = Results(sample, results.recorded, through)
    assert cleaned.missed() == [case for case in sample if not case.place.is_named]
    cleaned.through[CONTROL][0] = False
    assert sample[0] in cleaned.missed()


@pytest.mark.nightly
def test_the_page_has_what_was_counted(results, sample):
    page = report(results, date(2026, 1, 2), ["vcrpy 1.2"])
    assert "2026-01-02" in page
    assert "vcrpy 1.2" in page
    row = next(line for line in page.splitlines() if line.startswith("| response's reason |"))
    cells = [each.strip() for each in row.strip("|").split("|")[1:]]
    count = sum(case.place.row == "response's reason" for case in sample)
    assert cells[-1] == f"0 / {count}"
    assert f"| {OURS} | {TOOLS[OURS].described} | 0 / {len(sample)} | 0 |" in page


@pytest.mark.nightly
def test_tools_that_differ_are_not_put_in_one_column(results, sample):
    differing = Results(sample, results.recorded, dict(results.through))
    differing.through["pytest-recording, by name"] = [False] * len(sample)
    with pytest.raises(SystemExit, match="column of its own"):
        report(differing, date(2026, 1, 2), [])


def test_a_tool_that_recorded_nothing_without_an_error_is_no_success(tmp_path):
    (tmp_path / "0.error").touch()
    assert cassettes(tmp_path, ["0.yaml"]) == [None]
    with pytest.raises(SystemExit, match="neither a cassette nor an error"):
        cassettes(tmp_path, ["0.yaml", "1.yaml"])


def test_what_cassetter_writes_is_read_as_it_is_meant():
    written = """
version: 1
interactions:
- request:
    method: POST
    uri: https://a.example/
    headers: {x-trace: [one]}
    body: {type: json, content: {a: ["ö", 1]}}
  response:
    status: 302
    headers: {location: [/b], x-other: [two]}
    body: {type: binary, content: 00ff41}
"""
    (read,) = yaml.safe_load(as_vcrpy_writes(written))["interactions"]
    assert json.loads(read["request"]["body"]) == {"a": ["ö", 1]}
    assert read["request"]["headers"] == {"X-Trace": ["one"]}
    assert read["response"] == {
        "status": {"code": 302, "message": ""},
        "headers": {"Location": ["/b"], "x-other": ["two"]},
        "body": {"string": b"\x00\xffA"},
    }


@pytest.mark.nightly
def test_pytest_recording_is_run_as_it_is_documented(sample, results, tmp_path):
    told = TOOLS[WITH_VALUE].told
    few = slice(None, None, len(sample) // 3)
    recorded = with_pytest_recording(sample[few], tmp_path / "here", sys.executable, told)
    assert recorded == results.recorded[WITH_VALUE][few]


def test_the_page_in_docs_is_of_the_pinned_versions():
    page = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    assert all(f"{name} {version}" in page for name, version in PINNED.items())
    assert f"| {OURS} | {TOOLS[OURS].described} | 0 / " in page
