"""Somebody who tests in another language: the steps of docs/sandbox.md, as they stand there."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

GUIDE = Path(__file__).parents[2] / "docs" / "sandbox.md"
LOOPBACK = "127.0.0.1"
MOST_COMMANDS = 6
_FILE = re.compile(r"<!-- other file: (?P<name>\S+) -->\n```js\n(?P<text>.*?)```", re.DOTALL)
_COMMANDS = re.compile(r"<!-- other: (?P<name>\w+) -->\n```console\n(?P<lines>.*?)```", re.DOTALL)
_COMPOSE = re.compile(r"<!-- compose: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
_INSTALLS = "pip install "


def commands(name: str) -> list[str]:
    """The commands of one part of the guide."""
    parts = {found["name"]: found["lines"] for found in _COMMANDS.finditer(_text())}
    lines = parts[name].splitlines()
    assert all(line.startswith("$ ") for line in lines)
    return [line.removeprefix("$ ") for line in lines]


def _text() -> str:
    return GUIDE.read_text(encoding="utf-8")


def _run(folder: Path, lines: list[str]) -> tuple[int, str, str]:
    """Run them in one shell, as they are typed, but for the first one: that is installed here.

    Gives the exit status, and what was written to the two streams.
    """
    assert lines[0].startswith(_INSTALLS)
    here = str(Path(sys.executable).parent)
    known = {name: value for name, value in os.environ.items() if not name.startswith("BILL_")}
    shell = subprocess.Popen(
        ["/bin/sh", "-e", "-c", "\n".join(lines[1:])],
        cwd=folder,
        env=known | {"PATH": here + os.pathsep + os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = shell.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):  # the sandbox, where a step failed before it was ended
            os.killpg(shell.pid, signal.SIGTERM)
        shell.wait()
    return shell.returncode, out, err


def test_the_first_test_passes_after_few_commands():
    assert len(commands("node")) <= MOST_COMMANDS


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_steps_with_node(tmp_path):
    (found,) = _FILE.finditer(_text())
    (tmp_path / found["name"]).write_text(found["text"], encoding="utf-8")
    status, out, err = _run(tmp_path, commands("node"))
    assert status == 0, out + err
    assert re.search(r"pass 2\b", out), out
    assert re.search(r"fail 0\b", out), out


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_steps_in_a_shell_alone(tmp_path):
    before = commands("node")
    (node,) = (line for line in before if line.startswith("node "))
    number = before.index(node)
    status, out, err = _run(tmp_path, [*before[:number], *commands("curl"), *before[number + 1 :]])
    assert status == 0, out + err
    page = json.loads(out.splitlines()[-1])
    assert len(page["results"]) == 2


def test_the_line_that_is_replaced_is_the_fifth():
    assert commands("node")[4].startswith("node ")
    assert "in place of the fifth line" in _text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_containers_of_the_guide(tmp_path):
    """The commands of its compose file, on this machine: another program calls it by its name."""
    parts = {found["name"]: found["text"] for found in _COMPOSE.finditer(_text())}
    fixed = tmp_path / "fixed.env"
    fixed.write_text(parts["fixed.env"], encoding="utf-8")
    services = yaml.safe_load(parts["compose.yaml"])["services"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = services["bill-sandbox"]["command"].replace("8080", port).replace("0.0.0.0", LOOPBACK)
    command = [str(Path(sys.executable).parent / "pytest-bill"), *command.split()[1:]]
    command[command.index("/fixed.env")] = str(fixed)
    sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert all(sandbox.stdout.readline() for _ in range(3))  # it is ready
        first, *check = services["bill-sandbox"]["healthcheck"]["test"]
        check = [each.replace("8080", port) for each in check]
        assert first == "CMD"
        assert subprocess.run(check, capture_output=True, check=False).returncode == 0
        app = dict(line.split("=", 1) for line in parts[services["app"]["env_file"]].splitlines())
        called = services["app"]["environment"]["BILL_BASE_URL"].replace("8080", port)
        login = {
            "username": app["BILL_USERNAME"],
            "password": app["BILL_PASSWORD"],
            "organizationId": app["BILL_ORGANIZATION_ID"],
            "devKey": app["BILL_DEV_KEY"],
        }
        by_name = ["curl", "-s", "--connect-to", f"bill-sandbox:{port}:{LOOPBACK}:{port}"]
        sent = ["-H", "Content-Type: application/json", "-d", json.dumps(login)]
        done = subprocess.run(
            [*by_name, f"{called}/connect/v3/login", *sent], capture_output=True, check=True
        )
        assert json.loads(done.stdout)["organizationId"] == app["BILL_ORGANIZATION_ID"]
    finally:
        sandbox.terminate()
        told = sandbox.communicate(timeout=30)[0]
    assert told == "POST /connect/v3/login 200 login\n"
