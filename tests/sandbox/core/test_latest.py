"""Only the latest is kept."""

from pytest_bill.sandbox.core.latest import MOST_KEPT, Latest


def test_the_oldest_goes_when_there_are_too_many():
    latest: Latest[int] = Latest()
    for number in range(MOST_KEPT + 2):
        latest.add(number)
    assert latest.all() == list(range(2, MOST_KEPT + 2))


def test_what_was_taken_is_kept_no_longer():
    latest: Latest[str] = Latest()
    latest.add("first")
    assert latest.take_all() == ["first"]
    latest.add("second")
    assert latest.all() == ["second"]
    latest.clear()
    assert latest.all() == []
