"""The documentation site: each page is in its menu, and nothing is loaded from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.helpers.documents import DOCS, ROOT, all_pages, name_of

SITE = ROOT / "build" / "site"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")
_TOCTREE = re.compile(r"```\{toctree\}\n(?P<inside>.*?)```", re.DOTALL)
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}


def in_menu() -> list[str]:
    """What the menu has, as it is written."""
    inside = (found["inside"] for found in _TOCTREE.finditer(INDEX))
    lines = (line for text in inside for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(":")]


def test_every_page_is_in_the_menu_once():
    menu = in_menu()
    assert len(menu) == len(set(menu)) > 40
    wanted = {
        os.path.relpath(page.with_suffix(""), DOCS)
        for page in all_pages()
        if page.name != "index.md" and page != ROOT / "README.md"
    }
    of_fidelity = {name for name in wanted if name.startswith("fidelity")}
    assert "fidelity" in of_fidelity
    assert set(menu) - {"fidelity**"} == wanted - of_fidelity


def test_every_page_of_the_menu_is_on_the_start_page():
    linked = set(re.findall(r"\]\(([^)#]+)\.md\)", INDEX))
    named = {name.removesuffix("**") for name in in_menu()} - {"../benchmarks/README"}
    assert named - linked == set()


class _Page(HTMLParser):
    """What a page of the site loads, where it leads, and what may be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.barriers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        self.tags.add(tag)
        needed = {"pre": "tabindex", "aside": "aria-label", "img": "alt"}.get(tag)
        if given.get("role") == "heading":
            needed = "aria-level"
        if needed is not None and needed not in given:
            self.barriers.append(f"{tag} without {needed}")
        if tag in _LOADED and _LOADED[tag] in given:
            self.loads.append(given[_LOADED[tag]])
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload", "preconnect"}:
            self.loads.append(given["href"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


Site = dict[Path, _Page]


def _built() -> Site:
    """Its pages, built by the command that contributors type, without a network."""
    subprocess.run(["make", "site"], cwd=ROOT, check=True)  # what it needs is installed then
    shutil.rmtree(SITE)
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    built = subprocess.run(
        ["make", "site"],
        cwd=ROOT,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert "warning" not in (built.stdout + built.stderr).lower()
    return {path: _Page(path.read_text(encoding="utf-8")) for path in SITE.rglob("*.html")}


def missing_pages(site: Site) -> set[Path]:
    """Documents that are no page."""
    wanted = (SITE / Path(name_of(each)).with_suffix(".html") for each in all_pages())
    return set(wanted) - set(site) - {SITE / "README.html"}


def loaded_from_elsewhere(site: Site) -> set[str]:
    """Scripts, styles, images and fonts that are no files of the site."""
    loaded = {each for page in site.values() for each in page.loads}
    assert loaded
    styles = "".join(path.read_text(encoding="utf-8") for path in SITE.rglob("*.css"))
    found = {each for each in loaded if re.match(r"(https?:)?//", each)}
    return found | set(re.findall(r"@import[^;]*http|url\(['\"]?https?:[^)]*", styles))


def lost_links(site: Site) -> list[str]:
    """Links to a page that is not there, or to no place of it."""
    lost = []
    for path, page in site.items():
        for link in page.links:
            if re.match(r"[a-z]+:|//", link) or link == "#":
                continue
            name, _, anchor = unquote(link).partition("#")
            name = name.partition("?")[0]
            place = (path.parent / name).resolve() if name else path
            is_there = place in site or place.is_file()
            if not is_there or (anchor and place in site and anchor not in site[place].ids):
                lost.append(f"{path.relative_to(SITE)}: {link}")
    return lost


def barriers(site: Site) -> dict[str, list[str]]:
    """What keeps keyboards and screen readers out; axe finds more, in a browser."""
    found = {}
    for path, page in site.items():
        is_page = path != SITE / "index.html"
        missing = [*page.barriers, *(["no h1"] if is_page and "h1" not in page.tags else [])]
        if missing:
            found[str(path.relative_to(SITE))] = missing
    return found


def not_found_from_a_disk(site: Site) -> list[str]:
    """Words that the search does not know; its index is a script, which a file may load."""
    index = (SITE / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")
    assert any("searchindex.js" in each for each in site[SITE / "search.html"].loads)
    stems = ("bill_sync_sess", "idempot", "webhook", "notincassett")  # as the search looks for them
    return [each for each in stems if each not in index]


@pytest.mark.nightly
def test_the_site_is_whole_and_needs_nothing_from_elsewhere():
    """One test, since all workers would build it in one folder."""
    site = _built()
    checks = (missing_pages, loaded_from_elsewhere, lost_links, barriers, not_found_from_a_disk)
    assert {each.__name__: found for each in checks if (found := each(site))} == {}
