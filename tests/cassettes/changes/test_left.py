"""What is left of a list, of which each part is taken once."""

from __future__ import annotations

from pytest_bill.cassettes.changes.left import Left


def test_each_is_taken_once_by_whichever_key_comes_first():
    left = Left(3, {"a": [1, 0], "b": [2, 0], "c": [2, 1, 0]})
    assert left.take("none", "b") == 0
    assert left.take("a") == 1
    assert left.take("a") is None
    assert left.rest() == [2]
    assert left.take("a", "c") == 2
    assert left.rest() == []
