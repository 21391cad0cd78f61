"""The sign-ins, tried over real sockets: the local sandbox, and what is no BILL."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from contextlib import contextmanager

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.doctor.credentials import BY_WORD, seen
from pytest_bill.doctor.online import Online
from pytest_bill.environments import PRODUCTION, at_origin
from pytest_bill.sandbox import LocalSandbox

EXPECTED = {
    "developer": ("signed in", "Crescendo Music Shop", "Dana Keyes", "ADMINISTRATOR", 35),
    "sync": ("signed in", "Crescendo Music Shop", "Sasha Sync", "ADMINISTRATOR", 48 * 60),
    "console": ("signed in", "Copper Kettle Tea Room", "Connie Ledger", "ADMINISTRATOR", 35),
    "spend": ("taken", None, "Amara Alvarez", "ADMIN", None),
    "partner": ("signed in", None, None, None, 35),
    "oauth": ("signed in", None, None, None, None),
}


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def try_at(tmp_path):
    """Try one credential at an address; gives what came of it, and how often it was asked."""

    def try_at(origin: str, variables, word="developer", *, sign_in="", **options):
        given = Variables(variables, EnvFile(tmp_path / ".env", exists=False))
        ways = {word: sign_in} if sign_in else {}
        (about,) = (each for each in seen(given, ways=ways) if each["credential"] == word)
        environment = PRODUCTION if origin == "production" else at_origin(origin, "custom")
        options = {"clock": itertools.count().__next__, **options}
        tried = Online(given, environment, ways, **options).tried(about)
        for value in variables.values():
            assert len(value) < 8 or value not in json.dumps(tried)
        return tried

    return try_at


def told(tried) -> str:
    return "\n".join(f"{each['what']}\n{each['then']}" for each in tried["findings"])


@pytest.mark.parametrize("word", BY_WORD)
def test_each_credential(sandbox, try_at, word):
    sandbox.reset()
    tried = try_at(sandbox.origin, sandbox.variables, word)
    assert tried["findings"] == []
    known = ("result", "organization", "user", "role", "idle_minutes")
    assert tuple(tried[each] for each in known) == EXPECTED[word]
    assert tried["seconds"] == 1
    assert tried["rights"] == (
        "limited: no payments, no operation of MFA or protected by it" if word == "sync" else None
    )
    paths = [each["path"] for each in sandbox.received_requests()]
    sign_ins = [path for path in paths if path.lower().endswith(("login", "login.json", "token"))]
    assert len(sign_ins) == (word != "spend")
    if word == "oauth":
        assert paths == sign_ins
        assert (tried["lifetime_seconds"], tried["signed_out"]) == (3600, None)
    elif word != "spend":
        assert tried["signed_out"]
        assert paths[-1] == "/connect/v3/logout"


@pytest.mark.parametrize("word", ["developer", "spend"])
def test_what_oauth_took_the_place_of(sandbox, try_at, word):
    sandbox.reset()
    oauth = {name: sandbox.variables[name] for name in ("BILL_CLIENT_ID", "BILL_CLIENT_SECRET")}
    tried = try_at(sandbox.origin, oauth, word, sign_in="oauth")
    assert (tried["result"], tried["findings"]) == ("signed in", [])
    assert tried["address"] == sandbox.origin
    assert list(sandbox.request_counts()) == ["POST /authx/token"]


def test_a_refused_developer_app_is_told_with_where_to_make_one(sandbox, try_at):
    sandbox.reset()
    wrong_secret = {**sandbox.variables, "BILL_CLIENT_SECRET": "another-secret-of-the-app"}
    tried = try_at(sandbox.origin, wrong_secret, "developer", sign_in="oauth")
    assert tried["result"] == "refused"
    assert "oauth-client-credentials" in told(tried)
    assert "it was tried once" in told(tried)
    assert list(sandbox.request_counts().values()) == [1]


def test_the_console_by_v3(sandbox, try_at):
    sandbox.reset()
    tried = try_at(sandbox.origin, sandbox.variables, "console", sign_in="v3")
    assert (tried["result"], tried["user"]) == ("signed in", "Connie Ledger")
    assert "POST /connect/v3/login" in sandbox.request_counts()


def test_the_sync_token_by_v2(sandbox, try_at):
    sandbox.reset()
    tried = try_at(sandbox.origin, sandbox.variables, "sync", sign_in="v2")
    assert (tried["result"], tried["user"]) == ("signed in", "Sasha Sync")
    assert tried["signed_out"]
    assert "POST /api/v2/Login.json" in sandbox.request_counts()


def test_a_path_in_the_address_is_not_shown(sandbox, try_at):
    tried = try_at(f"{sandbox.origin}/s3cret", sandbox.variables)
    assert tried["address"] == sandbox.origin
    assert "s3cret" not in str(tried)


def test_what_mfa_says(try_at):
    with LocalSandbox(mfa_required=True) as sandbox:
        tried = try_at(sandbox.origin, sandbox.variables)
        unknown = {"BILL_REMEMBER_ME_ID": "0" * 64, "BILL_DEVICE": "a device of no one"}
        untrusted = try_at(sandbox.origin, sandbox.variables | unknown)
    assert (tried["trusted"], tried["mfa"], tried["findings"]) == (False, "INCOMPLETE", [])
    assert untrusted["trusted"] is False
    assert "MFA does not trust its session" in told(untrusted)
    assert "run pytest-bill trust" in told(untrusted)


@pytest.mark.parametrize("word", BY_WORD)
def test_a_wrong_secret_is_tried_once(sandbox, try_at, word):
    sandbox.reset()
    secret = BY_WORD[word].variables[-1 if word == "spend" else 1].name
    wrong = sandbox.variables | {secret: "wrong-secret-0123456789"}
    tried = try_at(sandbox.origin, wrong, word)
    assert tried["result"] == "refused"
    assert len(sandbox.received_requests()) == 1
    text = told(tried)
    assert f"Check {BY_WORD[word].variables[0].name}" in text
    assert secret in text
    assert "https://developer.bill.com/docs/" in text
    assert "BILL locks who fails too often" in text


def test_a_key_that_bill_does_not_know(sandbox, try_at):
    tried = try_at(sandbox.origin, sandbox.variables | {"BILL_DEV_KEY": "test-key-that-expired"})
    assert "BDC_1102" in told(tried)
    assert "Check BILL_DEV_KEY, and that it is of this environment" in told(tried)
    assert "Manage Developer Keys" in told(tried)


def test_a_locked_user(try_at):
    with LocalSandbox() as sandbox:
        wrong = sandbox.variables | {"BILL_PASSWORD": "wrong-secret-0123456789"}
        for _ in range(10):
            try_at(sandbox.origin, wrong)
        tried = try_at(sandbox.origin, sandbox.variables)
    assert "BDC_1110" in told(tried)
    assert "Do not try again: set a new password" in told(tried)


def test_another_organization(sandbox, try_at):
    other = sandbox.variables | {"BILL_ORGANIZATION_ID": "00801AAAAAAAAAAAAAAA"}
    assert "Check BILL_ORGANIZATION_ID" in told(try_at(sandbox.origin, other))


def test_nobody_listens(sandbox, try_at):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tried = try_at(f"http://127.0.0.1:{port}", sandbox.variables)
    assert tried["result"] == "no answer"
    assert f"did not reach http://127.0.0.1:{port}, tried once: the connection" in told(tried)
    assert "check the address (BILL_BASE_URL)" in told(tried)
    assert tried["seconds"] is not None


@contextmanager
def silent_server():
    """Takes connections, and says nothing."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken = []

    def take() -> None:
        try:
            taken.append(listening.accept()[0])
        except OSError:
            return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()
    for each in taken:
        each.close()
    thread.join()


def test_a_server_that_is_too_slow(sandbox, try_at):
    with silent_server() as origin:
        tried = try_at(origin, sandbox.variables, timeout=(5, 0.05))
    assert tried["result"] == "no answer"
    assert "it did not answer in time" in told(tried)


@pytest.mark.parametrize("word", ["developer", "spend"])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, {"content-type": "text/html"}, b"<title>Wi-Fi \x1b[2J</title>"), "is not BILL"),
        ((404, {}, b"no such page"), "is not BILL"),
        ((302, {"location": "https://login.example.com/"}, b""), "a redirect to https://login.ex"),
        ((503, {}, b"{}"), "BILL has a fault of its own"),
        ((200, {"content-type": "application/json"}, b"[1, 2]"), "is not BILL"),
        ((200, {"content-type": "application/json"}, b'{"a": '), "cut off or broken"),
        ((429, {}, b"{}"), "BILL takes no sign-in for now"),
    ],
)
def test_what_is_no_sign_in(server, sandbox, try_at, word, answer, words):
    started = server()
    started.default = answer
    tried = try_at(started.origin, sandbox.variables, word)
    assert tried["result"] == "refused"
    assert words in told(tried)
    assert "The credential is not the cause" in told(tried)
    assert "web app" not in told(tried)  # a new one would not help
    assert len(started.received) == 1


def test_json_that_tells_of_no_user(server, sandbox, try_at):
    started = server()
    started.default = (200, {}, b'{"results": []}')
    assert "with JSON that has no user" in told(try_at(started.origin, sandbox.variables, "spend"))


def test_an_address_with_a_path(sandbox, try_at):
    tried = try_at(f"{sandbox.origin}/somewhere", sandbox.variables)
    assert "is not BILL" in told(tried)
    assert "check the address (BILL_BASE_URL)" in told(tried)


def test_what_bill_repeats_is_hidden(server, sandbox, try_at):
    started = server()
    password, session = sandbox.variables["BILL_PASSWORD"], "session-0123456789abcdef"

    def answer(received):
        path = received[1]
        if path.endswith("/v3/login"):
            return 200, {}, json.dumps({"sessionId": session}).encode()
        if path.endswith("/login/session"):
            return 200, {}, json.dumps({"mfaStatus": session, "userId": "../x?y"}).encode()
        if "/users/" in path:
            user = {"firstName": password, "lastName": "\x1b[31m", "role": {"type": session}}
            return 200, {}, json.dumps(user).encode()
        return 500, {}, b""

    started.default = answer
    tried = try_at(started.origin, sandbox.variables)
    assert tried["user"] == "PLACEHOLDER_BILL_PASSWORD \x1b[31m"
    assert tried["mfa"] == tried["role"] == "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"
    assert [each[1] for each in started.received][3] == "/connect/v3/users/..%2Fx%3Fy"
    assert tried["signed_out"] is False
    assert "the session ends unused after 35 min" in told(tried)
    assert "GET /v3/login/organizations with HTTP 500" in told(tried)


def test_a_server_that_is_gone_after_the_sign_in(server, sandbox, try_at):
    started = server()
    started.answers = [(200, {}, b'{"sessionId": "session-0123456789"}')]

    def gone(_):
        raise ConnectionResetError

    started.default = gone
    tried = try_at(started.origin, sandbox.variables)
    assert tried["result"] == "signed in"
    assert tried["signed_out"] is False
    assert "took the sign-in, then: " in told(tried)


@pytest.mark.parametrize("origin", ["production", "https://gateway.prod.bill.com"])
def test_production_needs_the_consent(sandbox, try_at, origin):
    tried = try_at(origin, sandbox.variables)
    assert tried["result"] == "not tried"
    assert "allow it with --bill-allow-production" in told(tried)


def test_a_value_that_is_certainly_wrong_is_not_sent(sandbox, try_at):
    sandbox.reset()
    tried = try_at(sandbox.origin, sandbox.variables | {"BILL_DEV_KEY": "your-key"})
    assert tried["result"] == "not tried"
    assert sandbox.received_requests() == []


def test_one_that_is_not_complete_is_not_tried(sandbox, try_at):
    variables = {"BILL_USERNAME": "ada@example.com"}
    assert try_at(sandbox.origin, variables)["result"] == "not tried"
