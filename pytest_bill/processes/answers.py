"""What a run answers the processes that its tests start: the recorder's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pytest_bill.interaction import Interaction

if TYPE_CHECKING:
    from pytest_bill.cassettes.client_requests import ClientRequests
    from pytest_bill.cassettes.use import OpenCassette


class Answers:
    """Answers questions by their names, which are those that a ``Remote`` asks by."""

    def __init__(self, recorder: ClientRequests) -> None:
        self._recorder = recorder
        self._opened: list[OpenCassette | None] = []

    def to(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """The answer to a question, which may be an error that the recorder raises."""
        return self._answers[name](self, *arguments)

    def _state(self) -> tuple[bool, bool, bool]:
        recorder = self._recorder
        return recorder.may_play, recorder.may_send, recorder.is_in_test()

    def _fails_early(self) -> bool:
        return self._recorder.fails_early

    def _takes(self, url: str) -> bool:
        return self._recorder.takes(url)

    def _takes_at(self, url: str) -> bool:
        return self._recorder.takes_at(url)

    def _may_connect(self, url: str) -> bool:
        return self._recorder.may_connect(url)

    def _may_reach(self, host: str) -> bool:
        return self._recorder.may_reach(host)

    def _ask(self, request: Interaction) -> tuple[Interaction | None, int]:
        recorded, opened = self._recorder.ask_recorded(request)
        return recorded, self._number_of(opened)

    def _number_of(self, opened: OpenCassette | None) -> int:
        for number in reversed(range(len(self._opened))):
            if self._opened[number] is opened:
                return number
        self._opened = [*map(_once_closed, self._opened), opened]
        return len(self._opened) - 1

    def _recorded_for(self, request: Interaction) -> Interaction | None:
        return self._recorder.recorded_for(request)

    def _told(self, number: int, request: Interaction) -> Interaction | None:
        told = self._recorder.told(request, self._opened[number])
        return None if told is request else told

    def _answered(
        self,
        number: int,
        by_test: Interaction,
        interaction: Interaction,
        secrets: Mapping[str, str],
        seconds: float,
    ) -> Interaction | None:
        self._learn(secrets)
        self._took(by_test, seconds, interaction.status)
        shown = self._recorder.answered(self._asked(number, by_test), interaction)
        return None if shown is interaction else shown

    def _unanswered(
        self,
        number: int,
        request: Interaction,
        why: str,
        fault: Interaction | None,
        seconds: float,
    ) -> None:
        self._took(request, seconds)
        self._recorder.unanswered(self._asked(number, request), why, fault)

    def _took(self, request: Interaction, seconds: float, status: int = 0) -> None:
        self._recorder.on_way.add(request.method, request.url, seconds, status)

    def _asked(self, number: int, by_test: Interaction) -> Any:
        return _Asked(by_test, self._opened[number])

    def _abandoned(self, request: Interaction) -> None:
        self._recorder.abandoned(request)

    def _check_elsewhere(self, where: str, sent: bytes) -> None:
        self._recorder.check_elsewhere(where, sent)

    def _may_go_on(self, content: bytes) -> bool:
        return self._recorder.may_go_on(content)

    def _check_leaving(self, request: Interaction) -> None:
        self._recorder.check_leaving(request)

    def _learn(self, secrets: Mapping[str, str]) -> None:
        for value, placeholder in secrets.items():
            self._recorder.registry.add(value, placeholder)

    _answers: Mapping[str, Callable[..., Any]] = {
        "state": _state,
        "fails_early": _fails_early,
        "takes": _takes,
        "takes_at": _takes_at,
        "may_connect": _may_connect,
        "may_reach": _may_reach,
        "ask": _ask,
        "recorded_for": _recorded_for,
        "told": _told,
        "answered": _answered,
        "unanswered": _unanswered,
        "abandoned": _abandoned,
        "check_elsewhere": _check_elsewhere,
        "may_go_on": _may_go_on,
        "check_leaving": _check_leaving,
    }


def _once_closed(opened: OpenCassette | None) -> OpenCassette | None:
    """What has to be known of a cassette that is closed; what it holds need not stay in memory."""
    if opened is None or not opened.is_closed:
        return opened
    return replace(opened, cassette=cast(Any, None))


class _Asked(NamedTuple):
    """As the recorder's own."""

    interaction: Interaction
    opened: OpenCassette | None
    recorded: Interaction | None = None
    by_test: Interaction | None = None
    number: int = 0
