"""Rewriting cassettes scrubbed, as recording does: placeholders for secrets, stand-ins for money.

All cassettes of one call share both, so the same secret looks the same in all of them.
A file is replaced whole or left as it was.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_bill.cassettes import faults_in_file, store, vcr_yaml, writer
from pytest_bill.cassettes.cassette import with_length
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.shape import Misshapen
from pytest_bill.cassettes.stand_ins_comment import comment_for, kinds_in_comment
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.exceptions import CassetteError, PytestBillError
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scan import rules
from pytest_bill.scan.findings import Hit
from pytest_bill.scrubbing.personal import (
    StandInChoice,
    by_value_of,
    found_in,
    replaced,
)
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE, SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.search.search import was_given_up
from pytest_bill.scrubbing.stand_ins import StandIns


class CannotFix(PytestBillError):
    """Why a cassette is not rewritten, in words that hold nothing of it."""


@dataclass(frozen=True, repr=False)
class _Loaded:
    path: Path
    raw: bytes
    is_json: bool
    interactions: list[Interaction]
    metadata: Mapping[str, Any]


class Fixer:
    """Scrubs cassettes that hold secrets: ``learn`` all of them, then ``fix`` each."""

    def __init__(self, known: SecretRegistry, key: bytes, places: ScrubRules | None = None) -> None:
        """``known`` are the secrets that have placeholders already; what is learnt is added.

        ``key`` is that of the stand-ins for bank and card data; more ``places`` are secret.
        """
        self._registry = known
        self._stand_ins = StandIns(key)
        self._loaded: dict[Path, _Loaded] = {}
        self._hits: dict[Path, list[Hit]] = {}
        self._scrubber = Scrubber(known, places)

    def learn(self, path: Path, raw: bytes, hits: Iterable[Hit]) -> None:
        """Remember a cassette and its secrets.

        Raises:
            CannotFix: it cannot be read as a cassette, or not without loss.
        """
        loaded = _load(path, raw)
        self._loaded[path] = loaded
        self._hits[path] = list(hits)
        for hit in self._hits[path]:
            long_enough = len(hit.value) >= SHORTEST_BY_VALUE
            if hit.rule.fix and long_enough and hit.rule.id != rules.KNOWN.id:
                self._registry.add(hit.value, PLACEHOLDER_PREFIX + hit.rule.fix)
        for interaction in loaded.interactions:
            self._scrubber.learn(interaction)

    def fix(self, path: Path, count: Callable[[bytes], int]) -> bool:
        """Rewrite a cassette; False where that would not make it better, and nothing was written.

        ``count`` says how many findings a content has.

        Raises:
            CassetteError: the file system refused, or a body cannot be searched.
        """
        loaded = self._loaded[path]
        fresh = self.scrubbed(path).encode("utf-8")
        if fresh == loaded.raw or count(fresh) >= count(loaded.raw):
            return False
        # Through a link to the file that it names, and with that file's own mode.
        target = Path(os.path.realpath(path))
        store.replace_file(target, fresh.decode("utf-8"), stat.S_IMODE(target.stat().st_mode))
        return True

    def scrubbed(self, path: Path) -> str:
        """The text of a cassette, scrubbed.

        Raises:
            CassetteError: a body cannot be searched.
        """
        loaded = self._loaded[path]
        scrubbed = [self._scrubber.scrub(interaction) for interaction in loaded.interactions]
        interactions, kinds = self._with_stand_ins(scrubbed, self._hits[path])
        interactions = [
            with_length(fixed, interaction)
            for fixed, interaction in zip(interactions, loaded.interactions, strict=True)
        ]
        text = _serialized(interactions, kinds, loaded)
        if any(was_given_up(each.body) or was_given_up(each.answer_body) for each in interactions):
            raise CassetteError(
                f"{path} was not rewritten: a body in it cannot be searched for secrets (too large "
                "unpacked, or nested too often).\nRecord it again without that request."
            )
        return text

    def _with_stand_ins(
        self, interactions: list[Interaction], hits: Iterable[Hit]
    ) -> tuple[list[Interaction], frozenset[str]]:
        """The interactions with stand-ins for the kinds of bank and card data that were found."""
        found = [
            (rules.KIND_OF_RULE[hit.rule], hit.value)
            for hit in hits
            if hit.rule in rules.KIND_OF_RULE
        ]
        kinds = frozenset(kind.choice for kind, _ in found)
        if not kinds:
            return interactions, kinds

        def by_place(kind: Kind, value: str) -> str:
            return self._stand_ins.of(kind, value) if kind.choice in kinds else value

        by_value = by_value_of(
            (kind, value, by_place(kind, value))
            for kind, value in {*found_in(interactions), *found}
        )
        return [replaced(each, by_place, by_value) for each in interactions], kinds


def _with_kinds(metadata: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    """The metadata, which says of which kinds the cassette's data is made up now."""
    if not kinds:
        return dict(metadata)
    about = metadata.get("pytest_bill")
    about = dict(about) if isinstance(about, dict) else {}
    before = about.get("stand_ins")
    before = before if isinstance(before, dict) else {}
    choice = StandInChoice(kinds)
    stand_ins: dict[str, Any] = {
        "kinds": sorted(kinds | set(map(str, before.get("kinds", ())))),
        "fingerprint": choice.fingerprint,
    }
    if before.get("mixed") or before.get("fingerprint", choice.fingerprint) != choice.fingerprint:
        stand_ins["mixed"] = True
        about["scan"] = {"made_up": sorted(kinds)}
    return {**metadata, "pytest_bill": {**about, "stand_ins": stand_ins}}


_MAKES_OBJECTS = late_pattern(r"!!python/(?!unicode|str|tuple|bytes)|!<tag:|!python/|tag:yaml\.org")
"""A file that asks for objects is not rewritten: what they were would be lost."""


def _load(path: Path, raw: bytes) -> _Loaded:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotFix("it is not in UTF-8") from None
    is_json = text.lstrip()[:1] == "{"
    tag = _MAKES_OBJECTS.search(text)
    if tag is not None:
        line = text.count("\n", 0, tag.start()) + 1
        raise CannotFix(f"line {line} asks for a Python object, which would be lost")
    try:
        data = json.loads(text) if is_json else vcr_yaml.load(text)
        interactions, metadata = vcr_yaml.interactions_in(data), dict(data.get("metadata") or {})
        if not is_json:
            interactions, metadata = faults_in_file.joined(interactions, metadata)
        interactions = list(map(readable, interactions))
    except Exception as error:  # whatever a parser makes of a broken file
        raise CannotFix(_what_is_wrong(error)) from None
    return _Loaded(path, raw, is_json, interactions, metadata)


def _what_is_wrong(error: Exception) -> str:
    """Why a cassette cannot be read; an error's own words may quote what is in it."""
    if isinstance(error, Misshapen):
        return str(error)
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else getattr(error, "lineno", 0)
    where = f" in line {line}" if line else ""
    return f"it has not the form of a cassette of vcrpy ({type(error).__name__}{where})"


_COMMENTS = late_pattern(r"(?:#[^\n]*\n|[ \t]*\n)+")


def _serialized(interactions: list[Interaction], kinds: frozenset[str], loaded: _Loaded) -> str:
    old = loaded.raw.decode("utf-8-sig")
    comments = _COMMENTS.match(old)
    head = comments.group(0) if comments else ""
    metadata = dict(loaded.metadata)
    if kinds and not loaded.is_json and not metadata:
        head += comment_for(kinds - kinds_in_comment(old)) if kinds - kinds_in_comment(old) else ""
    else:
        metadata = _with_kinds(metadata, kinds)
    return head + (_as_json if loaded.is_json else writer.write)(interactions, metadata)


def _as_json(interactions: Iterable[Interaction], metadata: Mapping[str, Any]) -> str:
    from vcr.serialize import serialize
    from vcr.serializers import jsonserializer

    interactions = list(interactions)
    pairs = [store.to_vcr(interaction) for interaction in interactions]
    data: dict[str, Any] = {
        "requests": [request for request, _ in pairs],
        "responses": [response for _, response in pairs],
    }
    if metadata:
        data["metadata"] = metadata
    text = str(serialize(data, jsonserializer))
    made = json.loads(text)
    for entry, interaction in zip(made["interactions"], interactions, strict=True):
        own = {name: getattr(interaction, name) for name in vcr_yaml.OWN_FIELDS}
        entry.update({name: value for name, value in own.items() if value})
    return str(jsonserializer.serialize(made))
