"""The documentation site: ``make docs`` builds it into build/site, without a network.

Sphinx with MyST reads the pages as they stand in this repository; furo shows them. Sphinx's search
and all of furo's files are in the site, so it works from a disk. Its source folder is the
repository's root: links between pages lead to the same file here and there.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

_PROJECT = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
)["project"]

project = "pytest-bill"
release = version = _PROJECT["version"]
author = _PROJECT["authors"][0]["name"]

extensions = ["myst_parser"]
root_doc = "docs/index"
source_suffix = {".md": "markdown"}
include_patterns = [
    "docs/**",
    "benchmarks/README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
]
# Also what is not looked into: folders with a great many files.
exclude_patterns = [
    ".*",
    "build",
    "cassettes",
    "examples",
    "pytest_bill",
    "tests",
    "tools",
    "benchmarks/.venv",
]

myst_heading_anchors = 4
highlight_language = "text"

html_theme = "furo"
html_title = f"pytest-bill {release}"
html_copy_source = False
html_show_copyright = False
html_use_index = False
# It would fetch each page that was found, which a page on a disk may not.
html_show_search_summary = False
# The address of the site itself leads to its start page.
html_extra_path = ["site"]
html_static_path = ["static"]
html_css_files = ["drawers.css"]
html_js_files = [("drawers.js", {"defer": "defer"})]

_FOR_KEYBOARDS_AND_READERS = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<aside class="toc-drawer no-toc">': '<aside class="toc-drawer no-toc" aria-label="This page">',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',
    '<th class="head"><p></p></th>': "<td></td>",
    '<div id="search-results"></div>': '<h1>Search</h1>\n<div id="search-results" role="region" '
    'aria-label="Results"></div>',
}
"""What axe finds in pages of Sphinx and furo, and what it wants there."""

_OPENERS = re.compile(
    r'<label class="((?:nav|toc)-overlay-icon[^"]*)" for="(__\w+)">(.*?)</label>', re.DOTALL
)
"""What opens a menu in a narrow window; docs/static/drawers.js does it for keys, too."""

_TITLES_OF_ICONS = re.compile(r"(<symbol [^>]*>\s*)<title>[^<]*</title>")
"""Their buttons have names; a search for "mode" would mark them, which Sphinx's script cannot."""


def _button(label: re.Match[str]) -> str:
    name = {"__navigation": "All pages", "__toc": "On this page"}[label[2]]
    return (
        f'<button type="button" class="{label[1]}" data-opens="{label[2]}" aria-label="{name}">'
        f"{label[3]}</button>"
    )


def _mend_pages(app: Any, failure: Exception | None) -> None:
    """Headings of the menu have a level, parts have names, and what scrolls takes the keyboard."""
    if failure is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            for found, wanted in _FOR_KEYBOARDS_AND_READERS.items():
                text = text.replace(found, wanted)
            text = _OPENERS.sub(_button, text)
            text = _TITLES_OF_ICONS.sub(r"\1", text)
            path.write_text(text, encoding="utf-8")


def setup(app: Any) -> None:
    """Sphinx calls it."""
    app.connect("build-finished", _mend_pages)
