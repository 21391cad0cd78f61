"""What cassettes have to know of the tests that run."""

from __future__ import annotations

from pytest_bill.cassettes.running_tests import RunningTests


def test_by_default_there_are_none():
    none = RunningTests()
    assert (none.name_now(), none.ended_owner(), none.use_of_sign_in("own")) == ("", "", None)
    none.open_cassette(by_session=True)
