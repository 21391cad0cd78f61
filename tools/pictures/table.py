"""Which pictures there are: a name, how to get to what it shows, its height, what it is made of.

A further picture is a row here, and an image with an alternative text in README.md or docs/; a test
says so where one of them is missing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.pages import asked, records, reference
from tools.pictures import suite
from tools.pictures.clock import sandbox_clock

WIDTH = 1280
_PAGES = "pytest_bill/viewing/page"
_SANDBOX = "pytest_bill/sandbox/pages"


class Runs:
    """The runs that pictures are of, each made once, when the first picture needs it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bill-pictures-")

    @cached_property
    def cassettes(self) -> Path:
        """The page of the recorded suite's cassettes."""
        suite.record(Path(self._folder.name))
        return Path(self._folder.name) / "cassettes.html"

    @cached_property
    def run(self) -> Path:
        """The page of a run that replays them; one test asks for what was not recorded."""
        suite.replay(self.cassettes.parent)
        return self.cassettes.with_name("run.html")

    @cached_property
    def sandbox(self) -> LocalSandbox:
        """A local sandbox that runs until ``close``."""
        return LocalSandbox(clock=sandbox_clock(), rate_limits=False).start()

    def close(self) -> None:
        """Stop what runs, and remove what was written."""
        if "sandbox" in vars(self):
            self.sandbox.stop()
        self._folder.cleanup()


@dataclass(frozen=True)
class Picture:
    """One picture; ``go`` brings a page of the browser to what is shown."""

    name: str
    go: Callable[[Any, Runs], None]
    height: int
    made_of: tuple[str, ...] = field(repr=False)
    """Globs below the repository of what decides its looks: templates, styles, scripts, and which
    suite ran."""


def _cassettes(page: Any, runs: Runs) -> None:
    page.goto(runs.cassettes.as_uri())
    page.get_by_role("searchbox", name="Search").fill("harbor")
    page.locator("#list button.row").first.click()
    page.locator("#count").evaluate("it => it.scrollIntoView()")


def _run(page: Any, runs: Runs) -> None:
    page.goto(runs.run.as_uri())


def _requests(page: Any, runs: Runs) -> None:
    for operation, wait in (("listVendors", "200"), ("createVendor", "201"), ("getBill", "200")):
        page.goto(f"{runs.sandbox.origin}{reference.PATH}/{operation}")
        page.get_by_role("button", name="Send (Ctrl+Enter)").click()
        page.get_by_text(f"HTTP {wait}").first.wait_for()
    page.goto(runs.sandbox.origin + asked.PATH)
    page.locator("#list button.row").nth(1).click()
    page.locator("#count").evaluate("it => it.scrollIntoView()")


def _records(page: Any, runs: Runs) -> None:
    organization = runs.sandbox.variables["BILL_ORGANIZATION_ID"]
    page.goto(runs.sandbox.origin + records.address(organization, "bills"))


def _reference(page: Any, runs: Runs) -> None:
    page.goto(f"{runs.sandbox.origin}{reference.PATH}?q=invoice")


_SHARED = ("tools/pictures/suite.py", "pytest_bill/pages/page.css", "pytest_bill/pages/page.js")
_OF_SANDBOX = (
    f"{_SANDBOX}/base.html.j2",
    f"{_SANDBOX}/sandbox.js",
    "pytest_bill/pages/page.css",
    "pytest_bill/pages/page.js",
)
PICTURES = (
    Picture(
        "cassettes",
        _cassettes,
        860,
        (f"{_PAGES}/cassettes.html.j2", f"{_PAGES}/cassettes.js", *_SHARED),
    ),
    Picture("run", _run, 860, (f"{_PAGES}/run.html.j2", f"{_PAGES}/run.js", *_SHARED)),
    Picture(
        "sandbox",
        _requests,
        860,
        (f"{_SANDBOX}/asked/*.j2", f"{_SANDBOX}/asked/*.js", *_OF_SANDBOX),
    ),
    Picture(
        "records",
        _records,
        700,
        (f"{_SANDBOX}/records/*.j2", f"{_SANDBOX}/records/*.js", *_OF_SANDBOX),
    ),
    Picture(
        "reference",
        _reference,
        700,
        (f"{_SANDBOX}/reference/*.j2", f"{_SANDBOX}/reference/*.js", *_OF_SANDBOX),
    ),
)
