"""The commands of docs/scanning.md, where cassettes are."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.helpers.documents import ROOT
from tests.helpers.steps import commands_of, shell


@pytest.mark.nightly
def test_its_commands_find_nothing_where_nothing_is(tmp_path):
    shutil.copytree(ROOT / "cassettes", tmp_path / "cassettes")
    commands = commands_of("scanning.md")
    assert len(commands) == 4
    said = [shell(command, tmp_path).stdout for command in commands]
    assert "cassettes" in said[1]
    report = json.loads((tmp_path / "scan.sarif").read_text(encoding="utf-8"))
    assert report["runs"][0]["results"] == []
