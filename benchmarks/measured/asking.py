"""Makes requests, takes the time, and looks at every answer."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from clock import Stopwatch
from traffic import Interaction, answer_headers


class WrongAnswer(Exception):
    """A tool answered something else than what was recorded: its time counts for nothing."""


def ask(
    session: Any, base: str, interactions: Sequence[Interaction]
) -> tuple[dict[str, float], list]:
    """Make all requests, one after the other: the time that it took, and the answers' bodies."""
    urls = [base + interaction.path for interaction in interactions]
    bodies = [interaction.body for interaction in interactions]
    watch = Stopwatch()
    if bodies and bodies[0] is not None:
        contents = [
            session.post(url, json=body).content for url, body in zip(urls, bodies, strict=True)
        ]
    else:
        contents = [session.get(url).content for url in urls]
    return watch.read(), contents


def ask_in_threads(
    session: Any, base: str, interactions: Sequence[Interaction], threads: int
) -> tuple[dict[str, float], list[bytes | None]]:
    """The same by so many threads; None for a request that failed."""
    urls = [base + interaction.path for interaction in interactions]

    def get(url: str) -> bytes | None:
        try:
            response = session.get(url)
        except Exception:  # whatever a tool raises counts as an error
            return None
        return response.content if response.status_code == 200 else None

    with ThreadPoolExecutor(threads) as pool:
        watch = Stopwatch()
        contents = list(pool.map(get, urls))
        return watch.read(), contents


def check(contents: list[bytes], interactions: Sequence[Interaction], as_json: bool) -> None:
    """Compare each answer with what was recorded; as JSON for a tool that keeps no bytes.

    Raises:
        WrongAnswer: one differs.
    """
    expected = [interaction.answer for interaction in interactions]
    if contents != expected:
        if as_json and list(map(json.loads, contents)) == list(map(json.loads, expected)):
            return
        pairs = zip(contents, expected, strict=True)
        wrong = next(number for number, (was, wanted) in enumerate(pairs) if was != wanted)
        raise WrongAnswer(f"answer {wrong} is not what was recorded")


def check_recording(contents: list[bytes], interactions: Sequence[Interaction], tool: Any) -> None:
    """As ``check``, of a tool that records: with stand-ins, a test sees those of its replay."""
    if not getattr(tool, "SHOWS_STAND_INS", False):
        check(contents, interactions, as_json=False)
        return
    ids = [json.loads(each)["id"] for each in contents]
    if ids != [json.loads(interaction.answer)["id"] for interaction in interactions]:
        raise WrongAnswer("another vendor was answered than was asked for")


def check_headers(headers: dict[str, str], interaction: Interaction, keeps_bytes: bool) -> None:
    """Compare an answer's headers, named in lower case, with those that were recorded.

    Raises:
        WrongAnswer: they differ; in the length only where the bytes are not kept.
    """
    wanted = answer_headers(interaction.answer)
    differ = {name for name in headers | wanted if headers.get(name) != wanted.get(name)}
    if differ - (set() if keeps_bytes else {"content-length"}):
        raise WrongAnswer(f"headers are not what was recorded: {', '.join(sorted(differ))}")
