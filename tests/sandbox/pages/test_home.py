"""The first page: a newcomer knows from it what this is, and what to do next."""

from __future__ import annotations

from datetime import timedelta

import requests

from pytest_bill.sandbox.core.credentials import variable_names
from pytest_bill.sandbox.pages.home import VARIABLES
from pytest_bill.sandbox.pages.routes import MENU
from tests.helpers.pages import Page


def home(sandbox) -> Page:
    answer = requests.get(sandbox.origin + "/", timeout=5)
    assert answer.status_code == 200
    return Page(answer.text)


def words(page: Page) -> str:
    return " ".join(" ".join(page.shown).split())


def test_it_says_what_it_is_and_where_to_go(sandbox):
    page = home(sandbox)
    text = words(page)
    assert "It is not BILL" in text
    assert f"BILL_BASE_URL is {sandbox.origin} ." in text
    assert f"{sandbox.origin}/connect" in text
    assert "pytest --bill-env-file=FILE --bill-record-mode=once" in text
    links = {about["href"] for name, about in page.elements if name == "a"}
    assert links >= {each.path for each in MENU}
    assert links >= {"/openapi.json", "https://developer.bill.com/reference"}
    assert "0 requests" in text
    assert "no notification" in text


def test_it_names_each_variable_once_and_no_value(sandbox):
    assert sorted(name for names in VARIABLES.values() for name in names) == sorted(
        variable_names()
    )
    page = home(sandbox)
    text = words(page)
    for name, value in sandbox.variables.items():
        assert name in text
        assert value not in page.text


def test_it_counts(sandbox, developer):
    developer.get("/v3/vendors")
    developer.get("/v3/vendors")
    text = words(home(sandbox))
    assert "3 requests , by 2 methods and paths" in text
    assert "427 records of 5 owners" in text


def test_its_clock_says_how_far_it_was_moved(sandbox):
    assert "moved forward" not in words(home(sandbox))
    sandbox.advance(timedelta(days=2, hours=1, seconds=1))
    assert "moved forward by 2 days, 1 hour, 1 second" in words(home(sandbox))


def test_no_credential_comes_in_by_a_path(sandbox):
    """What was asked is counted by path, and a path may have anything in it."""
    password = sandbox.variables["BILL_PASSWORD"]
    requests.get(f"{sandbox.origin}/connect/v3/{password}", timeout=5)
    assert password not in home(sandbox).text
