"""Where a cassette holds stand-ins, any value of the same kind matches them.

Nothing on the side that replays says what they stand for.
"""

from __future__ import annotations

from urllib.parse import unquote, unquote_plus

from pytest_bill.cassettes.decoding import readable_request
from pytest_bill.cassettes.matchers.compared_request import Content
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import NO_VALUES, ByValue
from pytest_bill.scrubbing.personal import by_value_of, walk_of
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import is_distinctive


def with_any_value(
    url: str, content: Content, stood_in: frozenset[str], to_stand_ins: ByValue
) -> tuple[str, tuple[tuple[Kind, str], ...]]:
    """The URL and the content with "anything" in the places of some kinds, and what was there."""
    found: list[tuple[Kind, str]] = []

    def anything(kind: Kind, value: str) -> str:
        choice = kind.choice
        if choice not in stood_in:
            return value
        found.append((kind, value))
        return f"(any {choice})"

    if content.bytes or "?" in url:
        walk = walk_of(url, anything, NO_VALUES)
        url = walk.url(url)
        content.replace(walk)
    # A request's own data is left open wherever in it it stands: in a bill's description, too.
    values = [value for kind, value in found if is_distinctive(kind, value)]
    if _content_may_hold(url, content, values, to_stand_ins):
        own = by_value_of((kind, value, f"(any {kind.choice})") for kind, value in found)
        own.then(to_stand_ins)
        walk = walk_of(url, lambda _, value: value, own)
        url = walk.url(url)
        content.replace(walk)
    return url, tuple(found)


def _content_may_hold(url: str, content: Content, values: list[str], others: ByValue) -> bool:
    """Whether one of the values or of the others may stand in a request, apart from its place."""
    has_others = bool(others)
    if not values and not has_others:
        return False
    canonical = content.canonical
    if canonical is None and content.bytes and (values or content.may_hold(others)):
        return True
    texts = [unquote_plus(url), unquote(url)] if "+" in url else [unquote(url)]
    if canonical is not None:
        texts.append(canonical)
    for text in texts:
        # Escaped, a value may look like none.
        if "\\" in text or (has_others and others.may_be_in(text, is_plain=True)):
            return True
        for value in values:
            if value in text:
                return True
    return False


def request_may_hold(request: Interaction, values: ByValue) -> bool:
    """Whether one of the values may stand in a request."""
    request = readable_request(request)
    text = request.body.decode("utf-8", "replace")
    return "\\" in text or values.may_be_in(text) or values.may_be_in(unquote_plus(request.url))
