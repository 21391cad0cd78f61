"""What nobody should keep: answers that say "come again", and requests that got no whole answer.

Recorded, such an answer would replay for ever. It is kept where the test names it, or where the
local sandbox was told to fail; where the same request was asked again at once and answered well,
only that answer is kept. Else nothing of its cassette is.

BILL's codes are those of its limits (https://developer.bill.com/docs/api-rate-limits; their HTTP
status is not documented, and v2 answers 200) and of its system error
(https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list). That a status or a
header asks to come again is HTTP's (RFC 9110, RFC 6585).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin

from pytest_bill import environments
from pytest_bill.bill_errors import problems_in
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.faults import NAMES, Fault
from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.limits import LIMIT_CODES

ON_DEMAND = "x-pytest-bill-fault"
"""The header of an answer with which the local sandbox fails since it was told to."""
_TOO_EARLY = frozenset({408, 425, 429})
_SYSTEM_ERROR = "BDC_1001"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_APIS = (
    f"{environments.SANDBOX.gateway}/",
    f"{environments.SANDBOX.api}/",
    f"{environments.SANDBOX.events}/",
)
"""Below these BILL answers JSON."""


class Reason(NamedTuple):
    """Why nobody should keep an answer, and how a test names it that means it."""

    what: str
    names: tuple[int | str, ...]


@dataclass
class Unkept:
    """What is not kept of a cassette: requests and why.

    ``refused`` keep all of it from being saved; ``retried`` were asked again and answered well.
    """

    refused: list[tuple[Interaction, Reason]] = field(default_factory=list)
    retried: list[tuple[Interaction, Reason]] = field(default_factory=list)


def take_out(
    opened: OpenCassette, environment: Environment, is_told_to_fail: Callable[[], bool]
) -> Unkept:
    """Take out of what is new what a retry made good, and tell of what is not to be kept at all.

    ``is_told_to_fail`` says whether the run's own sandbox was told to fail without an answer.
    """
    unkept = Unkept()
    recorded = opened.cassette.recorded
    kept: list[Interaction] = []
    for number, each in enumerate(recorded):
        reason = reason_against(each, environment)
        if reason is None or _is_meant(each, reason, opened.use.keep, is_told_to_fail):
            kept.append(each)
        elif _is_made_good(recorded[number + 1 :], each, environment):
            unkept.retried.append((each, reason))
        else:
            unkept.refused.append((each, reason))
            kept.append(each)
    recorded[:] = kept
    return unkept


def reason_against(interaction: Interaction, environment: Environment) -> Reason | None:
    """Why nobody should keep an answer; None where that is an answer as any other."""
    if interaction.fault:
        fault = Fault(interaction.fault)
        return Reason(f"got no whole answer: {fault}", (NAMES[fault],))
    reasons = list(_reasons(interaction, environment))
    if not reasons:
        return None
    names = tuple(name for each in reasons for name in each.names)
    return Reason(reasons[0].what, tuple(dict.fromkeys(names)))


def _reasons(interaction: Interaction, environment: Environment) -> Iterator[Reason]:
    status = interaction.status
    body = readable(interaction).answer_body if interaction.answer_body else b""
    for code, _ in problems_in(status, body):
        if code in LIMIT_CODES:
            yield Reason(f"was answered {code}, BILL's limit", (code,))
        elif code == _SYSTEM_ERROR:
            yield Reason(f"was answered {code}, BILL's system error", (code,))
    asks_later = status >= 400 and _has(interaction, "retry-after")
    if status >= 500 or status in _TOO_EARLY or asks_later:
        phrase = f" ({interaction.reason})" if interaction.reason else ""
        yield Reason(f"was answered {status}{phrase}", (status,))
    if not environments.matching_url(interaction.url, environment).startswith(_APIS):
        return  # a file, or what a link leads to
    location = interaction.answer_header("location")
    if status in _REDIRECTS and location:
        to = urljoin(interaction.url, location)
        if not environments.is_bills_own(to) and not environment.is_at_origin(to):
            host = environments.host_of(to) or "no host"
            yield Reason(f"was redirected to {host}, which is not BILL's", ("redirect", status))
    elif body and not _is_json(body):
        declared = interaction.answer_content_type.partition(";")[0].strip()
        if declared == "application/json" or declared.endswith("+json"):
            yield Reason("was answered with JSON that cannot be read", ("garbled",))
        elif declared in _HTML:
            yield Reason("was answered with HTML, as a proxy does", ("html",))


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except UnicodeDecodeError:
        return True  # in another encoding than JSON's: its client may read it
    except (ValueError, RecursionError):
        return False
    return True


def _has(interaction: Interaction, name: str) -> bool:
    return any(each.lower() == name for each in interaction.answer_headers)


def _is_meant(
    interaction: Interaction,
    reason: Reason,
    keep: Iterable[int | str],
    is_told_to_fail: Callable[[], bool],
) -> bool:
    if not frozenset(keep).isdisjoint(reason.names):
        return True
    if interaction.answered_by != "local":
        return False
    return is_told_to_fail() if interaction.fault else _has(interaction, ON_DEMAND)


def _is_made_good(
    later: list[Interaction], interaction: Interaction, environment: Environment
) -> bool:
    """Whether the very same request came next, as often as it took, and was answered well."""
    for each in later:
        if each.request != interaction.request:
            return False
        if reason_against(each, environment) is None:
            return True
    return False
