"""Log records without secrets, for whoever writes them down."""

from __future__ import annotations

import copy
import logging

from pytest_bill.hiding.values import Hide, hidden_value

_PLACES = frozenset({"name", "msg", "args", "pathname", "filename", "module", "funcName"})
_FORMATTER = logging.Formatter()


def hidden_record(record: logging.LogRecord, hide: Hide) -> logging.LogRecord:
    """The record without secrets; itself where it has none, else a copy."""
    try:
        message = record.getMessage()
    except Exception:  # the handler says what is wrong with it
        message = str(record.msg)
    new = {name: hidden_value(value, hide) for name, value in _extras(record).items()}
    new |= {"msg": record.msg, "args": hidden_value(record.args, hide)}
    hidden = hide(message)
    if hidden != message:
        new |= {"msg": hidden, "args": ()}
    if record.exc_info and not isinstance(record.exc_info, bool) and not record.exc_text:
        trace = _FORMATTER.formatException(record.exc_info)
        if hide(trace) != trace:
            new |= {"exc_info": None, "exc_text": hide(trace)}
    if all(getattr(record, name) is value for name, value in new.items()):
        return record
    made = copy.copy(record)
    vars(made).update(new)
    return made


def _extras(record: logging.LogRecord) -> dict[str, object]:
    """What the code that logged has added, and texts that were made before."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _PLACES and isinstance(value, str | bytes | dict | list | tuple)
    }
