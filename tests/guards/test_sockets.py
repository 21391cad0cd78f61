"""No socket to BILL while everything must come from cassettes."""

import socket

import pytest

from pytest_bill.exceptions import NetworkRefused
from pytest_bill.guards.sockets import Guard

HOST = "gateway.stage.bill.com"


@pytest.fixture
def guard():
    """Set guards; each is lifted at the end."""
    guards = []

    def guard(is_allowed=lambda: False, hosts=frozenset({HOST}), port=0) -> Guard:
        guards.append(Guard(hosts.__contains__, is_allowed, "Because.", port))
        guards[-1].set()
        return guards[-1]

    yield guard
    for each in guards:
        each.lift()


@pytest.mark.parametrize("host", [HOST, HOST.upper(), HOST + ".", HOST.encode()])
def test_names_are_not_looked_up(guard, host):
    guard()
    with pytest.raises(NetworkRefused, match=HOST):
        socket.getaddrinfo(host, 443)


def test_sockets_are_not_connected(guard):
    guard(hosts=frozenset({HOST, "127.0.0.1"}))
    with pytest.raises(NetworkRefused):
        socket.create_connection((HOST, 443))
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(NetworkRefused):
        socket.create_connection(server.getsockname())


def test_a_guard_of_one_port_looks_at_connections_to_that_one_only(guard):
    loopback = frozenset({"127.0.0.1", "localhost"})
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        guard(hosts=loopback, port=one.getsockname()[1])
        with socket.socket() as asking:
            with pytest.raises(NetworkRefused, match=r"A connection to 127\.0\.0\.1 was refused\."):
                asking.connect(one.getsockname())
            asking.connect(other.getsockname())
        assert socket.getaddrinfo("localhost", one.getsockname()[1])  # a name alone is no place


def test_a_guard_of_one_port_may_allow_connections_to_it(guard):
    with socket.create_server(("127.0.0.1", 0)) as server:
        guard(lambda: True, frozenset({"127.0.0.1"}), server.getsockname()[1])
        socket.create_connection(server.getsockname()).close()


def test_other_hosts_are_left_alone(guard):
    guard()
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2]).close()
    assert socket.getaddrinfo("localhost", 80)


def test_what_is_allowed_passes(guard):
    guard(lambda: True, frozenset({"localhost"}))
    assert socket.getaddrinfo("localhost", 80)


def test_each_of_several_guards_counts(guard):
    outer = guard(hosts=frozenset({"localhost"}))
    inner = guard(lambda: True, frozenset({"localhost"}))
    inner.lift()
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("localhost", 80)
    outer.lift()
    assert socket.getaddrinfo("localhost", 80)
