"""What is planned is done: each file whole or not at all, and nothing is deleted."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.migrate.applying import apply, kept_beside
from pytest_bill.migrate.plan import Change, Move, Plan, State
from pytest_bill.migrate.suite import Suite


def plan(folder: Path, *moves: Move, changes: tuple[Change, ...] = ()) -> Plan:
    return Plan(Suite(folder, folder / "cassettes", []), moves, changes, [], {}, [])


def move(new: Path, state: State = State.WRITE) -> Move:
    return Move("vcrpy", [], [new], new, state=state, text="new")


def test_a_cassette_that_came_meanwhile_is_not_overwritten(tmp_path):
    (tmp_path / "a.yaml").write_text("mine")
    code = tmp_path / "a.py"
    code.write_text("old")
    with pytest.raises(CassetteError, match="is there now, and was not before"):
        apply(plan(tmp_path, move(tmp_path / "a.yaml"), changes=(Change(code, "old", "new"),)))
    assert (tmp_path / "a.yaml").read_text() == "mine"
    assert code.read_text() == "old"


def test_code_that_changed_meanwhile_stays(tmp_path):
    code = tmp_path / "a.py"
    code.write_text("other")
    with pytest.raises(SettingsError, match="has changed meanwhile"):
        apply(plan(tmp_path, changes=(Change(code, "old", "new"),)))
    assert code.read_text() == "other"


def test_code_keeps_its_mode_and_a_link_stays_one(tmp_path):
    code, link = tmp_path / "a.py", tmp_path / "b.py"
    code.write_text("old")
    code.chmod(0o750)
    link.symlink_to(code)
    apply(plan(tmp_path, changes=(Change(link, "old", "new"),)))
    assert link.is_symlink()
    assert code.read_text() == "new"
    assert stat.S_IMODE(code.stat().st_mode) == 0o750


def test_what_takes_a_place_keeps_the_old_one(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("old")
    (kept,) = apply(plan(tmp_path, move(file, State.REWRITE)))
    assert (kept.read_text(), file.read_text()) == ("old", "new")
    assert kept.name == "a.yaml.before-migration"
    assert kept_beside(file).name == "a.yaml.before-migration-2"


@pytest.mark.parametrize("state", [State.STAYS, State.THERE, State.CANNOT])
def test_other_states_write_nothing(tmp_path, state):
    assert apply(plan(tmp_path, move(tmp_path / "a.yaml", state))) == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "cassettes").write_text("a file")
    with pytest.raises(CassetteError, match="cassettes"):
        apply(plan(tmp_path, move(tmp_path / "cassettes/a.yaml")))
    with pytest.raises(CassetteError, match=r"before-migration"):
        apply(plan(tmp_path, move(tmp_path / "gone.yaml", State.REWRITE)))


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(SettingsError, match=r"a\.py cannot be written"):
        apply(plan(tmp_path, changes=(Change(tmp_path / "a.py", "old", "new"),)))
