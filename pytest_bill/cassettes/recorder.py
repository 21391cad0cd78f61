"""Serves every request to BILL from the open cassette, or lets it be sent and records it.

One place for all clients: BILL sessions and the seams of other HTTP clients (``clients``) ask it.
This module knows nothing of pytest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from pytest_bill import environments
from pytest_bill.cassettes import own_sign_ins
from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.matching import DEFAULT_MATCH_ON, CustomMatcher, Matcher
from pytest_bill.cassettes.mismatch import miss_message
from pytest_bill.cassettes.saving import Saving
from pytest_bill.environments import Environment
from pytest_bill.exceptions import LateRequest, NotInCassette
from pytest_bill.guards.leaving import Leaving
from pytest_bill.guards.links import Links, may_hold_links
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.stand_ins import StandIns


@dataclass
class Counts:
    """What happened to the requests of a run."""

    sign_ins: int = 0
    requests: int = 0
    recorded: int = 0
    replayed: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(frozen=True)
class Use:
    """Who uses a cassette and how.

    ``owner`` names a test, a fixture or a sign-in for messages; ``record_command`` is what a user
    types to record it. Two users of a ``shared`` cassette add to each other's recording. With
    ``refuse_recording``, a reason, only what is recorded is played, whatever the mode.
    ``fixture`` is the name of the fixture that uses it, ``fixtures`` are those that its user uses.
    With ``replaces_equal`` what is recorded takes the place of the same request's recording.
    """

    path: Path
    record_mode: str
    owner: str
    record_command: str
    shared: bool = False
    refuse_recording: str = ""
    match_on: Sequence[str | CustomMatcher] = DEFAULT_MATCH_ON
    fixture: str = ""
    fixtures: frozenset[str] = frozenset()
    replaces_equal: bool = False


@dataclass
class OpenCassette:
    """A cassette in use, with the misses that happened meanwhile.

    ``unanswered`` are requests that were sent, and of which the cassette will hold nothing.
    """

    use: Use
    cassette: Cassette
    misses: list[str] = field(default_factory=list)
    is_closed: bool = False
    unanswered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A request to BILL that may go on: with its recorded answer, or to be sent.

    ``opened`` is the cassette that was asked, in whatever way that process names it that has it.
    """

    interaction: Interaction
    recorded: Interaction | None
    opened: Any


class InParent(Protocol):
    """The recorder of the process that this one was forked from."""

    @property
    def may_play(self) -> bool:
        """As the recorder's."""

    @property
    def may_send(self) -> bool:
        """As the recorder's."""

    def is_in_test(self) -> bool:
        """As the recorder's; also where the run has ended."""

    def ask_recorded(self, request: Interaction) -> tuple[Interaction | None, Any]:
        """As the recorder's."""

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """As the recorder's."""

    def answered(self, asked: Any, interaction: Interaction) -> None:
        """As the recorder's."""

    def unanswered(self, asked: Any, error: BaseException | str | None) -> None:
        """As the recorder's."""

    def abandoned(self, request: Interaction) -> None:
        """As the recorder's."""


class Recorder:
    """The open cassettes of a run (the innermost one serves), its secrets and its counts."""

    is_run = True

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        scratch: Callable[[], Path],
        *,
        live: bool = False,
        rules: ScrubRules | None = None,
        about: dict[str, Any] | None = None,
        allow_production: bool = False,
        stand_ins: StandIns | None = None,
        stand_in_choice: StandInChoice | None = None,
        made_up_choice: StandInChoice | None = None,
        allowed_changes: frozenset[str] = frozenset(),
    ) -> None:
        """``scratch`` gives a folder that all processes of the run share; ``about`` is metadata.

        Without ``stand_ins``, and a choice of what they replace, personal data is recorded as it
        is. ``made_up_choice`` is the choice for what the local sandbox answers.
        """
        self.environment = environment
        self.registry = registry
        self.live = live
        self.counts = Counts()
        self.open_on_demand: Callable[..., None] | None = None
        self.used: set[Path] = set()
        """The files of all cassettes that were opened, there or not."""
        self.test_now: Callable[[], str] = str
        self.whose_thread: Callable[[], str] = str
        """The finished test that the calling thread works for; empty where there is none."""
        self.sign_in_use: Callable[[str], Use] | None = None
        """Gives the use of the cassette of own sign-ins, by the name of its file."""
        self.late: list[str] = []
        """What threads asked for that a finished test left behind."""
        self._watchers = 0
        self._sending = 0
        self._scrubber = Scrubber(registry, rules)
        self._matching_scrubber = Scrubber(registry, rules, same_in_all_places=True)
        self._links = Links()
        self._parent: InParent | None = None
        self._copies: list[OpenCassette] = []
        self._whose: dict[str, str] = {}
        self._leaving = Leaving(
            environment,
            registry,
            self.described,
            allow_production=allow_production,
            allowed_changes=allowed_changes,
            test_now=lambda: self.test_now(),
            links=self._links,
        )
        choice = StandInChoice(frozenset()) if stand_in_choice is None else stand_in_choice
        self._saving = Saving(
            environment,
            registry,
            self._scrubber,
            scratch,
            about=about or {},
            stand_ins=stand_ins,
            choice=choice,
            made_up_choice=choice if made_up_choice is None else made_up_choice,
        )
        self._sign_ins = own_sign_ins.OwnSignIns(registry, lambda name: self._use_of_sign_in(name))
        self._open: list[OpenCassette] = []
        self._suspended: list[OpenCassette] = []
        self._lock = threading.RLock()

    @property
    def why_not_unwatched(self) -> str:
        """Why production is not asked where no test uses BILL; empty where it may be."""
        return self._leaving.why_not_unwatched

    @property
    def current(self) -> OpenCassette | None:
        """The cassette that serves requests now."""
        opened = self._open
        return opened[-1] if opened else None

    @property
    def can_record_now(self) -> bool:
        """Whether a request made now might be sent."""
        if self.live:
            return True
        if self._parent is not None:
            return self._parent.may_send
        opened = self.current
        return opened is not None and opened.cassette.can_record and not opened.use.refuse_recording

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
    def sees_requests(self) -> bool:
        """Whether a connection opened now is for a request that was asked for here."""
        return self._watchers > 0 or self._sending > 0

    @property
    def asks_parent(self) -> bool:
        """Whether this process was forked, and its tests are run by the one that forked it."""
        return self._parent is not None

    def ask_instead(self, parent: InParent) -> None:
        """Ask another process from now on: this one was forked, and its cassettes are copies."""
        self._parent = parent
        self._copies = [*self._open, *self._suspended]

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The block in which no other thread is within what is locked here."""
        with self._lock, self.registry.standing_still():
            yield

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The block of a test whose requests are looked at, also where nothing is recorded."""
        with self._lock:
            self._watchers += 1
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The block in which a request is sent that was asked for here, in whatever thread."""
        with self._lock:
            self._sending += 1
        try:
            yield
        finally:
            with self._lock:
                self._sending -= 1

    def ensure_open(self, *, by_session: bool = True) -> None:
        """Open the running test's cassette, if it asked for its BILL fixture only now.

        Not ``by_session`` for other clients: a test that has no BILL fixture is none of BILL's.
        """
        if not self._is_looked_at and self.open_on_demand is not None:
            with self._lock:
                if not self._is_looked_at:
                    self.open_on_demand(by_session=by_session)

    @property
    def _is_looked_at(self) -> bool:
        """Whether a test is running whose requests are looked at."""
        return self._watchers > 0 if self.live else self.current is not None

    def open(self, use: Use) -> OpenCassette:
        """Let a cassette serve requests until it is closed.

        Raises:
            SettingsError: a part in ``match_on`` does not exist.
        """
        self._parent = None  # a forked process that runs tests by itself
        opened = self._opened(use)
        for each in self._suspended:
            _let_know(opened, each)
        self._open.append(opened)
        return opened

    def _opened(self, use: Use) -> OpenCassette:
        matcher = Matcher(self.environment, self._matching_scrubber, use.match_on)
        self.used.add(use.path)
        return OpenCassette(use, Cassette(use.path, use.record_mode, matcher))

    def suspend(self, opened: OpenCassette) -> None:
        """Stop serving from a cassette without saving it."""
        self._open.remove(opened)
        self._suspended.append(opened)
        for each in self._open:
            _let_know(each, opened)

    def resume(self, opened: OpenCassette) -> None:
        """Serve from a suspended cassette again."""
        self._suspended.remove(opened)
        self._open.append(opened)

    def close(self, opened: OpenCassette, *, keep: bool = True) -> None:
        """Stop serving from a cassette and save what is new, unless ``keep`` is false.

        Raises:
            CassetteError: what is new cannot be written, or must not be.
        """
        for cassettes in (self._open, self._suspended):
            if opened in cassettes:
                cassettes.remove(opened)
        opened.is_closed = True
        if keep and opened.cassette.recorded and opened not in self._copies:
            self._saving.save(opened)

    @contextmanager
    def using(self, use: Use) -> Iterator[OpenCassette]:
        """A cassette that is open within the block; an exception keeps the old file."""
        opened = self.open(use)
        keep = False
        try:
            yield opened
            keep = True
        finally:
            self.close(opened, keep=keep)

    @contextmanager
    def aside(self, use: Use) -> Iterator[OpenCassette]:
        """As :meth:`using`, but only who is given it asks it: other threads go on as before."""
        opened = self._opened(use)
        yield opened
        self.close(opened)

    # --- what clients ask --------------------------------------------------------------------

    def takes(self, url: str) -> bool:
        """Whether a URL is BILL's, and a BILL test is running, or has left behind who asks.

        Raises:
            NetworkRefused: none is, and the URL is production's.
        """
        whose = self._whose_is(url)
        if whose is _NOBODYS:
            return False
        if whose is _SOME_ARE_BILLS and not (self.environment.owns(url) or url in self._links):
            return False
        if self.is_in_test():
            return True
        self._leaving.check_unwatched(url)
        return False

    def takes_at(self, url: str) -> bool:
        """Whether some URL of that origin is taken, for who has to connect before it is known."""
        return self._whose_is(url) is not _NOBODYS and self.is_in_test()

    def _whose_is(self, url: str) -> str:
        """Whose the URLs of an origin are; it is known from then on."""
        end = url.find("/", _AFTER_SCHEME)
        origin = url[:end] if end > 0 else url
        whose = self._whose.get(origin)
        if whose is None:
            whose = _NOBODYS
            if environments.is_bills_own(url):
                whose = _BILLS
            elif self.environment.is_at_origin(url) or self._links.lead_to(url):
                whose = _SOME_ARE_BILLS
            if len(self._whose) >= _MOST_ORIGINS:
                self._whose.clear()
            self._whose[origin] = whose
        return whose

    def _learn(self, interaction: Interaction) -> Interaction:
        """What BILL handed out is a secret of the run, and may be a link; gives it readable."""
        plain = readable(interaction)
        self._scrubber.learn(plain)
        self._look_for_links(plain)
        host = "" if environments.is_bill(plain.url, self.environment) else _place_of(plain.url)
        for name, values in plain.answer_headers.items():
            if name.lower() == "set-cookie":
                self._leaving.set_cookies(host, values)
        return plain

    def _look_for_links(self, interaction: Interaction) -> None:
        """Of what a link leads to, only the redirect is one."""
        headers, body = interaction.answer_headers, interaction.answer_body
        links = [each for values in headers.values() for each in values if "://" in each]
        if not links and not may_hold_links(body):
            return
        if not environments.is_bill(interaction.url, self.environment):
            links, body = [*_location_in(headers)], b""
        news = [self._links.look_in(each) for each in ("\n".join(links).encode(), body)]
        if any(news):
            self._whose.clear()

    def is_in_test(self) -> bool:
        """Whether a BILL test is running, or has left behind who asks: that one is refused."""
        if self._parent is not None:
            return self._parent.is_in_test()
        if self.whose_thread():
            return True
        self.ensure_open(by_session=False)
        return self._is_looked_at

    def may_connect(self, url: str) -> bool:
        """Whether it is sure, before a request is known, that it may be sent."""
        return (
            self.can_record_now
            and not self.may_play
            and not environments.is_production(url)
            and not (self.environment.name == "local" and environments.is_bills_own(url))
        )

    def ask(self, request: Interaction) -> Asked:
        """The recorded answer of a request to BILL, or the leave to send it.

        Raises:
            LateRequest: a thread asks that a finished test left behind.
            NotInCassette: it is not recorded, and the record mode forbids sending it.
            PlaceholderSent, NetworkRefused: it must not be sent.
        """
        recorded, opened = self.ask_recorded(request)
        if recorded is None:
            self.check_leaving(request)
        return Asked(request, recorded, opened)

    def ask_recorded(self, request: Interaction) -> tuple[Interaction | None, Any]:
        """As :meth:`ask`; whether a request that is not recorded may leave is not looked at.

        Raises:
            LateRequest, NotInCassette: see there.
        """
        if self._parent is not None:
            return self._parent.ask_recorded(request)
        self._refuse_late(request)
        if own_sign_ins.is_sign_in(request):
            return self._play_sign_in(request)
        return self.play(request)

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """The recorded answer of a request to BILL, taken; where there is none, nothing happens."""
        if self._parent is not None:
            return self._parent.recorded_for(request)
        opened = self.current
        if self.live or opened is None or own_sign_ins.is_sign_in(request):
            return None
        self._refuse_late(request)
        recorded = opened.cassette.play(request)
        if recorded is not None:
            self._played(recorded)
        return recorded

    def answered(self, asked: Asked, interaction: Interaction) -> None:
        """Keep the answer of a request that was sent."""
        if self._parent is not None:
            self._learn(interaction)
            self._parent.answered(asked, interaction)
        elif own_sign_ins.is_sign_in(interaction) and own_sign_ins.session_in(interaction):
            self._keep_sign_in(interaction)
        else:
            self.record(interaction, asked.opened)

    def learn_head(self, headers: dict[str, list[str]]) -> None:
        """Know what BILL hands out in the head of an answer before it is logged."""
        url = self.environment.gateway
        self._learn(Interaction("GET", url, {}, b"", answer_headers=headers))

    def unanswered(self, asked: Asked, error: BaseException | str | None) -> None:
        """Tell that a request that was sent has no whole answer, so that none is recorded."""
        if self._parent is not None:
            self._parent.unanswered(asked, error)
            return
        why = error or "the answer was cut off"
        why = why if isinstance(why, str) else type(why).__name__
        self._tell(
            asked.opened, f"{self.described(asked.interaction)} was sent and not answered: {why}"
        )

    def abandoned(self, request: Interaction) -> None:
        """Tell that a request was begun, and its answer never asked for."""
        if self._parent is not None:
            self._parent.abandoned(request)
            return
        self._tell(self.current, f"{self.described(request)} was begun and never finished")

    def check_elsewhere(self, where: str, sent: bytes) -> None:
        """Stop what would carry a credential to another host or where a URL leads, in a BILL test.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """
        if self.is_in_test():
            self._leaving.check_bytes(where, sent)

    def may_go_on(self, content: bytes) -> bool:
        """Whether what goes to another host may be sent up to the end of this content."""
        return self._leaving.ends_between_words(content)

    def check_leaving(self, request: Interaction) -> None:
        """Stop a request to BILL that must not be sent.

        Raises:
            PlaceholderSent, NetworkRefused: see :class:`Leaving`.
        """
        if not environments.takes_credentials(request.url, self.environment):
            self._leaving.check_elsewhere(request)
        self._leaving.check_sendable(request)

    def check_foreign(self, request: Interaction) -> None:
        """Stop a request to another host that carries a credential, whole.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in its URL, headers or body.
        """
        self._leaving.check_elsewhere(request)

    # --- what is played and recorded ---------------------------------------------------------

    def serve(self, request: Interaction, send: Callable[[], Interaction]) -> Interaction:
        """Answer a request from the cassette, or send it and record the answer.

        Raises:
            NotInCassette: it is not recorded, and the record mode forbids sending it.
        """
        recorded, opened = self.play(request)
        if recorded is not None:
            return recorded
        answered = send()
        self.record(answered, opened)
        return answered

    def play(
        self, request: Interaction, opened: OpenCassette | None = None
    ) -> tuple[Interaction | None, OpenCassette | None]:
        """The recorded interaction, or None where the request may be sent; and the cassette asked.

        Raises:
            NotInCassette: see :meth:`serve`.
        """
        if self.live:
            self._count()
            return None, None
        opened = opened or self._current_for(request)
        recorded = opened.cassette.play(request)
        if recorded is not None:
            self._played(recorded)
            return recorded, opened
        self._count()
        if not opened.cassette.can_record or opened.use.refuse_recording:
            raise self._miss(request, opened)
        return None, opened

    def record(self, interaction: Interaction, opened: OpenCassette | None) -> None:
        """Keep an answered interaction for the cassette that was asked.

        What BILL handed out in it is a secret of the run from now on, in every cassette that is
        saved and in every failure that is shown: a cookie, a sessionId that a test asked for.
        """
        # A body that cannot be unpacked is refused when it is to be saved.
        self._learn(interaction)
        if self.live or opened is None:
            return
        if opened.is_closed:
            told = f"{self.described(interaction)} was answered after {opened.use.owner} had ended"
            self.late.append(self.registry.hide(told))
            return
        opened.cassette.record(self._with_answerer(interaction))
        with self._lock:
            self.counts.recorded += 1

    def described(self, request: Interaction) -> str:
        """A request as messages show it: method and scrubbed URL as BILL writes it."""
        url = environments.recorded_url(request.url, self.environment)
        return f"{request.method} {self._scrubber.scrub_request(replace(request, url=url)).url}"

    def _with_answerer(self, interaction: Interaction) -> Interaction:
        servers = (
            each for name, each in interaction.answer_headers.items() if name.lower() == "server"
        )
        server = next((values[0] for values in servers if values), "")
        return replace(interaction, answered_by=environments.answerer(interaction.url, server))

    def _play_sign_in(self, request: Interaction) -> tuple[Interaction | None, OpenCassette | None]:
        """As :meth:`play`, for a sign-in of the code under test: see ``own_sign_ins``.

        Where anything may be sent, it is made for real: what follows may need the session.
        """
        if self.live:
            self._count()
            return None, None
        opened = self._current_for(request)
        if self.can_record_now:
            self._count()
            return None, opened
        recorded = self._sign_ins.recorded(request, opened.cassette)
        if recorded is None:
            self._count()
            raise self._miss(request, opened)
        self._played(recorded)
        with self._lock:
            self.counts.sign_ins += 1
        return recorded, opened

    def _keep_sign_in(self, interaction: Interaction) -> None:
        with self._lock:
            self.counts.sign_ins += 1
        self._sign_ins.name_session(interaction)
        self._learn(interaction)
        use = self._sign_ins.use_for(interaction)
        if self.live or use is None:
            return
        with self.aside(use) as opened:
            opened.cassette.record(self._with_answerer(interaction))
            with self._lock:
                self.counts.recorded += 1

    def _use_of_sign_in(self, name: str) -> Use | None:
        return self.sign_in_use(name) if self.sign_in_use is not None else None

    def _current_for(self, request: Interaction) -> OpenCassette:
        self.ensure_open()
        opened = self.current
        if opened is None:
            self._count()
            raise NotInCassette(
                f"{self.described(request)} was made outside of any test or fixture, so it has no "
                "cassette.\nMake it in a test or a fixture, or run with --bill-live."
            )
        return opened

    def _count(self) -> None:
        with self._lock:
            self.counts.requests += 1

    def _played(self, recorded: Interaction) -> None:
        with self._lock:
            self.counts.requests += 1
            self.counts.replayed += 1
        self._look_for_links(recorded)

    def _miss(self, request: Interaction, opened: OpenCassette) -> NotInCassette:
        message = self.registry.hide(miss_message(request, opened, self.described))
        opened.misses.append(message)
        return NotInCassette(message)

    def _tell(self, opened: OpenCassette | None, what: str) -> None:
        if opened is not None:
            opened.unanswered.append(self.registry.hide(what))

    def _refuse_late(self, request: Interaction) -> None:
        test = self.whose_thread()
        if not test:
            return
        now = self.test_now()
        told = self.registry.hide(
            f"{self.described(request)} was asked for by a thread or process that {test} left "
            "behind" + (f", while {now} was running" if now else "")
        )
        self.late.append(told)
        raise LateRequest(
            f"{told}.\nIt was neither played nor recorded. Join it before the test ends, "
            "or start it in a fixture that is as wide as its work."
        )


_AFTER_SCHEME = len("https://")
_BILLS, _SOME_ARE_BILLS, _NOBODYS = "BILL's", "some are BILL's", "nobody's"
_MOST_ORIGINS = 1000


def _location_in(headers: Mapping[str, list[str]]) -> Iterator[str]:
    for name, values in headers.items():
        if name.lower() == "location":
            yield from values


def _place_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def _let_know(opened: OpenCassette, of_fixture: OpenCassette) -> None:
    """A test sends on what the fixtures that it uses were answered."""
    if of_fixture.use.fixture in opened.use.fixtures:
        opened.cassette.add_wider(of_fixture.cassette)
