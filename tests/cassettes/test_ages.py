"""How old what a run played is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.ages import Ages
from pytest_bill.interaction import Interaction

OLD, NEW = "2026-01-01T00:00:00Z", "2026-11-29T11:07:31Z"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"
ASKED = Interaction("GET", URL, {}, b"")
ANSWERED = replace(ASKED, status=200, answer_body=b"{}")


def test_the_oldest_of_each_file_counts_and_unknown_is_older(tmp_path):
    ages = Ages()
    one, other = tmp_path / "a", tmp_path / "b"
    for path, recorded_at in [(one, NEW), (one, OLD), (one, NEW), (other, NEW), (other, "")]:
        ages.note(path, recorded_at)
    assert ages.oldest == {one: OLD, other: ""}


def test_only_what_was_played_counts(recorder, use):
    made = [replace(ANSWERED, recorded_at=NEW), replace(ANSWERED, url=f"{URL}/1", recorded_at=OLD)]
    store.save(use().path, store.Recording(made), lambda _: None)
    it = recorder()
    with it.using(use("new_episodes")):
        it.serve(ASKED, pytest.fail)
        it.serve(replace(ASKED, url=f"{URL}/2"), lambda: replace(ANSWERED, url=f"{URL}/2"))
    assert it.ages.oldest == {use().path: NEW}
