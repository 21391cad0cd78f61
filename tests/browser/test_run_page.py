"""The page of `--bill-html` in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import SCHEMES, WIDTHS

SUITE = """
import pytest

def test_asks(bill_dev_session):
    for _ in range(3):
        assert bill_dev_session.get("/v3/vendors").ok

def test_fails(bill_dev_session):
    assert bill_dev_session.get("/v3/bills").json() == "</script><script>alert(1)</script>"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_a.py").write_text(SUITE)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BILL_")}
    options = ("--bill-environment=local", "--bill-record-mode=once", "--bill-no-prove")
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--bill-html=run.html"],
        cwd=folder,
        env=environment
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_bill.plugin"},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return folder / "run.html"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_is_read(open_page, made, width, scheme):
    page = open_page(made, width, scheme)
    assert "1 failed, 1 passed" in page.locator("h1").inner_text()
    assert page.get_by_text("alert(1)").first.is_visible()
    page.get_by_label("Kind").select_option("sign-in")
    assert page.locator("#count").inner_text().startswith("1 of ")
    assert page.locator("#list tbody tr").count() == 1
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_label("Order").select_option("longest first")
    assert page.locator("#list tbody tr").first.get_attribute("class") == "test"
    page.keyboard.press("Control+k")
    page.keyboard.type("v3/vendors")
    assert page.locator("#count").inner_text().startswith("3 of ")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(open_page, made, violations, width, scheme):
    assert violations(open_page(made, width, scheme, bypasses_policy=True)) == []
