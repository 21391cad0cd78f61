"""What has to be known: flags first, questions for the rest, and nobody waits for an answer."""

from __future__ import annotations

import argparse
import io
import sys

import pytest

from pytest_bill import SettingsError
from pytest_bill.cli.init.answers import CREDENTIALS, Answers, add_flags, answers_of


def parsed(*flags: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return parser.parse_args(flags)


def answered(*typed: str, flags: tuple[str, ...] = ()) -> Answers:
    """The answers of somebody who types these lines; each is asked for."""
    lines = iter(typed)
    answers = answers_of(parsed(*flags), lambda _: next(lines))
    assert list(lines) == []
    return answers


@pytest.fixture
def no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def test_with_yes_nothing_is_asked(no_terminal):
    assert answers_of(parsed("--yes")) == Answers()


def test_flags_say_all(no_terminal):
    flags = ("--credential=partner", "--credential=developer", "--credential=partner")
    flags += ("--own-client", "--ci=gitlab", "--no-pre-commit")
    expected = Answers(("developer", "partner"), own_client=True, ci="gitlab", pre_commit=False)
    assert answers_of(parsed(*flags)) == expected


def test_without_a_terminal_a_credential_is_enough(no_terminal):
    assert answers_of(parsed("--credential=spend")) == Answers(("spend",))


@pytest.mark.parametrize("flags", [(), ("--own-client",), ("--ci=none", "--no-pre-commit")])
def test_without_a_terminal_it_says_which_flags_to_give(no_terminal, flags):
    with pytest.raises(
        SettingsError, match="--credential once for each: developer, sync, "
    ) as told:
        answers_of(parsed(*flags))
    assert "or --yes" in str(told.value)


@pytest.mark.parametrize("flags", [("--credential=other",), ("--ci=jenkins",)])
def test_another_word_is_refused(flags, capsys):
    with pytest.raises(SystemExit):
        parsed(*flags)
    assert "invalid choice" in capsys.readouterr().err


def test_empty_answers_are_the_defaults():
    assert answered("", "", "", "") == Answers()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sync", ("sync",)),
        ("spend, developer", ("developer", "spend")),
        (" PARTNER  console ", ("console", "partner")),
        ("all", tuple(CREDENTIALS)),
    ],
)
def test_credentials_are_typed_with_commas_or_spaces(typed, expected):
    assert answered(typed, "y", "github", "no") == Answers(
        expected, own_client=True, ci="github", pre_commit=False
    )


def test_only_what_no_flag_says_is_asked():
    flags = ("--credential=sync", "--no-own-client", "--pre-commit")
    assert answered("gitlab", flags=flags) == Answers(("sync",), ci="gitlab")


def test_what_is_no_answer_is_asked_again(capsys):
    answers = answered("saml", "sync", "perhaps", "y", "jenkins\x1b[2J", "none", "", flags=())
    assert answers == Answers(("sync",), own_client=True)
    shown = capsys.readouterr().out
    assert "There is no 'saml'. Type names of the list: developer, sync" in shown
    assert "Type y or n." in shown
    assert r"There is no 'jenkins\x1b[2j'. Type one of: github, gitlab, none." in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_to_break_off_is_told_in_one_line(end):
    def ask(_: str) -> str:
        raise end

    with pytest.raises(
        SettingsError, match=r"^The questions were broken off: nothing was written\.$"
    ):
        answers_of(parsed(), ask)
