"""Log records without secrets."""

import logging
from contextlib import suppress

import pytest

from pytest_bill.hiding.records import hidden_record

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


def record(message: object, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("own", logging.INFO, "file.py", 1, message, args, None)
    vars(made).update(more)
    return made


def raised() -> object:
    try:
        int(SECRET)
    except ValueError as error:
        return (type(error), error, error.__traceback__)
    return None


@pytest.mark.parametrize(
    "made",
    [
        record(f"it is {SECRET}"),
        record("it is %s", SECRET),
        record("it is %(token)s", {"token": SECRET}),
        record(ValueError(SECRET)),
        record("it", token=SECRET, headers={"sessionId": [SECRET]}),
        record("it", exc_info=raised()),
        record("it", exc_text=f"ValueError: {SECRET}"),
        record("it", stack_info=SECRET),
        record("%d is %s", SECRET),  # wrong: a handler tells of it
    ],
)
def test_a_record_is_copied_without_secrets(made):
    before = dict(vars(made))
    hidden = hidden_record(made, hide)
    assert SECRET not in repr(vars(hidden))
    with suppress(TypeError):
        assert SECRET not in logging.Formatter().format(hidden)
    assert vars(made) == before


def test_one_without_secrets_is_itself():
    made = record("it is %s", 1, more={"a": [1]})
    assert hidden_record(made, hide) is made
