"""What happened to the requests of a run, in numbers."""

from __future__ import annotations

from pytest_bill.cassettes.counts import Counts


def test_they_are_given_by_name():
    assert Counts(requests=3, replayed=2).as_dict() == {
        "sign_ins": 0,
        "requests": 3,
        "recorded": 0,
        "replayed": 2,
        "live": 0,
    }
