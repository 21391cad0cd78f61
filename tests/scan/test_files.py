"""Which files are looked at, and texts that are no cassettes."""

from __future__ import annotations

import os
import subprocess

import pytest

from pytest_bill.scan import files
from tests.helpers.scanning import ACCOUNT, SECRET


@pytest.mark.parametrize(
    ("name", "line", "rule"),
    [
        ("a.env", f"BILL_DEV_KEY={SECRET}", "bill-dev-key"),
        ("a.env", f'export BILL_SPEND_API_TOKEN="{SECRET}"', "bill-spend-api-token"),
        ("a.env", f"BILL_SYNC_TOKEN_VALUE={SECRET}", "bill-password"),
        ("a.py", f'session = {{"sessionId": "{SECRET}"}}', "bill-session-id"),
        ("a.py", f"dev_key='{SECRET}'", "bill-dev-key"),
        ("a.log", f"> sessionId: {SECRET}", "bill-session-id"),
        ("a.sh", f"curl -H 'devKey: {SECRET}' https://gateway.prod.bill.com", "bill-dev-key"),
        ("a.sh", f"curl -d 'devKey={SECRET}&x=1' https://api.bill.com", "bill-dev-key"),
        ("a.md", f"Authorization: Bearer {SECRET}", "authorization"),
        ("a.txt", "the card 5425 2334 3010 9903 was refused", "card-number"),  # pytest-bill: allow
        ("a.json", f'{{"a": [{{"apiToken": "{SECRET}"}}]}}', "bill-spend-api-token"),
        (
            "a.py",
            f'body = {{"accountNumber": "{ACCOUNT}"}}',
            "bank-account-number",
        ),
    ],
)
def test_secrets_in_texts_are_found_with_their_line(scan, tmp_path, name, line, rule):
    (tmp_path / name).write_text(f"# first\n{line}\n" if not name.endswith("json") else line)
    outcome = scan(name, "--format", "json")
    assert rule in outcome.rules
    assert SECRET not in outcome.out
    if not name.endswith("json"):
        assert {each["line"] for each in outcome.findings} == {2}
        assert "pytest-bill: allow" in outcome.findings[0]["advice"]


@pytest.mark.parametrize(
    "line",
    [
        'session_id = answer.json()["sessionId"]',
        "devKey = os.environ['BILL_DEV_KEY']",
        "devKey: str | None = None",
        "def login(self, password: SecretStr = default_password_for_tests) -> None:",
        "BILL_DEV_KEY=",
        "BILL_DEV_KEY=${{ secrets.BILL_DEV_KEY }}",
        'headers = {"devKey": "test-dev-key-1", "sessionId": "session-of-test"}',
        '"accountNumber": "123456789", "routingNumber": "322271779"',
        '"accountNumber": "1000200030004000"',
        "sessionId | string | The session id from POST /v3/login",
        "https://user:password@localhost/",
        "see https://developer.bill.com/reference/login?x=1#password:more",
        "sha256:9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_code_and_prose_are_no_findings(scan, tmp_path, line):
    (tmp_path / "a.py").write_text(line)
    assert scan("a.py", "--format", "json").findings == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_texts_in_other_encodings(scan, tmp_path, encoding):
    (tmp_path / "a.txt").write_text(f"é\r\nBILL_DEV_KEY={SECRET}\r\n", encoding=encoding)
    assert [each["line"] for each in scan("a.txt", "--format", "json").findings] == [2]


def test_folders_are_walked_without_what_tools_keep(scan, tmp_path):
    for folder in ("a", "node_modules/a", ".git", ".venv/lib"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(f"devKey={SECRET}")
    (tmp_path / "package-lock.json").write_text(f'{{"devKey": "{SECRET}"}}')
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "again.txt").symlink_to(tmp_path / "a/a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    found = scan(".", "--format", "json").findings
    assert [each["file"] for each in found] == ["again.txt"]


def test_what_is_not_whole_yet_is_left_out(tmp_path):
    for name in (".a.yaml.0123abcd.pytest-bill", "a.pytest-bill"):
        (tmp_path / name).write_text("text")
    assert [path.name for path in files.files_in([tmp_path])] == ["a.pytest-bill"]


def test_an_env_file_is_left_out_where_git_ignores_it(scan, tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".env").write_text(f"BILL_DEV_KEY={SECRET}\n")
    assert scan(".").status == 1
    (tmp_path / ".gitignore").write_text(".env\n")
    assert scan(".").status == 0
    assert scan(".env").status == 1


def test_binary_files_are_left_out(scan, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\0\1" + SECRET.encode())
    assert scan(".").status == 0


@pytest.mark.parametrize("path", ["nowhere", "nowhere.yaml"])
def test_a_path_that_is_not_there_cannot_be_scanned(scan, path):
    outcome = scan(path)
    assert outcome.status == 2
    assert f"{path}: no such file or folder." in outcome.err


def test_the_default_is_the_cassette_folder(scan, tmp_path):
    assert scan().status == 2
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "cassettes/a.txt").write_text(f"devKey={SECRET}")
    assert scan().status == 1


def test_this_projects_own_files_are_clean(scan, request, monkeypatch):
    root = request.config.rootpath
    monkeypatch.chdir(root)
    outcome = scan("cassettes", "examples", "pytest_bill", "docs", "README.md")
    assert outcome.status == 0, outcome.out


def test_what_is_no_file_is_not_opened(tmp_path):
    (tmp_path / "zero").symlink_to("/dev/zero")
    with pytest.raises(files.CannotScan, match="it is a device, not a file"):
        files.read_file(tmp_path / "zero")
