"""What a test that failed while it was recorded is told of the stand-ins that it was shown."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.run.shown_stand_ins import TITLE, add_section
from pytest_bill.scrubbing.personal_places import Kind


class Report:
    """As pytest's, as far as it is needed."""

    def __init__(self) -> None:
        self.sections: list[tuple[str, str]] = []


@pytest.fixture
def opened(recorder, use) -> OpenCassette:
    return recorder().open(use())


def test_a_test_that_was_shown_none_is_told_nothing(opened):
    report = Report()
    opened.cassette.shown.add(Kind.EMAIL, "ada@engines.org", "uda@zifona.example.org")
    add_section(report, opened)
    assert report.sections == []


def test_one_is_told_by_its_kind(opened):
    report = Report()
    opened.cassette.shown.seen[Kind.ZIP, "77002"] = None
    add_section(report, opened)
    ((title, text),) = report.sections
    assert title == TITLE
    assert text == (
        "1 value was shown to this test as stand-ins, as in each replay: address.\n"
        "Compare with what the test sent itself or with another answer, not with BILL's value; or "
        'record a kind as it is: bill_config["stand_ins"] = {"address": False}.'
    )


def test_those_of_fixtures_count_once(opened, recorder, use):
    fixture = recorder().open(use(name="fixture.yaml"))
    opened.cassette.add_fixture_cassette(fixture.cassette)
    for each in (opened, fixture):
        each.cassette.shown.seen[Kind.ORGANIZATION_NAME, "Happy Music Supplies"] = None
    fixture.cassette.shown.seen[Kind.EMAIL, "ada@engines.org"] = None
    report = Report()
    add_section(report, opened)
    ((_, text),) = report.sections
    assert text.startswith("2 values were shown to this test")
    assert '{"email": False, "organization_name": False}' in text
    assert "Happy" not in text
