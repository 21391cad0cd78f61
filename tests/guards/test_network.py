"""Which sockets a blocked network refuses."""

from __future__ import annotations

import _socket
import asyncio
import socket
import sys
import threading
from contextlib import ExitStack, suppress

import pytest

from pytest_bill.exceptions import NetworkRefused, SettingsError
from pytest_bill.guards import sockets
from pytest_bill.guards.network import BlockedNetwork, Hosts, _address

ELSEWHERE = "192.0.2.1"
"""An address for documentation (RFC 5737): nobody is there."""
BILL = "gateway.bill.test"
"""No name of the real ones, which guards of other runs in this process may refuse."""
TEST = "test_a.py::test_b"


@pytest.fixture(autouse=True)
def _no_other_guards(monkeypatch):
    """Runs of other tests in this process may have left some."""
    monkeypatch.setattr(sockets, "_guards", ())


class Bill:
    """What a run says of BILL's hosts."""

    def __init__(self, *reached: str, guarded: bool = False) -> None:
        self.reached = {*reached}
        self.guarded = guarded

    def is_bills(self, host: str) -> bool:
        return host == BILL

    def is_guarded(self) -> bool:
        return self.guarded

    def may_reach(self, host: str) -> bool:
        return host in self.reached

    def hosts(self) -> list[str]:
        return [BILL]


@pytest.fixture
def blocked():
    """Block the network of this process; it is lifted at the end."""
    networks = []

    def blocked(*allowed: str, bill: Bill | None = None, test: str = TEST) -> BlockedNetwork:
        networks.append(BlockedNetwork(allowed, lambda: test, bill or Bill()))
        networks[-1].set()
        return networks[-1]

    yield blocked
    for each in reversed(networks):
        each.lift()


@pytest.fixture
def names(monkeypatch):
    """Let names have these addresses, as a resolver would say it; gives how often it was asked."""
    asked = []

    def names(**known: str) -> list[str]:
        def getaddrinfo(host, port, *args, **kwargs):
            sys.audit("socket.getaddrinfo", host, port, 0, 0, 0)
            asked.append(host)
            name = host.lower().rstrip(".").replace(".", "_")
            if name not in known:
                raise socket.gaierror(f"{host} is not known")
            address = known[name]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))]

        monkeypatch.setattr(_socket, "getaddrinfo", getaddrinfo)
        return asked

    return names


def connect(host: str) -> None:
    """Connect in a way that sends nothing; there need not be a route."""
    with socket.socket(V4, UDP) as sender, suppress(OSError):
        sender.connect((host, 9))


async def datagrams() -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(ELSEWHERE, 9))


TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM
V4, V6 = socket.AF_INET, socket.AF_INET6
WAYS = {
    "connect": lambda new: new(V4, UDP).connect((ELSEWHERE, 9)),
    "connect to a name": lambda new: new(V4, TCP).connect(("example.com", 9)),
    "connect_ex": lambda new: new(V4, TCP).connect_ex((ELSEWHERE, 9)),
    "create_connection": lambda _: socket.create_connection(("example.com", 9)),
    "IPv6": lambda new: new(V6, TCP).connect(("2001:db8::1", 9)),
    "IPv4 in IPv6": lambda new: new(V6, TCP).connect((f"::ffff:{ELSEWHERE}", 9)),
    "sendto a name": lambda new: new(V4, UDP).sendto(b"", 0, ("example.com", 9)),
    "sendto": lambda new: new(V4, UDP).sendto(b"", (ELSEWHERE, 9)),
    "sendmsg": lambda new: new(V4, UDP).sendmsg([b""], [], 0, (ELSEWHERE, 9)),
    "broadcast": lambda new: new(V4, UDP).sendto(b"", ("255.255.255.255", 9)),
    "create_connection to an address": lambda _: socket.create_connection((ELSEWHERE, 9)),
    "below": lambda new: new(V4, UDP, of=_socket).connect((ELSEWHERE, 9)),
    "getaddrinfo": lambda _: socket.getaddrinfo("example.com", 443),
    "bytes": lambda _: socket.getaddrinfo(b"example.com", 443),
    "gethostbyname": lambda _: socket.gethostbyname("example.com"),
    "gethostbyname_ex": lambda _: socket.gethostbyname_ex("example.com"),
    "gethostbyaddr": lambda _: socket.gethostbyaddr(ELSEWHERE),
    "getnameinfo": lambda _: socket.getnameinfo((ELSEWHERE, 80), 0),
    "asyncio": lambda _: asyncio.run(asyncio.open_connection("example.com", 443)),
    "asyncio, address": lambda _: asyncio.run(asyncio.open_connection(ELSEWHERE, 443)),
    "asyncio, datagrams": lambda _: asyncio.run(datagrams()),
    "a part of loopback's name": lambda _: socket.getaddrinfo("localhost.example.com", 443),
}


@pytest.fixture
def new():
    """Make sockets; each is closed at the end."""
    with ExitStack() as stack:

        def new(family: int, kind: int, of=socket) -> socket.socket:
            made = of.socket(family, kind)
            stack.callback(made.close)
            return made

        yield new


@pytest.mark.parametrize("way", WAYS)
def test_what_leaves_this_machine_is_refused(blocked, new, way):
    blocked()
    with pytest.raises(NetworkRefused) as refused:
        WAYS[way](new)
    first, second = str(refused.value).splitlines()
    assert first.startswith(f"{TEST}: a connection to ")
    assert first.endswith(" was refused, since --bill-block-network is on.")
    host = first.split()[4]
    assert f"allow it: --bill-allow-hosts={host} (ini: bill_allow_hosts)" in second


def test_a_thread_is_refused(blocked):
    blocked()
    errors = []

    def work() -> None:
        try:
            connect(ELSEWHERE)
        except NetworkRefused as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(errors) == 1


@pytest.mark.skipif(not hasattr(socket, "AF_PACKET"), reason="needs Linux")
def test_other_families_are_refused_by_name(blocked):
    blocked()
    opened = type("Opened", (), {"family": socket.AF_PACKET})()
    with pytest.raises(NetworkRefused, match="a socket of the family AF_PACKET was refused"):
        sys.audit("socket.sendto", opened, ("eth0", 0))


def test_where_no_test_runs_it_says_so(blocked):
    blocked(test="")
    with pytest.raises(NetworkRefused, match=r"^Outside of any test: a connection to 192"):
        connect(ELSEWHERE)


def test_this_machine_is_reached(blocked, tmp_path):
    blocked()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in "127.0.0.1", "localhost", "0.0.0.0":
            socket.create_connection((host, port)).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as asking:
        server.bind(str(tmp_path / "s"))
        server.listen()
        asking.connect(str(tmp_path / "s"))
    assert socket.getaddrinfo(None, 80)
    assert socket.getaddrinfo(ELSEWHERE, 80)  # digits: nobody is asked
    assert socket.getfqdn()
    with suppress(OSError):
        socket.gethostbyname(socket.gethostname())
    asyncio.run(asyncio.sleep(0))


@pytest.mark.parametrize(
    "allowed", [ELSEWHERE, "192.0.2.0/24", f"::ffff:{ELSEWHERE}", "192.0.2.9/24"]
)
def test_addresses_and_networks_can_be_allowed(blocked, allowed):
    blocked("2001:db8::/32", allowed)
    connect(ELSEWHERE)
    with pytest.raises(NetworkRefused):
        connect("198.51.100.1")


def test_a_name_that_is_allowed_is_reached_at_its_address(blocked, names):
    names(api_example_com=ELSEWHERE)
    blocked("api.example.com")
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.com", 443)
    socket.getaddrinfo("API.example.com.", 443)
    connect(ELSEWHERE)
    with pytest.raises(NetworkRefused):
        connect("192.0.2.2")


def test_a_name_that_another_resolver_looked_up_is_reached(blocked, names):
    asked = names(api_example_com=ELSEWHERE)
    blocked("api.example.com", "unknown.example.com")
    connect(ELSEWHERE)
    assert sorted(asked) == ["api.example.com", "unknown.example.com"]
    connect(ELSEWHERE)
    assert len(asked) == 2


def test_an_address_that_a_list_allows_is_looked_up_nowhere(blocked, names):
    asked = names()
    blocked("api.example.com", ELSEWHERE)
    connect(ELSEWHERE)
    assert asked == []


# --- BILL's hosts -----------------------------------------------------------------------------


def test_no_list_allows_bills_hosts(blocked, names):
    names(gateway_bill_test=ELSEWHERE)
    bill = Bill()
    blocked(BILL, bill=bill)
    with pytest.raises(NetworkRefused, match="it is BILL's, and nothing that is recorded or live"):
        socket.getaddrinfo(BILL, 443)
    bill.reached = {BILL}
    socket.getaddrinfo(BILL, 443)
    connect(ELSEWHERE)
    bill.reached = set()
    with pytest.raises(NetworkRefused, match=f"a connection to {BILL} was refused: it is BILL's"):
        connect(ELSEWHERE)


def test_guards_of_the_run_say_more_of_bills_hosts(blocked, names):
    names(gateway_bill_test=ELSEWHERE)
    blocked(bill=Bill(guarded=True))
    socket.getaddrinfo(BILL, 443)
    with pytest.raises(NetworkRefused, match="it is BILL's"):  # by its address they do not know it
        connect(ELSEWHERE)


def test_where_bill_is_asked_any_resolver_may_have_looked_it_up(blocked, names):
    names(gateway_bill_test=ELSEWHERE)
    blocked(bill=Bill(BILL))
    connect(ELSEWHERE)


def test_links_that_bill_handed_out_lead_somewhere(blocked, names):
    names(files_example_com=ELSEWHERE)
    blocked(bill=Bill("files.example.com"))
    socket.getaddrinfo("files.example.com", 443)
    connect(ELSEWHERE)


# --- and afterwards --------------------------------------------------------------------------


def test_when_it_is_lifted_all_is_as_before(blocked):
    before = _socket.getaddrinfo, {**vars(socket.socket)}
    network = blocked()
    assert _socket.getaddrinfo is not before[0]
    network.lift()
    assert (_socket.getaddrinfo, {**vars(socket.socket)}) == before
    connect(ELSEWHERE)


@pytest.fixture
def _put_back():
    """What a tool takes away that was put over a guard leaves the guard: here nobody wants it."""
    before, getaddrinfo = vars(socket.socket).get("connect"), _socket.getaddrinfo
    yield
    _socket.getaddrinfo = getaddrinfo
    if before is not None:
        socket.socket.connect = before
    elif "connect" in vars(socket.socket):
        del socket.socket.connect


@pytest.mark.usefixtures("_put_back")
def test_what_another_tool_put_over_it_stays_and_refuses_nothing(blocked, monkeypatch):
    network = blocked()
    with monkeypatch.context() as other_tool:
        over = _socket.getaddrinfo
        other_tool.setattr(_socket, "getaddrinfo", lambda *args: over(*args))
        connecting = socket.socket.connect
        other_tool.setattr(socket.socket, "connect", lambda *args: connecting(*args))
        network.lift()
        assert _socket.getaddrinfo("127.0.0.1", 80)
        connect(ELSEWHERE)
    connect(ELSEWHERE)  # it put back what it had found


@pytest.mark.parametrize(
    "entry", ["https://example.com", "example.com:443", "a b", "*.example.com", "-x", ""]
)
def test_what_is_no_host_is_refused(entry):
    with pytest.raises(SettingsError, match=r"which is no host\.\nGive names"):
        Hosts.of(["example.com", entry])


def test_hosts_are_held_however_they_are_written():
    hosts = Hosts.of(["API.Example.com.", "[2001:db8::1]", "10.0.0.0/8"])
    assert hosts.hold("api.example.com", None)
    assert hosts.hold("10.1.2.3", _address("10.1.2.3"))
    assert hosts.hold("2001:db8::1", _address("2001:db8::1"))
    assert not hosts.hold("example.com", None)
