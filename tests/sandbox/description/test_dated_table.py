"""Files of rows that say as of when they are."""

import pytest

from pytest_bill.sandbox.description import dated_table


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(dated_table, "__file__", str(tmp_path / "dated_table.py"))
    (tmp_path / "a.tsv").write_text(
        "# index of: somewhere\n# read: 2026-11-30\na\tb c\nd\té\n", "utf-8"
    )
    return dated_table.DatedTable("a.tsv")


def test_rows_and_what_its_first_lines_say(table):
    assert table.rows() == [["a", "b c"], ["d", "é"]]
    assert (table.said_of("read"), table.said_of("index of")) == ("2026-11-30", "somewhere")


def test_a_day_that_is_not_said_is_told_with_the_line_that_lacks(table):
    with pytest.raises(ValueError, match=r"a\.tsv does not say .*: # held against: yyyy-MM-dd"):
        table.said_of("held against")
