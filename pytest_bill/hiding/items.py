"""What plugins read of a test itself: id, parameters, reasons of marks, properties, output."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from pytest_bill.hiding.values import Hide, hidden_object
from pytest_bill.run.own_ids import own_id, rename

_REASONS = frozenset({"skip", "skipif", "xfail"})
_done_key = pytest.StashKey[bool]()


def hide_in_item(item: pytest.Item, hide: Hide) -> None:
    """Hide in what is known of a test before it runs.

    Raises:
        UsageError: its id holds a secret, and this pytest has another way to keep ids.
    """
    hide_in_id(item, hide)
    callspec = getattr(item, "callspec", None)
    if callspec is not None and callspec.params:
        params = {name: hidden_object(value, hide) for name, value in callspec.params.items()}
        if any(params[name] is not value for name, value in callspec.params.items()):
            object.__setattr__(callspec, "params", HiddenParams(callspec.params, params))
    for node in item.listchain():
        if node is item or not node.stash.get(_done_key, False):
            if node is not item:  # it comes once
                node.stash[_done_key] = True
            node.own_markers[:] = [_hidden_mark(mark, hide) for mark in node.own_markers]


def is_named_in_its_file(item: pytest.Function) -> bool:
    """Whether the name of a test's function stands in its file, where everyone can see it."""
    code = getattr(item.function, "__code__", None)
    return (
        code is not None
        and code.co_name == item.originalname
        and code.co_filename == str(item.path)
    )


def hide_in_results(item: pytest.Item, hide: Hide) -> None:
    """Hide in what is known of a test after it ran: properties, and what was captured."""
    for kept in (item.user_properties, item._report_sections):
        hidden = [hidden_object(each, hide) for each in kept]
        if any(new is not old for new, old in zip(hidden, kept, strict=True)):
            kept[:] = hidden


class HiddenParams(dict[str, Any]):
    """The parameters of a test: by their names as they are, all together as they may be shown."""

    def __init__(self, real: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
        super().__init__(shown)
        self._real = dict(real)

    def __getitem__(self, name: str) -> Any:
        return self._real[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The parameter as it is."""
        return self._real.get(name, default)


def _hidden_mark(mark: pytest.Mark, hide: Hide) -> pytest.Mark:
    if mark.name not in _REASONS:
        return mark  # the test, or a fixture of it, may read its arguments
    kwargs = hidden_object(dict(mark.kwargs), hide)
    args = hidden_object(mark.args, hide) if mark.name == "skip" else mark.args
    if args is mark.args and kwargs == mark.kwargs:
        return mark
    made = copy.copy(mark)
    object.__setattr__(made, "args", args)
    object.__setattr__(made, "kwargs", kwargs)
    return made


def hide_in_class(node: pytest.Class, hide: Hide) -> None:
    """Hide in the id of a class that was made with a secret in its name; its tests take it over.

    Raises:
        UsageError: this pytest has another way to keep ids.
    """
    if hide(node.nodeid) != node.nodeid:
        _ = node.obj  # it is found by its name, and kept
        hide_in_id(node, hide)


def hide_in_id(item: pytest.Item | pytest.Class, hide: Hide) -> None:
    """Ids are cached and are names of folders; those that were given by hand hold anything."""
    shown = item.nodeid
    nodeid = hide(shown)
    if nodeid == shown:
        return
    old = item.name
    item.name = hide(old)
    if isinstance(item, pytest.Item):
        rename(item, hide(own_id(item)))
    _rename(item, nodeid)
    if item.nodeid != nodeid:
        raise pytest.UsageError(
            f"The id of {nodeid} holds a secret, and ids are written to pytest's cache.\n"
            "Give the parameter another id."
        )
    markers = getattr(item.keywords, "_markers", {})
    markers.pop(old, None)
    markers[item.name] = item


def _rename(item: Any, nodeid: str) -> None:
    """Set what pytest computes the node id from: an object since pytest 9.2, text before."""
    if hasattr(item, "_id"):
        item._id = type(item._id).parse(nodeid)
    elif hasattr(item, "_nodeid"):
        item._nodeid = nodeid
