"""A text without traceback in what pytest makes of errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_bill.hiding.plain_reports import as_longrepr, is_plain
from pytest_bill.hiding.reports import hide_secrets

SECRET = "correct-horse-battery"


@pytest.fixture
def report(pytester):
    """A report of a failure that a line of this file led to."""
    config = pytester.parseconfig(f"--rootdir={Path(__file__).parent}")

    def fail() -> None:
        raise ValueError(SECRET) from KeyError(SECRET)

    with pytest.raises(ValueError, match=SECRET) as caught:
        fail()
    made = pytest.TestReport("a", ("a", 1, "a"), {}, "failed", None, "call")
    made.longrepr = as_longrepr(caught, f"text\n{SECRET}", f"summary {SECRET}", config)
    return made


def test_its_parts_are_where_others_look_for_them(report):
    assert report.longreprtext == f"text\n{SECRET}"
    assert report.head_line == "a"
    crash = report.longrepr.reprcrash
    assert (crash.path, crash.message) == (__file__, f"summary {SECRET}")
    assert "raise ValueError" in Path(__file__).read_text().splitlines()[crash.lineno - 1]
    assert is_plain(report.longrepr)


def test_it_comes_through_another_process(report):
    sent = json.loads(json.dumps(report._to_json()))
    again = pytest.TestReport._from_json(sent)
    assert again.longreprtext == report.longreprtext
    assert again.longrepr.reprcrash.message == report.longrepr.reprcrash.message
    assert is_plain(again.longrepr)


def test_secrets_are_hidden_in_all_of_it(report):
    hide_secrets(report, lambda text: text.replace(SECRET, "HIDDEN"))
    assert SECRET not in json.dumps(report._to_json())
    assert report.longrepr.reprcrash.message == "summary HIDDEN"


@pytest.mark.parametrize("longrepr", [None, "text", ("a", 1, "b")])
def test_what_is_none(longrepr):
    assert not is_plain(longrepr)
