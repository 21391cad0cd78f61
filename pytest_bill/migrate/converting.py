"""What other recorders recorded becomes a cassette of ours: BILL's part of it, scrubbed.

It is scrubbed as ``pytest-bill scan --fix`` does it, and for all cassettes of one call together:
the same secret gets the same placeholder in all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pytest_bill import environments
from pytest_bill.cassettes import reader, writer
from pytest_bill.cassettes.bills_urls import origin_of
from pytest_bill.cassettes.client_sign_ins import is_sign_in, name_users
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.migrate import formats
from pytest_bill.scan import rules
from pytest_bill.scan.false_positives import is_no_secret
from pytest_bill.scan.fix import CannotFix, Fixer
from pytest_bill.scan.scanner import Scanner
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import ScrubRules


class Secrets(SecretRegistry):
    """The secrets of cassettes of which some were filtered: REDACTED is none to look for."""

    __slots__ = ()

    def add(self, value: str, placeholder: str) -> str:
        """As ``SecretRegistry.add``; the word of a filter becomes the placeholder in its place."""
        return placeholder if is_no_secret(value) else super().add(value, placeholder)


class Read(NamedTuple):
    """What the files of a test hold: BILL's interactions, and how many of other hosts."""

    interactions: Sequence[Interaction]
    others: Mapping[str, int]
    is_plain: bool
    is_cassetters: bool
    left_out: int


class Converted(NamedTuple):
    """The text of a cassette of ours; ``findings`` are places that still look like secrets."""

    text: str
    was_clean: bool
    findings: int


def read_all(files: Iterable[Path], configured: Environment) -> Read:
    """What files hold, one behind the other.

    Raises:
        formats.Unreadable: one of them is no cassette.
    """
    bills: list[Interaction] = []
    others: Counter[str] = Counter()
    held = [formats.read(each) for each in files]
    for interaction in (each for one in held for each in one.interactions):
        own = as_bills(interaction, configured)
        if own is not None:
            bills.append(own)
        else:
            others[environments.host_of(interaction.url) or origin_of(interaction.url)] += 1
    is_plain = len(held) == 1 and held[0].is_plain
    left_out = sum(each.left_out for each in held)
    return Read(bills, others, is_plain, any(each.is_cassetters for each in held), left_out)


def as_bills(interaction: Interaction, configured: Environment) -> Interaction | None:
    """An interaction with BILL, at BILL's own URL; None where it is with somebody else.

    BILL's is what its own hosts, the configured address, or a local sandbox of ours answered.
    """
    url = interaction.url
    if environments.is_bills_own(url):
        return interaction
    place = configured
    if interaction.answer_header("server") == environments.LOCAL_SERVER:
        try:
            place = environments.at_origin(origin_of(url), "local")
        except SettingsError:
            return None
    moved = place.moved_to(environments.SANDBOX, url)
    return replace(interaction, url=moved) if moved != url else None


class Converter:
    """Makes cassettes of ours: ``learn`` what all of them hold, then ask for each text."""

    def __init__(self, known: SecretRegistry, key: bytes, places: ScrubRules | None = None) -> None:
        """``known`` are the secrets of the run's variables; ``key`` that of its stand-ins.

        ``places`` are those that the suite's own settings name.
        """
        self._known = known
        self._scanner = Scanner(None, known, reader.reader_of_many())
        self._fixer = Fixer(known, key, places)
        self._has_places = places is not None and any(places)
        self._was_clean: dict[Path, bool] = {}
        self._raw: dict[Path, bytes] = {}

    def learn(self, path: Path, interactions: Sequence[Interaction]) -> None:
        """Know what is to stand in a cassette, and the secrets in it.

        Raises:
            CannotFix: it cannot be rewritten without loss.
        """
        for each in interactions:
            if is_sign_in(each):
                name_users(each, self._known)
        raw = writer.write(interactions, {}).encode()
        hits = self._scanner.scan(raw, path.name).hits
        self._was_clean[path] = not hits
        self._raw[path] = raw if self._has_places else b""
        self._fixer.learn(path, raw, hits)

    def converted(self, path: Path) -> Converted:
        """The cassette, scrubbed.

        Raises:
            CannotFix: a secret of the run's variables would stay in it.
            CassetteError: a body cannot be searched.
        """
        text = self._fixer.scrubbed(path)
        hits = self._scanner.scan(text.encode(), path.name).hits
        if any(hit.rule.id == rules.KNOWN.id for hit in hits):
            raise CannotFix("a value of the variables would still be in it")
        # No rule of the scan knows a suite's own places.
        as_it_was = not self._has_places or text.encode() == self._raw[path]
        return Converted(text, self._was_clean[path] and as_it_was, len(hits))
