"""``--bill-block-network``: no test reaches another machine, whatever it uses."""

from __future__ import annotations

import os

import pytest

from tests.plugin.suites import RECORD

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")

WAYS = '''
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from pytest_bill import NetworkRefused

CODE = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.connect(("192.0.2.1", 9))
"""


def connect(host="192.0.2.1"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((host, 9))


def told_by(*args, **options):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, **options)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def refused_in_a_fixture():
    with pytest.raises(NetworkRefused) as refused:
        connect()
    return str(refused.value)


def test_fixture(request, refused_in_a_fixture):
    assert refused_in_a_fixture.startswith(f"{request.node.nodeid}: a connection to 192.0.2.1 was")


def test_name(request):
    refused = f"^{request.node.nodeid}: a connection to example.com was"
    with pytest.raises(NetworkRefused, match=refused):
        socket.getaddrinfo("example.com", 443)


def test_bills_host(request):
    with pytest.raises(NetworkRefused, match="connection to gateway.stage.bill.com was"):
        socket.create_connection(("gateway.stage.bill.com", 443))


def test_allowed():
    with suppress(OSError):  # there need be no route
        connect("203.0.113.9")


def test_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("env", [None, {}], ids=["inherited", "own"])
def test_python(request, env):
    told = told_by("-c", CODE, env=env)
    assert f"NetworkRefused: {request.node.nodeid}: a connection to 192.0.2.1 was refused" in told
    assert "NetworkRefused" not in told_by("-c", CODE.replace("192.0.2.1", "203.0.113.9"), env=env)


def test_python_of_python():
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CODE!r}])"
    assert "NetworkRefused" in told_by("-c", nested)


def test_shell(tmp_path):
    os.system(f"{sys.executable} -c '{CODE}' 2> {tmp_path}/told".replace("\\n", "\\n"))
    assert "NetworkRefused" in (tmp_path / "told").read_text()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method):
    process = multiprocessing.get_context(method).Process(target=connect)
    process.start()
    process.join()
    assert process.exitcode == 1


CODE_OF_INNER = f"""
def test_here():
    exec({CODE!r})


def test_child():
    subprocess.run([sys.executable, "-c", {CODE!r}], check=True)
"""


@pytest.mark.parametrize("options", [(), ("--bill-block-network", "--bill-allow-hosts=192.0.2.1")])
def test_pytest(tmp_path, options):
    (tmp_path / "test_inner.py").write_text("import subprocess, sys\\n" + CODE_OF_INNER)
    run = ("-m", "pytest", "-p", "no:cacheprovider", *options, "test_inner.py")
    told = told_by(*run, cwd=tmp_path)
    assert "2 failed" in told, told
    assert told.count("--bill-block-network is on.") >= 2, told


def test_shown():
    threading.Thread(target=print).start()
    connect()
'''
BLOCK = ("--bill-block-network", "--bill-allow-hosts=203.0.113.0/24,files.example.com")
SHOWN = [
    "test_ways.py::test_shown: a connection to 192.0.2.1 was refused, since --bill-block-network*",
    "Fake what asks there, or allow it: --bill-allow-hosts=192.0.2.1 (ini: bill_allow_hosts).",
]
BILL = """
import socket
import subprocess
import sys

import pytest

from pytest_bill import NetworkRefused
from test_ways import CODE, told_by


def test_bill(request, bill_dev_session):
    assert bill_dev_session.call("GET", "/v3/vendors", params={"max": 1})["results"]
    told = told_by("-c", CODE)
    assert f"NetworkRefused: {request.node.nodeid}: a connection to 192.0.2.1 was refused" in told


def test_sockets(bill_dev_session):
    with pytest.raises(NetworkRefused, match="A connection to gateway.stage.bill.com was refused"):
        socket.create_connection(("gateway.stage.bill.com", 443))


def test_next():
    with pytest.raises(NetworkRefused, match="--bill-allow-hosts=example.com"):
        socket.getaddrinfo("example.com", 443)
"""


def test_every_test_is_refused_whatever_it_uses(pytester, subprocess_run):
    pytester.makepyfile(test_ways=WAYS)
    result = subprocess_run(*BLOCK)
    result.assert_outcomes(passed=13, failed=1)
    result.stdout.fnmatch_lines(SHOWN)


def test_what_is_recorded_is_asked(pytester, subprocess_run):
    pytester.makepyfile(test_bill=BILL, test_ways=WAYS)
    subprocess_run(*RECORD, *BLOCK, "test_bill.py").assert_outcomes(passed=3)
    assert (pytester.path / "cassettes/test_bill/test_bill.yaml").exists()
    assert not (pytester.path / "cassettes/test_bill/test_sockets.yaml").exists()


@pytest.mark.nightly
@pytest.mark.parametrize(
    "options",
    [("-n", "2"), ("--allow-hosts=localhost,192.0.2.1,203.0.113.9", "--allow-unix-socket")],
    ids=["n", "socket"],
)
def test_workers_and_pytest_socket_stand_beside_it(pytester, subprocess_run, options):
    pytester.makeini(
        "[pytest]\nbill_block_network = true\nbill_allow_hosts =\n  203.0.113.0/24\n"
        "  files.example.com\n"
    )
    pytester.makepyfile(test_bill=BILL, test_ways=WAYS)
    subprocess_run(*RECORD, "test_bill.py", "-n", "2").assert_outcomes(passed=3)
    result = subprocess_run(*options, "-W", "ignore", "-k", "not test_this_machine")
    result.assert_outcomes(passed=15, failed=1)
