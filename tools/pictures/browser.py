"""The browser that takes the pictures, and that tests look through."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def installed() -> str | None:
    """The path of a browser of this machine, if it has one that playwright did not bring."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def arguments() -> list[str]:
    """What it needs here: as root, Chromium has no sandbox of its own."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
