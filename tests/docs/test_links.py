"""Every link of every document leads to a file that is there, and to a heading that it has."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.helpers.documents import ROOT, all_pages, anchors_of, links_of, name_of, prose

PAGES = [*all_pages(), ROOT / "examples" / "accounts_payable" / "README.md"]


def test_every_document_is_here():
    found = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "build"]
        found |= {Path(folder) / name for name in files if name.endswith(".md")}
    assert found - set(PAGES) == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    lost = []
    for target in links_of(page):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and anchor not in anchors_of(place)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_link_is_written_in_a_way_that_is_not_looked_at(page):
    text = re.sub(r"`[^`\n]*`", "``", prose(page))
    assert re.findall(r"\]\[[^\]]*\]|<(?:a|img|https?:)\b[^>]*>|(?m:^\[[^\]]+\]: .*)", text) == []


def test_links_are_found():
    links = links_of(ROOT / "README.md")
    assert "docs/index.md" in links
    assert "docs/demo.svg" in links
    assert "the-clients-of-your-own" not in anchors_of(ROOT / "docs" / "own-clients.md")
    assert "what-holds" in anchors_of(ROOT / "docs" / "own-clients.md")


def test_addresses_elsewhere_are_encrypted():
    plain = {
        f"{name_of(page)}: {target}"
        for page in PAGES
        for target in links_of(page)
        if target.startswith("http://")
    }
    assert plain == set()
