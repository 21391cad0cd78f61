"""The controller, as a worker on another machine has it."""

from __future__ import annotations

import threading

import pytest

from pytest_bill.cassettes import staging
from pytest_bill.cassettes.staging import Staging
from pytest_bill.private_folder import NotTaken, RunEnded, locked
from pytest_bill.sessions.known_sign_ins import SharedSignIns
from tests.helpers.waiting import wait_for


def test_two_do_not_sign_in_at_the_same_time(worker):
    first, second = worker(), worker()
    seen: list[str | None] = []

    def then() -> None:
        with SharedSignIns(second.folder).holding("key") as known:
            seen.append(known.session_id)

    other = threading.Thread(target=then)
    with SharedSignIns(first.folder).holding("key") as known:
        other.start()
        wait_for(lambda: second.remote._held)  # it has asked, and waits
        assert seen == []
        known.session_id = "session-1"
    other.join(10)
    assert seen == ["session-1"]


def test_a_worker_that_ends_gives_its_locks_back(worker, here):
    first, second = worker(), worker()
    with pytest.raises(RunEnded), locked(first.folder, "sign_ins.lock"):
        first.channel.close()
    with locked(second.folder, "sign_ins.lock"):
        pass
    with pytest.raises(RunEnded), locked(first.folder, "sign_ins.lock"):
        pass
    first.tell("gw0", b"{}\n")  # nobody is there, and nothing happens


def test_a_controller_that_cannot_write_says_so(worker, here):
    first = worker()
    folder = first.config.rootpath / "cassettes"
    path = folder / "a.yaml"
    here.cassette_dir.parent.mkdir()
    here.cassette_dir.write_text("in the way")

    def record() -> None:
        with locked(first.folder, "x.lock", path):
            waits = Staging(folder, lambda: first.folder, lambda: first.folder)
            waits.begin(path).write_text("recorded")
            staging.mark(first.folder, path)

    with pytest.raises(NotTaken, match="could not take it"):
        record()
