"""What the fixture ``bill_config`` and the marker ``bill_cassette`` hold: all of it is checked.

Nothing that is wrong is taken for something else, or left out: where a name of a secret place is
not understood, the secret would be recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError
from pytest_bill.options import CONFIG_KEYS, KEEP_WORDS
from pytest_bill.patterns import late_pattern
from pytest_bill.record_modes import RECORD_MODES, RecordMode
from pytest_bill.secret import repr_unless_secret

BILL_CONFIG = "The bill_config fixture"
"""Where its settings stand, as messages say it."""
_CODE = late_pattern(r"BDC_\d+")
_HEADER = late_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What HTTP lets a field be called: https://www.rfc-editor.org/rfc/rfc9110#section-5.1."""
_SETS_HEADERS = ("scrub_headers", "filter_headers")


class BillConfig(NamedTuple):
    """What the fixture ``bill_config`` holds; ``pytest_bill.options.CONFIG_KEYS`` has its keys.

    ``stand_ins``, ``environ``, ``secrets`` and ``unchanged`` are checked by what uses them.
    """

    match_on: Sequence[Any] | None = None
    record_mode: RecordMode | None = None
    keep: frozenset[int | str] = frozenset()
    secret_headers: frozenset[str] = frozenset()
    secret_fields: frozenset[str] = frozenset()
    stand_ins: Any = None
    environ: Any = None
    secrets: Any = None
    unchanged: Any = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> BillConfig:
        """Check it.

        Raises:
            SettingsError: a key does not exist, or its value is none that it takes.
        """
        if not isinstance(given, Mapping):
            raise SettingsError(
                f"{BILL_CONFIG} gave {_shown_type(given)}, where a dict belongs.\n"
                'Let it return one, such as {"scrub_headers": ["X-Acme-Key"]}'
                + (": is there a return in it?" if given is None else ".")
            )
        check_keys(BILL_CONFIG, given, tuple(CONFIG_KEYS))

        def names(*keys: str) -> frozenset[str]:
            return frozenset(name for key in keys for name in _names(key, given.get(key)))

        return cls(
            match_on=checked_match_on(BILL_CONFIG, given.get("match_on")),
            record_mode=checked_mode(BILL_CONFIG, given.get("record_mode")),
            keep=checked_keep(BILL_CONFIG, given.get("keep")),
            secret_headers=names("scrub_headers", "filter_headers"),
            secret_fields=names(
                "scrub_fields", "filter_post_data_parameters", "filter_query_parameters"
            ),
            stand_ins=given.get("stand_ins"),
            environ=given.get("environ"),
            secrets=given.get("secrets"),
            unchanged=given.get("unchanged"),
        )


def check_keys(where: str, given: Mapping[Any, Any], allowed: Sequence[str]) -> None:
    """Refuse keys that do not exist.

    Raises:
        SettingsError: there are some.
    """
    unknown = [key for key in given if key not in allowed]
    if not unknown:
        return
    shown = sorted(
        repr_unless_secret(key).strip("'") if isinstance(key, str) else _shown_type(key)
        for key in unknown
    )
    hint = did_you_mean(unknown[0], allowed)
    if not hint and where != BILL_CONFIG and unknown[0] in ("name", "cassette", "path"):
        hint = 'The name comes first, without a keyword: bill_cassette("vendors/onboarding"). '
    raise SettingsError(
        f"{where} has no setting {', '.join(shown)}.\n{hint}It knows: {', '.join(allowed)}."
    )


def checked_mode(where: str, given: Any) -> RecordMode | None:
    """The record mode of a fixture or a marker; None where it gives none.

    Raises:
        SettingsError: it is none of VCR's.
    """
    if given is None:
        return None
    if not isinstance(given, str) or given not in RECORD_MODES:
        is_text = isinstance(given, str)
        shown = repr_unless_secret(given) if is_text and given else repr(given) if is_text else ""
        raise SettingsError(
            f"{where} has record_mode {shown or f'of type {type(given).__name__}'}.\n"
            f"{did_you_mean(given, RECORD_MODES)}Use one of: {', '.join(RECORD_MODES)}."
        )
    return RecordMode(given)


def checked_match_on(where: str, given: Any) -> Sequence[Any] | None:
    """What a fixture or a marker compares; None where it does not say.

    Which names there are is known by who compares: see ``cassettes.matchers.check_parts``.

    Raises:
        SettingsError: it is no list of names and functions, or an empty one.
    """
    if given is None:
        return None
    how = 'Write it as match_on=["method", "uri"], with names of parts or functions.'
    if not _is_list(given):
        raise SettingsError(
            f"{where} has match_on that is no list, but {_shown_type(given)}.\n{how}"
        )
    parts = tuple(given)
    for number, part in enumerate(parts, 1):
        if not isinstance(part, str) and not callable(part):
            raise SettingsError(
                f"{where} has match_on with {_shown_type(part)} in it (number {number}).\n{how}"
            )
    if not parts:
        raise SettingsError(
            f"{where} has an empty match_on: every request would be taken for each other.\n{how}"
        )
    return parts


def checked_keep(where: str, given: Any) -> frozenset[int | str]:
    """What a fixture or a marker wants to be recorded that else is not.

    Raises:
        SettingsError: it is no list of statuses, codes of BILL's and words.
    """
    if given is None:
        return frozenset()
    if not _is_list(given):
        raise SettingsError(
            f"{where} has keep that is no list, but {_shown_type(given)}.\n"
            'Write it as keep=[429, "timeout"].'
        )
    kept = tuple(given)
    for each in kept:
        is_status = type(each) is int and 300 <= each <= 599
        is_word = isinstance(each, str) and (each in KEEP_WORDS or _CODE.fullmatch(each))
        if not is_status and not is_word:
            shown = repr(each) if type(each) is int else repr_unless_secret(str(each))
            raise SettingsError(
                f"{where} has {shown} in keep.\n{did_you_mean(each, KEEP_WORDS)}It takes statuses "
                f"from 300 (429), BILL's codes (BDC_1144), and: {', '.join(KEEP_WORDS)}."
            )
    return frozenset(kept)


def _names(key: str, given: Any) -> Iterator[str]:
    """The names in a list; in vcrpy's, those in pairs of a name and None, which mean the same."""
    if given is None:
        return
    if not _is_list(given):
        shown = given if isinstance(given, str) and _HEADER.fullmatch(given) else ""
        example = "name" if repr_unless_secret(shown) == "something else" else shown
        raise SettingsError(
            f"{BILL_CONFIG} has {key} that is no list of names, but {_shown_type(given)}.\n"
            f'Write it as {{"{key}": ["{example}"]}}.'
        )
    for number, each in enumerate(given, 1):
        name, replacement = each if isinstance(each, tuple) and len(each) == 2 else (each, None)
        wrong = _wrong_in_name(key, name)
        if wrong:
            raise SettingsError(
                f"{BILL_CONFIG} has {key} that is no list of names: number {number} {wrong}.\n"
                f'Write it as {{"{key}": ["name"]}}.'
            )
        if replacement is not None:
            raise SettingsError(
                f"{BILL_CONFIG} has {key} with a replacement of its own for {name!r}.\n"
                "A placeholder takes the place of what is there, the same one for the same secret, "
                "so that it replays and is never sent. Give the name alone."
            )
        yield name


def _wrong_in_name(key: str, name: Any) -> str:
    """What is wrong with a name; nothing is shown of it: it may be the value."""
    if not isinstance(name, str):
        return f"is {_shown_type(name)}"
    if not name.strip():
        return "is empty"
    if key in _SETS_HEADERS and not _HEADER.fullmatch(name):
        return "is none that a header can have (it is not shown, it may hold the value)"
    if name != name.strip():
        return "has white space around it"
    return ""


def _is_list(given: Any) -> bool:
    """Whether it is a list, or something that gives one thing after the other as a list does."""
    return isinstance(given, Iterable) and not isinstance(given, str | bytes | bytearray | Mapping)


def _shown_type(given: Any) -> str:
    return "None" if given is None else f"something of type {type(given).__name__}"
