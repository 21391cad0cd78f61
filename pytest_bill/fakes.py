"""The block in which a test's other file system is away; it needs no file system to be imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_fakes() -> Iterator[None]:
    """The block in which all packages see the real file system, beside pyfakefs.

    What is imported within it is imported for good: pyfakefs forgets at its end what was imported
    while it was at work, and gives it file systems of its own.
    """
    module = sys.modules.get("pyfakefs.fake_filesystem_unittest")
    patcher = getattr(getattr(module, "Patcher", None), "PATCHER", None)
    if patcher is None or not patcher.is_patching:
        yield
        return
    patcher.pause()
    try:
        yield
    finally:
        patcher.resume()
