"""Scanning one file's bytes: read it, ask the rules and the engine, leave out what is allowed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_bill.cassettes.stand_ins_comment import kinds_in_comment
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scan import rules
from pytest_bill.scan.body_values import Assignment, assignments, values_of_body
from pytest_bill.scan.cassettes import (
    Tree,
    answerers_of,
    spots_of,
    spots_of_interactions,
    tree_of,
    tree_of_data,
)
from pytest_bill.scan.clean_values import LONGEST_RUN, CleanValues
from pytest_bill.scan.detect_secrets import Engine
from pytest_bill.scan.false_positives import is_counted, is_generated, is_id, is_no_secret
from pytest_bill.scan.files import text_of
from pytest_bill.scan.findings import WHOLE_FILE, Hit, Rule, Spot
from pytest_bill.scan.random_data import lines_of_content
from pytest_bill.scan.values_at_names import values_at_names
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE, SecretRegistry
from pytest_bill.scrubbing.search.search import UNSEARCHABLE
from pytest_bill.scrubbing.secret_places import SIGN_IN_FIELDS
from pytest_bill.scrubbing.stand_ins import StandIns

_ALLOWED = late_pattern(
    r"pytest-bill:\s{0,3}allow(?P<rules>(?:[ ,]{1,3}[a-z][a-z0-9-]{2,40})*)|"
    r"pragma:\s{0,3}(?:allow|white)list[ -]secret"
)
_BY_HAND = (
    "Take it out of the file: secrets belong in .env, which git ignores. If it is made up, allow "
    "the line with a comment: pytest-bill: allow"
)
_RULE_ID = late_pattern(r"[a-z][a-z0-9-]{2,}")
_LINE_BREAK = late_pattern(r"\r\n|\n|\r")

Reader = Callable[[str], tuple[list[Interaction], dict[str, Any]] | None]
"""Gives a cassette's interactions and metadata; None for a text that it cannot read."""

Where = dict[tuple[str, str], list[Spot]]
"""The spots of each value, by their name and the value."""


@dataclass
class Scanned:
    """What was found in one file."""

    hits: list[Hit] = field(default_factory=list)
    is_cassette: bool = False


class TooLarge(Exception):
    """A text is not clean at first sight, and too large to be looked at closely."""

    def __init__(self) -> None:
        super().__init__("it may hold some, and is too large to say where at the end of a run")


_SHORTEST_FORM = 12


class Scanner:
    """Finds secrets in files' bytes."""

    def __init__(
        self,
        engine: Engine | None = None,
        known: SecretRegistry | None = None,
        read: Reader | None = None,
        largest_by_yaml: int | None = None,
    ) -> None:
        """``known`` are values to look for in every encoding, each with its variable's name.

        What ``read`` cannot say of a text that is larger than ``largest_by_yaml`` is not said.

        ``read`` reads a cassette faster than a YAML parser, and knows no lines: they are looked up
        where something is found.
        """
        self._engine = engine
        self._known = known or SecretRegistry()
        self._read = read
        self._largest_by_yaml = largest_by_yaml
        self._clean = CleanValues()

    def scan(self, raw: bytes, name: str = "") -> Scanned:
        """What a file of this content holds; by its name JSON is known.

        Raises:
            TooLarge: it would take too long, as far as that was asked.
        """
        text = text_of(raw)
        if text is None:
            return Scanned(list(self._known_in_binary(raw)))
        if self._holds_nothing(text):
            return Scanned(is_cassette=True)
        if self._largest_by_yaml is not None and len(text) > self._largest_by_yaml:
            raise TooLarge
        tree = tree_of(text)
        if tree is not None:
            hits = _without_allowed_or_made_up(
                self._in_cassette(text, tree), tree["metadata"], text, answerers_of(tree)
            )
            return Scanned(hits, is_cassette=True)
        hits = list(_not_allowed(self._in_text(text, name), text))
        return Scanned([hit._replace(rule=replace(hit.rule, advice=_BY_HAND)) for hit in hits])

    def _holds_nothing(self, text: str) -> bool:
        """Whether a text is a cassette that can be read fast and in which nothing is found."""
        read = self._read(text) if self._read is not None else None
        if read is None or _has_more_than_read(text, read[0]) or self._known.find(text) is not None:
            return False
        interactions, metadata = read
        about = tree_of_data(metadata)
        where: Where = defaultdict(list)
        spots = list(spots_of_interactions(interactions, about, self._clean))
        for spot in spots:
            where[spot.name, spot.value].append(spot)
        if self._may_find_in_rest() or self._is_known_in([value for _, value in where]):
            self._clean.forget()
            return False
        hits = [*_by_place(spots), *self._by_form(where)]
        if hits:
            self._clean.forget()
        else:
            self._clean.keep()
        of_file = about["pytest_bill"]["environment"].text
        answerers = {each.answered_by or of_file for each in interactions}
        # Hits have no places here: who answered what is looked at in the tree.
        return not _without_allowed_or_made_up(
            hits, about, text, answerers if len(answerers) == 1 else ()
        )

    def _is_known_in(self, values: list[str]) -> bool:
        """Whether a known value is in values, or in what the first look left out."""
        if not self._known:
            return False
        return self._known.find("\n".join([*self._clean.short_runs, *values])) is not None

    def _may_find_in_rest(self) -> bool:
        """Whether anything may be found in what the first look left out."""
        rest = "\n".join(self._clean.short_runs)
        # Of the forms, no other has short runs only.
        return "PRIVATE KEY" in rest or (
            self._engine is not None
            and (
                self._engine.may_find_in(rest, LONGEST_RUN)
                or self._engine.may_find_in("\n".join(self._clean.addresses))
            )
        )

    def _in_cassette(self, text: str, tree: Tree) -> list[Hit]:
        spots = list(spots_of(tree))
        hits = list(_by_place(spots))
        placed = {id(hit.spot) for hit in hits}
        # The same value stands in many places: each is searched once.
        where: Where = defaultdict(list)
        for spot in spots:
            if id(spot) not in placed and spot.value:
                where[spot.name, spot.value].append(spot)
        hits.extend(_same_values_elsewhere(hits, where))
        hits.extend(self._by_form(where))
        hits.extend([*self._known_in(text, where, hits)])
        return _one_for_each_spot(hits)

    def _in_text(self, text: str, name: str) -> list[Hit]:
        lines = _Lines(text)
        hits = []
        if name.endswith((".json", ".har")):
            for each in values_of_body(text, "application/json", rules.by_field):
                if each.rule is not None and _is_literal(each.rule, each.value, quoted=True):
                    spot = Spot(WHOLE_FILE, 0, "field", *each)
                    hits.append(Hit(spot, each.rule, each.value))
        seen = {hit.value for hit in hits}
        on_line: dict[int, list[str]] = defaultdict(list)
        for start, its_name, rule, value in _secrets_at_names(text, name):
            if value not in seen:
                spot = lines.spot(start, its_name, rule)
                if not _is_named(value, on_line[spot.line]):
                    hits.append(Hit(spot, rule, value))
                    on_line[spot.line].append(value)
        where: Where = defaultdict(list)
        for number, line in enumerate(lines.lines, 1):
            if len(line) >= SHORTEST_BY_VALUE:
                where["", line].append(
                    Spot(WHOLE_FILE, number, "line", str(number), "", None, line)
                )
        hits.extend(
            hit
            for hit in _without_content(self._by_form(where, are_lines=True), text)
            if hit.value not in seen
            and not _is_made_up(hit.rule, hit.value)
            and not _is_named(hit.value, on_line[hit.spot.line])
        )
        hits.extend([*self._known_in(text, where, hits)])
        return _one_for_each_spot(hits)

    def _by_form(self, where: Where, *, are_lines: bool = False) -> Iterator[Hit]:
        # One search of all texts is much faster than one of each, and rarely finds anything.
        joined = "\n".join(value for _, value in where if len(value) >= _SHORTEST_FORM)
        for (_, value), spots in where.items() if rules.may_hold_a_form(joined) else ():
            if len(value) < _SHORTEST_FORM or not rules.may_hold_a_form(value):
                continue
            for rule, secret in rules.by_form(value):
                if not is_no_secret(secret):
                    yield from (Hit(spot, rule, secret) for spot in spots)
        if self._engine is not None:
            keys = list(where)
            for number, rule, secret in self._engine.find(keys, are_lines=are_lines):
                yield from (Hit(spot, rule, secret) for spot in where[keys[number]])

    def _known_in(self, text: str, where: Where, hits: list[Hit]) -> Iterator[Hit]:
        if not self._known:
            return
        found = False
        for hit in hits:
            variable = self._known.find(hit.value)
            if variable is not None:
                found = True
                yield hit._replace(rule=_known_rule(variable))
        # One search of all texts is much faster than one of each, and rarely finds anything.
        if self._known.find("\n".join(value for _, value in where)) is not None:
            for (_, value), spots in where.items():
                variable = self._known.find(value) if len(value) >= SHORTEST_BY_VALUE else None
                if variable is not None:
                    found = True
                    yield from (Hit(spot, _known_rule(variable), value) for spot in spots)
        variable = None if found else self._known.find(text)
        if variable is not None:
            spot = Spot(WHOLE_FILE, 0, "file", "", "", None, "")
            yield Hit(spot, _known_rule(variable), "")

    def _known_in_binary(self, raw: bytes) -> Iterator[Hit]:
        variable = self._known.find(raw)
        if variable is not None:
            yield Hit(Spot(WHOLE_FILE, 0, "file", "", "", None, ""), _known_rule(variable), "")


def _without_allowed_or_made_up(
    hits: list[Hit], metadata: Tree, text: str, answerers: Collection[str]
) -> list[Hit]:
    """The hits in a cassette without those that its comments allow, and without made-up data.

    ``answerers`` are who answered each interaction: what the local sandbox says is made up.
    """
    if not hits:
        return hits
    allowed = _allowed_in_cassette(text)
    made_up = _made_up_in(metadata["pytest_bill"], text)
    local = {number for number, each in enumerate(answerers, 1) if each == "local"}
    if len(local) == len(answerers) > 0:
        made_up |= set(rules.KIND_OF_RULE)
    return [
        hit
        for hit in hits
        if hit.rule.id not in allowed
        and hit.rule not in made_up
        and not (hit.spot.origin.number in local and hit.rule in rules.KIND_OF_RULE)
    ]


_LISTED = "\n      - "
"""Before each value of a header. vcrpy keeps one value of a request's header."""
_METADATA = "\nmetadata:\n"
_NUMBER = late_pattern(r"\n      - [-+.]?[0-9][0-9A-Za-z_:.]*\n")
"""A header's value that is a number to YAML: another text may mean the same."""


def _has_more_than_read(text: str, interactions: list[Interaction]) -> bool:
    """Whether a text may hold headers, or digits of numbers, that its reader leaves out."""
    # Behind the interactions, the kinds of stand-ins are listed just so.
    end = text.rfind(_METADATA)
    end = end if end >= 0 else len(text)
    listed = text.count(_LISTED, 0, end)
    read = sum(
        len(each.headers) + sum(map(len, each.answer_headers.values())) for each in interactions
    )
    return listed != read or _NUMBER.search(text, 0, end) is not None


_UNSEARCHABLE = Rule(
    "unsearchable",
    "cannot be searched for the values of BILL variables: too large unpacked, or nested too often",
    "Look into it by hand, or allow it with a baseline if it is made up.",
)


def _known_rule(placeholder: str) -> Rule:
    if placeholder == UNSEARCHABLE:
        return _UNSEARCHABLE
    variable = placeholder.removeprefix(PLACEHOLDER_PREFIX)
    return Rule(
        rules.KNOWN.id, f"value of {variable}", rules.KNOWN.advice, rules.KNOWN.guessable, variable
    )


def _made_up_in(about: Tree, text: str) -> set[Rule]:
    """The rules whose data a cassette says is made up: those of stand-ins."""
    said = about["scan"]["made_up"].parts()
    if about["stand_ins"]["mixed"].text.lower() != "true":
        said = [*said, *about["stand_ins"]["kinds"].parts()]
    kinds = {kind.text for kind in said} | kinds_in_comment(text)
    return {rule for rule, kind in rules.KIND_OF_RULE.items() if kind.choice in kinds}


_STAND_INS = StandIns(b"")
"""Of no run: it knows the stand-ins that can be nothing else."""


def _by_place(spots: Iterable[Spot]) -> Iterator[Hit]:
    for spot in spots:
        rule = spot.rule
        if rule is None or not rules.is_plausible(rule, spot.value):
            continue
        kind = rules.KIND_OF_RULE.get(rule)
        if kind is not None and _STAND_INS.is_stand_in(kind, spot.value):
            continue
        if rule is rules.UNREADABLE or not is_no_secret(spot.value):
            yield Hit(spot, rule, spot.value)


_WORDS = late_pattern(r"[\w+/=.~-]{8,}")


def _same_values_elsewhere(hits: list[Hit], where: Where) -> Iterator[Hit]:
    """Where else the secrets stand that were found in their places."""
    found = {
        hit.value: hit.rule
        for hit in hits
        if len(hit.value) >= SHORTEST_BY_VALUE
        and hit.rule is not rules.UNREADABLE
        and hit.spot.name not in SIGN_IN_FIELDS
    }
    if not found:
        return
    for (_, value), spots in where.items():
        for match in _WORDS.finditer(value):
            rule = found.get(match.group(0))
            if rule is not None:
                yield from (Hit(spot, rule, match.group(0)) for spot in spots)


def _is_literal(rule: Rule, value: str, *, quoted: bool) -> bool:
    """Whether what stands behind a secret's name in a text is a value, and not code or prose."""
    if is_no_secret(value) or is_id(value) or not rules.is_plausible(rule, value):
        return False
    if rule in (rules.ROUTING, rules.TAX_ID):
        return False  # any number could be one: only in cassettes, where the place is sure
    if is_counted(value):
        return False
    if rule is rules.ACCOUNT:
        return quoted and value.isdecimal() and len(set(value)) > 4 and value.count("0") < 4
    return rule is rules.CARD or is_generated(value)


def _without_content(hits: Iterable[Hit], text: str) -> Iterator[Hit]:
    """Leave out what is random because it is a piece of an image or of a certificate."""
    content: set[int] | None = None
    for hit in hits:
        if hit.rule is rules.HIGH_ENTROPY:
            content = lines_of_content(text) if content is None else content
            if hit.spot.line in content:
                continue
        yield hit


_DIGIT = late_pattern("[0-9]")
_OF_QUERY = ("?", "&", ";")
"""Before the name of a link's signature; elsewhere these names are others' as well."""


def _secrets_at_names(text: str, file: str) -> Iterator[tuple[int, str, Rule, str]]:
    """The secrets that stand at names: at BILL's own in any form, at others only if made so."""
    for own in values_at_names(text, file):
        yield own.start, own.name, own.rule, own.value
    for found in assignments(text):
        # What is made so has a digit; most values have none, and names cost more to look up.
        rule = rules.by_any_name(found.name) if _DIGIT.search(found.value) else None
        if rule is rules.SIGNED_URL and text[found.start - 1 : found.start] not in _OF_QUERY:
            continue
        if rule is None or not _is_literal(rule, found.value, quoted=found.quoted):
            continue
        if found.quoted or not _is_called(text, found):
            yield found.start, found.name, rule, found.value


def _is_called(text: str, found: Assignment) -> bool:
    end = text.find(found.value, found.start) + len(found.value)
    return text.startswith("(", end)


_MOST_NAMED = 50


def _is_named(value: str, named: list[str]) -> bool:
    """Whether a rule by name found the value, or what holds it, on the same line."""
    return any(value in each or each in value for each in named[:_MOST_NAMED])


def _is_made_up(rule: Rule, value: str) -> bool:
    """Whether a secret by its form is one of those that people write into tests and manuals."""
    if rule is rules.USERINFO:
        return not is_generated(value.partition(":")[2])
    return is_counted(value) or (rule is rules.BEARER and not is_generated(value))


class _Lines:
    """The lines of a text, and which of them a position is in."""

    def __init__(self, text: str) -> None:
        self.lines = _LINE_BREAK.split(text)
        self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]

    def spot(self, position: int, name: str, rule: Rule) -> Spot:
        from bisect import bisect_right

        number = bisect_right(self._starts, position)
        line = self.lines[number - 1]
        return Spot(WHOLE_FILE, number, "line", f"{number}, {name}", name, rule, line)


def _not_allowed(hits: list[Hit], text: str) -> Iterator[Hit]:
    """Leave out the hits on lines with a comment that allows them."""
    if "pytest-bill" not in text and "pragma" not in text:
        yield from hits
        return
    lines = _LINE_BREAK.split(text)
    for hit in hits:
        line = lines[hit.spot.line - 1] if hit.spot.line else ""
        comment = _ALLOWED.search(line)
        if comment is None or not _covers_rule(comment, hit.rule):
            yield hit


def _allowed_in_cassette(text: str) -> set[str]:
    """The rules that comment lines of a cassette allow."""
    if "pytest-bill: allow" not in text:
        return set()
    named = set()
    for line in re.findall(r"^#[^\n]{0,500}", text, re.MULTILINE):
        comment = _ALLOWED.search(line)
        if comment is not None:
            named.update(_RULE_ID.findall(comment["rules"] or ""))
    return named


def _covers_rule(comment: re.Match[str], rule: Rule) -> bool:
    named = _RULE_ID.findall(comment["rules"] or "")
    return not named or rule.id in named


def _one_for_each_spot(hits: Iterable[Hit]) -> list[Hit]:
    """One hit for each value in a spot: the first, since by place beats by form.

    What stands in a secret place of a link or of a text is not found again in the whole of it.
    """
    kept: dict[tuple[object, ...], Hit] = {}
    covered: set[tuple[object, ...]] = set()
    for hit in hits:
        spot = hit.spot
        key = (spot.origin, spot.line, spot.part, spot.path, hit.value)
        if hit.rule is spot.rule:
            path = spot.path
            while isinstance(path, tuple):
                path = path[0]
                covered.add((spot.origin, spot.line, spot.part, path, hit.value))
        # A value that somebody named beats every guess.
        if hit.rule.id == rules.KNOWN.id or (key not in kept and key not in covered):
            kept[key] = hit
    known_spots = {key[:4] for key, hit in kept.items() if hit.rule.id == rules.KNOWN.id}
    return [
        hit
        for key, hit in kept.items()
        if hit.rule is not rules.HIGH_ENTROPY or key[:4] not in known_spots
    ]
