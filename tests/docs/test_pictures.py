"""The pictures are no older than what they show, small, and shown to all; see tools/pictures/.

What their pages say is compared by tests/browser/test_pictures.py, at night.
"""

from __future__ import annotations

import re

import pytest

from tests.helpers.documents import DOCS, ROOT, all_pages
from tools.pictures import taken
from tools.pictures.table import PICTURES, WIDTH

HINT = "Take it anew: make pictures"
MOST_BYTES = 150_000
of_each = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)


@of_each
def test_no_template_style_or_script_of_its_page_is_newer(picture):
    assert taken.changed_since(picture, taken.read()[picture.name]) == [], HINT


@of_each
def test_what_its_page_is_made_of_is_there(picture):
    for pattern in picture.made_of:
        assert list(ROOT.glob(pattern)), pattern


OF_THE_SITE_ONLY = {"records", "reference"}
"""The README has to be short."""


@of_each
def test_it_is_the_one_that_was_taken_then(picture):
    file = taken.file_of(picture)
    assert taken.read()[picture.name]["picture"] == taken.hash_of(file), HINT
    content = file.read_bytes()
    assert len(content) < MOST_BYTES
    # Extended WebP: https://developers.google.com/speed/webp/docs/riff_container
    assert (content[:4], content[8:16]) == (b"RIFF", b"WEBPVP8X")
    size = [int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27)]
    assert size == [WIDTH, picture.height], HINT


def test_there_is_no_other():
    names = {taken.file_of(each).name for each in PICTURES} | {taken.KEPT.name}
    assert {each.name for each in taken.FOLDER.iterdir()} == names
    assert list(taken.read()) == [each.name for each in PICTURES]


@of_each
def test_it_is_in_the_readme_and_on_the_site_with_the_same_words(picture):
    image = re.compile(rf"^!\[([^\]]+)\]\((?:docs/|\.\./)?pictures/{picture.name}\.webp\)$", re.M)
    told = {
        "site" if page.is_relative_to(DOCS) else page.name: words
        for page in all_pages()
        for words in image.findall(page.read_text(encoding="utf-8"))
    }
    assert told.keys() >= ({"site"} if picture.name in OF_THE_SITE_ONLY else {"README.md", "site"})
    assert len(set(told.values())) == 1
    assert len(told["site"]) > 40


def test_every_picture_of_a_page_has_words():
    images = [
        image
        for page in all_pages()
        for image in re.findall(r"!\[([^\]]*)\]\(", page.read_text(encoding="utf-8"))
    ]
    assert len(images) > 8
    assert [words for words in images if len(words) < 20] == []
