"""What the tests of the scan share."""

from __future__ import annotations

from tests.helpers.scanning import bill, by_vcrpy, fast_and_thorough, scan

__all__ = ["bill", "by_vcrpy", "fast_and_thorough", "scan"]
