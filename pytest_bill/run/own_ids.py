"""What pytest itself calls a test, whatever other plugins put behind its node id, or into it.

pytest-xdist appends ``@group`` to the node id (``--dist loadgroup``, before pytest 9.2), and what
repeats tests gives them one more parameter: pytest-repeat ``[2-3]``, pytest-flakefinder ``[7]``.
A cassette is the test's, with or without them.

pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

from typing import Any

import pytest

_OWN_ID = pytest.StashKey[str]()
_OF_PLUGINS = "__"
"""How the parameters begin that plugins add to repeat a test. A function asks for none of these."""


def keep_own_id(item: pytest.Item) -> str:
    """Remember what pytest has just called a test, before other plugins see it."""
    if _OWN_ID not in item.stash:
        item.stash[_OWN_ID] = _without_repetition(item)
    return item.stash[_OWN_ID]


def own_id(item: pytest.Item) -> str:
    """What pytest calls a test; the same for each repetition of it."""
    own = item.stash.get(_OWN_ID, None)
    return _without_repetition(item) if own is None else own


def rename(item: pytest.Item, own: str) -> None:
    """The test has another name from now on: a secret in it became known."""
    item.stash[_OWN_ID] = own


def _without_repetition(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    names = list(getattr(callspec, "params", ()))
    if not names or not any(name.startswith(_OF_PLUGINS) for name in names):
        return item.nodeid
    asked = getattr(getattr(item, "_fixtureinfo", None), "argnames", ())
    ids = list(getattr(callspec, "_idlist", ()))
    suffix = f"[{'-'.join(ids)}]"
    if not item.nodeid.endswith(suffix):
        return item.nodeid
    for name in names:
        if name.startswith(_OF_PLUGINS) and name not in asked:
            _take_out(ids, name, names, callspec)
    kept = f"[{'-'.join(ids)}]" if ids else ""
    return item.nodeid.removesuffix(suffix) + kept


def _take_out(ids: list[str], name: str, names: list[str], callspec: Any) -> None:
    """Take out the id of a plugin's parameter: it comes first or last, or is its value."""
    if name == names[0]:
        del ids[:1]
    elif name == names[-1]:
        del ids[-1:]
    elif str(callspec.params[name]) in ids:
        ids.remove(str(callspec.params[name]))
