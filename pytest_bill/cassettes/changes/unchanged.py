"""What does not count when a cassette was recorded anew: one table, and how it is adjusted.

``bill_config["unchanged"]`` switches a row of ``RULES`` off, or adds names to ``NAMES``:
``{"list_order": False, "headers": ["X-Trace"], "fields": ["balance"]}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_bill.cassettes.client_noise import CLIENT_NOISE
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError

RULES: Mapping[str, str] = {
    "dates": "dates and times in answers, in whatever place, of the same form",
    "ids": "ids that BILL made, if each new one stands wherever the same old one stood",
    "list_order": "the order of lists in answers",
    "stand_ins": "stand-ins, if each new one stands wherever the same old one stood",
}
"""What is not taken for a change. In a request, a value counts unless BILL's answers had it."""

NAMES: Mapping[str, str] = {
    "headers": "headers of requests and answers that may be any, or not be there",
    "fields": "fields of answers whose value may be any",
}

NOISE_HEADERS = (
    frozenset(
        # When, and how long it took.
        {"date", "age", "expires", "last-modified", "server-timing", "x-runtime", "retry-after"}
        # Who answered is noted apart.
        | {"server"}
        # Which request this was, on which way.
        | {
            "x-request-id",
            "request-id",
            "x-correlation-id",
            "x-trace-id",
            "traceparent",
            "tracestate",
        }
        | {"x-amzn-requestid", "x-amzn-trace-id", "x-amz-cf-id", "x-amz-cf-pop", "cf-ray", "via"}
        | {"x-cache", "x-envoy-upstream-service-time", "x-served-by", "x-timer", "x-b3-traceid"}
        # What follows from the body and from other requests.
        | {"etag", "content-length", "x-ratelimit-remaining", "x-ratelimit-reset"}
        | {"ratelimit-remaining", "ratelimit-reset"}
    )
    | CLIENT_NOISE
)
"""Headers that may be any, in lower case; also those that are no longer recorded."""

_KEY = 'The bill_config fixture has "unchanged"'


@dataclass(frozen=True)
class Unchanged:
    """What does not count, in one run."""

    dates: bool = True
    ids: bool = True
    list_order: bool = True
    stand_ins: bool = True
    headers: frozenset[str] = NOISE_HEADERS
    fields: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """What can be sent to another process; see ``from_dict``."""
        return {
            name: sorted(value) if name in NAMES else value for name, value in vars(self).items()
        }

    @classmethod
    def from_dict(cls, sent: Mapping[str, Any]) -> Unchanged:
        """What another process has sent."""
        rules = {name: bool(sent[name]) for name in RULES}
        return cls(**rules, headers=frozenset(sent["headers"]), fields=frozenset(sent["fields"]))

    @classmethod
    def from_config(cls, given: Any) -> Unchanged:
        """That of ``bill_config["unchanged"]``; None is the table as it stands here.

        Raises:
            SettingsError: it is no dict, or has a key or a value that does not exist.
        """
        if given is None:
            return cls()
        if not isinstance(given, Mapping):
            raise SettingsError(
                f"{_KEY} that is no dict.\n"
                'Write it as {"unchanged": {"list_order": False, "fields": ["balance"]}}.'
            )
        unknown = [str(key) for key in given if key not in RULES and key not in NAMES]
        if unknown:
            hint = did_you_mean(unknown[0], [*RULES, *NAMES])
            raise SettingsError(
                f"{_KEY} with {', '.join(unknown)}, which it does not know.\n{hint}"
                f"It knows: {', '.join([*RULES, *NAMES])}."
            )
        for key, value in given.items():
            if key in RULES and not isinstance(value, bool):
                raise SettingsError(
                    f"{_KEY} with {key} that is neither True nor False.\n"
                    f'Write it as {{"unchanged": {{"{key}": False}}}}: whether these do not count: '
                    f"{RULES[key]}."
                )
        rules = {key: value for key, value in given.items() if key in RULES}
        headers, fields = (_names(key, given.get(key, ())) for key in NAMES)
        return cls(**rules, headers=NOISE_HEADERS | headers, fields=fields)


def _names(key: str, given: Any) -> frozenset[str]:
    is_list = isinstance(given, list | tuple | set | frozenset)
    if not is_list or not all(isinstance(name, str) for name in given):
        raise SettingsError(
            f"{_KEY} with {key} that is no list of names.\n"
            f'Write it as {{"unchanged": {{"{key}": ["name"]}}}}: {NAMES[key]}.'
        )
    return frozenset(name.lower() for name in given)
