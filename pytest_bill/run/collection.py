"""Which tests use BILL, and the cassettes that pytest sets up for them.

pytest imports this module in every run: it imports nothing itself before a test uses BILL.
"""

from __future__ import annotations

import pytest

FIXTURES = frozenset(
    {
        "bill_dev_session",
        "bill_sync_session",
        "bill_console_session",
        "bill_spend_client",
        "bill_partner_session",
        "bill_environ",
    }
)
"""A test that asks for one of these uses BILL."""

MARKER = "bill_cassette"
_RUN_FIXTURE = "_bill_run"
_CASSETTE_FIXTURE = "_bill_cassette"


def give_cassette(item: pytest.Item) -> None:
    """Set the cassette of a test that uses BILL up before anything else of it."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is None or has_cassette(item):
        return
    if item.get_closest_marker(MARKER) is not None or not FIXTURES.isdisjoint(names):
        # The run first: a wide fixture may start a process that asks BILL later.
        names[:0] = [_RUN_FIXTURE, _CASSETTE_FIXTURE]


def has_cassette(item: pytest.Item) -> bool:
    """Whether a test was given a cassette."""
    return _CASSETTE_FIXTURE in getattr(item, "fixturenames", ())


def has_asked_for_bill(item: pytest.Item) -> bool:
    """Whether a test has asked for a BILL fixture while it was running."""
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", ())
    return not FIXTURES.isdisjoint(asked)


def refuse_one_file_for_two(items: list[pytest.Item]) -> None:
    """Refuse two tests whose automatic cassettes a disk that ignores case would mix up.

    Raises:
        pytest.UsageError: there are two such tests.
    """
    seen: dict[str, str] = {}
    for item in items:
        if not has_cassette(item):
            continue
        marker = item.get_closest_marker(MARKER)
        if marker is not None and marker.args:
            continue
        from pytest_bill.cassettes.naming import cassette_of_test

        place = str(cassette_of_test(item.nodeid)).casefold()
        other = seen.setdefault(place, item.nodeid)
        if other != item.nodeid:
            raise pytest.UsageError(
                f"{other} and {item.nodeid} would share the cassette {place} on a disk that "
                "ignores case.\nRename one, or name its cassette with @pytest.mark.bill_cassette."
            )
