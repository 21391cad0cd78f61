"""Reading cassettes into spots: own ones, plain vcrpy's and pytest-recording's, YAML or JSON.

A file is only ever taken apart: no tag in it makes an object, unlike when vcrpy loads it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scan import rules
from pytest_bill.scan.body_values import (
    BodyValue,
    Lookup,
    values_of_body,
    values_of_pairs,
    values_of_text,
)
from pytest_bill.scan.clean_values import CleanValues
from pytest_bill.scan.findings import WHOLE_FILE, Origin, Spot
from pytest_bill.scrubbing.search.packed import all_unpacked, unpacked
from pytest_bill.scrubbing.secret_places import SIGN_IN_PATH

try:
    from yaml import CBaseLoader as _BaseLoader
except ImportError:
    from yaml import BaseLoader as _BaseLoader  # type: ignore[assignment]


_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _Loader(_BaseLoader):
    """Leaves all plain values the texts that they are, which also takes half the time."""

    def resolve(self, kind: Any, _value: Any, _implicit: Any) -> str:
        return _TAGS.get(kind, "")

    def descend_resolver(self, *_: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class Tree:
    """A node of a YAML or JSON file: its data with the line that each part begins in."""

    __slots__ = ("line", "value")

    def __init__(self, value: Any, line: int = 0) -> None:
        self.value = value
        self.line = line

    def __getitem__(self, key: str) -> Tree:
        """The part of that name; an empty one where there is none."""
        found: Tree | None = self.value.get(key) if isinstance(self.value, dict) else None
        return Tree(None) if found is None else found

    def items(self) -> Iterable[tuple[str, Tree]]:
        """The named parts of a mapping; none of anything else."""
        return self.value.items() if isinstance(self.value, dict) else ()

    def parts(self) -> list[Tree]:
        """The items of a list; anything else is a list of itself."""
        if isinstance(self.value, list):
            return self.value
        return [self] if self.value is not None else []

    @property
    def text(self) -> str:
        """The text of a leaf; empty for anything else."""
        return self.value if isinstance(self.value, str) else ""


def tree_of(text: str) -> Tree | None:
    """The tree of a text that is a cassette by its looks; None for any other text."""
    if "interactions" not in text and "request" not in text:
        return None
    try:
        if text.lstrip("\ufeff \t\r\n")[:1] == "{":
            tree = tree_of_data(json.loads(text.lstrip("\ufeff")))
        else:
            tree = _of_node(yaml.compose(text, Loader=_Loader), {})
    except (ValueError, RecursionError, yaml.YAMLError):
        return None
    return tree if _interactions(tree) else None


def tree_of_data(data: Any) -> Tree:
    """The tree of data that was read already; all of it is on line 0."""
    if isinstance(data, dict):
        return Tree({key: tree_of_data(value) for key, value in data.items()})
    if isinstance(data, list):
        return Tree([tree_of_data(item) for item in data])
    return Tree(data if data is None else str(data))


def _of_node(node: Any, seen: dict[int, Tree]) -> Tree:
    if node is None:
        return Tree(None)
    known = seen.get(id(node))
    if known is not None:  # an alias: the same part once more
        return known
    line = node.start_mark.line + 1
    tree = seen[id(node)] = Tree(None, line)
    if isinstance(node, yaml.ScalarNode):
        tree.value = _scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        tree.value = [_of_node(item, seen) for item in node.value]
    else:
        tree.value = {
            str(key.value): _of_node(value, seen)
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode)
        }
    return tree


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.tag.endswith("binary"):
        try:
            return base64.b64decode(node.value)
        except (binascii.Error, ValueError):
            return node.value
    if node.style is None and node.value in ("null", "~", ""):
        return None
    return node.value


def _interactions(tree: Tree) -> list[Tree]:
    found = tree["interactions"].parts() or tree.parts()
    # An interaction that stands there again by an alias is looked at once.
    return list({id(each): each for each in found if each["request"].items()}.values())


def answerers_of(tree: Tree) -> list[str]:
    """Who answered each interaction, as the cassette says; older ones say it of the whole file."""
    of_file = tree["metadata"]["pytest_bill"]["environment"].text
    return [each["answered_by"].text or of_file for each in _interactions(tree)]


def spots_of(tree: Tree) -> Iterator[Spot]:
    """Every value in a cassette that could be a secret."""
    seen: set[int] = set()
    for number, interaction in enumerate(_interactions(tree), 1):
        request, response = interaction["request"], interaction["response"]
        url = request["uri"].text or request["url"].text
        path = _path_of(url)
        origin = Origin(number, request["method"].text, path[:200])
        line = interaction.line
        for part, each in _of_url(url):
            yield Spot(origin, request["uri"].line or line, part, *each)
        sent, received = _lookups_for(url)
        yield from _of_message(request, "request", origin, line, sent, seen)
        yield from _of_message(response, "answer", origin, line, received, seen)
        reason = response["status"]["message"]
        if reason.text:
            yield Spot(origin, reason.line, "answer reason", "", "", None, reason.text)
        for part, of_part in (("request", request), ("answer", response), ("", interaction)):
            yield from _other_values(of_part, origin, part, seen)
    yield from _other_values(tree, WHOLE_FILE, "metadata", seen)


_KNOWN_PARTS = frozenset(
    {"interactions", "request", "response", "headers", "body", "content", "uri", "url", "status"}
    | {"method", "text", "answered_by", "content_encoding", "http_version", "recorded_at"}
)


def _other_values(tree: Tree, origin: Origin, part: str, seen: set[int]) -> Iterator[Spot]:
    """What else a file holds: metadata, and what other recorders add."""
    waiting: list[tuple[Tree, tuple[Any, str]]]
    waiting = [(each, ("$", key)) for key, each in tree.items() if key not in _KNOWN_PARTS]
    while waiting:
        node, path = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        name = path[1]
        if isinstance(node.value, dict):
            waiting.extend((each, (path, key)) for key, each in node.items())
        elif isinstance(node.value, list):
            waiting.extend((each, (path, name)) for each in node.value)
        elif node.text:
            rule = rules.by_field(name)
            yield Spot(origin, node.line, part, path, name.lower(), rule, node.text)


def spots_of_interactions(
    interactions: Iterable[Interaction], about: Tree, clean: CleanValues
) -> Iterator[Spot]:
    """As ``spots_of``, for what was read already: without places, and without what is clean.

    ``about`` is the cassette's metadata.
    """
    known = clean.known
    for interaction in interactions:
        lookups = clean.lookups_of(interaction.url)
        if lookups is None:
            yield from (_placeless(each) for _, each in _of_url(interaction.url))
            lookups = _lookups_for(interaction.url)
            clean.met_url(interaction.url, lookups)
        of_request, of_answer = lookups
        sent = interaction.headers.items()
        yield from _of_new_headers([pair for pair in sent if pair not in known], of_request, clean)
        received = [
            (name, value)
            for name, values in interaction.answer_headers.items()
            for value in values
            if (name, value) not in known
        ]
        yield from _of_new_headers(received, of_answer, clean)
        if interaction.body:
            headers: dict[str, list[str]] = {name: [value] for name, value in sent}
            yield from _of_any_body(interaction.body, headers, of_request, clean)
        if interaction.answer_body:
            headers_of_answer = interaction.answer_headers
            yield from _of_any_body(interaction.answer_body, headers_of_answer, of_answer, clean)
        if (reason := ("", interaction.reason)) not in known and interaction.reason:
            clean.met.append(reason)
            yield _placeless(BodyValue("", "", None, interaction.reason))
    yield from map(_placeless, clean.loud_in_rest())
    yield from _other_values(Tree({"metadata": about}), WHOLE_FILE, "metadata", set())


def _of_new_headers(
    headers: Iterable[tuple[str, str]], lookup: Lookup, clean: CleanValues
) -> Iterator[Spot]:
    for name, value in headers:
        clean.met.append((name, value))
        yield from map(_placeless, _of_header(name, value, lookup))


def _of_any_body(
    body: bytes, headers: Mapping[str, list[str]], lookup: Lookup, clean: CleanValues
) -> Iterator[Spot]:
    loud = clean.loud_in(body, lookup)
    if loud is None:
        first: dict[str, str] = {}
        for name, values in headers.items():
            for value in values:
                first.setdefault(name.lower(), value)
        loud = _of_body(body, first, lookup)
    return map(_placeless, loud)


def _placeless(each: BodyValue) -> Spot:
    return Spot(WHOLE_FILE, 0, "", *each)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _lookups_for(url: str) -> tuple[Lookup, Lookup]:
    """The rules by name for the fields of a request, and those for the fields of its answer."""
    path = _path_of(url)
    if SIGN_IN_PATH.search(path):
        return rules.by_field_of_sign_in, rules.by_field
    lookup = rules.by_field_elsewhere if _is_of_others(url, path) else rules.by_field
    return lookup, lookup


_MAY_BE_BILLS = late_pattern(r"bill|divvy|^[0-9.]+$|\.(?:test|local|localhost|internal|example)$")


def _is_of_others(url: str, path: str) -> bool:
    """Whether a URL is that of another service: neither BILL's nor what may stand for it."""
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
    if _MAY_BE_BILLS.search(host) or "." not in host:
        return False
    return "/connect/v3" not in path and "/api/v2" not in path


def _of_url(url: str) -> Iterator[tuple[str, BodyValue]]:
    """The values of a URL, each with the part that it is of."""
    try:
        parts = urlsplit(url)
    except ValueError:
        yield "request URL", BodyValue("", "", None, url)
        return
    yield "request URL", BodyValue("", "", None, f"{parts.scheme}://{parts.netloc}")
    for segment in parts.path.split("/"):
        if len(segment) >= 4:
            yield "request path", BodyValue("", "", None, unquote(segment))
    for each in values_of_pairs(parts.query, "", rules.by_field) if parts.query else ():
        yield "request query", each
    if parts.fragment:
        yield "request fragment", BodyValue("", "", None, unquote(parts.fragment))


def _of_message(
    message: Tree, part: str, origin: Origin, line: int, lookup: Lookup, seen: set[int]
) -> Iterator[Spot]:
    headers: dict[str, str] = {}
    for name, values in message["headers"].items():
        for value in values.parts():
            headers.setdefault(name.lower(), value.text)
            if id(value) in seen:  # by an alias
                continue
            seen.add(id(value))
            text = value.value.decode("latin-1") if isinstance(value.value, bytes) else value.text
            for each in _of_header(name, text, lookup):
                yield Spot(origin, value.line, f"{part} header {name}", *each)
    for body_tree, body in _bodies_of(message):
        if id(body_tree) in seen:
            continue
        seen.add(id(body_tree))
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        for each in _of_body(raw, headers, lookup):
            yield Spot(origin, body_tree.line or line, f"{part} body", *each)


def _of_body(body: bytes, headers: Mapping[str, str], lookup: Lookup) -> Iterable[BodyValue]:
    """The values of a body; the names of headers are in lower case."""
    plain = _plain_body(body, headers.get("content-encoding", ""))
    if plain is None:
        return [BodyValue("", "", rules.UNREADABLE, "(packed)")]
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = plain.decode("latin-1")
    return values_of_body(text, headers.get("content-type", "").lower(), lookup)


def _bodies_of(message: Tree) -> Iterator[tuple[Tree, str | bytes]]:
    """The body in the shapes that vcrpy has had: text, bytes, ``string``, ``base64_string``."""
    for holder in (message["body"], message["content"], message["text"]):
        if isinstance(holder.value, str | bytes):
            yield holder, holder.value
        for name, value in holder.items():
            if not isinstance(value.value, str | bytes):
                continue
            content = value.value
            if name == "base64_string":
                try:
                    content = base64.b64decode(content)
                except (binascii.Error, ValueError):
                    content = value.value
            if name != "encoding":
                yield value, content


_FOR_BALANCE = late_pattern(
    r"__cf|_cf|cf_|AWSALB|_ga|_gid|_shopify_|_octo|logged_in|NID|ak_bmsc|bm_|incap_|visid_|__stripe_",
    re.IGNORECASE,
)
"""Cookies by which robots, visits and machines differ: nobody is signed in by them."""


def _of_header(name: str, value: str, lookup: Lookup) -> Iterator[BodyValue]:
    if rules.is_cookie_header(name):
        is_answer = name.lower() == "set-cookie"
        for pair in value.split(";")[: 1 if is_answer else None]:
            cookie, equals, content = pair.strip().partition("=")
            is_others = lookup is rules.by_field_elsewhere and _FOR_BALANCE.match(cookie)
            if equals and not is_others:
                yield BodyValue(cookie, name.lower(), rules.COOKIE, content)
        return
    rule = rules.by_header(name)
    if rule is not None:
        yield BodyValue("", name.lower(), rule, value)
    elif "?" in value and "=" in value:
        yield BodyValue("", name.lower(), None, value.partition("?")[0])
        yield from values_of_pairs(value.partition("?")[2], "", rules.by_field)
    else:
        yield from values_of_text("", name.lower(), value, rules.by_field)


_GZIP = b"\x1f\x8b\x08"


def _plain_body(body: bytes, encoding: str) -> bytes | None:
    """The body unpacked; None where it is packed in a way that cannot be undone."""
    plain: bytes | None = body
    if encoding and not _is_text(body):
        plain = all_unpacked(body, encoding)
    if plain is not None and plain.startswith(_GZIP):
        plain = unpacked(plain, "gzip")
    return plain


_LOW = late_pattern(r"[\x00-\x08]")


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _LOW.search(text, 0, 1000)
