"""`pytest-bill sandbox` through the front door: the installed command, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
import trustme
from dotenv import dotenv_values

COMMAND = str(Path(sys.executable).parent / "pytest-bill")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=60)


@pytest.fixture
def sandbox():
    """Start `pytest-bill sandbox`; give the process and its first three lines."""
    processes = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], list[str]]:
        process = subprocess.Popen(
            [COMMAND, "sandbox", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process, [process.stdout.readline().strip() for _ in range(4)]

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=30)


def address_in(lines: list[str]) -> str:
    return lines[0].rpartition(" ")[2]


def test_the_sandbox_runs_until_it_is_interrupted(sandbox, tmp_path):
    env_file = tmp_path / "sandbox.env"
    process, lines = sandbox("--env-file", str(env_file))
    variables = dotenv_values(env_file)
    assert variables["BILL_BASE_URL"] == address_in(lines)
    assert lines[3] == f"Look into it: {address_in(lines)} in a browser of this machine"
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    login = {
        "username": variables["BILL_USERNAME"],
        "password": variables["BILL_PASSWORD"],
        "organizationId": variables["BILL_ORGANIZATION_ID"],
        "devKey": variables["BILL_DEV_KEY"],
    }
    answer = requests.post(f"{address_in(lines)}/connect/v3/login", json=login, timeout=10)
    assert answer.status_code == 200
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert not env_file.exists()
    shown = "\n".join(lines) + rest + errors
    secrets = [value for name, value in variables.items() if name != "BILL_BASE_URL"]
    assert [secret for secret in secrets if secret in shown] == []


def test_a_suite_records_from_the_sandbox_as_it_says(sandbox, pytester):
    _, lines = sandbox()
    command = shlex.split(lines[2].removeprefix("Use it: pytest "))
    pytester.makepyfile(
        test_bill="""
        def test_one(bill_dev_session):
            assert bill_dev_session.get("/v3/vendors").ok
        """
    )
    result = pytester.runpytest_subprocess(*command)
    assert result.ret == 0, result.stdout.str()
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "- answered_by: local" in cassette
    assert "environment: local" in cassette
    assert "not by BILL" in cassette
    assert "127.0.0.1" not in cassette


FIXED = {
    "BILL_USERNAME": "ada@example.com",
    "BILL_PASSWORD": "correct horse battery",
    "BILL_ORGANIZATION_ID": "00801FIXEDFIXEDFIXED",
    "BILL_DEV_KEY": "fixed-key-of-the-team",
}


def test_a_sandbox_for_a_compose_file(sandbox, tmp_path):
    """Credentials that stay, a name of a container, a look at its health, requests in sight."""
    fixed, env_file = tmp_path / "fixed.env", tmp_path / "sandbox.env"
    fixed.write_text("".join(f"{name}='{value}'\n" for name, value in FIXED.items()))
    process, lines = sandbox(
        *("--credentials", str(fixed), "--env-file", str(env_file), "--log-requests"),
        *("--allowed-host", "bill-sandbox"),
    )
    named = {"Host": "bill-sandbox:8080"}
    health = requests.get(f"{address_in(lines)}/__sandbox__/health", headers=named, timeout=10)
    assert health.json()["status"] == "ok"
    login = {
        "username": FIXED["BILL_USERNAME"],
        "password": FIXED["BILL_PASSWORD"],
        "organizationId": FIXED["BILL_ORGANIZATION_ID"],
        "devKey": FIXED["BILL_DEV_KEY"],
    }
    v3 = f"{address_in(lines)}/connect/v3"
    session = requests.post(f"{v3}/login", json=login, headers=named, timeout=10).json()
    headers = {"devKey": login["devKey"], "sessionId": session["sessionId"]}
    assert requests.get(f"{v3}/vendors?max=3", headers=headers | named, timeout=10).ok
    refused = requests.get(f"{v3}/vendors", headers={"Host": "evil.example.com"}, timeout=10)
    assert refused.status_code == 421
    variables = dotenv_values(env_file)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert rest.splitlines() == [
        "POST /connect/v3/login 200 login",
        "GET /connect/v3/vendors?max=3 200 listVendors",
        "GET /connect/v3/vendors 421",
    ]
    assert errors == (
        "Warning: BILL_PASSWORD can only be written with quotes, which `docker --env-file` takes "
        "for a part of the value.\n"
    )
    assert {name: variables[name] for name in FIXED} == FIXED
    secrets = [session["sessionId"], *(variables[each] for each in variables if "_KEY" in each)]
    shown = "\n".join(lines) + rest + errors
    assert [each for each in [*secrets, FIXED["BILL_PASSWORD"]] if each in shown] == []


@pytest.mark.parametrize("content", [None, "BILL_PASWORD=long-enough\n"])
def test_credentials_that_cannot_be_used_are_explained(tmp_path, content):
    path = tmp_path / "fixed.env"
    if content is not None:
        path.write_text(content)
    result = run("sandbox", "--credentials", str(path))
    assert result.returncode == 2
    assert str(path) in result.stderr
    assert "long-enough" not in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_recorded_by_another_name_is_marked_as_local(sandbox, pytester, tmp_path):
    """A name in front of it that speaks TLS, as in a cluster: it is the sandbox all the same."""
    env_file = tmp_path / "sandbox.env"
    _, lines = sandbox("--allowed-host", "bill-sandbox", "--env-file", str(env_file))
    pytester.makeconftest(
        """
        import socket

        looked_up = socket.getaddrinfo

        def look_up(host, *args, **kwargs):
            return looked_up("127.0.0.1" if host == "bill-sandbox" else host, *args, **kwargs)

        socket.getaddrinfo = look_up
        """
    )
    pytester.makepyfile(
        test_bill="""
        def test_one(bill_dev_session):
            assert bill_dev_session.get("/v3/vendors").ok
        """
    )
    authority = tmp_path / "authority.pem"
    with tls_in_front(address_in(lines), "bill-sandbox", authority) as port:
        known = {**os.environ, **dotenv_values(env_file)}
        known["BILL_BASE_URL"] = f"https://bill-sandbox:{port}"
        command = [sys.executable, "-m", "pytest", "--bill-record-mode=once"]
        result = subprocess.run(
            command,
            cwd=pytester.path,
            env=known | {"REQUESTS_CA_BUNDLE": str(authority)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode == 0, result.stdout + result.stderr
    recorded = sorted((pytester.path / "cassettes").rglob("*.yaml"))
    assert len(recorded) == 2
    for path in recorded:
        cassette = path.read_text()
        assert "- answered_by: local" in cassette
        assert "environment: local" in cassette
        assert "not by BILL" in cassette
        assert "bill-sandbox:" not in cassette


@contextmanager
def tls_in_front(address, name, authority):
    """A port that speaks TLS by a name, and hands on to an address; its authority is written."""
    ours = trustme.CA()
    ours.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert(name).configure_cert(context)
    port = int(address.rpartition(":")[2])

    async def hand_on(reader, writer):
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connect(reader, writer):
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(hand_on(reader, to_writer), hand_on(to_reader, writer))

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(connect, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def test_the_sandbox_can_be_as_strict_as_production_or_count_nothing(sandbox, tmp_path):
    env_file = tmp_path / "sandbox.env"
    _, lines = sandbox("--mfa", "--no-rate-limits", "--env-file", str(env_file))
    variables = dotenv_values(env_file)
    login = {
        "username": variables["BILL_USERNAME"],
        "password": variables["BILL_PASSWORD"],
        "organizationId": variables["BILL_ORGANIZATION_ID"],
        "devKey": variables["BILL_DEV_KEY"],
    }
    v3 = f"{address_in(lines)}/connect/v3"
    session = requests.post(f"{v3}/login", json=login, timeout=10).json()
    headers = {"devKey": login["devKey"], "sessionId": session["sessionId"]}
    details = requests.get(f"{v3}/login/session", headers=headers, timeout=10).json()
    assert (details["mfaStatus"], details["mfaBypass"]) == ("INCOMPLETE", False)
    texts = [
        requests.post(f"{v3}/mfa/challenge", json={}, headers=headers, timeout=10).status_code
        for _ in range(6)
    ]
    assert texts == [200] * 6


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.sampled(2)
def test_the_credentials_are_gone_however_early_it_is_stopped(tmp_path, name):
    env_file = tmp_path / "sandbox.env"
    process = subprocess.Popen(
        [COMMAND, "sandbox", "--env-file", str(env_file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not env_file.exists() and process.poll() is None:
        pass
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert not env_file.exists()


def test_the_command_that_it_shows_works_from_any_folder(sandbox, tmp_path, monkeypatch):
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    _, lines = sandbox("--env-file", "my env")
    option = shlex.split(lines[2])[3]
    assert option == f"--bill-env-file={tmp_path / 'a b' / 'my env'}"
    assert os.path.exists(option.partition("=")[2])


def test_a_port_that_is_taken_is_explained():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("sandbox", "--port", str(port))
    assert result.returncode == 2
    assert f"127.0.0.1 port {port} cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_env_file_that_is_there_is_left_alone(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text("BILL_PASSWORD=real\n")
    result = run("sandbox", "--env-file", str(env_file))
    assert result.returncode == 2
    assert "cannot be created: File exists" in result.stderr
    assert env_file.read_text() == "BILL_PASSWORD=real\n"


def test_the_sandbox_starts_with_as_many_records_as_asked_for(sandbox, tmp_path):
    seeds = tmp_path / "seeds.json"
    address = {"line1": "1 Main", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    seeds.write_text(json.dumps({"/v3/vendors": [{"name": "Seeded", "address": address}]}))
    env = tmp_path / "bill.env"
    _, lines = sandbox(
        *("--vendors", "30", "--bills", "7", "--seed", str(seeds), "--env-file", str(env))
    )
    values = dotenv_values(env)
    session = requests.post(
        f"{address_in(lines)}/connect/v3/login",
        json={
            "username": values["BILL_USERNAME"],
            "password": values["BILL_PASSWORD"],
            "organizationId": values["BILL_ORGANIZATION_ID"],
            "devKey": values["BILL_DEV_KEY"],
        },
        timeout=5,
    ).json()["sessionId"]
    headers = {"sessionId": session, "devKey": values["BILL_DEV_KEY"]}

    def count(kind):
        url = f"{address_in(lines)}/connect/v3/{kind}?max=100"
        return len(requests.get(url, headers=headers, timeout=5).json()["results"])

    assert (count("vendors"), count("bills")) == (36, 32)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "seeds.json:1 is no JSON"),
        ('{"/v3/nonsense": [{}]}', "was refused"),
        ('{"/v3/vendors": [{"name": "No address"}]}', "Missing required data for: [0].address"),
    ],
)
@pytest.mark.sampled(2)
def test_a_file_of_records_that_cannot_be_used_is_named(tmp_path, content, said):
    seeds = tmp_path / "seeds.json"
    if content is not None:
        seeds.write_text(content)
    result = run("sandbox", "--seed", str(seeds))
    assert result.returncode == 2
    assert str(seeds) in result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_listening_beyond_loopback_warns(sandbox):
    process, lines = sandbox("--host", "0.0.0.0")
    assert requests.get(address_in(lines), timeout=5).ok
    process.terminate()
    assert "0.0.0.0 is not loopback" in process.communicate(timeout=30)[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost", ""])
def test_the_command_that_is_printed_works(sandbox, tmp_path, host):
    (tmp_path / "test_a.py").write_text(
        "def test_a(bill_spend_client):\n    assert bill_spend_client.get('/v3/spend/budgets').ok\n"
    )
    command = shlex.split(sandbox("--host", host)[1][2].removeprefix("Use it: "))
    assert command[0] == "pytest"
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="others have one address of this machine")
def test_an_address_that_pytest_would_refuse_is_told_as_such(sandbox):
    _, lines = sandbox("--host", "127.0.0.2")
    assert lines[2] == "To use it from pytest, start it with --host 0.0.0.0 or without --host"


def test_an_address_that_is_not_this_machines_is_refused():
    result = run("sandbox", "--host", "192.0.2.1")
    assert result.returncode == 2
    assert "192.0.2.1 port 0 cannot be used" in result.stderr


@pytest.mark.parametrize("option", ["--vendors", "--bills", "--random-seed"])
def test_numbers_must_be_whole(option):
    result = run("sandbox", option, "-1")
    assert result.returncode == 2
    assert "not a whole number" in result.stderr or "expected one argument" in result.stderr
