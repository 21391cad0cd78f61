"""Asking BILL again what was recorded, and telling what has drifted.

Requests are made again in the order in which they were played, one at a time: BILL limits how many
an organization may make at once. The same question is asked once, until something was changed.
This module knows nothing of pytest.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import requests

from pytest_bill.cassettes.client_sign_ins import is_sign_in
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.played import Played
from pytest_bill.credentials.kinds import Kind
from pytest_bill.drift.again import Again, NotComparable, Preparing
from pytest_bill.drift.bodies import answer_in, request_in
from pytest_bill.drift.comparing import differences, is_refusal
from pytest_bill.drift.ids import HandedOut
from pytest_bill.drift.operations import only_reads, operation_of
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent, PytestBillError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.placeholders import is_placeholder

Ask = Callable[[Interaction, Kind | None], Interaction]
"""Sends a request with the run's credential of that kind, past every cassette."""

_TOO_MANY = 429
_UNAUTHORIZED = 401


@dataclass
class Verified:
    """What came out, each by operation (or by whom it is about) with how often."""

    drift: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_compared: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What could not be asked at all, though it should have been."""
    unsafe: Counter[str] = field(default_factory=Counter)
    """Requests that were not made again, since they change something at BILL."""
    sign_ins: int = 0
    compared: int = 0
    drifted: int = 0


class Verification:
    """One verification: what it has learnt from the answers so far."""

    def __init__(
        self,
        environment: Environment,
        values: Mapping[str, str],
        ask: Ask,
        *,
        may_change: bool = False,
    ) -> None:
        """``values`` are the run's secrets by placeholder."""
        self.verified = Verified()
        self._ids = HandedOut()
        self._preparing = Preparing(environment, values, self._ids.now)
        self._ask_bill = ask
        self._may_change = may_change
        self._answers: dict[tuple[Any, ...], Interaction] = {}
        self._failed_kinds: dict[str, tuple[str, str]] = {}
        self._out_of_reach = ""

    def verify(self, played: Iterable[Played]) -> Verified:
        """Make the requests again that were played, and compare."""
        for each in played:
            recorded = readable(each.interaction)
            self._verify(Played(recorded, each.path, each.owner, each.stood_in))
        return self.verified

    def _verify(self, played: Played) -> None:
        recorded = played.interaction
        operation, answer = operation_of(recorded), answer_in(recorded).value
        self._ids.learn(_asked_in(recorded), answer, operation)
        if is_sign_in(recorded):
            self.verified.sign_ins += 1
            return
        is_read = only_reads(recorded)
        if not is_read and not self._may_change:
            self.verified.unsafe[operation] += 1
            self._is_not_repeated(recorded, operation, answer)
            return
        live = self._live_answer(played, operation, is_read=is_read)
        if live is not None:
            self._compare(recorded, live, operation, answer)
        elif not is_read:
            self._is_not_repeated(recorded, operation, answer)

    def _is_not_repeated(self, recorded: Interaction, operation: str, answer: Any) -> None:
        url = unquote_plus(recorded.url)
        self._ids.change(url, request_in(recorded).value, answer, operation)

    def _live_answer(self, played: Played, operation: str, *, is_read: bool) -> Interaction | None:
        """What BILL answers now; None where it could not be asked, which is told."""
        try:
            again = self._preparing.again(played)
        except NotComparable as why:
            self._leave_out(operation, str(why))
            return None
        if self._out_of_reach:
            self.verified.failed["BILL", self._out_of_reach] += 1
            return None
        if again.kind is not None and again.kind.key in self._failed_kinds:
            self.verified.failed[self._failed_kinds[again.kind.key]] += 1
            return None
        if not is_read:
            self._answers.clear()
        key = _key_of(again)
        live = self._answers.get(key)
        if live is None:
            live = self._asked(again, operation)
        if live is not None and is_read:
            self._answers[key] = live
        return live

    def _asked(self, again: Again, operation: str) -> Interaction | None:
        try:
            live = readable(self._ask_bill(again.request, again.kind))
        except (NetworkRefused, PlaceholderSent) as error:
            self._leave_out(operation, str(error))
        except requests.ConnectionError as error:
            self._out_of_reach = f"cannot be reached: {error}"
            self.verified.failed["BILL", self._out_of_reach] += 1
        except requests.RequestException as error:
            self.verified.failed[operation, f"has no answer: {error}"] += 1
        except PytestBillError as error:
            about = again.kind.fixture if again.kind is not None else operation
            why = str(error).removeprefix(f"{about}: ").removeprefix(f"{about} ")
            if again.kind is not None:
                self._failed_kinds[again.kind.key] = (about, why)
            self.verified.failed[about, why] += 1
        else:
            if live.status != _TOO_MANY:
                return live
            self.verified.failed[operation, "BILL's limit of requests was reached (HTTP 429)"] += 1
        return None

    def _compare(
        self, recorded: Interaction, live: Interaction, operation: str, answer: Any
    ) -> None:
        self._ids.pair(answer, answer_in(live).value)
        found = differences(recorded, live)
        changes = [change for change in found if change.is_known]
        why_not = self._why_not(recorded, live, answer) if changes else ""
        if why_not:
            self._leave_out(operation, why_not)
            return
        self.verified.compared += 1
        self.verified.drifted += bool(changes)
        for change in found:
            where = self.verified.drift if change.is_known else self.verified.not_compared
            where[operation, str(change)] += 1

    def _why_not(self, recorded: Interaction, live: Interaction, answer: Any) -> str:
        """Why a difference is none of BILL's; empty where it is."""
        asked = _asked_in(recorded)
        changed_by = self._ids.changed_by(asked, answer)
        if changed_by:
            return (
                f"what it asks for was made or changed by {changed_by}, which was not asked again"
            )
        if is_refusal(recorded) or not is_refusal(live):
            return ""
        lost = self._ids.lost(asked)
        if lost:
            return f"it asks for an id that {lost} handed out, and no answer names one in its place"
        if live.status == _UNAUTHORIZED and not _has_credential(recorded):
            return "its credential was left out of the recording"
        return ""

    def _leave_out(self, operation: str, why: str) -> None:
        self.verified.not_compared[operation, why] += 1


def values_by_placeholder(known: Mapping[str, str]) -> dict[str, str]:
    """The run's secrets by placeholder, given their placeholders."""
    return {
        placeholder: str.__str__(value)
        for value, placeholder in known.items()
        if is_placeholder(placeholder)
    }


def _asked_in(recorded: Interaction) -> str:
    """All of a request that may name an id, as plain text."""
    body = recorded.body.decode("utf-8", "replace")
    return " ".join([unquote_plus(recorded.url), *recorded.headers.values(), unquote_plus(body)])


def _has_credential(recorded: Interaction) -> bool:
    names = ("sessionid", "apitoken", "authorization")
    return any(name.lower() in names for name in recorded.headers)


def _key_of(again: Again) -> tuple[Any, ...]:
    request = again.request
    kind = again.kind.key if again.kind is not None else ""
    headers = json.dumps(sorted(request.headers.items()))
    return kind, request.method, request.url, headers, request.body
