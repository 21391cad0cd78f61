"""The pictures of README.md and docs/ show what the pages say now: they are opened once more."""

from __future__ import annotations

import pytest

from tools.pictures import taken, taking
from tools.pictures.table import PICTURES, Runs


@pytest.fixture(scope="module")
def runs():
    runs = Runs()
    yield runs
    runs.close()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_it_shows_what_its_page_says_now(browser, runs, picture):
    page = taking.opened(browser, picture, runs)
    said = taken.lines_of(taking.text_of(page))
    page.context.close()
    assert said == taken.read()[picture.name]["lines"], "Take it anew: make pictures"
