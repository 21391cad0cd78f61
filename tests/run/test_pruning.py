"""What a run left over is dropped, and nothing else."""

from __future__ import annotations

import os

import pytest

from pytest_bill.cassettes import store
from pytest_bill.run.leftovers import Leftover
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.pruning import Pruning, why_not
from pytest_bill.run.usage import Usage
from tests.helpers.cassettes import answered, paths_in, write_cassette

PATHS = ("/v3/bills", "/v3/vendors", "/v3/invoices")


@pytest.fixture
def prune(tmp_path):
    """Drop the answers of these numbers, or all of a file, and give what is told."""
    (tmp_path / "scratch").mkdir()

    def prune(file: str, *numbers: int, recorded: int = 3, find=lambda _: None) -> Notice:
        pruning = Pruning(tmp_path / "cassettes", lambda: tmp_path / "scratch", find)
        notice = Notice(NoticeKind.UNPLAYED, f"cassettes/{file}")
        [told] = pruning.prune([Leftover(notice, file, frozenset(numbers), recorded)])
        assert told.owner == f"cassettes/{file}"
        return told

    return prune


@pytest.fixture
def cassette(tmp_path):
    write_cassette(tmp_path / "cassettes/a.yaml", *PATHS)
    return tmp_path / "cassettes/a.yaml"


def test_answers_that_were_not_played_are_dropped(prune, cassette):
    told = prune("a.yaml", 0, 2)
    assert (told.kind, told.text) == (NoticeKind.PRUNED, "2 of 3 answers dropped")
    assert paths_in(cassette) == ["/v3/vendors"]
    assert os.listdir(cassette.parent) == ["a.yaml"]


def test_a_file_is_deleted_with_its_last_answer(prune, cassette):
    assert prune("a.yaml", 0, 1, 2).text == "deleted: none of its 3 answers was played"
    assert not cassette.exists()


def test_a_file_that_no_test_uses_is_deleted(prune, cassette):
    told = prune("a.yaml")
    assert (told.kind, told.text) == (NoticeKind.PRUNED, "deleted, with 3 answers")
    assert not cassette.exists()


def test_what_is_said_of_the_file_is_so_of_what_stays(prune, cassette):
    local = answered("/v3/users")
    local.__dict__["answered_by"] = "local"
    held = [answered("/v3/bills"), local]
    about = {"pytest_bill": {"environment": "mixed", "note": "Some …", "version": "1"}, "mine": 1}
    store.save(cassette, store.Recording(held, about), lambda _: None)
    prune("a.yaml", 1, recorded=2)
    assert store.load(cassette).metadata == {
        "pytest_bill": {"environment": "sandbox", "version": "1"},
        "mine": 1,
    }


def test_a_file_that_has_changed_since_is_left_as_it_is(prune, cassette):
    before = cassette.read_bytes()
    told = prune("a.yaml", 1, recorded=4)
    assert told.kind is NoticeKind.UNPRUNED
    assert "changed since it was played" in told.text
    assert cassette.read_bytes() == before


def test_a_cassette_that_holds_a_secret_is_left_as_it_is(prune, cassette):
    before = cassette.read_bytes()
    told = prune("a.yaml", 1, find=lambda text: "PLACEHOLDER" if "bills" in str(text) else None)
    assert told.kind is NoticeKind.UNPRUNED
    assert cassette.read_bytes() == before


@pytest.mark.parametrize("numbers", [(), (1,)])
def test_what_is_not_ours_is_never_touched(prune, cassette, tmp_path, numbers):
    outside = tmp_path / "elsewhere/b.yaml"
    write_cassette(outside, *PATHS)
    os.symlink(outside.parent, cassette.parent / "folder")
    os.symlink(outside, cassette.parent / "link.yaml")
    write_cassette(cassette.parent / "vcr.yaml", *PATHS, metadata={})
    (cassette.parent / "notes.yaml").write_text("some: notes")
    (cassette.parent / "gone.yaml").unlink(missing_ok=True)
    before = outside.read_bytes()
    for name in ("folder/b.yaml", "link.yaml", "../elsewhere/b.yaml", "vcr.yaml", "notes.yaml"):
        assert prune(name, *numbers).kind is NoticeKind.UNPRUNED
    assert prune("gone.yaml", *numbers).kind is NoticeKind.UNPRUNED
    assert outside.read_bytes() == before
    assert paths_in(cassette.parent / "vcr.yaml") == list(PATHS)
    assert (cassette.parent / "link.yaml").is_symlink()


def whole(**changes) -> Usage:
    values = {
        "roots": {"."},
        "folders": {"."},
        "tests": {"test_a.py::test_1": "a.yaml"},
        "outcomes": {"test_a.py::test_1": "passed"},
    }
    return Usage(**(values | changes))


@pytest.mark.parametrize(
    ("usage", "is_green", "reason"),
    [
        (whole(), True, ""),
        (whole(outcomes={"test_a.py::test_1": "skipped"}), True, ""),
        (whole(), False, "the run did not pass"),
        (whole(tests={}), True, "no test uses BILL"),
        (whole(folders={"tests"}), True, ". was not collected as a whole"),
        (whole(is_narrowed=True), True, "left tests out"),
        (whole(outcomes={}), True, "not all tests ran: test_a.py::test_1"),
        (
            whole(tests={f"t::{number}": "a.yaml" for number in range(5)}),
            True,
            "not all tests ran: t::0, t::1, t::2 and 2 more",
        ),
    ],
)
def test_when_nothing_is_pruned(usage, is_green, reason):
    found = why_not(usage, is_green=is_green)
    assert reason in found
    assert bool(found) is bool(reason)
