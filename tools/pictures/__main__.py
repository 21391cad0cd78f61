"""``python -m tools.pictures [NAME …]``: take the pictures anew, all of them or those."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from tools.pictures import browser, taken, taking
from tools.pictures.table import PICTURES, Runs


def main() -> None:
    """Take them, and keep what tells when they are older than the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [each.name for each in PICTURES]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}")
    wanted = parser.parse_args().names or names
    if unknown := set(wanted) - set(names):
        parser.error(f"no picture is called {', '.join(sorted(unknown))}: {', '.join(names)}")
    try:
        # Only the environment of `make pictures` has it; mypy's has not.
        api: Any = import_module("playwright.sync_api")
    except ImportError:
        parser.error("playwright is not installed here: make pictures")
    kept = taken.read() if taken.KEPT.exists() else {}
    taken.FOLDER.mkdir(exist_ok=True)
    runs = Runs()
    try:
        with api.sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser.installed(), args=browser.arguments()
            )
            for picture in PICTURES:
                if picture.name in wanted:
                    page = taking.opened(chromium, picture, runs)
                    file = taken.file_of(picture)
                    file.write_bytes(taking.webp_of(page))
                    kept[picture.name] = taken.taken_now(picture, taking.text_of(page))
                    print(f"{file.relative_to(taken.ROOT)}: {file.stat().st_size:,} bytes")
            chromium.close()
    finally:
        runs.close()
    taken.write(kept)


if __name__ == "__main__":
    main()
