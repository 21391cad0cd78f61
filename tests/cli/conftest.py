"""What the tests of the commands share."""

from __future__ import annotations

from tests.helpers.scanning import fast_and_thorough, scan

__all__ = ["fast_and_thorough", "scan"]
