"""A test's requests, made once while they are recorded and once in replay: it has to see the same.

BILL is a function here; nothing is sent anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.stand_ins import StandIns
from tests.helpers.stand_ins import KEY

GATEWAY = "https://gateway.stage.bill.com/connect"
NOTHING: Any = object()


@dataclass
class World:
    """Whom a script asks: ``told`` is what BILL was told, ``seen`` what the script saw."""

    it: Any
    told: list[Interaction] = field(default_factory=list)
    seen: list[Interaction] = field(default_factory=list)

    def ask(
        self, method: str, path: str, data: Any = NOTHING, *, answer: Any = None, **changes: Any
    ) -> Any:
        """What is answered, as the script sees it; ``answer`` is BILL's."""
        request = Interaction(method, GATEWAY + path, {}, b"")
        if data is not NOTHING:
            headers = {"Content-Type": "application/json"}
            request = replace(request, headers=headers, body=json.dumps(data).encode())
        request = replace(request, **changes)
        asked = self.it.ask(request)
        shown = asked.recorded
        if shown is None:
            self.told.append(asked.interaction)
            answered = answer
            if not isinstance(answer, Interaction):
                answered = Interaction(
                    *("", "", {}, b"", 200, "OK"),
                    answer_headers={"Content-Type": ["application/json"]},
                    answer_body=json.dumps(answer).encode(),
                )
            told = asked.interaction
            answered = replace(
                answered, method=told.method, url=told.url, headers=told.headers, body=told.body
            )
            shown = self.it.answered(asked, answered)
        self.seen.append(readable(shown))
        body = self.seen[-1].answer_body
        return json.loads(body) if body[:1] in (b"{", b"[") else body

    @property
    def bodies(self) -> list[bytes]:
        return [each.answer_body for each in self.seen]

    @property
    def told_json(self) -> Any:
        """The body that BILL was told last."""
        return json.loads(self.told[-1].body)


def recording(recorder: Callable[..., Any], **options: Any) -> Any:
    """A recorder that puts stand-ins in, by default for all kinds."""
    defaults = {"stand_ins": StandIns(KEY), "stand_in_choice": StandInChoice()}
    return recorder(**defaults | options)


def recorded_and_replayed(
    recorder: Callable[..., Any],
    use: Callable[..., Any],
    script: Callable[[World], None],
    real: tuple[str, ...] = (),
    **options: Any,
) -> World:
    """Run a script twice, and give what happened when it was recorded.

    Nothing that is ``real`` is in the cassette, and the script saw the same both times.
    """
    worlds = []
    for mode in ("all", "none"):
        with ExitStack() as stack:
            it = recording(recorder, **options)
            stack.enter_context(it.using(use(mode)))
            world = World(it)
            script(world)
            worlds.append(world)
    recorded, replayed = worlds
    assert replayed.told == []
    assert [json_or_bytes(each) for each in recorded.bodies] == [
        json_or_bytes(each) for each in replayed.bodies
    ]
    text = use().path.read_text(encoding="utf-8")
    assert [each for each in real if each in text] == []
    return recorded


def json_or_bytes(body: bytes) -> Any:
    return json.loads(body) if body[:1] in (b"{", b"[") else body


def requests_in(use: Callable[..., Any]) -> list[Interaction]:
    """What was recorded."""
    recording = store.load(use().path)
    assert recording is not None
    return recording.interactions
