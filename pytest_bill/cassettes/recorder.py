"""Serves every request to BILL from the open cassette, or sends and records it.

One place for all clients: BILL sessions call :meth:`Recorder.serve`; other HTTP clients come in
through vcrpy's patches (see ``clients``). This module knows nothing of pytest.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_bill import environments
from pytest_bill.cassettes import standing_in, store
from pytest_bill.cassettes.cassette import Cassette, with_length
from pytest_bill.cassettes.decoding import decoded, readable
from pytest_bill.cassettes.matching import DEFAULT_MATCH_ON, CustomMatcher, Matcher
from pytest_bill.consequential import change_by
from pytest_bill.credentials import PLACEHOLDER_PREFIX
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, NotInCassette, PlaceholderSent
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry, find_placeholder
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.stand_ins import StandIns

if TYPE_CHECKING:
    from filelock import FileLock


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


@dataclass
class OpenCassette:
    """A cassette in use, with the misses that happened meanwhile."""

    use: Use
    cassette: Cassette
    misses: list[str] = field(default_factory=list)


class Recorder:
    """The open cassettes of a run (the innermost one serves), its secrets and its counts."""

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
        allowed_changes: frozenset[str] = frozenset(),
    ) -> None:
        """``scratch`` gives a folder that all processes of the run share; ``about`` is metadata.

        Without ``stand_ins``, and a choice of what they replace, personal data is recorded as it
        is.
        """
        self.environment = environment
        self.registry = registry
        self.live = live
        self.counts = Counts()
        self.open_on_demand: Callable[[], None] | None = None
        self.used: set[Path] = set()
        """The files of all cassettes that were opened, there or not."""
        self._scratch = scratch
        self._about = about or {}
        self._allow_production = allow_production
        self._allowed_changes = allowed_changes
        self.test_now: Callable[[], str] | None = None
        self._watchers = 0
        self._sending = threading.local()
        self._scrubber = Scrubber(registry, rules)
        self._matching_scrubber = Scrubber(registry, rules, same_in_all_places=True)
        self._stand_ins = stand_ins
        self._choice = stand_in_choice or StandInChoice(frozenset())
        self._open: list[OpenCassette] = []
        self._suspended: list[OpenCassette] = []
        self._lock = threading.Lock()

    @property
    def current(self) -> OpenCassette | None:
        """The cassette that serves requests now."""
        return self._open[-1] if self._open else None

    @property
    def can_record_now(self) -> bool:
        """Whether a request made now might be sent."""
        return self.live or (self.current is not None and self.current.cassette.can_record)

    @property
    def sees_requests(self) -> bool:
        """Whether a connection opened now is for a request that :meth:`check_sendable` let pass.

        Clients are seen while vcrpy's patches are on; a BILL session's own adapter says so itself.
        """
        return self._watchers > 0 or getattr(self._sending, "now", False)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The block in which the requests of all clients come here first."""
        with self._lock:
            self._watchers += 1
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The block in which this thread sends a request that was checked."""
        before = getattr(self._sending, "now", False)
        self._sending.now = True
        try:
            yield
        finally:
            self._sending.now = before

    def ensure_open(self) -> None:
        """Open the running test's cassette, if it asked for its BILL fixture only now."""
        if self.current is None and self.open_on_demand is not None:
            self.open_on_demand()

    def open(self, use: Use) -> OpenCassette:
        """Let a cassette serve requests until it is closed.

        Raises:
            SettingsError: a part in ``match_on`` does not exist.
        """
        matcher = Matcher(self.environment, self._matching_scrubber, use.match_on)
        opened = OpenCassette(use, Cassette(use.path, use.record_mode, matcher))
        for each in self._suspended:
            _let_know(opened, each)
        self._open.append(opened)
        self.used.add(use.path)
        return opened

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
        if keep and opened.cassette.recorded:
            self._save(opened)

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

    def serve(self, request: Exchange, send: Callable[[], Exchange]) -> Exchange:
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

    def play(self, request: Exchange) -> tuple[Exchange | None, OpenCassette | None]:
        """The recorded exchange, or None where the request may be sent; and the cassette asked.

        Raises:
            NotInCassette: see :meth:`serve`.
        """
        with self._lock:
            self.counts.requests += 1
        opened: OpenCassette | None = None
        if not self.live:
            self.ensure_open()
            opened = self.current
            if opened is None:
                raise NotInCassette(self._outside_message(request))
            recorded = opened.cassette.play(request)
            if recorded is not None:
                with self._lock:
                    self.counts.replayed += 1
                return recorded, opened
            if not opened.cassette.can_record or opened.use.refuse_recording:
                message = self._miss_message(request, opened)
                opened.misses.append(message)
                raise NotInCassette(message)
        return None, opened

    def record(self, exchange: Exchange, opened: OpenCassette | None) -> None:
        """Keep an answered exchange for the cassette that was asked.

        What BILL handed out in it is a secret of the run from now on, in every cassette that is
        saved and in every failure that is shown: a cookie, a sessionId that a test asked for.
        """
        # A body that cannot be unpacked is refused when it is to be saved.
        self._scrubber.learn(readable(exchange))
        if self.live or opened is None:
            return
        opened.cassette.record(exchange)
        with self._lock:
            self.counts.recorded += 1

    def check_sendable(self, request: Exchange) -> None:
        """Stop a request that must not be sent.

        Raises:
            PlaceholderSent: it carries a placeholder.
            NetworkRefused: it goes to production, and nobody allowed that, or not what it would
                change there; or it would go to BILL unencrypted.
        """
        self._check_production(request)
        if environments.is_bills_own(request.url) and urlsplit(request.url).scheme != "https":
            raise NetworkRefused(
                f"{self.described(request)} was not sent: it would go to BILL unencrypted.\n"
                "Write the address with https."
            )
        places: dict[str, str | bytes] = {**_places_of(request), "body": request.body}
        for place, content in places.items():
            placeholder = find_placeholder(content)
            if placeholder is not None:
                raise PlaceholderSent(
                    f"{self.described(request)} was not sent: its {place} holds {placeholder}, "
                    "which stands for a secret during replay.\n"
                    "Take credentials from the fixture when the request is made "
                    "(session.credential_headers()), and set the credential's variables."
                )

    def check_elsewhere(self, request: Exchange) -> None:
        """Stop a request to another host than the configured BILL that carries a credential.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in its URL, headers or body.
        """
        for place, text in _places_of(request).items():
            hidden = self.registry.hide(text)
            if hidden is text or hidden == text:
                continue
            found = _CREDENTIAL.search(hidden)
            if found is not None and found.group(0) not in text:
                host = urlsplit(request.url).hostname or "another host"
                raise NetworkRefused(
                    f"A request to {self.registry.hide(host)} was not sent: its {place} holds the "
                    f"secret of {found.group(0)}.\nCredentials go to the configured BILL only "
                    f"({self.environment.gateway}). Check the address, and redirects."
                )

    def _check_production(self, request: Exchange) -> None:
        if not environments.is_production(request.url):
            return
        if not self._allow_production:
            raise NetworkRefused(
                f"{self.described(request)} was not sent.\n{environments.PRODUCTION_REFUSED}"
            )
        names = frozenset(name.lower() for name in request.headers)
        change = change_by(request.method, request.url, names)
        if change is None or change.group in self._allowed_changes:
            return
        test = self.test_now() if self.test_now is not None else ""
        what = f"{change.method} {self.registry.hide(change.path)}"
        operation = f" ({change.operation})" if change.operation else ""
        raise NetworkRefused(
            f"{what}{operation} was not sent to BILL's production: it {change.effect}.\n"
            + (f"Asked for by {self.registry.hide(test)}.\n" if test else "")
            + "If that is meant, type --bill-allow-production-changes="
            f"{change.group} on the command line."
        )

    def described(self, request: Exchange) -> str:
        """A request as messages show it: method and scrubbed URL as BILL writes it."""
        url = environments.recorded_url(request.url, self.environment)
        return f"{request.method} {self._scrubber.scrub_request(replace(request, url=url)).url}"

    def _save(self, opened: OpenCassette) -> None:
        path = opened.use.path
        new = opened.cassette.recorded
        plain = [decoded(exchange) for exchange in new]
        scrubbed = [self._scrubber.scrub(exchange) for exchange in plain]
        kinds: frozenset[str] = frozenset()
        if self._stand_ins is not None and self._choice:
            replaced = standing_in.with_stand_ins(
                scrubbed, self._stand_ins, self._choice, opened.cassette
            )
            scrubbed, kinds = replaced.exchanges, replaced.kinds
        ready = [
            self._as_recorded(exchange, original)
            for exchange, original in zip(scrubbed, new, strict=True)
        ]
        with self._exclusive(path):
            kept = self._kept(opened)
            if kept is None:
                return
            before = kept.metadata.get("pytest_bill") if kept.metadata else None
            before = before if isinstance(before, dict) else {}
            told = standing_in.about(kinds, self._choice, before, bool(kept.exchanges))
            about = {**(kept.metadata or {}), "pytest_bill": self._about | told}
            store.save(path, store.Recording(kept.exchanges + ready, about), self.registry.find)

    def _kept(self, opened: OpenCassette) -> store.Recording | None:
        """What stays of the file that is there now; None where another worker's stands instead."""
        use = opened.use
        first_in_run = self._claim(use.path)
        now = store.load(use.path) or store.Recording()
        if use.record_mode == "all":
            return store.Recording() if first_in_run or not use.shared else now
        if use.record_mode == "once" and now.exchanges and not use.shared:
            return None
        return now

    def _claim(self, path: Path) -> bool:
        """Whether this is the run's first writing of a cassette, in any of its processes."""
        try:
            (self._scratch() / f"{_digest(path)}.written").touch(0o600, exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _exclusive(self, path: Path) -> FileLock:
        from filelock import FileLock  # a replay needs none

        return FileLock(self._scratch() / f"{_digest(path)}.lock", mode=0o600)

    def _as_recorded(self, scrubbed: Exchange, original: Exchange) -> Exchange:
        url = environments.recorded_url(scrubbed.url, self.environment)
        moved = scrubbed if url == scrubbed.url else replace(scrubbed, url=url)
        return with_length(self._with_bills_addresses(moved), original)

    def _with_bills_addresses(self, exchange: Exchange) -> Exchange:
        """Name BILL's hosts instead of a local sandbox's in the answer and the Host header."""
        here, bills = self.environment, environments.SANDBOX
        if environments.recorded_url(here.gateway, here) == here.gateway:
            return exchange
        swaps = {here.gateway: bills.gateway, here.api: bills.api}

        def moved(text: str) -> str:
            for ours, theirs in swaps.items():
                text = text.replace(ours, theirs)
            return text

        def moved_bytes(body: bytes) -> bytes:
            for ours, theirs in swaps.items():
                body = body.replace(ours.encode(), theirs.encode())
            return body

        host = urlsplit(exchange.url).netloc
        return replace(
            exchange,
            headers={
                name: host if name.lower() == "host" else moved(value)
                for name, value in exchange.headers.items()
            },
            body=moved_bytes(exchange.body),
            answer_headers={
                name: [moved(value) for value in values]
                for name, values in exchange.answer_headers.items()
            },
            answer_body=moved_bytes(exchange.answer_body),
        )

    def _outside_message(self, request: Exchange) -> str:
        return (
            f"{self.described(request)} was made outside of any test or fixture, so it has no "
            "cassette.\nMake it in a test or a fixture, or run with --bill-live."
        )

    def _miss_message(self, request: Exchange, opened: OpenCassette) -> str:
        use, cassette = opened.use, opened.cassette
        lines = [f"{use.owner}: no recorded answer (record mode {use.record_mode})."]
        lines.append(f"  request: {self.described(request)}")
        if not cassette.exists:
            lines.append(f"  cassette: {_shown(use.path)} does not exist.")
        else:
            lines.append(f"  cassette: {_shown(use.path)}, {len(cassette.exchanges)} recorded.")
            nearest = cassette.nearest(request)
            if nearest is not None:
                lines.append(f"  nearest: {self.described(nearest.exchange)}")
                if not nearest.differences:
                    lines.append("  differs: nothing; each recorded answer was already played.")
                for difference in nearest.differences[:_MOST_DIFFERENCES]:
                    lines.append(
                        f"  differs: {difference.part}: {difference.now} now, "
                        f"{difference.recorded} recorded"
                    )
        if use.refuse_recording:
            lines.append(f"  {use.refuse_recording}")
        command = use.record_command
        local = "--bill-environment=local"
        if cassette.environment_name == "local" and local not in command:
            command += f" {local}"
        mode = "new_episodes" if cassette.exists else "once"
        lines.append(f"Record it: {command} --bill-record-mode={mode}")
        return "\n".join(self.registry.hide(line) for line in lines)


def _let_know(opened: OpenCassette, of_fixture: OpenCassette) -> None:
    """A test sends on what the fixtures that it uses were answered."""
    if of_fixture.use.fixture in opened.use.fixtures:
        opened.cassette.add_wider(of_fixture.cassette)


_MOST_DIFFERENCES = 8
# Names of users and organizations are no credentials: an application may well tell them to others.
# The signature of a URL is for the host that the URL names.
_NO_CREDENTIALS = "USERNAME|ORGANIZATION_ID|TOKEN_NAME|ADMIN_EMAIL|COOKIE|URL_SIGNATURE"
_CREDENTIAL = re.compile(rf"{PLACEHOLDER_PREFIX}(?!\w*({_NO_CREDENTIALS})\b)[A-Z0-9_]+")


def _places_of(request: Exchange) -> dict[str, str]:
    places = {"URL": request.url, "body": request.body.decode("latin-1")}
    return places | {f"header {name}": value for name, value in request.headers.items()}


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:32]
