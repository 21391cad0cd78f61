"""Reads the report of a run: what it has to hold, and where one does not."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

from pytest_bill import json_files
from pytest_bill.exceptions import SettingsError
from pytest_bill.run.notices import NoticeKind

COUNTS = ("sign_ins", "requests", "recorded", "replayed", "live", "verified", "drifted")
"""The counts that are added up. Reports of older versions have some of them."""
_OTHERS = ("notices", "usage", "cassettes", "slowest")
_TEXTS = ("roots", "folders", "modules", "unknown", "named", "used", "changed")
_TEXT_BY_NAME = ("tests", "idle", "outcomes")
_KINDS = frozenset(kind.key for kind in NoticeKind)


def read_report(path: Path, then: str) -> dict[str, Any]:
    """What a run wrote with ``--bill-report``.

    Raises:
        SettingsError: it is no such file; ``then`` says what to do.
    """
    try:
        report: dict[str, Any] = json_files.read(path)
    except OSError as error:
        raise no_report(path, error.strerror or type(error).__name__, then) from None
    except json_files.NotJson as error:
        raise no_report(path, str(error), then) from None
    wrong = wrong_in(report)
    if wrong:
        raise no_report(path, wrong, then)
    return report


def no_report(path: Path, why: str, then: str) -> SettingsError:
    """The error for a file that is none."""
    return SettingsError(f"{path} is no report of a run: {why}.\n{then}")


def wrong_in(report: Any) -> str:
    """What is wrong with a report, in words; empty where nothing is."""
    if not isinstance(report, dict):
        return "it is no object"
    missing = [name for name in ("notices", "usage") if name not in report]
    if missing:
        return f"it has no {missing[0]}"
    wrong = [name for name in COUNTS if name in report and not _is_count(report[name])]
    if wrong:
        return f"{wrong[0]} is no number"
    if not _are(report.get("cassettes", {}), _is_count):
        return "cassettes is no object of numbers"
    return (
        _wrong_in_slowest(report.get("slowest", []))
        or _wrong_in_notices(report["notices"])
        or _wrong_in_usage(report["usage"])
    )


def unknown_in(report: dict[str, Any]) -> list[str]:
    """The keys of a report that nothing is done with here: another version wrote them."""
    return sorted(repr(name[:40]) for name in set(report) - {*COUNTS, *_OTHERS})


def _wrong_in_slowest(slowest: Any) -> str:
    if not isinstance(slowest, list):
        return "slowest is no list"
    for number, each in enumerate(slowest, 1):
        if not (
            isinstance(each, dict)
            and all(_is_text(each.get(name)) for name in ("request", "test"))
            and _is_seconds(each.get("seconds"))
        ):
            return f"slowest request {number} has no request, seconds and test"
    return ""


def _wrong_in_notices(notices: Any) -> str:
    if not isinstance(notices, list):
        return "notices is no list"
    for number, each in enumerate(notices, 1):
        fields = ("kind", "owner", "text")
        if not isinstance(each, dict) or not all(_is_text(each.get(name)) for name in fields):
            return f"notice {number} has no kind, owner and text"
        if each["kind"] not in _KINDS:
            return f"notice {number} is of the kind {each['kind'][:40]!r}, which is not known here"
    return ""


def _wrong_in_usage(usage: Any) -> str:
    if not isinstance(usage, dict):
        return "usage is no object"
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "cassette_dir": (_is_text, "no text"),
        "is_live": (_is_truth, "neither true nor false"),
        "is_narrowed": (_is_truth, "neither true nor false"),
        "recorded": (lambda value: _are(value, _is_count), "no object of numbers"),
        "unplayed": (lambda value: _are(value, _is_unplayed), "no object of numbered requests"),
        **dict.fromkeys(_TEXTS, (_is_list_of_text, "no list of texts")),
        **dict.fromkeys(_TEXT_BY_NAME, (lambda value: _are(value, _is_text), "no object of texts")),
    }
    for name, (is_right, what) in checks.items():
        if name in usage and not is_right(usage[name]):
            return f"usage.{name} is {what}"
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < inf


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are(value: Any, is_right: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(is_right, value.values()))


def _is_unplayed(value: Any) -> bool:
    return _are(value, _is_text) and all(number.isdecimal() for number in value)
