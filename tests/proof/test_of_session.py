"""The proof of a pytest session's recordings."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes import staging
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.proof import at_end
from pytest_bill.proof.at_end import Proof
from pytest_bill.proof.of_session import end_recordings
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.state import RunState, keep

UNPROVEN = Notice(NoticeKind.UNPROVEN, "test_c", "why")


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The session of a run that has recorded a cassette, and what is told of it."""
    state = RunState(None)
    state.run = SimpleNamespace(
        scratch_if_any=lambda: tmp_path,
        cassettes=SimpleNamespace(unchanged_of={"a.yaml": Unchanged(ids=False).as_dict()}),
        settings=SimpleNamespace(
            cassette_dir=tmp_path / "cassettes",
            max_age=None,
            rootdir=tmp_path,
            invocation_dir=tmp_path,
            inipath=None,
            is_local=False,
            repeated_options=(),
        ),
        recorder=SimpleNamespace(
            registry=SimpleNamespace(hide=str),
            refused_sign_ins=[],
            on_way=SimpleNamespace(slowest=[]),
            counts=SimpleNamespace(as_dict=dict),
            late=[("test_b", "GET /a was answered after test_b had ended")],
            cassette_files=set(),
            ages=SimpleNamespace(oldest={}),
        ),
    )
    config = SimpleNamespace(stash=pytest.Stash())
    keep(config, state)
    told = []

    def end_recording(config, recorded, rules, registry, seconds):
        told.append(recorded)
        assert rules.special == {Path("a.yaml"): Unchanged(ids=False)}
        return Proof([UNPROVEN], ["bill: 1 recording proven by a replay"])

    monkeypatch.setattr(at_end, "end_recording", end_recording)
    staging.mark(tmp_path, tmp_path / "a.yaml")
    return SimpleNamespace(config=config, state=state, told=told)


def test_the_tests_that_recorded_are_told_by_their_cassettes(session):
    session.state.recorded = [
        ("t1", "a.yaml"),
        ("t2", "b.yaml"),
        ("t3", "a.yaml"),
        ("t1", "a.yaml"),
    ]
    end_recordings(session)
    (recorded,) = session.told
    assert recorded.users == {Path("a.yaml"): ["t1", "t3"], Path("b.yaml"): ["t2"]}


def test_the_tests_that_lost_a_request_are_told(session):
    session.state.notices.append(Notice(NoticeKind.UNRECORDED, "test_a", "GET /b"))
    session.state.notices.append(Notice(NoticeKind.UNSAVED, "test_d"))
    end_recordings(session)
    assert session.told[0].lost == {"test_a", "test_b"}


def test_what_came_of_it_is_kept_for_the_summary(session):
    end_recordings(session)
    assert session.state.told_of_recordings == ["bill: 1 recording proven by a replay"]
    assert session.state.notices == [UNPROVEN]


@pytest.mark.parametrize("what", ["nothing recorded", "no scratch folder"])
def test_a_run_that_has_nothing_to_prove(session, tmp_path, what):
    if what == "nothing recorded":
        staging._mark_of(tmp_path, tmp_path / "a.yaml").unlink()
    else:
        session.state.run.scratch_if_any = lambda: None
    end_recordings(session)
    assert session.told == []
