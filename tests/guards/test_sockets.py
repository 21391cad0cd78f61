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

    def guard(is_allowed=lambda: False, hosts=frozenset({HOST})) -> Guard:
        guards.append(Guard(hosts.__contains__, is_allowed, "Because."))
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
