"""What docs/first-steps.md says of ``pytest-bill init`` is so."""

from __future__ import annotations

import argparse
import re

from pytest_bill.cli.init.answers import CI_SYSTEMS, CREDENTIALS, add_flags
from tests.helpers.steps import DOCS, commands_of, counts_of, recorded, replayed, shell

TEXT = (DOCS / "first-steps.md").read_text(encoding="utf-8")


def test_its_commands_lead_from_nothing_to_a_replay(tmp_path):
    commands = commands_of("first-steps.md")
    assert commands[1] == "pytest-bill init"
    commands[1] += " --yes"  # as if each question were answered by Enter: there is no terminal
    install, init, record, replay = commands
    for command in (install, init):
        shell(command, tmp_path)
    assert counts_of(record, tmp_path) == recorded(2)
    assert counts_of(replay, tmp_path) == replayed(2)


def test_each_flag_is_in_the_table_of_questions():
    parser = argparse.ArgumentParser(add_help=False)
    add_flags(parser)
    flags = {flag for action in parser._actions for flag in action.option_strings}
    table = TEXT.partition("| question |")[2].partition("\n\n")[0]
    assert flags - set(re.findall(r"--[a-z-]+", table)) == set()
    words = set(re.findall(r"[a-z]+", table))
    assert {*CREDENTIALS, *CI_SYSTEMS} <= words


def test_every_link_to_a_file_leads_to_one():
    for name in ("first-steps.md", "ci.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?://)([^)#]+)\)", text)
        assert [link for link in links if not (DOCS / link).exists()] == []
