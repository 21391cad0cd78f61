"""What is said of a file that is no cassette."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.damaged import MOST_UNUSUAL, RESTORE, Damaged, check_size, line_of


def test_it_tells_the_line_why_and_what_to_do():
    told = Damaged("it is cut off", 7).told_of("The cassette a.yaml")
    assert told == f"The cassette a.yaml:7 is damaged or not a cassette: it is cut off.\n{RESTORE}"


def test_one_of_a_later_version_is_none_that_is_damaged():
    told = Damaged("it says version 2", advice="Update.", is_later=True).told_of("a.yaml")
    assert told == "a.yaml is of a later version of the format: it says version 2.\nUpdate."


def test_what_a_yaml_parser_could_not_read_in_time_is_refused():
    check_size(MOST_UNUSUAL)
    with pytest.raises(Damaged, match="are the most"):
        check_size(MOST_UNUSUAL + 1)


@pytest.mark.parametrize(("position", "line"), [(0, 1), (1, 1), (2, 2), (4, 3)])
def test_lines_are_counted_from_one(position, line):
    assert line_of("a\nb\nc", position) == line
