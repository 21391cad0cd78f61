"""What a run knows of its sign-ins, alone and among workers."""

import json
import shutil
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pytest_bill.exceptions import SignInFailed
from pytest_bill.sessions.known_sign_ins import OwnSignIns, SharedSignIns


@pytest.fixture(params=["own", "shared"])
def two(request, tmp_path):
    """What two who sign in look at."""
    if request.param == "shared":
        return SharedSignIns(tmp_path), SharedSignIns(tmp_path)
    own = OwnSignIns()
    return own, own


def test_what_one_knows_the_other_knows(two):
    first, second = two
    with first.holding("developer_key") as known:
        known.session_id, known.asked, known.unproven = "the-session", 2, "the-session"
    with second.holding("sync_token") as known:
        assert (known.session_id, known.asked, known.failed) == (None, 0, "")
        known.failed = "no"
    with second.holding("developer_key") as known:
        assert (known.session_id, known.asked, known.unproven) == ("the-session", 2, "the-session")
        known.has_given_up = True
    with first.holding("developer_key") as known:
        assert known.has_given_up
    with first.holding("sync_token") as known:
        assert known.failed == "no"


def test_what_was_learnt_before_an_error_is_kept(two):
    first, second = two

    def refuse():
        with first.holding("developer_key") as known:
            known.failed = "refused"
            raise SignInFailed(known.failed)

    with pytest.raises(SignInFailed):
        refuse()
    with second.holding("developer_key") as known:
        assert known.failed == "refused"


def test_one_at_a_time(two):
    inside, most = 0, 0
    gate = threading.Event()

    def sign_in(number):
        nonlocal inside, most
        with two[number % 2].holding("developer_key") as known:
            inside += 1
            most = max(most, inside)
            gate.wait(0.01)
            known.asked += 1
            inside -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sign_in, range(8)))
    with two[0].holding("developer_key") as known:
        assert known.asked == 8
    assert most == 1


def test_the_shared_file_is_for_this_user_only(tmp_path):
    with SharedSignIns(tmp_path).holding("developer_key") as known:
        known.session_id = "the-session"
    file = tmp_path / "sign_ins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["developer_key"]["session_id"] == "the-session"
    assert "the-session" not in repr(known)


def test_nothing_is_written_where_nothing_was_learnt(tmp_path):
    with SharedSignIns(tmp_path).holding("developer_key"):
        pass
    assert not (tmp_path / "sign_ins.json").exists()


def test_nobody_signs_in_for_a_run_that_has_ended(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    shared = SharedSignIns(folder)
    shutil.rmtree(folder)
    ended = pytest.raises(SignInFailed, match="Nobody signs in any more: the test run has ended")
    with ended, shared.holding("developer_key"):
        pytest.fail("it was held")
    assert not folder.exists()
