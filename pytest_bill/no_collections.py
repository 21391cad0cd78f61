"""The block in which Python looks for no garbage: while modules are imported there is next to none.

Each look walks through all that was imported before, again and again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collections() -> Iterator[None]:
    """The block; after it Python looks when it did before, and finds what the block left."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
