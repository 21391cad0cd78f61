"""A page loads nothing, and runs what is its own."""

from __future__ import annotations

import pytest

from pytest_bill.pages.rendering import policy, rendered
from pytest_bill.viewing.page import FOLDER
from tests.helpers.pages import Page

NOTHING = {"files": [], "interactions": [], "max_age": None}


def made(data=NOTHING, **more) -> Page:
    about = {"changes": None, "errors": [], "is_thorough": True} | more
    page = Page(rendered(FOLDER, "cassettes.html.j2", ("cassettes.js",), data, **about))
    page.check_alone()
    return page


def test_an_empty_page():
    assert made().data == NOTHING


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "&lt;", "\u2028", "\ud800", "'\"\\"])
def test_data_comes_back_as_it_was(text):
    page = made(NOTHING | {"max_age": text})
    assert page.data["max_age"] == text
    assert len(page.blocks) == 3


def test_what_the_template_shows_is_escaped():
    page = made(errors=["<img src=x>"])
    assert "Not shown: <img src=x>" in page.shown


def test_the_policy_names_hashes_and_nothing_else():
    allowed = policy("a", "b")
    assert "unsafe" not in allowed
    assert "default-src 'none'" in allowed
    assert allowed != policy("a", "c")


def test_only_a_page_of_a_server_asks_it():
    assert "form-action 'none'" in policy("a", "b")
    assert "connect-src 'none'" in policy("a", "b")
    connecting = policy("a", "b", connects=True)
    assert "form-action 'self'" in connecting
    assert "connect-src 'self'" in connecting
