"""What a process asks with that a test started: its parent's run answers, plays and records.

Where the run has ended, or its parent cannot answer, a request to BILL is refused: it is never sent
on the quiet.
"""

from __future__ import annotations

import _socket
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_bill import environments, exceptions
from pytest_bill.environments import Environment
from pytest_bill.exceptions import LateRequest, PytestBillError
from pytest_bill.guards.production import refuse_unwatched
from pytest_bill.interaction import Interaction
from pytest_bill.processes import VARIABLE as VARIABLE

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pytest_bill.guards.network import BlockedNetwork

ENDED = (
    "was asked for by a process that outlived the test run that started it.\n"
    "It was not sent. Let the process end with the test or fixture that starts it."
)


@dataclass(frozen=True)
class RunInfo:
    """What a child has to know.

    That is where its parent listens, whom it works for, and which BILL is meant. ``path`` is empty
    where no process can be answered, as on Windows. With ``is_early`` nobody may listen yet.
    ``why_not`` says why production is not asked where no test uses BILL; empty where it may be.
    Where the network is blocked, ``allowed_hosts`` may be reached, by commas, and ``test`` started
    the child; else that is None.
    """

    path: str
    owner: int
    name: str
    gateway: str
    api: str
    is_early: bool = False
    why_not: str = ""
    allowed_hosts: str | None = None
    test: str = ""
    tokens: str = ""

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def blocked_by(self, network: BlockedNetwork | None) -> RunInfo:
        """The same for a child that the network is blocked for, where it is."""
        if network is None:
            return self
        return replace(self, allowed_hosts=",".join(network.allowed), test=network.test_now())

    @classmethod
    def read(cls, text: str) -> RunInfo:
        """What a variable's value says."""
        return cls(**json.loads(text))

    @property
    def environment(self) -> Environment:
        """The BILL that is meant."""
        return Environment(self.name, self.gateway, self.api, self.tokens)


class _Ended(Exception):
    """Nobody answers any more."""


class Asked(NamedTuple):
    """A request that may go on; ``opened`` is the parent's number of the cassette.

    ``interaction``, ``by_test`` and ``since`` are as in that of ``ClientRequests``.
    """

    interaction: Interaction
    recorded: Interaction | None
    opened: int
    by_test: Interaction | None = None
    since: float = 0.0


_NOT_HERE = (
    "was asked for by a process that a test started, and only on a system with Unix sockets "
    "can such a request be played or recorded.\nMake it in the test's own process."
)
_owner: int | None = None


class Remote:
    """Whom the seams of a child ask: its parent. It may be used by any thread, and after a fork."""

    def __init__(self, info: RunInfo, secrets: Callable[[], Mapping[str, str]] = dict) -> None:
        """``secrets`` gives those that this process knows, with their placeholders."""
        self._info = info
        self._secrets = secrets
        self._reported: frozenset[str] = frozenset(secrets())
        self._pid = 0
        self._sending = 0
        self._connection: Connection | None = None
        self._was_answered = not info.is_early
        self._lock = threading.Lock()

    is_run = True

    @property
    def sees_requests(self) -> bool:
        """Whether a connection opened now is for a request that was asked for."""
        return self._sending > 0

    @property
    def may_play(self) -> bool:
        """Whether an answer may be recorded."""
        return self._state[0]

    @property
    def may_send(self) -> bool:
        """Whether a request may be sent that is not recorded."""
        return self._state[1]

    def is_in_test(self) -> bool:
        """Whether a BILL test is running; also where the run has ended."""
        return self._state[2]

    @property
    def _state(self) -> tuple[bool, bool, bool]:
        try:
            state: tuple[bool, bool, bool] = self._call("state")
        except _Ended:
            return False, False, self._was_answered
        return state

    @property
    def fails_early(self) -> bool:
        """Whether a recorded fault may come while its client connects."""
        try:
            return bool(self._call("fails_early"))
        except _Ended:
            return False

    def may_connect(self, url: str) -> bool:
        """Whether it is sure, before a request is known, that it may be sent."""
        try:
            return bool(self._call("may_connect", url))
        except _Ended:
            return False

    def may_reach(self, host: str) -> bool:
        """Whether a host is asked now for BILL, since something may be recorded, or live."""
        try:
            return bool(self._call("may_reach", host))
        except _Ended:
            return False

    def takes(self, url: str) -> bool:
        """Whether a URL is BILL's, and a BILL test is running; also where it has ended."""
        try:
            return bool(self._call("takes", url))
        except _Ended:
            if self._was_answered:
                return environments.is_bill(url, self.environment)
        refuse_unwatched(environments.host_of(url), self._info.why_not)
        return False

    def takes_at(self, url: str) -> bool:
        """Whether some URL of that origin is taken."""
        try:
            return bool(self._call("takes_at", url))
        except _Ended:
            known = environments.is_bills_own(url) or self.environment.is_at_origin(url)
            return self._was_answered and known

    def ask(self, request: Interaction) -> Asked:
        """The recorded answer of a request to BILL, or the leave to send it.

        Raises:
            PytestBillError: neither; it says why.
        """
        recorded, number = self.ask_recorded(request)
        told = request
        if recorded is None:
            self._call_in_time(request, "check_leaving", request)
            told = self.told(request, number)
            if told is not request:
                self._call_in_time(request, "check_leaving", told)
        return Asked(told, recorded, number, by_test=request, since=monotonic())

    def ask_recorded(self, request: Interaction) -> tuple[Interaction | None, int]:
        """As ``ask``; whether a request that is not recorded may leave is not looked at.

        Raises:
            PytestBillError: it must not be asked for.
        """
        found: tuple[Interaction | None, int] = self._call_in_time(request, "ask", request)
        return found

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """The recorded answer of a request to BILL, taken; where there is none, nothing happens."""
        found: Interaction | None = self._call_in_time(request, "recorded_for", request)
        return found

    def told(self, request: Interaction, opened: Any) -> Interaction:
        """A request as BILL is told it: with real values for the stand-ins in it.

        Raises:
            StandInSent: the real value of one is not known.
        """
        told: Interaction | None = self._call_in_time(request, "told", opened, request)
        return request if told is None else told

    def answered(self, asked: Any, interaction: Interaction) -> Interaction:
        """Keep the answer of a request that was sent, and give what its client is to see of it."""
        by_test = asked.by_test or asked.interaction
        seconds, secrets = monotonic() - asked.since, self._new_secrets()
        shown: Interaction | None = self._call_in_time(
            interaction, "answered", asked.opened, by_test, interaction, secrets, seconds
        )
        return interaction if shown is None else shown

    def learn_head(self, headers: dict[str, list[str]]) -> None:
        """What this process prints is its own; the parent learns from the whole answer."""

    def unanswered(
        self, asked: Any, error: BaseException | str | None, head: Interaction | None = None
    ) -> None:
        """Report that a request that was sent has no whole answer."""
        from pytest_bill.cassettes.faults import as_fault

        fault = as_fault(asked.interaction, error, head)
        why = type(error).__name__ if isinstance(error, BaseException) else error
        by_test, seconds = asked.by_test or asked.interaction, monotonic() - asked.since
        self._report("unanswered", asked.opened, by_test, why, fault, seconds)

    def abandoned(self, request: Interaction) -> None:
        """Report that a request was begun, and its answer never asked for."""
        self._report("abandoned", request)

    def check_elsewhere(self, where: str, sent: bytes) -> None:
        """Stop what would carry a credential to another host, or where a URL leads.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """
        self._report("check_elsewhere", where, sent)

    def may_go_on(self, content: bytes) -> bool:
        """Whether what goes to another host may be sent up to the end of this content."""
        try:
            return bool(self._call("may_go_on", content))
        except _Ended:
            return True

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The block in which a request that was asked for is sent."""
        self._sending += 1
        try:
            yield
        finally:
            self._sending -= 1

    @cached_property
    def environment(self) -> Environment:
        """The BILL that is meant."""
        return self._info.environment

    def _new_secrets(self) -> dict[str, str]:
        """The secrets that the parent does not know."""
        known = self._secrets()
        new = {value: name for value, name in known.items() if value not in self._reported}
        self._reported = frozenset(known)
        return new

    def _call_in_time(self, request: Interaction, name: str, *arguments: Any) -> Any:
        try:
            return self._call(name, *arguments)
        except _Ended:
            host = environments.recorded_url(request.url, self.environment).split("/")[2]
            why = ENDED if self._info.path else _NOT_HERE
            raise LateRequest(f"{request.method} to {host} {why}") from None

    def _report(self, name: str, *arguments: Any) -> None:
        try:
            self._call(name, *arguments)
        except _Ended:
            return

    def _call(self, name: str, *arguments: Any) -> Any:
        if self._pid != os.getpid():
            # A forked child has a connection of its own.
            self._pid, self._connection, self._lock = os.getpid(), None, threading.Lock()
        owner = self._info.owner if _owner is None else _owner
        with self._lock:
            try:
                connection = self._connection or self._connected()
                connection.send((owner, name, arguments))
                error, answer = connection.recv()
                self._was_answered = True
            except (OSError, EOFError):
                self._connection = None
                raise _Ended from None
        if error:
            kind = getattr(exceptions, error, PytestBillError)
            raise kind(answer)
        return answer

    def _connected(self) -> Connection:
        if not self._info.path:
            raise OSError("no processes are answered here")
        from multiprocessing.connection import Connection

        # Python's own, below whatever guards or fakes the sockets of the test.
        socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            socket.connect(self._info.path)
        except OSError:
            socket.close()
            raise
        self._connection = Connection(socket.detach())
        return self._connection


_UNSEEN = (
    "pytest-bill does not see what this process asks there, so it would not be recorded.\n"
    "Ask with a client that it sees (docs/own-clients.md)."
)
_has_begun = False
_allowed_hosts: tuple[str, ...] | None = None
"""Those that this process may reach; None where the network is not blocked."""
_as_long_as_it_asks = ExitStack()


class Job:
    """A pool's job, which works for whom gave it to the pool, not for whom started the process.

    Its process may have been started before a test used BILL, and knows of it only now.
    """

    def __init__(self, info: str, function: Callable[..., Any]) -> None:
        self._info = info
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do it."""
        info = RunInfo.read(self._info)
        ask_run(info)
        work_for(info.owner)
        return self._function(*args, **kwargs)


def work_for(owner: int) -> None:
    """What this process asks from now on is asked for that one, by the parent's number."""
    global _owner
    _owner = owner


def info_handed_on(info: str) -> str:
    """What a process has to know that this one starts: it works for whom this one works for now."""
    return info if _owner is None else str(replace(RunInfo.read(info), owner=_owner))


def begin() -> None:
    """Ask the parent from now on: this process was started by a test, and its variable says so."""
    try:
        info = RunInfo.read(os.environ[VARIABLE])
    except (KeyError, ValueError, TypeError):
        return  # another version's
    ask_run(info)


def ask_run(info: RunInfo) -> None:
    """Ask that run from now on, whatever client is used."""
    global _has_begun
    from pytest_bill.clients import base
    from pytest_bill.guards.sockets import Guard

    # Python reads the .pth files of a virtual environment twice; a forked process has all it needs.
    serving = base.serving()
    if _has_begun or (serving is not None and serving.is_run):
        return
    _has_begun = True
    remote = Remote(info)

    def is_allowed() -> bool:
        return remote.sees_requests or (info.is_early and not remote.is_in_test())

    hosts, port = environments.loopback_of(remote.environment)
    guards = [Guard(environments.is_bills_host, is_allowed, _UNSEEN)]
    if info.why_not:
        production = environments.is_production_host
        guards.append(Guard(production, lambda: remote.sees_requests, info.why_not))
    if port:
        guards.append(Guard(hosts.__contains__, is_allowed, _UNSEEN, port))
    if info.allowed_hosts is not None:
        _block_network(info, remote)
    for guard in guards:
        guard.set()
        _as_long_as_it_asks.callback(guard.lift)
    _as_long_as_it_asks.enter_context(base.served_by(remote))


def stop_asking() -> frozenset[str] | None:
    """Ask no parent any more: a pytest run that a test starts is a run of its own.

    Where the network is blocked it stays so, and this gives the hosts that are allowed.
    """
    global _has_begun
    os.environ.pop(VARIABLE, None)
    _as_long_as_it_asks.close()
    _has_begun = False
    return None if _allowed_hosts is None else frozenset(_allowed_hosts)


def _block_network(info: RunInfo, remote: Remote) -> None:
    """Reach nobody whom the test may not reach that started this process, to its end."""
    global _allowed_hosts
    from pytest_bill.guards.network import BlockedNetwork

    _allowed_hosts = tuple(filter(None, (info.allowed_hosts or "").split(",")))
    bill = _BillOfParent(remote, info)
    BlockedNetwork(_allowed_hosts, lambda: info.test, bill).set()


class _BillOfParent:
    """What the parent says of BILL's hosts."""

    def __init__(self, remote: Remote, info: RunInfo) -> None:
        self._remote = remote
        self._info = info
        self.may_reach = remote.may_reach

    def is_bills(self, host: str) -> bool:
        return environments.is_host_of(host, self._remote.environment)

    def is_guarded(self) -> bool:
        return not self._info.is_early or self._remote.is_in_test()

    def hosts(self) -> Iterable[str]:
        return environments.hosts_of(self._remote.environment)
