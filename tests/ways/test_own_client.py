"""Somebody whose web app asks BILL with a client of its own, by docs/first-steps.md."""

from __future__ import annotations

import pytest

from tests.helpers.steps import commands_of, counts_of, files_of, recorded, replayed, shell

MOST_COMMANDS = 6
OF_THE_APP = "shop/"


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.nightly
def test_first_steps_lead_to_a_recorded_and_replayed_test(tmp_path):
    files = files_of("first-steps.md")
    before = {name: text for name, text in files.items() if name.startswith(OF_THE_APP)}
    changed = {name: text for name, text in files.items() if name not in before}
    commands = commands_of("first-steps.md", "own client")
    assert len(commands) <= MOST_COMMANDS
    *first, record, replay = commands

    write(tmp_path, before)
    for command in first:
        shell(command, tmp_path)
    # These the reader changes: init has written them.
    assert [name for name in changed if not (tmp_path / name).is_file()] == []
    write(tmp_path, changed)
    made = counts_of(record, tmp_path)
    assert made == recorded(made["requests"])
    assert list((tmp_path / "cassettes").rglob("test_the_page_of_suppliers.yaml"))
    assert counts_of(replay, tmp_path) == replayed(made["requests"])
