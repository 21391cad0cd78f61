"""Plays a request from the open cassette, or lets it be sent and records it.

What clients ask beside that stands in ``client_requests``. This module knows nothing of pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pytest_bill import environments
from pytest_bill.cassettes import times
from pytest_bill.cassettes.ages import Ages
from pytest_bill.cassettes.bills_urls import BillsUrls
from pytest_bill.cassettes.counts import Counts
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.handed_out import HandedOut
from pytest_bill.cassettes.kept_indexes import KeptIndexes
from pytest_bill.cassettes.on_way import OnWay
from pytest_bill.cassettes.one_world import OneWorld
from pytest_bill.cassettes.open_cassettes import OpenCassettes
from pytest_bill.cassettes.played import Played
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.saving import Saving
from pytest_bill.cassettes.staging import Staging
from pytest_bill.cassettes.unrecorded import Unrecorded, is_too_large
from pytest_bill.cassettes.use import Miss, OpenCassette
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NotInCassette, StandInSent
from pytest_bill.guards.leaving import Leaving
from pytest_bill.interaction import Interaction
from pytest_bill.real_files import relative_to_here
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.stand_ins import StandIns

_NOTHING = StandInChoice(frozenset())


def _tell_nobody(*_: object) -> None:
    """What is done with what is played, where nobody wants to know."""


@dataclass(frozen=True)
class RecorderOptions:
    """What may be sent and recorded in a run, and how.

    ``about`` is metadata of its cassettes. Without ``stand_ins``, and a choice of what they
    replace, personal data is recorded as it is. ``made_up_choice`` is the choice for what the local
    sandbox answers, where it is another. What is recorded waits in ``staging``; ``file_of`` says
    where else a cassette is read from. With ``keeps_played`` the recorder knows at the end what it
    played. ``now`` is the clock that says when something was recorded. ``kept_in`` makes the folder
    with what is kept of large cassettes.
    """

    live: bool = False
    rules: ScrubRules | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    allow_production: bool = False
    allowed_changes: frozenset[str] = frozenset()
    staging: Staging | None = None
    file_of: Callable[[Path], Path] | None = None
    stand_ins: StandIns | None = None
    stand_in_choice: StandInChoice = _NOTHING
    made_up_choice: StandInChoice | None = None
    keeps_played: bool = False
    now: Callable[[], datetime] = times.now
    kept_in: Callable[[], Path] | None = None


class Recorder(OpenCassettes):
    """The open cassettes of a run, which play and record; its secrets and its counts."""

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        scratch: Callable[[], Path],
        tests: RunningTests | None = None,
        options: RecorderOptions | None = None,
    ) -> None:
        """``scratch`` gives a folder that all processes of the run share."""
        tests, options = tests or RunningTests(), options or RecorderOptions()
        self.registry = registry
        self.counts = Counts()
        self.played: list[Played] | None = [] if options.keeps_played else None
        """What was played, in that order, in a run that wants to know."""
        self.when_played: Callable[[Interaction, OpenCassette, Path], None] = _tell_nobody
        """Is told what is played, for whom, from which cassette."""
        self.ages = Ages()
        self._now = options.now
        self._scrubber = Scrubber(registry, options.rules)
        made_up_choice = options.made_up_choice
        if made_up_choice is None:
            made_up_choice = options.stand_in_choice
        self._saving = Saving(
            environment,
            registry,
            self._scrubber,
            scratch,
            about=options.about,
            stand_ins=options.stand_ins,
            choice=options.stand_in_choice,
            made_up_choice=made_up_choice,
            staging=options.staging,
        )
        super().__init__(
            environment,
            Scrubber(registry, options.rules, same_in_all_places=True),
            self._saving.save,
            tests,
            live=options.live,
            file_of=options.file_of or self._saving.file_of,
            turn_of=self._saving.turn_of,
            withdraw=self._saving.withdraw,
            kept=KeptIndexes(options.kept_in) if options.kept_in is not None else None,
        )
        self._world = OneWorld(
            options.stand_ins,
            options.stand_in_choice,
            made_up_choice,
            scrubbed=self._scrubber.scrubbed_text,
            lock=self._lock,
        )
        self._urls = BillsUrls(environment)
        self._leaving = Leaving(
            environment,
            registry,
            self.described,
            allow_production=options.allow_production,
            allowed_changes=options.allowed_changes,
            test_now=tests.name_now,
            links=self._urls.links,
        )
        self._handed_out = HandedOut(
            environment, self._scrubber, self._urls, self._leaving.set_cookies
        )
        self._unrecorded = Unrecorded(self.described, registry.hide, tests)
        self.late = self._unrecorded.late
        self.on_way = OnWay(registry.hide, tests.name_now)
        self.asked = 0
        """How many requests tests and their fixtures made to BILL; sign-ins of ours are none."""

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The block in which no other thread is within what is locked here."""
        with self._lock, self.registry.standing_still():
            yield

    def add_secret_places(self, rules: ScrubRules) -> None:
        """Scrub these places, too, in all that is saved and compared from now on."""
        self._scrubber.add_places(rules)
        self._scrubber_of_matcher.add_places(rules)

    def described(self, request: Interaction) -> str:
        """A request as messages show it: method and scrubbed URL as BILL writes it."""
        url = environments.recorded_url(request.url, self.environment)
        asked = request if url == request.url else replace(request, url=url)
        return f"{request.method} {self._scrubber.scrubbed_url_of(asked)}"

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
        return self.shown(request, answered, opened)

    def play(
        self, request: Interaction, opened: OpenCassette | None = None
    ) -> tuple[Interaction | None, OpenCassette | None]:
        """The recorded interaction, or None where the request may be sent; and the cassette asked.

        Raises:
            NotInCassette: see ``serve``.
        """
        if opened is None:
            self.asked += 1
        if self.live:
            self.count_request()
            return None, None
        opened = opened or self.cassette_for(request)
        recorded = opened.cassette.play(request)
        if recorded is not None:
            self.count_played(recorded, opened)
            return recorded, opened
        self.count_request()
        if not opened.may_record:
            raise self.miss(request, opened)
        return None, opened

    def record(self, interaction: Interaction, opened: OpenCassette | None) -> None:
        """Keep an answered interaction for the cassette that was asked.

        What BILL handed out in it is a secret of the run from now on, in every cassette that is
        saved and in every failure that is shown: a cookie, a sessionId that a test asked for. Only
        the head is looked at of one that is too large to be recorded.
        """
        too_large = is_too_large(interaction)
        self.learn(replace(interaction, body=b"", answer_body=b"") if too_large else interaction)
        if self.live or opened is None:
            return
        if too_large:
            self._unrecorded.add_too_large(interaction, opened)
            return
        if opened.is_closed:
            self._unrecorded.add_late_answer(interaction, opened.use.owner)
            return
        at = times.written(self._now())
        by = _answerer_of(interaction, self.environment)
        opened.cassette.record(replace(interaction, answered_by=by, recorded_at=at))
        with self._lock:
            self.counts.recorded += 1

    def told(self, request: Interaction, opened: OpenCassette | None) -> Interaction:
        """A request as BILL is told it: with real values for the stand-ins in it.

        Raises:
            StandInSent: it holds one from a cassette's file, and nobody here knows the real value.
        """
        if opened is None or opened.is_closed:
            return request
        told = self._world.to_bill(request, opened.cassette)
        unknown = self._world.unknown_in(told, opened.cassette)
        if unknown is None:
            return told
        kind, path = unknown
        raise StandInSent(
            f"{self.described(request)} was not sent: it holds a stand-in ({kind.choice}) that "
            f"{relative_to_here(path)} gave to the test, and the real value is not in it.\n"
            f"Record the test anew: {opened.use.record_command} --bill-record-mode=all"
        )

    def shown(
        self,
        asked: Interaction,
        answered: Interaction,
        opened: OpenCassette | None,
        *,
        restores: bool = True,
    ) -> Interaction:
        """An answered interaction as the test sees it, now and in each replay.

        ``asked`` is the request as the test made it; see ``OneWorld.shown``.
        """
        if self.live or opened is None or opened.is_closed or is_too_large(answered):
            return answered
        is_made_up = _answerer_of(answered, self.environment) == "local"
        shown = self._world.shown(
            asked,
            answered,
            opened.cassette,
            is_made_up=is_made_up,
            restores=restores,
            choices=opened.use.stand_ins,
        )
        if shown is not answered:
            self._urls.add_links_in(readable(shown))
        return shown

    def learn(self, interaction: Interaction) -> None:
        """Know what BILL handed out in an answer."""
        self._handed_out.learn(interaction)

    def cassette_for(self, request: Interaction) -> OpenCassette:
        """The cassette that serves a request.

        Raises:
            NotInCassette: none is open.
        """
        self.ensure_open()
        opened = self.current
        if opened is None:
            self.count_request()
            raise NotInCassette(
                f"{self.described(request)} was made outside of any test or fixture, so it has no "
                "cassette.\nMake it in a test or a fixture, or run with --bill-live."
            )
        if opened.joins is not None:
            join, opened.joins = opened.joins, None
            join()
        return opened

    def miss(self, request: Interaction, opened: OpenCassette) -> NotInCassette:
        """The error for a request that is not recorded, and must not be sent."""
        miss = _miss_of(request, opened, self.described, self.registry.hide)
        opened.misses.append(miss)
        return NotInCassette(miss.message).with_summary(miss.summary)

    def count_request(self) -> None:
        """Count a request that is not played."""
        with self._lock:
            self.counts.requests += 1

    def count_sign_in(self) -> None:
        """Count a request, which was counted as such, as a sign-in, too."""
        with self._lock:
            self.counts.sign_ins += 1

    def count_played(
        self, recorded: Interaction, opened: OpenCassette, path: Path | None = None
    ) -> None:
        """Count a request that is played, and know the links in its answer.

        ``path`` is the cassette that it was played from, where that is not the open one.
        """
        self.when_played(recorded, opened, path or opened.use.path)
        with self._lock:
            self.ages.note(path or opened.use.path, recorded.recorded_at)
            self.counts.requests += 1
            self.counts.replayed += 1
            opened.played += 1
            if self.played is not None:
                self.played.append(_played(recorded, opened))
        self._urls.add_links_in(recorded)


def _played(recorded: Interaction, opened: OpenCassette) -> Played:
    return Played(recorded, opened.use.path, opened.use.owner, opened.cassette.stood_in)


def _miss_of(
    request: Interaction,
    opened: OpenCassette,
    described: Callable[[Interaction], str],
    hide: Callable[[str], str],
) -> Miss:
    from pytest_bill.cassettes.mismatch import miss_of

    return miss_of(request, opened, described, hide)


def _answerer_of(interaction: Interaction, environment: Environment) -> str:
    server = interaction.answer_header("server")
    if not server and interaction.fault and environment.name == "local":
        return "local"  # which had no time to say so
    return environments.answerer(interaction.url, server)
