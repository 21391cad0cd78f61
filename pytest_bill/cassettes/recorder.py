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
from pytest_bill.cassettes.handed_out import HandedOut
from pytest_bill.cassettes.mismatch import miss_message
from pytest_bill.cassettes.open_cassettes import OpenCassettes
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.saving import Saving
from pytest_bill.cassettes.unrecorded import Unrecorded
from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NotInCassette
from pytest_bill.guards.leaving import Leaving
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.stand_ins import StandIns

_NOTHING = StandInChoice(frozenset())


@dataclass(frozen=True)
class RecorderOptions:
    """What may be sent and recorded in a run, and how.

    ``about`` is metadata of its cassettes. Without ``stand_ins``, and a choice of what they
    replace, personal data is recorded as it is. ``made_up_choice`` is the choice for what the local
    sandbox answers, where it is another. ``now`` is the clock that says when it was recorded.
    """

    live: bool = False
    rules: ScrubRules | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    allow_production: bool = False
    allowed_changes: frozenset[str] = frozenset()
    stand_ins: StandIns | None = None
    stand_in_choice: StandInChoice = _NOTHING
    made_up_choice: StandInChoice | None = None
    now: Callable[[], datetime] = times.now


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
        self.ages = Ages()
        self._now = options.now
        self._scrubber = Scrubber(registry, options.rules)
        self._saving = Saving(
            environment,
            registry,
            self._scrubber,
            scratch,
            about=options.about,
            stand_ins=options.stand_ins,
            choice=options.stand_in_choice,
            made_up_choice=(
                options.stand_in_choice
                if options.made_up_choice is None
                else options.made_up_choice
            ),
        )
        super().__init__(
            environment,
            Scrubber(registry, options.rules, same_in_all_places=True),
            self._saving.save,
            tests,
            live=options.live,
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

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The block in which no other thread is within what is locked here."""
        with self._lock, self.registry.standing_still():
            yield

    def described(self, request: Interaction) -> str:
        """A request as messages show it: method and scrubbed URL as BILL writes it."""
        url = environments.recorded_url(request.url, self.environment)
        return f"{request.method} {self._scrubber.scrub_request(replace(request, url=url)).url}"

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
            NotInCassette: see ``serve``.
        """
        if self.live:
            self.count_request()
            return None, None
        opened = opened or self.cassette_for(request)
        recorded = opened.cassette.play(request)
        if recorded is not None:
            self.count_played(recorded, opened.use.path)
            return recorded, opened
        self.count_request()
        if not opened.may_record:
            raise self.miss(request, opened)
        return None, opened

    def record(self, interaction: Interaction, opened: OpenCassette | None) -> None:
        """Keep an answered interaction for the cassette that was asked.

        What BILL handed out in it is a secret of the run from now on, in every cassette that is
        saved and in every failure that is shown: a cookie, a sessionId that a test asked for.
        """
        self.learn(interaction)
        if self.live or opened is None:
            return
        if opened.is_closed:
            self._unrecorded.add_late_answer(interaction, opened.use.owner)
            return
        opened.cassette.record(self._with_origin(interaction))
        with self._lock:
            self.counts.recorded += 1

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
        return opened

    def miss(self, request: Interaction, opened: OpenCassette) -> NotInCassette:
        """The error for a request that is not recorded, and must not be sent."""
        message = self.registry.hide(miss_message(request, opened, self.described))
        opened.misses.append(message)
        return NotInCassette(message)

    def count_request(self) -> None:
        """Count a request that is not played."""
        with self._lock:
            self.counts.requests += 1

    def count_sign_in(self) -> None:
        """Count a request, which was counted as such, as a sign-in, too."""
        with self._lock:
            self.counts.sign_ins += 1

    def count_played(self, recorded: Interaction, path: Path) -> None:
        """Count a request that is played from a file, and know the links in its answer."""
        with self._lock:
            self.ages.note(path, recorded.recorded_at)
            self.counts.requests += 1
            self.counts.replayed += 1
        self._urls.add_links_in(recorded)

    def _with_origin(self, interaction: Interaction) -> Interaction:
        """The interaction with who answered it, and when it was recorded."""
        return replace(
            interaction,
            answered_by=_answerer_of(interaction),
            recorded_at=times.written(self._now()),
        )


def _answerer_of(interaction: Interaction) -> str:
    servers = (
        each for name, each in interaction.answer_headers.items() if name.lower() == "server"
    )
    server = next((values[0] for values in servers if values), "")
    return environments.answerer(interaction.url, server)
