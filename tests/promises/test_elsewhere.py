"""No secret in anything that a run shows, logs, caches, sends or leaves: whole runs, searched."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.sandbox import LocalSandbox
from tests.helpers.leaks import files_below, forms_of, leaks_in
from tests.helpers.waiting import wait_for

# As awkward as BILL's passwords may be: quotes, a backslash, a space, signs, letters beyond ASCII.
CHOSEN = {
    "BILL_PASSWORD": "Pässword \"quoted\" \\ & 'more' <tag> 100%+/=",
    "BILL_CONSOLE_API_TOKEN": "console-tok/en+with=signs&more",
    "BILL_SPEND_API_TOKEN": "spendtoken0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "BILL_PARTNER_PASSWORD": "it's a partner's pass\\word",
    "BILL_CLIENT_SECRET": "cl1ent+secret/with=signs&more%20",
}

SUITE = r"""
import asyncio, base64, dataclasses, http.client, json, logging, os, sys, warnings
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests
import urllib3

from pytest_bill import BillError

VALUES = json.loads(os.environ["CHOSEN_VALUES"])
PASSWORD = VALUES["BILL_PASSWORD"]
LONG = VALUES["BILL_SPEND_API_TOKEN"]


def keep(session):
    # Outside of the folder that is searched.
    folder = Path(os.environ["KEEP_IN"])
    for name, value in session.credential_headers().items():
        value = str.__str__(value).removeprefix("Bearer ")
        (folder / f"{os.getpid()}-{id(session)}-{name}").write_text(value)


@pytest.fixture
def bill(bill_dev_session):
    keep(bill_dev_session)
    return bill_dev_session


@pytest.fixture
def everything(bill_dev_session, bill_sync_session, bill_console_session, bill_spend_client,
               bill_partner_session, bill_oauth_session):
    sessions = [bill_dev_session, bill_sync_session, bill_console_session, bill_spend_client,
                bill_partner_session, bill_oauth_session]
    for session in sessions:
        keep(session)
    return sessions


def test_all_six(everything):
    headers = [session.credential_headers() for session in everything]
    texts = [{name: str.__str__(value) for name, value in each.items()} for each in headers]
    secret, listed = PASSWORD, list(VALUES.values())
    assert (everything, headers, texts, listed) == ()


def test_reprs(everything):
    for session in everything:
        print(repr(session), str(session), f"{session}", vars(session), vars(session._access))
        print(repr(session._recorder), repr(session._recorder.registry))
        print(vars(session._recorder))
    assert vars(everything[0]) == {}


@pytest.mark.parametrize("how", ["plain", "base64", "json", "url", "repr", "bytes"])
def test_values(bill, how):
    from urllib.parse import quote
    for name, value in VALUES.items():
        shown = {
            "plain": value,
            "base64": base64.b64encode(f"x:{value}".encode()).decode(),
            "json": json.dumps({"a": value}),
            "url": quote(value, safe=""),
            "repr": repr(value),
            "bytes": repr(json.dumps({"a": value}).encode()),
        }[how]
        print(shown)
        print(shown, file=sys.stderr)
        sys.stdout.buffer.write(shown.encode() + b"\n") if hasattr(sys.stdout, "buffer") else None
        logging.getLogger("own").warning("%s", shown)
    raise ValueError(*VALUES.values())


def test_a_chain(bill):
    try:
        try:
            raise KeyError(PASSWORD)
        except KeyError as error:
            error.add_note(LONG)
            raise RuntimeError(LONG) from error
    except RuntimeError as error:
        raise ExceptionGroup(PASSWORD, [error, BillError(400, (), "GET", "/" + LONG)]) from None


def test_a_long_text_that_is_cut(bill):
    text = "x" * 115 + LONG + "y" * 200
    local = {"a": text}
    assert text == "other"


def test_a_difference_within_the_secret(bill):
    assert LONG + "a" == LONG + "b"


def test_a_difference_in_a_dict(bill):
    assert {"a": PASSWORD, "b": [LONG, PASSWORD.encode()]} == {"a": 1, "c": {PASSWORD}}


def test_the_clients_debug_output(bill, bill_spend_client):
    keep(bill_spend_client)
    http.client.HTTPConnection.debuglevel = 1
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        bill.get("/v3/vendors", params={"max": 1, "x": PASSWORD})
        bill_spend_client.get("/v3/spend/budgets")
        bill._access.renewed_headers(bill._access.real_headers())
        keep(bill)
        own = {name: str(value) for name, value in bill.credential_headers().items()}
        requests.get(f"{bill.base_url}/v3/vendors", headers=own, params={"x": PASSWORD})
        urllib3.PoolManager().request("GET", f"{bill.base_url}/v3/bills", headers=own)
        httpx.get(f"{bill.base_url}/v3/bills", headers=own)

        async def ask():
            async with aiohttp.ClientSession() as session:
                async with session.get(f"{bill.base_url}/v3/bills", headers=own) as answer:
                    await answer.read()

        asyncio.run(ask(), debug=True)
    finally:
        http.client.HTTPConnection.debuglevel = 0
    raise ValueError("see the log")


def test_a_sign_in_of_its_own(bill):
    body = {"username": VALUES["BILL_USERNAME"], "password": PASSWORD,
            "organizationId": VALUES["BILL_ORGANIZATION_ID"], "devKey": VALUES["BILL_DEV_KEY"]}
    answer = httpx.post(f"{bill.base_url}/v3/login", json=body)
    session_id = answer.json()["sessionId"]
    (Path(os.environ["KEEP_IN"]) / f"{os.getpid()}-own").write_text(session_id)
    print(answer.text, answer.request.content)
    assert answer.json() == body


@pytest.mark.parametrize("client", ["requests", "urllib3", "httpx", "http.client", "session"])
def test_clients_that_fail(bill, client):
    url = f"http://127.0.0.1:9/{PASSWORD}"
    headers = {"devKey": f"{LONG}\n"}
    if client == "requests":
        requests.get(f"{bill.base_url}/v3/vendors", headers=headers)
    elif client == "urllib3":
        urllib3.PoolManager(retries=False).request("GET", bill.base_url, headers=headers)
    elif client == "httpx":
        httpx.get(f"{bill.base_url}/v3/vendors", headers=headers)
    elif client == "http.client":
        http.client.HTTPConnection("127.0.0.1:9").request("GET", url)
    else:
        bill.get("/v3/vendors", params={"a": LONG}, headers=headers)


def test_a_warning(bill):
    warnings.warn(f"{PASSWORD} {LONG}")
    warnings.warn(UserWarning(PASSWORD, [LONG]))


def test_an_explicit_failure(bill):
    pytest.fail(f"{PASSWORD} {LONG}", pytrace=False)


def test_a_skip(bill):
    pytest.skip(f"{PASSWORD} {LONG}")


def test_an_expected_failure(bill):
    pytest.xfail(f"{PASSWORD} {LONG}")


@pytest.mark.parametrize("secret", [PASSWORD, LONG, PASSWORD.encode()])
def test_a_parameter(bill, secret):
    assert secret is None


@pytest.mark.parametrize("value", [1], ids=[LONG])
def test_an_id(bill, value, tmp_path, request):
    (tmp_path / "file").touch()
    assert os.environ["PYTEST_CURRENT_TEST"] == request.node.name


def test_properties(bill, record_property, record_testsuite_property, record_xml_attribute, cache):
    record_property("own", PASSWORD)
    record_testsuite_property("suite", LONG)
    record_xml_attribute("attribute", PASSWORD)
    cache.set("own/value", {"a": [LONG, PASSWORD]})


def test_a_thread(bill):
    import threading
    def fail():
        raise ValueError(PASSWORD)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def test_an_unraisable(bill):
    class Thing:
        def __del__(self):
            raise ValueError(LONG)
    Thing()


def test_own_log_handler(bill, tmp_path):
    logger = logging.getLogger("with-a-file")
    handler = logging.FileHandler(tmp_path / "own.log", encoding="utf-8")
    logger.addHandler(handler)
    logger.error("%s", PASSWORD)
    try:
        raise ValueError(LONG)
    except ValueError:
        logger.exception("it")
    handler.close()


def test_caplog_keeps_what_was_logged(bill, caplog):
    # Or nobody could test that code logs no secret.
    logging.getLogger("own").error("%s", LONG)
    assert LONG in caplog.text


def test_capsys_keeps_what_was_printed(bill, capsys):
    print(LONG)
    assert LONG in capsys.readouterr().out
"""
BROKEN = """
import json, os

def read():
    secret = json.loads(os.environ["CHOSEN_VALUES"])["BILL_PASSWORD"]
    raise ValueError(secret)

read()
"""
CONFTEST = """
import execnet.gateway_base as base
import os

# What goes over xdist's channel, from both sides.
send = base.Channel.send

def recorded(self, item):
    with open(f"channel-{os.getpid()}.txt", "a", encoding="utf-8", errors="surrogateescape") as f:
        print(repr(item), file=f)
    return send(self, item)

base.Channel.send = recorded
"""


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox(variables=CHOSEN, rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def environ(sandbox, tmp_path_factory):
    """An environment with every credential, and nothing else of BILL."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BILL_")}
    ours |= sandbox.variables | {"BILL_BASE_URL": sandbox.origin}
    ours |= {"CHOSEN_VALUES": json.dumps(dict(sandbox.variables))}
    ours["KEEP_IN"] = str(tmp_path_factory.mktemp("kept"))
    ours["TMPDIR"] = str(tmp_path_factory.mktemp("temporary"))
    ours["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    return ours


@pytest.fixture
def folder(pytester):
    pytester.makepyfile(test_suite=SUITE, test_broken=BROKEN)
    pytester.makeconftest(CONFTEST)
    return pytester.path


@pytest.fixture
def search(sandbox, environ, folder):
    """Search what a run printed and left, in its folder and in the temporary one."""

    def search(*printed: str) -> list[str]:
        secrets = dict(sandbox.variables)
        kept = sorted(Path(environ["KEEP_IN"]).iterdir())
        secrets |= {path.name: path.read_text() for path in kept}
        assert len(kept) > 1
        texts = {f"output {number}": text for number, text in enumerate(printed)}
        texts |= files_below(folder) | files_below(Path(environ["TMPDIR"]))
        return leaks_in(texts, secrets)

    return search


def run_pytest(folder, environ, *args):
    return subprocess.run(
        [sys.executable, "-m", "pytest", f"--basetemp={folder}/base", *args],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )


def test_the_search_finds_what_it_should(tmp_path):
    secret = CHOSEN["BILL_PASSWORD"]
    for form in forms_of(secret):
        assert leaks_in({"here": f"a{form}b"}, {"it": secret}) == ["it in here"]
    (tmp_path / "file").write_text(f"-{secret}-")
    assert leaks_in(files_below(tmp_path), {"it": secret}) == ["it in file"]
    assert leaks_in({"here": "\x1b[0mPLACEHOLDER_BILL_PASSWORD"}, {"it": secret}) == []


EVERYTHING = (
    "-vv",
    "-rA",
    "--showlocals",
    "--full-trace",
    "--junit-xml=junit.xml",
    "-o",
    "junit_logging=all",
    "--log-level=DEBUG",
    "--log-file=log.txt",
    "--log-file-level=DEBUG",
    "--bill-record-mode=once",
    "--continue-on-collection-errors",
)


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(
            (*EVERYTHING, "-s", "--tb=long", "--log-cli-level=DEBUG", "--color=yes", "--debug"),
            marks=pytest.mark.nightly,
            id="no capture",
        ),
        pytest.param(
            (*EVERYTHING, "--capture=tee-sys", "--tb=short", "-o", "junit_family=xunit1"),
            marks=pytest.mark.nightly,
            id="tee",
        ),
        pytest.param(
            (*EVERYTHING, "--capture=sys", "--tb=native", "--setup-show", "-x", "--maxfail=99"),
            marks=pytest.mark.nightly,
            id="native",
        ),
        pytest.param((*EVERYTHING, "--tb=auto", "-n2"), marks=pytest.mark.nightly, id="workers"),
        pytest.param(
            ("-q", "--tb=line", "--bill-live", "-W", "always", "--continue-on-collection-errors"),
            id="live",
        ),
    ],
)
def test_nothing_that_a_run_shows_or_leaves_holds_a_secret(folder, environ, search, args):
    environ["PYTHONASYNCIODEBUG"] = "1"
    done = run_pytest(folder, environ, *args)
    assert done.returncode == 1, done.stdout
    assert "PLACEHOLDER_BILL_PASSWORD" in done.stdout
    assert "3 passed" not in done.stdout
    assert "failed" in done.stdout
    if "-n2" in args:
        sent = "".join(path.read_text() for path in folder.glob("channel-*.txt"))
        assert "testreport" in sent
        assert "PLACEHOLDER_BILL_PASSWORD" in sent
    assert search(done.stdout, done.stderr) == []
    assert list(Path(environ["TMPDIR"]).glob("pytest-bill-*")) == []


@pytest.mark.nightly
def test_the_tests_of_the_suite_end_as_they_should(folder, environ):
    suite = ("test_suite.py", "-q", "-k", "keeps or properties", "--bill-live")
    done = run_pytest(folder, environ, *suite)
    assert "\n3 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    "workers",
    [pytest.param((), id="alone"), pytest.param(("-n1",), marks=pytest.mark.nightly, id="worker")],
)
@pytest.mark.parametrize(
    "end",
    [
        "pytest.exit(SECRET)",
        "raise KeyboardInterrupt(SECRET)",
        "request.session.shouldstop = SECRET",
        "raise SystemExit(SECRET)",
    ],
    ids=["exit", "interrupt", "stop", "system exit"],
)
@pytest.mark.sampled(4)
def test_ends_of_a_run(folder, environ, search, end, workers):
    (folder / "test_broken.py").unlink()
    (folder / "test_suite.py").write_text(
        SUITE[: SUITE.index("def test_all_six")]
        + f"""
def test_end(bill, request):
    SECRET = PASSWORD + LONG
    {end}
"""
    )
    done = run_pytest(folder, environ, "-vv", "--showlocals", "--bill-live", *workers)
    assert done.returncode != 0
    assert search(done.stdout, done.stderr) == []
    assert list(Path(environ["TMPDIR"]).glob("pytest-bill-*")) == []


@pytest.mark.nightly
def test_an_internal_error(folder, environ, search):
    (folder / "test_broken.py").unlink()
    (folder / "conftest.py").write_text(
        CONFTEST
        + """
def pytest_runtest_teardown(item):
    import json
    secret = json.loads(os.environ["CHOSEN_VALUES"])["BILL_PASSWORD"]
    raise BaseException(secret)

def pytest_runtest_logstart(nodeid):
    import json
    raise ValueError(json.loads(os.environ["CHOSEN_VALUES"])["BILL_PASSWORD"])
"""
    )
    for workers in ((), ("-n1",)):
        done = run_pytest(folder, environ, "--showlocals", "-k", "all_six", "--bill-live", *workers)
        assert done.returncode != 0
        assert "PLACEHOLDER_BILL_PASSWORD" in done.stdout + done.stderr
        for path in Path(environ["KEEP_IN"]).iterdir():
            path.touch()
        (Path(environ["KEEP_IN"]) / "a").write_text(CHOSEN["BILL_PASSWORD"])
        (Path(environ["KEEP_IN"]) / "b").write_text(CHOSEN["BILL_SPEND_API_TOKEN"])
        assert search(done.stdout, done.stderr) == []


# --- the file that workers share -------------------------------------------------------------

SHARED = """
import os, pathlib, signal, sys, time

import pytest


def test_one(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
    pathlib.Path(os.environ["KEEP_IN"], "ready").write_text(str(os.getpid()))
    {end}
"""


def started(folder, environ, end, *args):
    for path in folder.glob("*.py"):
        path.unlink()
    (folder / "test_one.py").write_text(SHARED.format(end=end))
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--bill-live", *args],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    ready = Path(environ["KEEP_IN"], "ready")
    wait_for(lambda: (ready.exists() and ready.read_text()) or process.poll() is not None)
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="modes and signals of POSIX")
@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(signal.SIGTERM, marks=pytest.mark.nightly),
        pytest.param(signal.SIGINT, marks=pytest.mark.nightly),
        pytest.param(signal.SIGHUP, marks=pytest.mark.nightly),
    ],
)
def test_the_shared_sign_ins_are_private_while_they_last_and_gone_after_any_signal(
    folder, environ, ending
):
    process = started(folder, environ, "time.sleep(600)", "-n1")
    temporary = Path(environ["TMPDIR"])
    (shared,) = temporary.glob("pytest-bill-*")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in shared.iterdir()}
    assert "sign_ins.json" in modes
    assert modes == dict.fromkeys(modes, 0o600)
    os.kill(process.pid, ending)
    expected = {-ending, pytest.ExitCode.INTERRUPTED}
    if ending == signal.SIGINT:
        # xdist waits for its workers, which a terminal would have interrupted, too; it may see
        # first that this one is gone.
        os.kill(int(Path(environ["KEEP_IN"], "ready").read_text()), signal.SIGKILL)
        expected.add(pytest.ExitCode.TESTS_FAILED)
    process.communicate(timeout=120)
    assert process.returncode in expected
    assert list(temporary.glob("pytest-bill-*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.nightly
def test_after_a_kill_the_next_run_removes_what_is_left(folder, environ):
    process = started(folder, environ, "time.sleep(600)", "-n1")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=120)
    temporary = Path(environ["TMPDIR"])
    (left,) = temporary.glob("pytest-bill-*")
    Path(environ["KEEP_IN"], "ready").unlink()
    done = started(folder, environ, "pass", "-n1")
    assert b"1 passed" in done.communicate(timeout=120)[0]
    assert not left.exists()
    assert list(temporary.glob("pytest-bill-*")) == []


@pytest.mark.nightly
def test_a_worker_that_crashes_leaves_nothing(folder, environ):
    process = started(folder, environ, "os._exit(7)", "-n1", "--max-worker-restart=0")
    output, _ = process.communicate(timeout=120)
    assert b"crashed" in output
    assert list(Path(environ["TMPDIR"]).glob("pytest-bill-*")) == []
