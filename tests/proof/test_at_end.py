"""At the end of a run that recorded, seen from where the second run is started."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.use import Miss
from pytest_bill.interaction import Interaction
from pytest_bill.proof import at_end, other_day, starting
from pytest_bill.proof.at_end import end_recording
from pytest_bill.proof.outcomes import Rules
from pytest_bill.proof.replay import Replay, Wanted, write_outcome
from pytest_bill.proof.telling import Recorded
from pytest_bill.run.notices import NoticeKind

ASKED = Interaction("GET", "https://gateway.stage.bill.com/connect/v3/vendors", {}, b"", 200, "OK")


class Runs:
    """What the second run, and a third one, make of the tests."""

    def __init__(self, *outcomes: dict[str, Replay] | BaseException | None) -> None:
        self.outcomes = list(outcomes)
        self.wanted: list[Wanted] = []

    def __call__(self, command, variables, folder, output, seconds):
        wanted = Wanted.read(Path(variables["PYTEST_BILL_PROOF"]))
        self.wanted.append(wanted)
        outcome = self.outcomes.pop(0)
        output.write_text("what it printed: SECRET")
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is not None:
            write_outcome(Path(wanted.outcome), outcome)
        return True


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Two tests whose cassettes wait, and a sign-in's."""
    monkeypatch.chdir(tmp_path)
    scratch, cassettes = tmp_path / "pytest-bill-1", tmp_path / "cassettes"
    scratch.mkdir()
    where = staging.Staging(cassettes, lambda: scratch, lambda: scratch)
    paths = [cassettes / name for name in ("a.yaml", "b.yaml", "sign_in/key.yaml")]
    for path in paths:
        store.save(path, store.Recording([ASKED]), lambda _: None, where)
        staging.mark(scratch, path)
    users = {paths[0]: ["test_a"], paths[1]: ["test_b"]}
    return Recorded(cassettes, scratch, users, frozenset())


@pytest.fixture
def end(proven, recorded, monkeypatch):
    """End the recording, with what the runs after it make of the tests."""

    def end(*outcomes, lost=(), **options):
        runs = Runs(*outcomes)
        monkeypatch.setattr(starting, "run", runs)
        config = proven.parseconfig(*options.pop("args", ()))
        changed = Recorded(**vars(recorded) | {"lost": frozenset(lost)})
        registry = SimpleNamespace(
            find=lambda data: None, hide=lambda text: text.replace("SECRET", "***")
        )
        proof = end_recording(config, changed, Rules(Unchanged()), registry, 1.0)
        return SimpleNamespace(proof=proof, runs=runs)

    return end


def opened(**replays: Replay) -> dict[str, Replay]:
    first = next(iter(replays.values()))
    first.cassettes.append(str(Path.cwd() / "cassettes/sign_in/key.yaml"))
    return replays


def placed():
    return [each for each in ALL if Path(each).is_file()]


ALL = ["cassettes/a.yaml", "cassettes/b.yaml", "cassettes/sign_in/key.yaml"]


def test_what_replays_is_put_in_its_place(end, recorded):
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert placed() == ALL
    assert ended.proof.told == ["bill: 3 recordings proven by a replay"]
    assert ended.proof.notices == []
    assert [wanted.is_reversed for wanted in ended.runs.wanted] == [True]
    assert not (recorded.cassette_dir / staging.FOLDER).exists()


def test_what_does_not_replay_waits_and_the_rest_is_put(end, recorded):
    failed = Replay("failed", "KeyError: 'SECRET'", "call", unplayed=["GET /a"])
    ended = end(
        opened(test_b=Replay("passed"), test_a=failed),
        opened(test_a=failed, test_b=Replay("passed")),
    )
    assert placed() == ALL[1:]
    (notice,) = ended.proof.notices
    assert (notice.kind, notice.owner) == (NoticeKind.UNPROVEN, "test_a")
    assert notice.text.splitlines()[:3] == [
        "recorded: passed, 1 request. Replayed from that: failed.",
        "KeyError: '***'",
        "not asked for: GET /a",
    ]
    assert notice.text.endswith(
        "cassettes/a.yaml was not written; "
        "what was recorded is in cassettes/.unproven/pytest-bill-1/a.yaml"
    )
    assert [wanted.is_reversed for wanted in ended.runs.wanted] == [True, False]


def test_a_test_that_passes_in_the_order_of_the_recording_depends_on_it(end):
    ended = end(
        opened(test_b=Replay("failed", "KeyError"), test_a=Replay("passed")),
        opened(test_a=Replay("passed"), test_b=Replay("passed")),
    )
    assert "depends on the tests that ran before it" in ended.proof.notices[0].text


def test_a_recording_that_lacks_a_request_is_not_kept_though_its_test_passes(end):
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")), lost=["test_b"])
    assert placed() == [ALL[0], ALL[2]]
    assert "answered after the test had ended" in ended.proof.notices[0].text
    assert len(ended.runs.wanted) == 1


def test_a_test_that_is_not_found_again(end):
    ended = end(opened(test_b=Replay("passed")), opened(test_b=Replay("passed")))
    assert "Replayed from that: not found." in ended.proof.notices[0].text


def test_what_was_asked_again_is_told(end):
    again = Replay("failed", misses=[Miss("…", "GET /a", "GET /a")])
    ended = end(opened(test_b=Replay("passed"), test_a=again), None)
    assert ended.proof.notices[0].text.splitlines()[1:3] == [
        "no recorded answer: GET /a",
        "differs: nothing; each recorded answer was already played.",
    ]


def test_where_no_test_passes_nothing_is_kept(end):
    failed = Replay("failed", "KeyError")
    ended = end(opened(test_b=failed, test_a=failed), None)
    assert placed() == []
    assert [each.owner for each in ended.proof.notices] == [
        "test_a",
        "test_b",
        "cassettes/sign_in/key.yaml",
    ]


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (None, "the second run replayed no test. It printed:\nwhat it printed: ***"),
        (KeyboardInterrupt(), "it was interrupted."),
    ],
)
def test_without_a_second_run_nothing_is_kept(end, recorded, outcome, why):
    ended = end(outcome)
    assert placed() == []
    (notice,) = ended.proof.notices
    assert notice.owner == "cassettes/.unproven/pytest-bill-1"
    assert f"3 recordings were not proven: {why}" in notice.text
    assert (recorded.cassette_dir / ".unproven/pytest-bill-1/a.yaml").exists()


def test_plugins_that_are_objects_cannot_be_had_by_a_second_run(pytester):
    config = pytester.parseconfig()
    config.invocation_params = SimpleNamespace(plugins=["name", object()], args=(), dir=".")
    assert "--bill-no-prove" in at_end._why_not(config)


def test_without_a_proof_all_is_put_at_once(end):
    ended = end(args=["--bill-no-prove"])
    assert placed() == ALL
    assert ended.proof.told == []
    assert ended.runs.wanted == []


def test_a_place_that_cannot_be_written_is_told(end, recorded):
    (recorded.cassette_dir / "a.yaml").mkdir()
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert placed() == ALL[1:]
    (notice,) = ended.proof.notices
    assert notice.owner == "cassettes/a.yaml"
    assert "it cannot be written" in notice.text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(end, recorded):
    path = recorded.cassette_dir / "a.yaml"
    where = staging.Staging(recorded.cassette_dir, *[lambda: recorded.scratch] * 2)
    staging.keep_base(recorded.scratch, path, is_shared=False)
    store.save(path, store.Recording([replace(ASKED, method="PUT")]), lambda _: None)
    before = path.read_bytes()
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert path.read_bytes() == before
    (notice,) = ended.proof.notices
    assert (notice.kind, notice.owner) == (NoticeKind.UNPROVEN, "cassettes/a.yaml")
    first, second = notice.text.splitlines()
    assert "something else has changed it" in first
    waiting = f"cassettes/.unproven/{recorded.scratch.name}/a.yaml"
    assert second == f"What was recorded waits in {waiting}: move it there, or record it again."
    assert store.load(path, where.place_of(path)).interactions == [ASKED]


def test_another_run_that_recorded_the_same_meanwhile_is_replaced_and_told(end, recorded):
    """Both have recorded all of it: one is as good as the other, and is not mixed with it."""
    path = recorded.cassette_dir / "a.yaml"
    staging.keep_base(recorded.scratch, path, is_shared=False)
    theirs = replace(ASKED, method="PUT", recorded_at="2020-01-01T00:00:00Z")
    store.save(path, store.Recording([theirs]), lambda _: None)
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert store.load(path).interactions == [ASKED]
    assert ended.proof.notices == []
    told = "bill: cassettes/a.yaml: another run wrote it meanwhile; this one's is kept"
    assert told in ended.proof.told


def test_only_the_tests_that_recorded_are_replayed_where_nothing_is_shared(end, recorded):
    for name in ("b.yaml", "sign_in/key.yaml"):
        staging._mark_of(recorded.scratch, recorded.cassette_dir / name).unlink()
    ended = end({"test_a": Replay("passed")})
    assert ended.runs.wanted[0].tests == ("test_a",)
    assert placed() == ALL[:1]


def test_that_no_other_day_was_tried_is_told(end, monkeypatch):
    monkeypatch.setattr(other_day, "find_spec", lambda name: None)
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert "on the same day in UTC" in ended.proof.told[0]


def test_a_cassette_in_which_nothing_changed_is_proven_as_it_is_and_stays(end, recorded):
    old = recorded.cassette_dir / "a.yaml"
    store.save(
        old, store.Recording([replace(ASKED, recorded_at="2020-01-01T00:00:00Z")]), lambda _: None
    )
    before = old.read_bytes()
    ended = end(opened(test_b=Replay("passed"), test_a=Replay("passed")))
    assert old.read_bytes() == before
    assert ended.runs.wanted[0].files[str(old)] == str(old)
    assert ended.proof.told[1] == "bill: 1 of 3 cassettes as before, 2 new"


def test_a_recording_that_cannot_be_read_is_told(end, recorded):
    where = staging.Staging(recorded.cassette_dir, *[lambda: recorded.scratch] * 2)
    where.place_of(recorded.cassette_dir / "a.yaml").write_text("- no cassette")
    ended = end()
    assert placed() == []
    assert "damaged or not a cassette" in ended.proof.notices[0].text


def test_where_no_test_came_to_a_good_end_none_is_replayed(end, recorded):
    recorded.users.clear()
    ended = end()
    assert ended.runs.wanted == []
    assert {str(each) for each in ended.proof.notices} == {
        f"{path}: no test that used it passed, so it stays as it was." for path in ALL
    }


def test_an_interrupt_between_two_of_them_puts_both_and_tells(end, monkeypatch):
    put = staging.Staging.put

    def put_one(where, path):
        if path.name == "b.yaml":
            raise KeyboardInterrupt
        put(where, path)

    monkeypatch.setattr(staging.Staging, "put", put_one)
    replays = {name: Replay(outcome="passed") for name in ("test_a", "test_b")}
    for name, replay in replays.items():
        replay.cassettes.append(str(Path.cwd() / f"cassettes/{name[5:]}.yaml"))
    ended = end(opened(**replays))
    assert placed() == ALL
    assert ended.proof.notices == []
    assert ended.proof.told == [
        "bill: interrupted when all recordings had been put in their places"
    ]


def test_an_interrupt_before_they_are_proven_leaves_all_as_it_was(end, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(at_end, "settle", interrupted)
    (notice,) = end().proof.notices
    assert placed() == []
    assert notice.text.startswith("what waits there (3) is unproven: the end of the run was")


def test_that_it_was_told_is_known_only_when_it_was(end, recorded):
    ended = end(None)
    waits = next(Path("cassettes/.unproven").glob("pytest-bill-*"))
    assert not (waits / ".ended").exists()
    ended.proof.when_told()
    assert (waits / ".ended").exists()
