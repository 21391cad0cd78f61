"""What another run wrote meanwhile is joined to what this one recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes import merging, staging, store
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def asked(number: int, when: str = "2026-01-01T00:00:00Z") -> Interaction:
    plain = Interaction("GET", f"{URL}/{number}", {}, b"", 200, "OK", {}, b"{}")
    return replace(plain, answered_by="sandbox", recorded_at=when)


def recording(*interactions: Interaction, **about) -> store.Recording:
    return store.Recording(list(interactions), {"pytest_bill": about} if about else {})


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cassettes" / "a.yaml"


@pytest.fixture
def joined(scratch, path):
    """Join ours to theirs; ``base`` was there when this run began."""

    def joined(base, theirs, ours, *, is_shared=False):
        if base is not None:
            store.save(path, base, lambda _: None)
        staging.keep_base(scratch, path, is_shared=is_shared)
        if theirs is not None:
            store.save(path, theirs, lambda _: None)
        return merging.with_others(scratch, path, ours)

    return joined


def urls(merged: merging.Merged) -> list[int]:
    return [int(each.url.rpartition("/")[2]) for each in merged.recording.interactions]


def test_where_nobody_has_written_it_there_is_nothing_to_join(joined):
    assert joined(recording(asked(1)), None, recording(asked(1), asked(2))) is None


def test_what_both_have_added_stays_and_what_both_have_asked_is_there_once(joined):
    later = "2026-01-02T00:00:00Z"
    theirs = recording(asked(1), asked(2), asked(3))
    merged = joined(recording(asked(1)), theirs, recording(asked(1), asked(2, later), asked(4)))
    assert urls(merged) == [1, 2, 3, 4]
    assert (merged.added, merged.doubles) == (1, 1)
    assert merged.recording.interactions[1].recorded_at != later


def test_a_request_that_one_asks_twice_is_the_same_once(joined):
    merged = joined(
        recording(asked(1)),
        recording(asked(1), asked(2)),
        recording(asked(1), asked(2, "2026-01-02T00:00:00Z"), asked(2, "2026-01-03T00:00:00Z")),
    )
    assert urls(merged) == [1, 2, 2]


def test_what_this_run_has_replaced_goes(joined):
    merged = joined(
        recording(asked(1), asked(2)),
        recording(asked(1), asked(2), asked(3)),
        recording(asked(1), asked(4)),
    )
    assert urls(merged) == [1, 3, 4]


def test_what_was_recorded_anew_as_a_whole_is_not_joined(joined):
    again = asked(1, "2026-01-02T00:00:00Z")
    assert joined(recording(asked(1)), recording(asked(1), asked(2)), recording(again)) is None
    assert joined(None, recording(asked(1)), recording(again)) is None


def test_a_cassette_that_tests_share_has_what_each_run_has_recorded(joined):
    merged = joined(None, recording(asked(1)), recording(asked(2)), is_shared=True)
    assert urls(merged) == [1, 2]


def test_a_damaged_file_is_not_joined(joined, path, scratch):
    joined(recording(asked(1)), None, recording())
    path.write_text("no cassette: [")
    assert merging.with_others(scratch, path, recording(asked(1), asked(2))) is None


def test_what_the_files_say_of_themselves_is_joined(joined):
    left = recording(asked(1), version="1", stand_ins={"kinds": ["names"], "fingerprint": "a"})
    right = recording(asked(2), version="2", stand_ins={"kinds": ["phones"], "fingerprint": "b"})
    merged = joined(None, left, right, is_shared=True)
    assert merged.recording.metadata["pytest_bill"] == {
        "version": "2",
        "environment": "sandbox",
        "stand_ins": {"kinds": ["names", "phones"], "fingerprint": "b", "mixed": True},
    }
