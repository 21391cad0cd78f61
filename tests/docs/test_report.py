"""docs/report.md says what is in the report of a run, in its JUnit file, and on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_bill.run.notices import FAILING, INFORMING, NoticeKind
from pytest_bill.run.usage import Usage
from tests.plugin.suites import LOCAL, NO_CACHE, RECORD

TEXT = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
SUITE = """
import pytest

@pytest.mark.bill_cassette("named")
def test_one(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok

def test_nothing(bill_dev_session):
    pass
"""
ONLY_VERIFYING = {"verified", "drifted"}


def rows(header: str) -> list[list[str]]:
    """The cells of a table of the document, without the marks of code."""
    table = TEXT.partition(header)[2].partition("\n\n")[0]
    return [
        [cell.strip().strip("`") for cell in line.strip("|").split(" | ")]
        for line in table.splitlines()[2:]
    ]


KEYS = {key: kind for key, kind, _ in rows("| key | type | meaning |")}


def keys_in(report: dict[str, Any]) -> Iterator[str]:
    """The keys of a report, as the document writes them."""
    for name, value in report.items():
        if isinstance(value, dict):
            yield from (f"{name}.{each}" for each in value)
        elif isinstance(value, list):
            yield from {f"{name}[].{key}" for each in value for key in each}
        else:
            yield name


def value_at(report: dict[str, Any], key: str) -> Any:
    name, _, rest = key.partition(".")
    value = report[name.removesuffix("[]")]
    return (value[0] if name.endswith("[]") else value)[rest] if rest else value


@pytest.fixture
def run(pytester, monkeypatch):
    """Run the suite; gives its report and the names of the properties in its JUnit file."""
    monkeypatch.delenv("BILL_ENVIRONMENT", raising=False)
    pytester.makepyfile(test_a=SUITE)

    def run(*args: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
        result = pytester.runpytest_inprocess(
            *NO_CACHE, "--bill-report=of/bill.json", "--junit-xml=junit.xml", *args
        )
        assert result.ret == 0, result.stdout.str()
        suite = ElementTree.parse(pytester.path / "junit.xml").getroot()[0]
        nodes = {"": suite} | {each.get("name", ""): each for each in suite.findall("testcase")}
        properties = {
            name: [each.get("name", "") for each in node.findall("properties/property")]
            for name, node in nodes.items()
        }
        return json.loads((pytester.path / "of/bill.json").read_text()), properties

    return run


OF_TYPES = {
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "texts": lambda value: isinstance(value, list) and all(isinstance(x, str) for x in value),
}


def test_a_report_has_the_keys_of_the_document_and_no_other(run):
    recorded, properties = run(*RECORD)
    verified, _ = run("--bill-verify", *LOCAL)
    found = {*keys_in(recorded), *keys_in(verified)}
    assert found - set(KEYS) == set()
    missing = {key for key in set(KEYS) - found if not key.startswith("usage.")}
    assert missing == set()
    assert not ONLY_VERIFYING & set(recorded)
    for report in (recorded, verified):
        for key in keys_in(report):
            is_right = OF_TYPES.get(KEYS[key])
            assert is_right is None or is_right(value_at(report, key)), key
    of_test = [name for name, _ in rows("| property of a test | meaning |")]
    assert properties["test_one"] == of_test[:3]
    assert properties["test_nothing"] == []
    named = re.findall(r"`(bill\.\w+)`", TEXT.partition("The suite has")[2])
    assert properties[""] == named
    _, live = run("--bill-live", *LOCAL)
    assert live["test_one"] == of_test[3:]


def test_all_that_is_known_of_usage_is_there():
    documented = {key.removeprefix("usage.") for key in KEYS if key.startswith("usage.")}
    assert documented == {each.name for each in fields(Usage)}


@pytest.mark.parametrize("kind", NoticeKind)
def test_each_kind_of_notice_is_there_and_when_it_fails_a_run(kind):
    found = {
        name: (title, when) for name, title, when in rows("| kind | what the summary calls it")
    }
    assert set(found) == {each.key for each in NoticeKind}
    title, when = found[kind.key]
    assert title == str(kind)
    always, never = kind in FAILING, kind in INFORMING
    assert when.startswith("yes" if always else "no" if never else "with `--bill-strict")
