"""What docs/show-and-diff.md shows is what the commands print, in a suite of its own.

`UPDATE_DOCS=1 python -m pytest tests/docs/test_show_and_diff.py` writes it anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from tests.helpers.recorded import recorded
from tests.helpers.steps import commands_of, shell

GUIDE = Path(__file__).parents[2] / "docs" / "show-and-diff.md"
_RUN = re.compile(r"(?P<head><!-- run -->\n```console\n\$ (?P<command>.*)\n)(?P<told>(?s:.*?))```")
_TEST = """
def test_list(bill_dev_session):
    bill_dev_session.get("/v3/vendors?max=3")
"""
_VENDOR = {"id": "00901KXWGQZPVTBHDMSE", "name": "Vernelle Oquist", "email": "vo@mail.example"}
_OTHER = {"id": "00901KXWGQZPVTBHDMSF", "name": "Harbor Paper", "email": None}
_ABOUT = {"pytest_bill": {"stand_ins": {"kinds": ["email"]}, "version": "0.1.0"}}


def _list(vendor: dict[str, object], other: dict[str, object], at: str):
    listed = recorded("GET", "/v3/vendors?max=2", {"results": [vendor, other]})
    return replace(listed, reason="OK", answered_by="sandbox", recorded_at=at)


def _save(folder: Path, *interactions) -> None:
    path = folder / "cassettes/tests/test_vendors/test_list.yaml"
    store.save(path, store.Recording(list(interactions), _ABOUT), lambda _: None)


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A suite under version control, what it records anew, and its sign-in's cassette."""
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("COLUMNS", "100")
    scripts = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", scripts + os.pathsep + os.environ["PATH"])
    (tmp_path / ".gitignore").write_text("__pycache__\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_vendors.py").write_text(_TEST)
    sign_in = Path(__file__).parents[2] / "cassettes/sign_in/developer_key.yaml"
    refused = replace(
        recorded("POST", "/v3/bills", {"error": {"code": "BDC_1109"}}, status=422, body={"a": 1}),
        reason="Unprocessable",
        answered_by="sandbox",
        recorded_at="2026-11-02T10:00:01Z",
    )
    _save(tmp_path, _list(_VENDOR, _OTHER, "2026-11-02T10:00:00Z"), refused)
    shell("git init -q", tmp_path)
    once = commands_of("show-and-diff.md", "once")
    assert len(once) == 3
    identity = ("git config user.name a", "git config user.email a@b.example")
    for command in (*identity, *once, "git add .", "git commit -qm a"):
        shell(command, tmp_path)
    now = _list(
        _VENDOR | {"id": "00901NEWNEWNEWNEWNEW", "balance": 12.50},
        _OTHER | {"name": "Harbor Paper Co."},
        "2026-11-20T10:00:00Z",
    )
    return tmp_path, (now, refused), sign_in


def test_what_is_shown_is_what_is_printed(suite):
    folder, now, sign_in = suite
    text = GUIDE.read_text(encoding="utf-8")
    commands = [found["command"] for found in _RUN.finditer(text)]
    assert len(commands) == 6

    def printed(command: str) -> str:
        if command.startswith("pytest-bill diff"):
            _save(folder, *now)
        if command == "pytest -q":
            (folder / "cassettes/sign_in").mkdir()
            (folder / "cassettes/sign_in/developer_key.yaml").write_bytes(sign_in.read_bytes())
        done = subprocess.run(
            shlex.split(command), cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return re.sub(r"in \d+\.\d+s", "in 0.12s", done.stdout.strip("\n")) + "\n"

    written = _RUN.sub(lambda found: f"{found['head']}{printed(found['command'])}```", text)
    if os.environ.get("UPDATE_DOCS"):
        GUIDE.write_text(written, encoding="utf-8")
    assert written == text


def test_each_option_is_in_the_guide():
    text = GUIDE.read_text(encoding="utf-8")
    for command in ("show", "diff"):
        shown = subprocess.run(
            [Path(sys.executable).parent / "pytest-bill", command, "--help"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        options = set(re.findall(r"(?<![\w-])--?[a-z]+", shown)) - {"-h", "--help"}
        assert options
        assert [each for each in sorted(options) if f"{each}" not in text] == []
