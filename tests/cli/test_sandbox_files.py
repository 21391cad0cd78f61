"""The files of `pytest-bill sandbox`: credentials that are given, variables that any tool reads."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess

import pytest
from dotenv import dotenv_values

from pytest_bill.cli.sandbox_files import private_file, quoted_names, read_credentials
from pytest_bill.exceptions import SettingsError
from pytest_bill.sandbox import LocalSandbox

PLAIN = {"BILL_BASE_URL": "http://127.0.0.1:8080", "BILL_PASSWORD": "a-b_c=d+e@f%g,h.i:j/k"}
QUOTED = {"BILL_PASSWORD": 'two words, "$HOME" `id`!', "BILL_DEV_KEY": "it's"}


def by_a_shell(path):
    script = 'set -a; . "$1"; env -0'
    done = subprocess.run(["/bin/sh", "-c", script, "sh", path], capture_output=True, check=True)
    return dict(each.split("=", 1) for each in done.stdout.decode().split("\0") if each)


def by_docker(path):
    """As Docker reads it: whatever stands behind the first "=" is the value."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def by_node(path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = "process.stdout.write(JSON.stringify(process.env))"
    command = [node, f"--env-file={path}", "-e", script]
    done = subprocess.run(command, env={}, capture_output=True, check=True)
    return json.loads(done.stdout)


READERS = {"shell": by_a_shell, "docker": by_docker, "node": by_node, "python": dotenv_values}


@pytest.mark.parametrize("reader", READERS)
def test_every_tool_reads_the_same(tmp_path, reader):
    with LocalSandbox() as sandbox:
        variables = {**PLAIN, **sandbox.variables}
    with private_file(tmp_path / "a.env", variables) as path:
        read = READERS[reader](path)
    assert {name: read[name] for name in variables} == variables
    assert quoted_names(variables) == []


@pytest.mark.parametrize("reader", [each for each in READERS if each != "docker"])
def test_what_needs_quotes_has_some(tmp_path, reader):
    with private_file(tmp_path / "a.env", QUOTED) as path:
        read = READERS[reader](path)
    assert {name: read[name] for name in QUOTED} == QUOTED
    assert quoted_names(QUOTED) == list(QUOTED)


def test_only_this_user_may_read_it_and_it_is_gone_afterwards(tmp_path):
    with private_file(tmp_path / "a.env", PLAIN) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()
    with private_file(None, PLAIN) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()


def test_a_file_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "a.env").write_text("BILL_PASSWORD=real\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be created"):
        private_file(tmp_path / "a.env", PLAIN).__enter__()
    assert (tmp_path / "a.env").read_text(encoding="utf-8") == "BILL_PASSWORD=real\n"


def test_credentials_are_read(tmp_path):
    path = tmp_path / "fixed.env"
    path.write_text(
        "# ours\nBILL_BASE_URL=http://bill-sandbox:8080\nBILL_ENVIRONMENT=local\nPATH=/x\n"
        "BILL_USERNAME=ada@example.com\nBILL_PASSWORD='correct horse'\nBILL_DEV_KEY=\n",
        encoding="utf-8",
    )
    expected = {"BILL_USERNAME": "ada@example.com", "BILL_PASSWORD": "correct horse"}
    assert read_credentials(path) == expected


def test_what_the_sandbox_writes_can_be_given_to_the_next(tmp_path):
    with LocalSandbox() as sandbox:
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
    with private_file(tmp_path / "a.env", variables) as path:
        kept = shutil.copy(path, tmp_path / "kept.env")
    read = read_credentials(tmp_path / os.path.basename(kept))
    assert read == sandbox.variables
    with LocalSandbox(variables=read) as again:
        assert again.variables == sandbox.variables


def test_what_a_sync_token_is_used_with_follows_the_developer_keys(tmp_path):
    given = {"BILL_ORGANIZATION_ID": "00801FIXEDFIXEDFIXED", "BILL_DEV_KEY": "fixed-fixed-fixed"}
    variables = LocalSandbox(variables=given).variables
    assert variables["BILL_SYNC_ORGANIZATION_ID"] == given["BILL_ORGANIZATION_ID"]
    assert variables["BILL_SYNC_DEV_KEY"] == given["BILL_DEV_KEY"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not there"),
        (
            "BILL_PASWORD=long-enough\n",
            "fixed.env:1: the sandbox has no credential BILL_PASWORD. Did",
        ),
        ("\nBILL_PASSWORD=short\n", "fixed.env:2: BILL_PASSWORD has fewer than 8 characters"),
        ('BILL_PASSWORD="it\'s $HOME"\n', "fixed.env:1: BILL_PASSWORD has characters that no"),
        ("BILL_DEV_KEY=one-one-one\nBILL_DEV_KEY=two-two-two\n", "sets BILL_DEV_KEY to another"),
        ("BILL_USERNAME=me\nwhat is this\n", "fixed.env:2 is not NAME=value"),
    ],
)
def test_what_cannot_be_used_is_told_without_its_value(tmp_path, content, said):
    path = tmp_path / "fixed.env"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_credentials(path)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2
    for value in ("long-enough", "short\n", "$HOME", "one-one", "two-two", "what is this"):
        assert value not in str(caught.value)
