"""What is kept of a large cassette in pytest's cache folder, in whole runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

pytestmark = pytest.mark.nightly  # tests/cassettes/test_kept_indexes.py has the rest

SIGN_IN = Path(__file__).parents[2] / "cassettes/sign_in/developer_key.yaml"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"
TEST = """
    import pytest

    @pytest.mark.bill_cassette("large")
    @pytest.mark.parametrize("number", [7, 70])
    def test_one(bill_dev_session, number):
        assert bill_dev_session.get(f"/v3/vendors/{number}").json()["note"].startswith("x")
"""


def large(answer: bytes) -> list[Interaction]:
    headers = {"content-type": ["application/json"]}
    return [
        Interaction("GET", f"{URL}/{number}", {}, b"", 200, "OK", headers, answer)
        for number in range(1200)
    ]


@pytest.fixture
def cassette(pytester):
    """Write the cassette, with a note in each answer that begins with a letter."""

    def cassette(letter: str) -> None:
        path = pytester.path / "cassettes/large.yaml"
        answer = b'{"note": "%s"}' % (letter + "x" * 1000).encode()
        store.save(path, store.Recording(large(answer)), lambda _: None)

    pytester.makepyfile(test_bill=TEST)
    (pytester.path / "cassettes/sign_in").mkdir(parents=True)
    shutil.copy(SIGN_IN, pytester.path / "cassettes/sign_in")
    cassette("x")
    return cassette


def kept(pytester) -> list[str]:
    return [each.name for each in (pytester.path / ".pytest_cache/d/bill").glob("*")]


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "workers"])
def test_it_is_kept_used_and_cleared(pytester, cassette, options):
    for _ in range(2):
        pytester.runpytest_subprocess(*options).assert_outcomes(passed=2)
        assert len(kept(pytester)) == 1
    cassette("y")
    pytester.runpytest_subprocess(*options).assert_outcomes(failed=2)
    cassette("x")
    pytester.runpytest_subprocess("--cache-clear", "--collect-only")
    assert kept(pytester) == []


def test_without_the_cache_it_plays_as_before(pytester, cassette):
    for _ in range(2):
        pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
        assert not (pytester.path / ".pytest_cache").exists()


def test_where_nothing_can_be_written_it_plays_as_before(pytester, cassette):
    (pytester.path / ".pytest_cache").write_text("no folder")
    for _ in range(2):
        pytester.runpytest_subprocess("-W", "ignore").assert_outcomes(passed=2)
