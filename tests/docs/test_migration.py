"""What docs/migration.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_bill.cassettes.naming import cassette_by_name, cassette_of_test
from pytest_bill.migrate.config_keys import KEYS
from pytest_bill.migrate.sources import SOURCES

TEXT = (Path(__file__).parents[2] / "docs" / "migration.md").read_text(encoding="utf-8")


def rows(header: str) -> list[tuple[str, str]]:
    """The rows of the table with that header, by their first two columns."""
    table = TEXT.partition(header)[2].partition("\n\n")[0].splitlines()[1:]
    parts = [re.split(r"(?<!\\)\|", row) for row in table]
    return [(row[1].strip(), row[2].strip()) for row in parts if len(row) > 2][1:]


def test_the_rule_for_names():
    examples = rows("| test | cassette |")
    assert len(examples) == 5
    for test, cassette in examples:
        named = re.fullmatch(r'`@pytest.mark.bill_cassette\("(.*)"\)`', test)
        found = cassette_by_name(named[1]) if named else cassette_of_test(test.strip("`"))
        assert f"`{found}`" == cassette


def test_each_setting_is_in_the_table():
    told = re.findall(
        r"`(\w+)`", " ".join(first for first, _ in rows("| `vcr_config` | `bill_config` |"))
    )
    assert sorted(told) == sorted(KEYS)


def test_each_recorder_is_in_the_table():
    assert [first for first, _ in rows("| from | a test's")] == [
        *("pytest-recording", "pytest-vcr", "cassetter", "vcrpy")
    ]
    assert set(SOURCES) == {"pytest-recording", "pytest-vcr", "cassetter", "vcrpy"}
