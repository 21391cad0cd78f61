"""What the HTTP clients of a run ask: is it BILL's, is it recorded, may it be sent.

One place for all clients: BILL sessions and the seams of other clients (``clients``) ask it, and
tell it what became of what they sent. A process that a test forked asks that of its parent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Protocol

from pytest_bill import environments
from pytest_bill.cassettes import faults
from pytest_bill.cassettes.bills_urls import origin_of
from pytest_bill.cassettes.client_sign_ins import ClientSignIns, is_accepted_sign_in, is_sign_in
from pytest_bill.cassettes.leaving_requests import LeavingRequests
from pytest_bill.cassettes.recorder import RecorderOptions
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.use import OpenCassette, Use
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry


class Asked(NamedTuple):
    """A request to BILL that may go on: with its recorded answer, or to be sent.

    ``interaction`` is the request as it is to be sent, with real values for stand-ins; the very one
    that the test made, ``by_test``, where it has none. ``opened`` is the cassette that was asked,
    in whatever way that process names it that has it. ``number`` is what it is on its way by, or
    ``since`` when it is where another process keeps that, by this one's monotonic clock.
    """

    interaction: Interaction
    recorded: Interaction | None
    opened: Any
    by_test: Interaction | None = None
    number: int = 0
    since: float = 0.0


class InParent(Protocol):
    """What is asked of the process that this one was forked from."""

    @property
    def may_play(self) -> bool:
        """As ``ClientRequests.may_play``."""

    @property
    def may_send(self) -> bool:
        """As ``ClientRequests.may_send``."""

    @property
    def fails_early(self) -> bool:
        """As ``ClientRequests.fails_early``."""

    def may_reach(self, host: str) -> bool:
        """As ``ClientRequests.may_reach``."""

    def is_in_test(self) -> bool:
        """As ``ClientRequests.is_in_test``; also where the run has ended."""

    def ask_recorded(self, request: Interaction) -> tuple[Interaction | None, Any]:
        """As ``ClientRequests.ask_recorded``."""

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """As ``ClientRequests.recorded_for``."""

    def told(self, request: Interaction, opened: Any) -> Interaction:
        """As ``ClientRequests.told``."""

    def answered(self, asked: Any, interaction: Interaction) -> Interaction:
        """As ``ClientRequests.answered``."""

    def unanswered(
        self, asked: Any, error: BaseException | str | None, head: Interaction | None = None
    ) -> None:
        """As ``ClientRequests.unanswered``."""

    def abandoned(self, request: Interaction) -> None:
        """As ``ClientRequests.abandoned``."""


class ClientRequests(LeavingRequests):
    """The recorder of a run, as all clients ask it."""

    is_run = True

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        scratch: Callable[[], Path],
        tests: RunningTests | None = None,
        options: RecorderOptions | None = None,
    ) -> None:
        """See ``Recorder``."""
        tests = tests or RunningTests()
        super().__init__(environment, registry, scratch, tests, options)
        self._sign_ins = ClientSignIns(self, tests.use_of_sign_in, tests.name_now)
        self.refused_sign_ins = self._sign_ins.refused
        self.elsewhere: set[str] = set()
        """The origins of other hosts that clients asked; who begins a test clears it."""
        self._parent: InParent | None = None

    # --- a process that was forked -------------------------------------------------------------

    @property
    def asks_parent(self) -> bool:
        """Whether this process was forked, and its tests are run by the one that forked it."""
        return self._parent is not None

    def ask_instead(self, parent: InParent) -> None:
        """Ask another process from now on: this one was forked, and its cassettes are copies."""
        self._parent = parent
        self.leave_to_parent()

    def open(self, use: Use) -> OpenCassette:
        """Let a cassette serve; a forked process that opens one runs tests by itself."""
        self._parent = None
        return super().open(use)

    # --- may it be played, may it be sent ------------------------------------------------------

    @property
    def can_record_now(self) -> bool:
        """Whether a request made now might be sent."""
        if self.live:
            return True
        if self._parent is not None:
            return self._parent.may_send
        opened = self.current
        return opened is not None and opened.may_record

    @property
    def may_send(self) -> bool:
        """Whether a request may be sent that is not recorded."""
        return self.can_record_now

    @property
    def may_play(self) -> bool:
        """Whether an answer may be recorded."""
        if self._parent is not None:
            return self._parent.may_play
        opened = self.current
        return not self.live and opened is not None and opened.cassette.may_play

    @property
    def fails_early(self) -> bool:
        """Whether a recorded fault may come while its client connects."""
        if self._parent is not None:
            return self._parent.fails_early
        opened = self.current
        return not self.live and opened is not None and opened.cassette.fails_early

    def may_connect(self, url: str) -> bool:
        """Whether it is sure, before a request is known, that it may be sent."""
        return (
            self.can_record_now
            and not self.may_play
            and not environments.is_production(url)
            and not (self.environment.name == "local" and environments.is_bills_own(url))
        )

    def may_reach(self, host: str) -> bool:
        """Whether a host is asked now for BILL: its own, or one that a link of BILL's leads to."""
        if self._parent is not None:
            return self._parent.may_reach(host)
        is_known = environments.is_host_of(host, self.environment)
        return (is_known or self._urls.links.lead_to_host(host)) and self.can_record_now

    # --- what goes elsewhere -------------------------------------------------------------------

    def check_elsewhere(self, where: str, sent: bytes) -> None:
        """Stop what would carry a credential to another host or where a URL leads, in a BILL test.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """
        if self.is_in_test():
            self._leaving.check_bytes(where, sent)

    # --- is it BILL's --------------------------------------------------------------------------

    def takes(self, url: str) -> bool:
        """Whether a URL is BILL's, and a BILL test is running, or has left behind who asks.

        Raises:
            NetworkRefused: none is, and the URL is production's.
        """
        if url not in self._urls:
            self.elsewhere.add(origin_of(url))
            return False
        if self.is_in_test():
            return True
        self._leaving.check_unwatched(url)
        return False

    def takes_at(self, url: str) -> bool:
        """Whether some URL of that origin is taken, for who has to connect before it is known."""
        return self._urls.have_origin_of(url) and self.is_in_test()

    def is_in_test(self) -> bool:
        """Whether a BILL test is running, or has left behind who asks: that one is refused."""
        if self._parent is not None:
            return self._parent.is_in_test()
        if self._tests.ended_owner():
            return True
        self.ensure_open(by_session=False)
        return self.is_test_running

    # --- what is asked, and what became of it --------------------------------------------------

    def ask(self, request: Interaction) -> Asked:
        """The recorded answer of a request to BILL, or the leave to send it.

        Raises:
            LateRequest: a thread asks that a finished test left behind.
            NotInCassette: it is not recorded, and the record mode forbids sending it.
            PlaceholderSent, StandInSent, NetworkRefused: it must not be sent.
        """
        recorded, opened = self.ask_recorded(request)
        if recorded is not None:
            return Asked(request, recorded, opened, by_test=request)
        # As the test made it first: that is what a message may show.
        self.check_leaving(request)
        told = self.told(request, opened)
        if told is not request:
            self.check_leaving(told)
        if self._parent is not None:
            return Asked(told, None, opened, by_test=request, since=monotonic())
        number = self.on_way.begin(request.method, request.url)
        return Asked(told, None, opened, by_test=request, number=number)

    def told(self, request: Interaction, opened: Any) -> Interaction:
        """A request as BILL is told it; see ``Recorder.told``."""
        if self._parent is not None:
            return self._parent.told(request, opened)
        return super().told(request, opened)

    def ask_recorded(self, request: Interaction) -> tuple[Interaction | None, Any]:
        """As ``ask``; whether a request that is not recorded may leave is not looked at.

        Raises:
            LateRequest, NotInCassette: see there.
        """
        if self._parent is not None:
            return self._parent.ask_recorded(request)
        self._unrecorded.refuse_late(request)
        if is_sign_in(request, self.environment):
            return self._sign_ins.play(request)
        self._sign_ins.name_who(request)
        return self.play(request)

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """The recorded answer of a request to BILL, taken; where there is none, nothing happens.

        A fault is no answer: who asks goes on to where its client would meet it.
        """
        if self._parent is not None:
            return self._parent.recorded_for(request)
        opened = self.current
        if self.live or opened is None or is_sign_in(request, self.environment):
            return None
        self._unrecorded.refuse_late(request)
        self._sign_ins.name_who(request)
        recorded = opened.cassette.play(request, declines_faults=True)
        if recorded is not None:
            self.asked += 1
            self.count_played(recorded, opened)
        return recorded

    def answered(self, asked: Asked, interaction: Interaction) -> Interaction:
        """Keep the answer of a request that was sent, and give what its client is to see of it.

        That is the very interaction, unless it holds what is recorded as stand-ins.
        """
        if self._parent is not None:
            self.learn(interaction)
            return self._parent.answered(asked, interaction)
        self._ended(asked, interaction.status)
        signs_in = is_accepted_sign_in(interaction, self.environment)
        if signs_in:
            self._sign_ins.record(interaction)
        else:
            self.record(interaction, asked.opened)
            self._sign_ins.note_refused(interaction, asked.opened)
        by_test = asked.by_test or asked.interaction
        # A sign-in answers any test, and knows nothing of what this one sends.
        return self.shown(by_test, interaction, asked.opened, restores=not signs_in)

    def _ended(self, asked: Asked, status: int = 0) -> None:
        """A request that was sent is on its way no more."""
        self.on_way.end(asked.number, status)
        if self.live:
            with self._lock:
                self.counts.live += 1

    def learn_head(self, headers: dict[str, list[str]]) -> None:
        """Know what BILL hands out in the head of an answer before it is logged."""
        self._handed_out.learn_head(headers)

    def unanswered(
        self,
        asked: Asked,
        error: BaseException | str | None,
        head: Interaction | None = None,
    ) -> None:
        """A request that was sent has no whole answer: that is recorded as the fault that it was.

        ``head`` is the request with status and headers, where these came. ``error`` is a text where
        another process tells it; then the fault is in that.
        """
        if self._parent is not None:
            self._parent.unanswered(asked, error, head)
            return
        self._ended(asked)
        fault = faults.as_fault(asked.interaction, error, head)
        if fault is not None:
            self.record(fault, asked.opened)
        else:
            request = asked.by_test or asked.interaction
            self._unrecorded.add_unanswered(request, asked.opened, error)

    def abandoned(self, request: Interaction) -> None:
        """A request was begun, and its answer never asked for."""
        if self._parent is not None:
            self._parent.abandoned(request)
        else:
            self._unrecorded.add_abandoned(request, self.current)
