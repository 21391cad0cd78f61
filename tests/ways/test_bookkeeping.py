"""A bookkeeping script with several client organizations, by docs/several-organizations.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "several-organizations.md"
TEXT = PAGE.read_text(encoding="utf-8")
MOST_COMMANDS = 6
_FILE = r"<!-- {}: (\S+) -->\n```python\n(.*?)```"
NORTH_TOKEN = "n0rth-t0k3n-of-the-0ff1ce"
DEV_KEY = "d3v-k3y-of-the-n0rth"
ORGANIZATIONS = {f"0080{number}NORTHERNCLIENT": number for number in (1, 2, 3)}


def files(marker: str) -> dict[str, str]:
    """The files that the page tells its reader to write."""
    return dict(re.findall(_FILE.format(marker), TEXT, re.DOTALL))


def commands() -> list[list[str]]:
    """What it tells to type, in that order."""
    blocks = re.findall(r"<!-- run -->\n```console\n(.*?)```", TEXT, re.DOTALL)
    return [shlex.split(line.removeprefix("$ ")) for block in blocks for line in block.splitlines()]


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Somebody who follows the page in a new folder, with no variable of BILL's."""
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    return Reader(tmp_path)


class Reader:
    """Writes the files, types the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, marker: str = "file") -> None:
        for name, text in files(marker).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def types(self, command: list[str], **variables: str) -> dict[str, int]:
        """The counts of what runs pytest; all its tests pass."""
        python, *arguments = command
        assert python == "python"
        done = subprocess.run(
            [sys.executable, *arguments, "--bill-report=report.json"],
            cwd=self.folder,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads((self.folder / "report.json").read_text())


def test_in_three_commands_a_first_test_is_recorded_and_replayed(reader):
    reader.write()
    install, record, replay = commands()
    assert len(commands()) <= MOST_COMMANDS
    # What it installs is installed here.
    assert install == ["pip", "install", "pytest-bill[sandbox]", "httpx"]
    recorded = reader.types(record)
    # A sign-in that the script has made by then is played to the fixture of the same credential.
    assert recorded["recorded"] + recorded["replayed"] == recorded["requests"] > 10
    assert recorded["replayed"] <= 2
    assert recorded["notices"] == []
    names = {path.name for path in (reader.folder / "cassettes" / "sign_in").iterdir()}
    # One is of the clients that no variable names, and these that a fixture signed in to.
    clients = {name for name in names if name.startswith("console_api_token_")}
    assert len(clients) == 2
    assert names - clients == {"developer_key.yaml", "console_api_token.yaml", "own.yaml"}
    replayed = reader.types(replay)
    assert (replayed["recorded"], replayed["replayed"]) == (0, recorded["requests"])


def answer(received: tuple[str, str, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    """What a BILL answers of which one token may enter three organizations."""
    _, path, headers, body = received
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    session = form.get("sessionId") or headers.get("sessionid", "")
    if path.startswith("/connect/v3/bills"):
        bills = [{"id": "00n1", "dueAmount": 10.5 * ORGANIZATIONS[session.partition("-")[0]]}]
        return 200, {}, json.dumps({"results": bills}).encode()
    operation = path.removeprefix("/api/v2/").removesuffix(".json")
    if operation in ("ListOrgs", "Login"):
        assert (form["password"], form["devKey"]) == (NORTH_TOKEN, DEV_KEY)
    data = {
        "ListOrgs": [{"orgId": each, "orgName": f"Client {each}"} for each in ORGANIZATIONS],
        "Login": {"sessionId": f"{form.get('orgId')}-session-0123456789", "usersId": "0061"},
        "List/Vendor": [{"id": "0091", "name": "One vendor"}],
    }[operation]
    told = {"response_status": 0, "response_message": "Success", "response_data": data}
    return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()


@pytest.mark.nightly
def test_one_token_enters_many_organizations(reader, server):
    bill = server()
    bill.default = answer
    reader.write()
    reader.write("file of more")
    for name in files("file"):
        if name.startswith("tests/"):
            (reader.folder / name).unlink()
    variables = {
        "BILL_BASE_URL": bill.origin,
        "BILL_CONSOLE_DEV_KEY": DEV_KEY,
        "NORTH_TOKEN": NORTH_TOKEN,
    }
    recorded = reader.types(
        ["python", "-m", "pytest", "--bill-record-mode=once", "--bill-no-prove"], **variables
    )
    assert recorded["recorded"] == recorded["requests"] == len(bill.received) == 10
    bill.close()
    held = b"".join(path.read_bytes() for path in (reader.folder / "cassettes").rglob("*.yaml"))
    assert NORTH_TOKEN.encode() not in held
    assert DEV_KEY.encode() not in held
    assert not any(each.encode() in held for each in ORGANIZATIONS)
    replayed = reader.types(["python", "-m", "pytest"])
    assert (replayed["recorded"], replayed["replayed"]) == (0, 10)
