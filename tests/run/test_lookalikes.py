"""Which test looks like the new name of one that is gone."""

from __future__ import annotations

import pytest

from pytest_bill.run import lookalikes
from pytest_bill.run.lookalikes import Lookalikes

TESTS = {
    "test_a.py::test_list_of_vendors": "test_a/test_list_of_vendors.yaml",
    "test_a.py::test_list_of_bills": "test_a/test_list_of_bills.yaml",
    "test_a.py::test_pay": "test_a/test_pay.yaml",
    "test_b.py::test_moved": "test_b/test_moved.yaml",
    "test_c.py::test_pay": "test_c/test_pay.yaml",
}
THERE = {"test_a/test_list_of_bills.yaml", "test_c/test_pay.yaml"}


@pytest.mark.parametrize(
    ("gone", "test"),
    [
        ("test_a/test_list_vendors.yaml", "test_a.py::test_list_of_vendors"),
        # One that has a cassette comes last.
        ("test_a/test_list_of_billz.yaml", "test_a.py::test_list_of_vendors"),
        ("test_a/test_bills.yaml", "test_a.py::test_list_of_bills"),
        ("test_old/test_moved.yaml", "test_b.py::test_moved"),
        # Of two of the same name, the one that has none.
        ("test_old/test_pay.yaml", "test_a.py::test_pay"),
        ("test_a/test_quite_another.yaml", ""),
        ("test_old/test_list_of_vendor.yaml", ""),
    ],
)
def test_what_looks_like_it(gone, test):
    assert Lookalikes(TESTS, THERE.__contains__).of(gone) == test


def test_of_thousands_only_some_are_compared(monkeypatch):
    compared = []

    def closest(like, names, **_):
        compared.extend(names)
        return []

    monkeypatch.setattr(lookalikes, "get_close_matches", closest)
    tests = {f"test_a.py::test_{each}": f"test_a/test_{each}.yaml" for each in range(5_000)}
    found = Lookalikes(tests, lambda _: False)
    for number in range(100):
        found.of(f"test_a/test_old_{number}.yaml")
    assert len(compared) == 20_000
