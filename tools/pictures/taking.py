"""Opens what a picture shows in a browser, always in the same way."""

from __future__ import annotations

import base64
from typing import Any

from tools.pictures.clock import AT
from tools.pictures.table import WIDTH, Picture, Runs

_QUALITY = 85


def opened(browser: Any, picture: Picture, runs: Runs) -> Any:
    """A page of the browser that shows what the picture is to show."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": picture.height},
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.clock.set_fixed_time(AT)
    picture.go(page, runs)
    return page


def text_of(page: Any) -> str:
    """What it says."""
    text: str = page.inner_text("body")
    return text


def webp_of(page: Any) -> bytes:
    """What it looks like, in half the size of PNG; playwright itself has no WebP."""
    asked = {"format": "webp", "quality": _QUALITY}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(answer["data"])
