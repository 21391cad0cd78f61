"""One world: while it is recorded, a test sees what it will see in replay; BILL is told the truth.

An answer of BILL's is given to the test as its cassette will give it: with stand-ins for bank and
personal data, but for what the test has sent itself. A stand-in that the test sends back becomes
the real value again before it leaves, in its place in a URL, a filter, a form or JSON, and wherever
it stands if it would not stand there by chance. So what passes while recording passes in replay.

What is ambiguous: states, last digits and short words are few, and a stand-in for one may be a
value of the test's own. It is taken for a stand-in if it was shown as one in this cassette, or that
of a fixture, unless the test sent it before; a state, if the ZIP beside it (or the city) is one.
Not known is what stands in running text before BILL has said in its place whose it is.

Secrets stay real. This module knows nothing of pytest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

from pytest_bill.cassettes.cassette import Cassette, with_length
from pytest_bill.cassettes.decoding import readable, readable_request
from pytest_bill.cassettes.shown_stand_ins import ShownStandIns
from pytest_bill.cassettes.stand_ins import remember_those_of, stand_in_for
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import (
    Personal,
    StandInChoice,
    data_of_answer,
    data_of_request,
    found_in,
    replaced,
    walk_of,
)
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import StandIns, family_of, is_distinctive


class OneWorld:
    """What a run's tests see while they are recorded, and what BILL is told."""

    def __init__(
        self,
        stand_ins: StandIns | None,
        choice: StandInChoice,
        made_up_choice: StandInChoice,
        *,
        scrubbed: Callable[[str], str],
        lock: AbstractContextManager[Any],
    ) -> None:
        """``made_up_choice`` is that for the local sandbox; ``scrubbed`` takes secrets out."""
        self._stand_ins = stand_ins
        self._choice = choice
        self._made_up_choice = made_up_choice
        self._scrubbed = scrubbed
        self._lock = lock
        self._everywhere = ShownStandIns()
        self._remembered: WeakSet[Cassette] = WeakSet()

    # --- to BILL -------------------------------------------------------------------------------

    def to_bill(self, request: Interaction, cassette: Cassette) -> Interaction:
        """The request with real values for the stand-ins in it; the very request if it has none."""
        if not self._everywhere:
            return request
        with self._lock:
            return self._with_real_values(request, cassette)

    def _with_real_values(self, request: Interaction, cassette: Cassette) -> Interaction:
        plain = readable_request(request)
        real = _RealValues(cassette, self._everywhere, data_of_request(plain))
        walk = walk_of(plain.url, real.by_place, real)
        # A link of BILL's is one value.
        url = cassette.shown.whole(Kind.PAYMENT_LINK, plain.url) or walk.url(plain.url)
        body = walk.request_body(plain)
        if url == plain.url and body == plain.body:
            return request
        return with_length(replace(plain, url=url, body=body), request)

    def unknown_in(self, request: Interaction, cassette: Cassette) -> tuple[Kind, Path] | None:
        """A stand-in in a request that came from a file, and that file; its real value is unknown.

        Only what is recognized as such: no value of the test's own would be the same by chance.
        """
        plain = readable_request(request)
        for each in [cassette, *cassette.fixture_cassettes]:
            # The file of one that plays nothing is not read.
            given = each.played_stand_ins and each.played_stand_ins.given(each.stood_in)
            if not given:
                continue
            places = {(family_of(kind), value): kind for kind, value in given}
            for kind, value in data_of_request(plain):
                if (family_of(kind), value) in places:
                    return kind, each.path
            found: list[Kind] = []
            texts = _Finder({value: kind for kind, value in given}, found.append)
            walk = walk_of(plain.url, lambda _, value: value, texts)
            walk.url(plain.url)
            walk.request_body(plain)
            if found:
                return found[0], each.path
        return None

    # --- to the test ---------------------------------------------------------------------------

    def shown(
        self,
        asked: Interaction,
        answered: Interaction,
        cassette: Cassette,
        *,
        is_made_up: bool,
        restores: bool = True,
        choices: tuple[StandInChoice, StandInChoice] | None = None,
    ) -> Interaction:
        """The answer as a replay gives it; the very interaction where that is the same.

        ``asked`` is the request as the test made it, ``answered`` as it was sent and answered;
        ``is_made_up`` says that the local sandbox did that. Unless it ``restores``, a replay does
        not give back what the test sent itself. ``choices`` are those of the cassette, where it has
        its own.
        """
        real, made_up = choices or (self._choice, self._made_up_choice)
        choice = made_up if is_made_up else real
        if self._stand_ins is None or not choice:
            return answered
        with self._lock:
            return self._shown(asked, answered, cassette, choice, self._stand_ins, restores)

    def _shown(
        self,
        asked: Interaction,
        answered: Interaction,
        cassette: Cassette,
        choice: StandInChoice,
        stand_ins: StandIns,
        restores: bool,
    ) -> Interaction:
        if cassette not in self._remembered:
            remember_those_of(cassette, stand_ins)
            self._remembered.add(cassette)
        plain, shown = readable(answered), cassette.shown
        for kind, value in found_in([plain]):
            if (kind, value) not in shown.made:
                scrubbed = self._scrubbed(value)
                made = value
                # A link stands for no secret, though there is one in it.
                if scrubbed == value or kind is Kind.PAYMENT_LINK:
                    made = stand_in_for(kind, scrubbed, stand_ins, choice, cassette)
                shown.add(kind, value, made)
        recorded = replaced(plain, lambda kind, value: shown.made[kind, value], shown.to_stand_ins)
        self._learn_own(asked, recorded, cassette, choice)
        pairs = cassette.stand_in_pairs
        seen = pairs.restored(recorded) if restores and pairs else recorded
        self._learn_shown(plain, recorded, seen, cassette)
        if seen.answer_body == plain.answer_body and seen.answer_headers == plain.answer_headers:
            return answered
        return _as_it_came(seen, plain, answered)

    def _learn_own(
        self,
        asked: Interaction,
        recorded: Interaction,
        cassette: Cassette,
        choice: StandInChoice,
    ) -> None:
        """Pair what the test sent itself with what is recorded for it, as a replay does."""
        sent = _chosen(data_of_request(readable_request(asked)), choice)
        kept = _chosen(data_of_request(recorded), choice)
        if len(sent) == len(kept):
            cassette.stand_in_pairs.learn(sent, kept)

    def _learn_shown(
        self, plain: Interaction, recorded: Interaction, seen: Interaction, cassette: Cassette
    ) -> None:
        """Pair what BILL said with the stand-ins that the test sees."""
        real = data_of_answer(plain)
        self._everywhere.learn(real, data_of_answer(recorded))
        # Where the test has its own value back, its stand-in is not known to it.
        cassette.shown.learn(real, data_of_answer(seen))


class _RealValues(ByValue):
    """Gives the real values of the stand-ins in one request."""

    def __init__(self, cassette: Cassette, everywhere: ShownStandIns, data: Personal) -> None:
        super().__init__()
        self._cassette = cassette
        self._everywhere = everywhere
        self.then(everywhere.to_real)
        self._keeps_states = self._is_own_address(data)

    def by_place(self, kind: Kind, value: str) -> str:
        """The real value for one in its place."""
        if kind is Kind.STATE and self._keeps_states:
            return value
        return self._real_of(kind, value)

    def _real_of(self, kind: Kind, value: str) -> str:
        if self._cassette.stand_in_pairs.stand_in_of(kind, value) != value:
            return value  # the test's own
        known = [self._cassette.shown]
        known += [self._everywhere] if is_distinctive(kind, value) else []
        for each in known:
            real = each.whole(kind, value)
            if real is not None:
                return real
        for each in known:
            with_real_parts = each.by_parts(kind, value)
            if with_real_parts != value:
                return with_real_parts
        # A place of one kind may hold a value of another.
        return self.replaced(value)

    def _is_own_address(self, data: Personal) -> bool:
        """Whether a state is the test's own, as what stands beside it is."""
        for beside in (Kind.ZIP, Kind.CITY):
            values = [value for kind, value in data if kind is beside]
            if values:
                return all(self._real_of(beside, value) == value for value in values)
        return False

    def replaced(self, text: str) -> str:
        """The running text with real values, which the cassette is not to hold either."""
        made = super().replaced(text)
        if made != text:
            for kind, real, stand_in in self._everywhere.found_anywhere(text):
                self._cassette.shown.add(kind, real, stand_in)
        return made


class _Finder(ByValue):
    """Tells of each value that it finds in a running text, and changes nothing."""

    def __init__(self, kinds: dict[str, Kind], tell: Callable[[Kind], None]) -> None:
        super().__init__()
        self._values = {value: ByValue([(value, "")]) for value in kinds}
        self._kinds = kinds
        self._tell = tell

    def __bool__(self) -> bool:
        return True

    def replaced(self, text: str) -> str:
        """The text as it is."""
        for value, finder in self._values.items():
            if value in text and finder.replaced(text) != text:
                self._tell(self._kinds[value])
        return text


def _chosen(data: Personal, choice: StandInChoice) -> Personal:
    return tuple((kind, value) for kind, value in data if kind in choice)


def _as_it_came(seen: Interaction, plain: Interaction, answered: Interaction) -> Interaction:
    """What the test is to see, packed as the answer was."""
    headers = {
        name: seen.answer_headers.get(name, values)
        for name, values in answered.answer_headers.items()
    }
    body = seen.answer_body
    if plain.answer_body is not answered.answer_body:
        from pytest_bill.scrubbing.search.packed import packed

        again = packed(body, plain.content_encoding)
        if again is None:
            headers = dict(seen.answer_headers)
        else:
            body = again
    made = replace(answered, answer_headers=headers, answer_body=body)
    return with_length(made, answered)
