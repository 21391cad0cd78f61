"""Tests as pytest collects them, made without a suite."""

from __future__ import annotations

from pathlib import Path

from pytest_bill.migrate.suite import Collected, Marker


def collected(where: Path = Path("/suite"), /, **fields: object) -> Collected:
    """One with these fields; its module is ``test_a.py`` in that folder."""
    args = fields.pop("args", [])
    made = Collected(
        nodeid="test_a.py::test_one",
        path=where / "test_a.py",
        class_name="",
        name="test_one",
        qualname="test_one",
        defined_in=where / "test_a.py",
        markers=[Marker(args, [])],
        default_cassette="",
        is_ours=False,
        uses_bill=False,
        folder="",
        own_name="",
        asks_for=[],
        is_unittest=False,
        problems=[],
    )
    return made._replace(**fields)
