"""Python looks for no garbage in a block, and does before and after it as it did."""

from __future__ import annotations

import gc

import pytest

from pytest_bill.no_collections import no_collections


@pytest.fixture(autouse=True)
def _as_it_was():
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


def test_nothing_is_looked_for_in_the_block_and_all_after_it():
    gc.enable()
    with no_collections():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    gc.enable()
    with pytest.raises(ImportError), no_collections():
        raise ImportError
    assert gc.isenabled()


def test_who_has_switched_it_off_keeps_it_off():
    gc.disable()
    with no_collections():
        pass
    assert not gc.isenabled()
