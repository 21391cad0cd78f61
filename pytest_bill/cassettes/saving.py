"""Writing what is new of a cassette: scrubbed, with stand-ins, beside what other workers wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_bill import environments, real_files
from pytest_bill.cassettes import replacing, staging, stand_ins, store
from pytest_bill.cassettes.cassette import Cassette, with_length
from pytest_bill.cassettes.client_noise import without_noise
from pytest_bill.cassettes.decoding import decoded
from pytest_bill.cassettes.not_written import not_shared
from pytest_bill.cassettes.staging import Staging
from pytest_bill.cassettes.use import OpenCassette, Use
from pytest_bill.environments import Environment
from pytest_bill.exceptions import CassetteError
from pytest_bill.fakes import without_fakes
from pytest_bill.interaction import Interaction
from pytest_bill.private_folder import RunEnded, locked
from pytest_bill.record_modes import RecordMode
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.scrubbing.stand_ins import StandIns

_ANSWERER_OF_FILE = {"custom": "other"} | {name: name for name in environments.ANSWERERS}


class Saving:
    """Saves cassettes of one run; ``scratch`` is a folder that all its processes share."""

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        scrubber: Scrubber,
        scratch: Callable[[], Path],
        *,
        about: Mapping[str, Any],
        stand_ins: StandIns | None,
        choice: StandInChoice,
        made_up_choice: StandInChoice,
        staging: Staging | None = None,
    ) -> None:
        """Without ``staging`` what is new replaces its cassette at once."""
        self._environment = environment
        self._registry = registry
        self._scrubber = scrubber
        self._scratch = scratch
        self._about = about
        self._stand_ins = stand_ins
        self._choice = choice
        self._made_up_choice = made_up_choice
        self._staging = staging

    def file_of(self, path: Path) -> Path:
        """The file that a cassette is read from now."""
        return self._staging.file_of(path) if self._staging is not None else path

    @contextmanager
    def turn_of(self, use: Use) -> Iterator[bool]:
        """The block in which a user has a cassette; tells whether this run has begun it.

        Who takes turns has it alone, so that what one process records, the next one plays.
        """
        is_there = use.record_mode == RecordMode.ONCE and real_files.exists(use.path)
        with ExitStack() as turn:
            # What was there before the run is not recorded by ``once``: nobody need wait.
            if use.takes_turns and not (is_there and self._was_there(use.path)):
                turn.enter_context(self._exclusive_access(use.path, "turn"))
            yields = use.record_mode == RecordMode.ONCE or (use.takes_turns and use.fixture)
            yield bool(yields) and self._has_begun(use.path)

    def _was_there(self, path: Path) -> bool:
        """Whether a file that is there is none that this run writes, or has just written."""
        return not staging.has_base(self._scratch(), path)

    def _has_begun(self, path: Path) -> bool:
        if self._staging is not None:
            return self._staging.has_begun(path)
        return staging.has_begun(self._scratch(), path)

    def save(self, opened: OpenCassette) -> None:
        """Write what is new.

        Raises:
            CassetteError: it cannot be written, or must not be.
        """
        path = opened.use.path
        new = opened.cassette.recorded[opened.saved :]
        plain = [decoded(interaction) for interaction in new]
        scrubbed = [self._scrubber.scrub(interaction) for interaction in plain]
        scrubbed, kinds = self._with_stand_ins(scrubbed, opened)
        ready = [
            self._as_recorded(interaction, original)
            for interaction, original in zip(scrubbed, new, strict=True)
        ]
        with without_fakes(), self._exclusive_access(path):
            kept = self._kept_recording(opened)
            if kept is None:
                return
            # Anew, or where none was: from then on it is this run's.
            begins = not (kept.interactions or kept.metadata)
            before = kept.metadata.get("pytest_bill") if kept.metadata else None
            before = before if isinstance(before, dict) else {}
            interactions = self._without_replaced(opened, list(kept.interactions))
            interactions = _with_answerers(interactions, before)
            if opened.use.replaces_equal:
                asked = {interaction.request for interaction in ready}
                interactions = [each for each in interactions if each.request not in asked]
            interactions += ready
            choice = self._choice_for(new, opened.use)
            told = stand_ins.metadata(kinds, choice, before, bool(kept.interactions))
            about = {**self._about, **about_answerers(interactions), **told}
            metadata = {**(kept.metadata or {}), "pytest_bill": about}
            recording = store.Recording(interactions, metadata)
            self._write(opened, recording, begins=begins)

    def withdraw(self, opened: OpenCassette) -> None:
        """Leave a cassette as it was, though a part of what is new was saved."""
        if self._staging is not None:
            self._staging.withdraw(opened.use.path)

    def _write(self, opened: OpenCassette, recording: store.Recording, *, begins: bool) -> None:
        path = opened.use.path
        try:
            staging.keep_base(
                self._scratch(),
                path,
                is_shared=opened.use.shared,
                read=lambda: _read_otherwise(opened.cassette, path),
            )
            store.save(path, recording, self._registry.find, self._staging)
            # In this order: whoever goes on with it has to find what is there.
            staging.mark(self._scratch(), path)
            if begins:
                staging.mark_begun(self._scratch(), path)
        except OSError as error:
            raise not_shared(path, self._scratch(), error) from None

    def _without_replaced(self, opened: OpenCassette, held: list[Interaction]) -> list[Interaction]:
        """What stays of a file beside what is new; see ``replacing``."""
        numbers = replacing.replaced(opened)
        if not numbers or held != opened.cassette.interactions:  # another process has written it
            return held
        opened.replaced = [each for number, each in enumerate(held) if number in numbers]
        return [each for number, each in enumerate(held) if number not in numbers]

    def _with_stand_ins(
        self, interactions: Sequence[Interaction], opened: OpenCassette
    ) -> tuple[list[Interaction], frozenset[str]]:
        """Stand-ins by who answered: what the local sandbox says is made up already."""
        made = list(interactions)
        kinds: frozenset[str] = frozenset()
        if self._stand_ins is None:
            return made, kinds
        local = [each.answered_by == "local" for each in interactions]
        real, made_up = self._choices(opened.use)
        for is_local, choice in ((False, real), (True, made_up)):
            numbers = [number for number, each in enumerate(local) if each is is_local]
            if not numbers or not choice:
                continue
            replaced = stand_ins.with_stand_ins(
                [interactions[number] for number in numbers],
                self._stand_ins,
                choice,
                opened.cassette,
            )
            for number, interaction in zip(numbers, replaced.interactions, strict=True):
                made[number] = interaction
            kinds |= replaced.kinds
        return made, kinds

    def _choices(self, use: Use) -> tuple[StandInChoice, StandInChoice]:
        """What is replaced of BILL's data, and of data that is made up."""
        return use.stand_ins or (self._choice, self._made_up_choice)

    def _choice_for(self, interactions: Sequence[Interaction], use: Use) -> StandInChoice:
        real, made_up = self._choices(use)
        is_made_up = all(interaction.answered_by == "local" for interaction in interactions)
        return made_up if is_made_up else real

    def _kept_recording(self, opened: OpenCassette) -> store.Recording | None:
        """What stays of the file that is there now; None where another worker's stands instead."""
        use = opened.use
        first_in_run = not staging.is_marked(self._scratch(), use.path)
        if use.record_mode == RecordMode.ALL and first_in_run:
            return store.Recording()  # whatever is there, and be it damaged
        is_begun = bool(opened.saved) or opened.cassette.goes_on
        now = self._now_in_file(opened)
        if use.record_mode == RecordMode.ALL and not is_begun:
            return now if use.shared else store.Recording()
        may_add = use.shared or is_begun
        if use.record_mode == RecordMode.ONCE and now.interactions and not may_add:
            return None
        return now

    def _now_in_file(self, opened: OpenCassette) -> store.Recording:
        path, read = opened.use.path, opened.cassette.read_so_far
        try:
            return store.load(path, self.file_of(path)) or store.Recording()
        except CassetteError:
            if self._staging is None or read is None:
                raise
            return read  # it was damaged meanwhile: what is recorded waits, and is not put there

    @contextmanager
    def _exclusive_access(self, path: Path, what: str = "lock") -> Iterator[None]:
        with exclusive_access(self._scratch(), path, what):
            yield

    def _as_recorded(self, scrubbed: Interaction, original: Interaction) -> Interaction:
        url = environments.recorded_url(scrubbed.url, self._environment)
        moved = replace(scrubbed, url=url, headers=without_noise(scrubbed.headers))
        return with_length(self._with_bills_addresses(moved), original)

    def _with_bills_addresses(self, interaction: Interaction) -> Interaction:
        """Name BILL's hosts instead of a local sandbox's in the answer and the Host header."""
        here, bills = self._environment, environments.SANDBOX
        if environments.recorded_url(here.gateway, here) == here.gateway:
            return interaction
        swaps = {here.gateway: bills.gateway, here.api: bills.api, here.origin: bills.origin}

        def moved(text: str) -> str:
            for ours, theirs in swaps.items():
                text = text.replace(ours, theirs)
            return text

        def moved_bytes(body: bytes) -> bytes:
            for ours, theirs in swaps.items():
                body = body.replace(ours.encode(), theirs.encode())
            return body

        host = urlsplit(interaction.url).netloc
        return replace(
            interaction,
            headers={
                name: host if name.lower() == "host" else moved(value)
                for name, value in interaction.headers.items()
            },
            body=moved_bytes(interaction.body),
            answer_headers={
                name: [moved(value) for value in values]
                for name, values in interaction.answer_headers.items()
            },
            answer_body=moved_bytes(interaction.answer_body),
        )


@contextmanager
def exclusive_access(scratch: Path, path: Path, what: str = "lock") -> Iterator[None]:
    """The block in which no other process of the run writes a cassette.

    Raises:
        CassetteError: the run has ended.
    """
    try:
        with locked(scratch, f"{staging.path_digest(path)}.{what}", path):
            yield
    except RunEnded as error:
        raise CassetteError(f"The cassette {path} was not written: {error}.") from None
    except OSError as error:
        raise not_shared(path, scratch, error) from None


def _read_otherwise(cassette: Cassette, path: Path) -> bytes | None:
    """What a cassette's file held when it was read, where it is another one now."""
    read = cassette.read_so_far
    if read is None:
        return None
    try:
        if (store.load(path) or store.Recording()) == read:
            return None
    except CassetteError:
        pass
    from pytest_bill.cassettes import writer

    return writer.write(read.interactions, read.metadata).encode()


def _with_answerers(
    interactions: Sequence[Interaction], about: Mapping[str, Any]
) -> list[Interaction]:
    """The interactions, each with who answered; an older cassette says it of the whole file."""
    told = _ANSWERER_OF_FILE.get(str(about.get("environment", "")), "")
    if not told:
        return list(interactions)
    return [each if each.answered_by else replace(each, answered_by=told) for each in interactions]


def about_answerers(interactions: Sequence[Interaction]) -> dict[str, str]:
    """What is said of the whole file: who answered, if that is one."""
    answerers = {interaction.answered_by for interaction in interactions}
    if len(answerers) > 1:
        note = " Some were answered by pytest-bill's local sandbox, not by BILL."
        told = {"environment": "mixed"}
        return told | ({"note": note.strip()} if "local" in answerers else {})
    (answerer,) = answerers or {""}
    notes = {
        "local": "Answered by pytest-bill's local sandbox, not by BILL.",
        "other": "Answered by the address in BILL_BASE_URL, not by BILL's own.",
    }
    told = {"environment": {"other": "custom"}.get(answerer, answerer)} if answerer else {}
    return told | ({"note": notes[answerer]} if answerer in notes else {})
