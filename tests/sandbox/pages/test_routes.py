"""Who may look at the pages: browsers of this machine, and no page of another site."""

from __future__ import annotations

import socket

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.pages.routes import MENU
from tests.helpers.pages import Page

PATHS = [each.path for each in MENU]


@pytest.fixture(scope="module")
def open_to_all():
    with LocalSandbox(host="0.0.0.0") as sandbox:
        yield sandbox


def own_address() -> str | None:
    """An address of this machine that is not loopback, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found: str = probe.getsockname()[0]
    return found if found != "127.0.0.1" else None


@pytest.mark.parametrize("path", PATHS)
def test_each_entry_of_the_menu_leads_to_a_page(sandbox, path):
    answer = requests.get(sandbox.origin + path, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-store"
    page = Page(answer.text)
    assert page.policy["default-src"] == "'none'"
    assert page.policy["connect-src"] == "'self'"
    assert [each["href"] for _, each in page.elements if each.get("aria-current")] == [path]


def test_looking_is_not_counted(sandbox):
    for path in PATHS:
        requests.get(sandbox.origin + path, timeout=5)
    assert sandbox.request_counts() == {}
    assert sandbox.received_requests() == []


@pytest.mark.parametrize("path", PATHS)
def test_another_machine_sees_no_page(open_to_all, path):
    address = own_address()
    if address is None:
        pytest.skip("this machine has no other address than loopback")
    port = open_to_all.origin.rpartition(":")[2]
    answer = requests.get(f"http://{address}:{port}{path}", timeout=5)
    assert answer.status_code == 403
    assert "its own machine only" in answer.text
    # BILL's own paths, and what the containers of a suite ask, are not for this machine alone.
    assert requests.get(f"http://{address}:{port}/openapi.json", timeout=5).ok
