"""Refuses every socket that leaves this machine, but for hosts that are allowed.

That is ``--bill-block-network``: whatever opens it in Python, by name or by address, and each host
that is looked up. BILL's hosts are not allowed by a list: they are asked while something may be
recorded, or live. What a library in C opens by itself is not seen.
"""

from __future__ import annotations

import _socket
import ipaddress
import socket
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from pytest_bill.environments import canonical_host
from pytest_bill.exceptions import NetworkRefused, PytestBillError, SettingsError
from pytest_bill.guards.sockets import SENDS_TO, begin_looking, place_of, stop_looking
from pytest_bill.patterns import late_pattern
from pytest_bill.secret import repr_unless_secret

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HERE = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
_OF_THIS_MACHINE = frozenset(
    getattr(socket, name)
    for name in ("AF_UNIX", "AF_NETLINK", "AF_ALG", "AF_SYSTEM", "AF_ROUTE")
    if hasattr(socket, name)
)
"""Families of sockets that lead to no other machine: to processes and to the kernel."""
_ASKS_OF_ADDRESSES = ("socket.gethostbyaddr", "socket.getnameinfo")
"""Else, to look up an address written in digits asks nobody."""
_MAPPED = 96
"""The bits of an IPv6 address before an IPv4 address in it."""
_TO_NAMES = ("connect", "connect_ex", "sendto", "sendmsg")
"""The methods of a socket that look a name up before Python tells of it."""
_NAME = late_pattern(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")


@dataclass(frozen=True)
class Hosts:
    """Hosts by name, by address and by network."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Hosts:
        """What a list of them means.

        Raises:
            SettingsError: one is no host.
        """
        names: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            plain = entry.strip().removeprefix("[").removesuffix("]")
            try:
                networks.append(_plain_network(ipaddress.ip_network(plain, strict=False)))
                continue
            except ValueError:
                name = canonical_host(plain)
            if not _NAME.fullmatch(name):
                raise SettingsError(
                    f"--bill-allow-hosts has {repr_unless_secret(entry)}, which is no host.\n"
                    "Give names (api.example.com), addresses (192.0.2.1) or networks "
                    "(10.0.0.0/8), without scheme and port."
                )
            names.add(name)
        return cls(frozenset(names), tuple(networks))

    def hold(self, host: str, address: Address | None) -> bool:
        """Whether a host is one of them; ``address`` is its own, where it is written as one."""
        if address is None:
            return host in self.names
        return any(address in each for each in self.networks)


def _plain_network(network: Network) -> Network:
    """IPv4 within IPv6 is IPv4."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < _MAPPED:
        return network
    return ipaddress.IPv4Network((mapped, network.prefixlen - _MAPPED))


class Bill(Protocol):
    """What is asked of the run, if there is one."""

    def is_bills(self, host: str) -> bool:
        """Whether BILL is at a host."""

    def is_guarded(self) -> bool:
        """Whether guards of the run look at BILL's hosts, by name."""

    def may_reach(self, host: str) -> bool:
        """Whether a host is asked now for BILL, since something may be recorded, or live."""

    def hosts(self) -> Iterable[str]:
        """The hosts at which BILL is asked."""


class BlockedNetwork:
    """Refuses what leaves this machine, in this process."""

    def __init__(self, allowed: Iterable[str], test_now: Callable[[], str], bill: Bill) -> None:
        """``allowed`` are hosts; ``test_now`` names the test that runs.

        Raises:
            SettingsError: what is allowed is no host.
        """
        self.allowed = tuple(allowed)
        self.test_now = test_now
        self._hosts = Hosts.of(self.allowed)
        self._bill = bill
        self._names_at: dict[Address, set[str]] = {}
        self._asked_for: set[str] = set()
        self._now = _Now()
        self._is_set = False
        self._before: Any = None
        self._ours: Any = None
        self._methods: dict[str, Any] = {}
        self._methods_before: dict[str, Any] = {}

    def set(self) -> None:
        """Refuse from now on."""
        self._is_set = True
        begin_looking(self)
        # A connection names an address; whose it is, only the look-up told.
        self._before = vars(_socket)["getaddrinfo"]
        self._ours = vars(_socket)["getaddrinfo"] = self._remembering(self._before)
        own = vars(socket.socket)
        self._methods_before = {name: own[name] for name in _TO_NAMES if name in own}
        self._methods = {name: self._checking(name) for name in _TO_NAMES}
        for name, method in self._methods.items():
            setattr(socket.socket, name, method)

    def lift(self) -> None:
        """Refuse nothing any more, even where another tool puts back what it found here."""
        self._is_set = False
        stop_looking(self)
        if vars(_socket)["getaddrinfo"] is self._ours:
            vars(_socket)["getaddrinfo"] = self._before
        for name, method in self._methods.items():
            if vars(socket.socket).get(name) is method:
                if name in self._methods_before:
                    setattr(socket.socket, name, self._methods_before[name])
                else:
                    delattr(socket.socket, name)

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse what leads to another machine, if that is not allowed."""
        if not self._is_set or self._now.is_looking_up:
            return
        host, _ = place_of(event, arguments)
        is_socket = event in SENDS_TO
        if is_socket and not _is_internet(arguments[0]):
            self._check_family(arguments[0])
            return
        address = _address(host)
        if not host or _is_here(host, address):
            return
        if is_socket:
            self._check_host(host, address)
        elif address is None and host != canonical_host(_socket.gethostname()):
            self._asked_for.add(host)
            self._check_host(host, None)
        elif address is not None and event in _ASKS_OF_ADDRESSES:
            self._check_host(host, address)

    def _check_family(self, opened: Any) -> None:
        if opened.family not in _OF_THIS_MACHINE:
            known = {each.value: each.name for each in socket.AddressFamily}
            family = known.get(opened.family, opened.family)
            raise NetworkRefused(
                f"{self._test()}: a socket of the family {family} was refused, since "
                "--bill-block-network is on.\nUse a Unix socket, or loopback."
            )

    def _check_host(self, host: str, address: Address | None) -> None:
        is_bills = self._bill.is_bills
        names = {host} if address is None else self._names(address)
        if address is None and is_bills(host) and self._bill.is_guarded():
            return  # they say more
        if any(map(self._is_allowed, names)):
            return
        if address is not None and not any(map(is_bills, names)):
            if self._hosts.hold(host, address) or self._is_allowed_by_name(address):
                return
            names = self._names(address)
        shown = min(names, default=host)
        if is_bills(shown):
            raise NetworkRefused(
                f"{self._test()}: a connection to {shown} was refused: it is BILL's, and nothing "
                "that is recorded or live asks it now.\nAsk it in a test with a BILL fixture or "
                "@pytest.mark.bill_cassette; --bill-allow-hosts does not allow hosts of BILL's."
            )
        raise NetworkRefused(
            f"{self._test()}: a connection to {shown} was refused, since --bill-block-network is "
            f"on.\nFake what asks there, or allow it: --bill-allow-hosts={shown} (ini: "
            "bill_allow_hosts)."
        )

    def _test(self) -> str:
        return self.test_now() or "Outside of any test"

    def _is_allowed(self, name: str) -> bool:
        is_listed = name in self._hosts.names and not self._bill.is_bills(name)
        return is_listed or self._bill.may_reach(name)

    def _is_allowed_by_name(self, address: Address) -> bool:
        """Whether an address is that of an allowed host, which was looked up by other means."""
        names = {*self._hosts.names, *self._asked_for, *self._bill.hosts()}
        for name in filter(self._is_allowed, names):
            self._now.is_looking_up = True
            try:
                self._ours(name, None)
            except (OSError, UnicodeError, PytestBillError):
                continue
            finally:
                self._now.is_looking_up = False
        return any(map(self._is_allowed, self._names(address)))

    def _names(self, address: Address) -> Collection[str]:
        """The hosts that were looked up and are there; a copy, since threads add to it."""
        return {*self._names_at.get(address, ())}

    def _checking(self, name: str) -> Any:
        """A method of a socket that looks no name up which is refused."""
        original = getattr(socket.socket, name)

        def method(opened: Any, *args: Any) -> Any:
            if args and isinstance(args[-1], tuple):
                try:
                    self.check("socket.connect", (opened, args[-1]))
                except NetworkRefused:
                    opened.close()  # who opened it closes it after an OSError only
                    raise
            return original(opened, *args)

        return method

    def _remembering(self, original: Any) -> Any:
        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            found = original(host, *args, **kwargs)
            name, _ = place_of("socket.getaddrinfo", (host,))
            for *_, place in found:
                address = _address(place[0])
                if name and address is not None:
                    self._names_at.setdefault(address, set()).add(name)
            return found

        return getaddrinfo


class _Now(threading.local):
    """What this thread does now."""

    is_looking_up = False


def _is_internet(opened: Any) -> bool:
    return getattr(opened, "family", socket.AF_INET) in (socket.AF_INET, socket.AF_INET6)


def _address(host: str) -> Address | None:
    """A host as an address, if it is written as one; IPv4 within IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_here(host: str, address: Address | None) -> bool:
    """Whether a host is this machine's loopback; to connect to no address in particular is."""
    if address is None:
        return host in _HERE or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
