"""Cassettes of tests that were recorded with another recording of a fixture that they use.

A test asks with the ids that BILL told its fixture. Where the fixture is recorded anew and has
other ids that cannot be translated back, its other tests do not replay.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.cassettes import store
from pytest_bill.cassettes.changes.contents import answered_content, sent_words, words_of
from pytest_bill.cassettes.changes.values import may_be_id
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.naming import SUFFIX
from pytest_bill.cassettes.staging import FOLDER
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

_SHORTEST = 8
_WORD = late_pattern(r"[A-Za-z0-9][\w-]*={0,2}")


def ids_told(interactions: Iterable[Interaction]) -> set[str]:
    """The ids in what BILL answered; short ones may be anything."""
    return {
        word
        for each in interactions
        for name, word in words_of(answered_content(readable(each)))
        if len(word) >= _SHORTEST and may_be_id(word, name)
    }


def ids_asked(interactions: Iterable[Interaction], among: Collection[str]) -> set[str]:
    """Those of some ids that BILL was asked with."""
    return {
        word for each in interactions for _, word in sent_words(readable(each)) if word in among
    }


def cassettes_that_ask(folder: Path, ids: Collection[str], but: Collection[Path]) -> Iterator[Path]:
    """The cassettes in a folder, ``but`` for some, whose tests asked with one of these ids."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != FOLDER)
        for name in sorted(names):
            path = Path(where, name)
            if name.endswith(SUFFIX) and path not in but and _asks(path, ids):
                yield path


def _asks(path: Path, ids: Collection[str]) -> bool:
    try:
        text = real_files.read_bytes(path).decode("utf-8", "replace")
        if not any(word in ids for word in _WORD.findall(text)):  # as mostly, and fast
            return False
        recording = store.load(path)
    except (OSError, CassetteError):  # whoever uses it is told
        return False
    return recording is not None and bool(ids_asked(recording.interactions, ids))
