"""What becomes of each recording before it is proven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.changes.quiet import Outcome
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.interaction import Interaction
from pytest_bill.proof.outcomes import Rules, settle

USUAL = Rules(Unchanged())
OLD_ID, NEW_ID = "00901AAAAAAAAAAAAAA1", "00901BBBBBBBBBBBBBB2"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def got(vendor_id: str, **more: str) -> Interaction:
    fields = "".join(f', "{name}": "{value}"' for name, value in more.items())
    body = f'{{"id": "{vendor_id}"{fields}}}'.encode()
    headers = {"Content-Type": ["application/json"]}
    return Interaction("GET", f"{URL}/1", {}, b"", 200, "OK", headers, body)


@pytest.fixture
def where(tmp_path):
    scratch = tmp_path / "run-1"
    scratch.mkdir()
    return staging.Staging(tmp_path / "cassettes", lambda: scratch, lambda: scratch)


@pytest.fixture
def settled(where, tmp_path):
    """What becomes of one cassette that was there, and is recorded anew."""

    def settled(old, new, rules=USUAL):
        path = tmp_path / "cassettes" / "a.yaml"
        if isinstance(old, str):
            path.parent.mkdir(exist_ok=True)
            path.write_text(old)
        elif old is not None:
            store.save(path, store.Recording([old]), lambda _: None)
        store.save(path, store.Recording([new]), lambda _: None, where)
        staging.mark(tmp_path / "run-1", path)
        (decision,) = settle([path], where, rules, lambda _: None).decisions
        waiting = store.load(path, where.place_of(path))
        return decision.outcome, waiting.interactions if waiting is not None else None

    return settled


def test_a_cassette_in_which_nothing_changed_waits_no_more(settled):
    assert settled(got(OLD_ID), got(NEW_ID)) == (Outcome.AS_BEFORE, None)


def test_what_changed_waits_with_the_old_ids(settled):
    outcome, waiting = settled(got(OLD_ID), got(NEW_ID, status="ACTIVE"))
    assert outcome is Outcome.CHANGED
    assert waiting == [got(OLD_ID, status="ACTIVE")]


def test_a_new_cassette_waits_as_it_is(settled):
    assert settled(None, got(NEW_ID)) == (Outcome.NEW, [got(NEW_ID)])


def test_what_takes_a_damaged_cassettes_place_is_new(settled):
    assert settled("- no cassette", got(NEW_ID)) == (Outcome.NEW, [got(NEW_ID)])


def test_what_counts_can_be_adjusted(settled):
    rules = Rules(replace(Unchanged(), ids=False))
    assert settled(got(OLD_ID), got(NEW_ID), rules)[0] is Outcome.CHANGED


def test_what_holds_a_secret_that_became_known_later_is_refused(where, tmp_path):
    path = tmp_path / "cassettes" / "a.yaml"
    store.save(path, store.Recording([got(NEW_ID)]), lambda _: None, where)
    staging.mark(tmp_path / "run-1", path)
    settled = settle([path], where, USUAL, lambda _: "PLACEHOLDER_LATE")
    assert settled.decisions == []
    assert "would hold the secret of PLACEHOLDER_LATE" in settled.refused[path]
    assert not where.is_waiting(path)
