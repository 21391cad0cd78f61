"""A worker on another machine has what the controller has, over a channel."""

from __future__ import annotations

import json

from pytest_bill.cassettes import set_ups, staging
from pytest_bill.cassettes.set_ups import SetUps
from pytest_bill.cassettes.staging import Staging
from pytest_bill.private_folder import elsewhere, locked
from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders
from pytest_bill.sessions.known_sign_ins import SharedSignIns


def test_it_has_a_folder_of_its_own_and_is_told_what_the_run_needs(worker, here):
    first, second = worker(), worker()
    assert len({first.folder, second.folder, here.folder}) == 3
    assert first.given["bill_folder"] == str(first.folder)
    assert dict(first.given["bill_variables"]) == {"BILL_DEV_KEY": "a-key"}
    assert "a-key" not in repr(first.given)
    assert (first.folder / "sandbox.json").read_bytes() == b"{}"
    assert "bill_refused" not in first.given
    first.close()
    assert not first.folder.exists()
    assert elsewhere(first.folder) is None


def test_one_signs_in_and_the_others_know_of_it(worker, here):
    folders = [worker().folder, worker().folder, here.folder]
    first, *others = (SharedSignIns(each) for each in folders)
    with first.holding("developer_key") as known:
        known.session_id, known.asked = "session-1", 1
    # A refusal, too.
    with others[0].holding("developer_key") as known:
        assert (known.session_id, known.asked) == ("session-1", 1)
        known.failed = "BILL refused the sign-in"
    for each in (first, *others):
        with each.holding("developer_key") as known:
            assert known.failed == "BILL refused the sign-in"
        with each.holding("sync_token") as known:
            assert known.asked == 0


def test_a_secret_has_one_name_in_all_workers(worker, here):
    first, second = SharedPlaceholders(worker().folder), SharedPlaceholders(worker().folder)
    assert first("a-session", "PLACEHOLDER_SESSION") == "PLACEHOLDER_SESSION"
    assert second("another", "PLACEHOLDER_SESSION") == "PLACEHOLDER_SESSION_2"
    assert second("a-session", "PLACEHOLDER_SESSION") == "PLACEHOLDER_SESSION"
    assert SharedPlaceholders(here.folder).news() == [
        ("a-session", "PLACEHOLDER_SESSION"),
        ("another", "PLACEHOLDER_SESSION_2"),
    ]


def test_what_it_records_waits_at_the_controller_and_is_played_by_others(worker, here):
    first, second = worker(), worker()
    place = "tests/fixture.vendor.yaml"
    folder = first.config.rootpath / "cassettes"

    def lock(of):
        name = f"{staging.path_digest(folder / place)}.turn"
        return locked(of.folder, name, folder / place)

    with lock(first):
        waits = Staging(folder, lambda: first.folder, lambda: first.folder)
        waits.begin(folder / place).write_text("recorded")
        staging.keep_base(first.folder, folder / place, is_shared=True)
        staging.mark(first.folder, folder / place)
        staging.mark_begun(first.folder, folder / place)
    path = here.cassette_dir / place
    assert staging.marked(here.folder) == [path]
    assert staging.is_shared(here.folder, path)
    at_controller = Staging(here.cassette_dir, lambda: here.folder, lambda: here.folder)
    assert at_controller.place_of(path).read_text() == "recorded"
    with lock(second):
        there = Staging(folder, lambda: second.folder, lambda: second.folder)
        assert there.has_begun(folder / place)
        assert there.file_of(folder / place).read_text() == "recorded"
    first.close()
    assert second.folder.name in {each.name for each in (folder / ".unproven").iterdir()}
    second.close()
    assert not (folder / ".unproven").exists()


def test_what_it_tells_of_its_tests_is_read_by_the_controller_and_by_others(worker, here):
    first, second = worker(), worker()
    told = SetUps(lambda: first.folder, "gw0")
    told.add_line({"done": "test_1"})
    told.begin("fixture.vendor.yaml")
    other = SetUps(lambda: second.folder, "gw1")
    other.begin("fixture.vendor.yaml")
    assert set_ups.done_tests(here.folder) == {"test_1"}
    assert set_ups.done_tests(second.folder) == {"test_1"}
    state = json.loads((here.folder / set_ups.FILE).read_text())
    assert state == {"fixture.vendor.yaml": {"gw0": False, "gw1": False}}


def test_a_worker_with_another_rootdir_is_refused_when_a_test_needs_bill(worker, here):
    here.hello["rootdir"] = "project"
    refused = worker().given["bill_refused"]
    assert "that of its controller is named project" in refused
    assert "--rsyncdir" in refused
