"""A real browser, headless, driven by playwright: `make browser` installs both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.pictures.browser import NAMES, arguments, installed

SCHEMES = ("light", "dark")
WIDTHS = (360, 1280)


def pytest_collection_modifyitems(items):
    """All of them are for the night: CI has no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is missing: make browser")
    found = installed()
    with api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=arguments())
        except api.Error as error:
            if found is None:
                pytest.skip(f"there is no browser ({', '.join(NAMES)}): make browser")
            raise AssertionError(f"{found} does not start") from error
        yield started
        started.close()


class Opened:
    """A page in the browser, what it complained of, and what it asked for."""

    def __init__(self, page: Any, address: str, *, may_be_refused: bool) -> None:
        """``may_be_refused``: the browser itself complains of each answer that is a refusal."""
        self.page = page
        self._may_be_refused = may_be_refused
        scheme, _, host = address.partition("://")
        self.origin = "file:" if scheme == "file" else f"{scheme}://{host.partition('/')[0]}/"
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self._close(dialog))
        page.on("request", lambda request: self.asked.append(request.url))

    def _note(self, message: Any) -> None:
        if self._may_be_refused and "the server responded with a status of 4" in message.text:
            return
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _close(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., Any]]:
    """Open a file, or an address of this machine, in a page of its own.

    At the end, none may have complained, or asked anybody else.
    """
    opened: list[Opened] = []
    contexts = []

    def open_page(
        place: Path | str,
        width: int = 1280,
        scheme: str = "light",
        *,
        bypasses_policy: bool = False,
        may_be_refused: bool = False,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            bypass_csp=bypasses_policy,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        address = place if isinstance(place, str) else place.as_uri()
        each = Opened(context.new_page(), address, may_be_refused=may_be_refused)
        opened.append(each)
        each.page.goto(address)
        return each.page

    yield open_page
    for each in opened:
        assert each.complaints == []
        assert [url for url in each.asked if not url.startswith(("data:", each.origin))] == []
    for context in contexts:
        context.close()


@pytest.fixture
def violations() -> Callable[[Any], list[str]]:
    """What axe finds in a page: which rule, and where."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is missing: make browser"
    )

    # Style sheets are not asked for again: a page on a disk may not, and no rule of these needs it.
    options = {"resultTypes": ["violations"], "preload": False}

    def violations(page: Any) -> list[str]:
        found = axe.Axe().run(page, options=options).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    return violations
