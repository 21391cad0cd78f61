"""The documentation site as people use it, from a disk: each page, its search, menu and links."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SCHEMES, WIDTHS

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"
_WIDER = "document.documentElement.scrollWidth > innerWidth"
_IS_SEEN = """(it) => {
    const box = it.getBoundingClientRect();
    const isThere = it.checkVisibility({ visibilityProperty: true });
    return isThere && box.right > 0 && box.left < innerWidth;
}"""


@pytest.fixture(scope="module")
def pages() -> list[Path]:
    """Every page but the one that only leads to the first."""
    subprocess.run(["make", "site"], cwd=ROOT, check=True)
    found = sorted(SITE.rglob("*.html"))
    assert len(found) > 40
    return [path for path in found if path != SITE / "index.html"]


@pytest.fixture
def start(pages) -> Path:
    return SITE / "docs" / "index.html"


def title(page: Any) -> str:
    return page.locator("h1").first.inner_text().removesuffix("¶").strip()


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until that has the focus; whatever has it on the way is to be seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if focused.evaluate("(it, selector) => it.matches(selector)", selector):
            page.wait_for_function(f"({_IS_SEEN})(document.activeElement)")
            return
    raise AssertionError(f"no Tab leads to {selector}")


class Mouse:
    """The way through the site by pointing."""

    def open(self, page: Any, box: str) -> None:
        page.locator(f"button[data-opens={box}]:visible").click()

    def follow(self, page: Any, link: str) -> None:
        page.locator(link).first.click()


class Keyboard:
    """The same with Tab, Space and Enter."""

    def open(self, page: Any, box: str) -> None:
        tab_to(page, f"button[data-opens={box}]")
        page.keyboard.press("Enter")

    def follow(self, page: Any, link: str) -> None:
        tab_to(page, link)
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_opens_fits_and_is_for_everyone(pages, open_page, violations, scheme, width):
    page = open_page(pages[0], width, scheme)
    found: dict[str, object] = {}
    for path in pages:
        page.goto(path.as_uri())
        if page.evaluate(_WIDER):
            found[path.name] = "wider than the window"
        if problems := violations(page):
            found[path.name] = problems
    assert found == {}


def test_the_scheme_is_that_of_the_reader(open_page, start):
    colours = {
        scheme: open_page(start, scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in SCHEMES
    }
    assert colours["light"] == "rgb(255, 255, 255)"
    assert colours["dark"] != colours["light"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("stand-ins", "Secrets and stand-ins"),
        ("NotInCassette", "Troubleshooting"),
        ("--bill-record-mode", "Record modes"),
    ],
)
def test_the_search_finds_pages_without_a_server_by_keyboard(open_page, start, width, words, found):
    page = open_page(start, width)
    if width < 1000:
        Keyboard().open(page, "__navigation")
    tab_to(page, "input[name=q]")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.get_by_text("Search finished, found ").wait_for()
    results = page.locator("#search-results li a").all_inner_texts()
    assert found in results[:8]
    tab_to(page, "#search-results li a")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "search.html" not in url)
    assert title(page) == results[0].partition(" > ")[0]
    # What was looked for is marked.
    page.locator("article .highlighted").first.wait_for()


def test_what_is_nowhere_is_not_found(open_page, start):
    page = open_page(start)
    page.get_by_role("textbox", name="Search").fill("xyzzyplugh")
    page.keyboard.press("Enter")
    page.get_by_text("did not match any documents").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("by", [Mouse(), Keyboard()], ids=["mouse", "keyboard"])
def test_the_menu_leads_to_a_page_and_its_contents_to_a_heading(open_page, start, width, by):
    page = open_page(start, width)
    if width < 1000:
        by.open(page, "__navigation")
    by.follow(page, ".sidebar-tree a[href='cassettes.html']")
    page.wait_for_url("**/docs/cassettes.html")
    by.open(page, "__toc")
    by.follow(page, ".toc-tree li li a")
    page.wait_for_url("**/docs/cassettes.html#*")
    anchor = page.evaluate("location.hash")
    assert page.locator(f"section{anchor} > h2").evaluate(_IS_SEEN)
    page.locator(".toc-drawer").wait_for(state="hidden")
    by.follow(page, "article p a[href^='secrets.html']")
    page.wait_for_url("**/docs/secrets.html*")


def test_no_key_leads_to_what_is_not_seen(open_page, start):
    """In a narrow window, both menus wait outside of it."""
    page = open_page(start, 360)
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        assert focused.evaluate(_IS_SEEN), focused.evaluate("it => it.outerHTML")


def test_escape_closes_the_menu(open_page, start):
    page = open_page(start, 360)
    Keyboard().open(page, "__navigation")
    menu = page.get_by_role("complementary", name="All pages")
    menu.wait_for()
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    opener = page.get_by_role("button", name="All pages")
    assert opener.get_attribute("aria-expanded") == "false"
    assert opener.evaluate("it => it === document.activeElement")


def test_a_click_beside_the_menu_closes_it(open_page, start):
    page = open_page(start, 360)
    Mouse().open(page, "__navigation")
    opener = page.get_by_role("button", name="All pages")
    assert opener.get_attribute("aria-expanded") == "true"
    page.mouse.click(340, 500)
    page.get_by_role("complementary", name="All pages").wait_for(state="hidden")
    assert opener.get_attribute("aria-expanded") == "false"


def test_the_skip_link_leads_past_the_menu(open_page, start):
    page = open_page(start)
    tab_to(page, "a.skip-to-content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("article *:focus").count() == 1


def test_the_address_of_the_site_leads_to_its_first_page(open_page, start):
    page = open_page(SITE / "index.html")
    page.wait_for_url("**/docs/index.html")
    page.get_by_role("main").get_by_role("link", name="tutorial").first.click()
    assert title(page).startswith("Tutorial")
