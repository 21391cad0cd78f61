"""What ``pytest-bill init`` has to know: from its flags, and on a terminal from its questions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pytest_bill.credentials import kinds
from pytest_bill.exceptions import SettingsError

CREDENTIALS: Mapping[str, kinds.Kind] = {
    "developer": kinds.DEVELOPER_KEY,
    "sync": kinds.SYNC_TOKEN,
    "console": kinds.CONSOLE_API_TOKEN,
    "spend": kinds.SPEND_API_TOKEN,
    "partner": kinds.PARTNER_APP_KEY,
    "oauth": kinds.OAUTH_CLIENT,
}
"""What is typed for each credential."""

CI_SYSTEMS = ("github", "gitlab", "none")
_YES, _NO = ("y", "yes"), ("n", "no")

Ask = Callable[[str], str]
"""Show a question and give the line that is typed."""


class Answers(NamedTuple):
    """What is wanted; the defaults are those of ``--yes``."""

    credentials: tuple[str, ...] = ("developer",)
    own_client: bool = False
    ci: str = "none"
    pre_commit: bool = True


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare a flag for each question."""
    parser.add_argument(
        "--credential",
        action="append",
        choices=CREDENTIALS,
        help="a credential that tests sign in with; give it once for each",
    )
    parser.add_argument(
        "--own-client",
        action=argparse.BooleanOptionalAction,
        help="the code under test has an HTTP client of its own, which signs in by itself",
    )
    parser.add_argument("--ci", choices=CI_SYSTEMS, help="also write CI jobs")
    parser.add_argument(
        "--pre-commit",
        action=argparse.BooleanOptionalAction,
        help="also write a pre-commit hook that looks for secrets (default: yes)",
    )
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: what no flag says has its default"
    )


def answers_of(arguments: argparse.Namespace, ask: Ask | None = None) -> Answers:
    """What the flags say, and the answers to the rest: asked by ``ask``, or on a terminal.

    Raises:
        SettingsError: there is nobody to ask, or the questions were broken off.
    """
    given = Answers()._replace(**_given(arguments))
    if arguments.yes:
        return given
    if ask is None:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            if arguments.credential:
                return given
            raise SettingsError(
                "There is no terminal to ask on, and no flag says which credentials tests use.\n"
                f"Give --credential once for each: {', '.join(CREDENTIALS)}. "
                "Also --own-client, --ci and --no-pre-commit; or --yes for the defaults."
            )
        ask = input
    try:
        return _asked(arguments, given, ask)
    except (EOFError, KeyboardInterrupt):
        _show("")
        raise SettingsError("The questions were broken off: nothing was written.") from None


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: getattr(arguments, name) for name in ("own_client", "ci", "pre_commit")
    }
    if arguments.credential:
        given["credentials"] = tuple(name for name in CREDENTIALS if name in arguments.credential)
    return {name: value for name, value in given.items() if value is not None}


def _asked(arguments: argparse.Namespace, given: Answers, ask: Ask) -> Answers:
    """What is not given is asked for."""
    answers = given
    if arguments.credential is None:
        answers = answers._replace(credentials=_credentials(ask))
    if arguments.own_client is None:
        question = "Has your code an HTTP client of its own, which signs in by itself?"
        answers = answers._replace(own_client=_is_so(question, ask, default=given.own_client))
    if arguments.ci is None:
        answers = answers._replace(ci=_ci(ask))
    if arguments.pre_commit is None:
        question = "A pre-commit hook that looks for secrets before each commit?"
        answers = answers._replace(pre_commit=_is_so(question, ask, default=given.pre_commit))
    return answers


def _credentials(ask: Ask) -> tuple[str, ...]:
    _show("Which credentials do your tests sign in with?")
    for name, kind in CREDENTIALS.items():
        _show(f"  {name:<10} {kind.title} ({kind.fixture})")
    while True:
        typed = ask("One or more of them, or all [developer]: ").replace(",", " ").lower().split()
        if typed == ["all"]:
            return tuple(CREDENTIALS)
        unknown = [name for name in typed if name not in CREDENTIALS]
        if not unknown:
            return tuple(name for name in CREDENTIALS if name in typed) or Answers().credentials
        _show(
            f"There is no {_shown(unknown[0])}. Type names of the list: {', '.join(CREDENTIALS)}."
        )


def _ci(ask: Ask) -> str:
    while True:
        typed = ask(f"CI jobs for which system? {', '.join(CI_SYSTEMS)} [none]: ").strip().lower()
        if typed in CI_SYSTEMS or not typed:
            return typed or Answers().ci
        _show(f"There is no {_shown(typed)}. Type one of: {', '.join(CI_SYSTEMS)}.")


def _is_so(question: str, ask: Ask, *, default: bool) -> bool:
    while True:
        typed = ask(f"{question} [{'Y/n' if default else 'y/N'}]: ").strip().lower()
        if typed in _YES or typed in _NO:
            return typed in _YES
        if not typed:
            return default
        _show("Type y or n.")


def _shown(typed: str) -> str:
    """What was typed, on one line and with nothing that steers a terminal."""
    return ascii(typed[:40])


def _show(line: str) -> None:
    print(line)  # noqa: T201
