"""The suite whose runs are shown: recorded from the local sandbox, then it asks something else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from email.utils import format_datetime
from pathlib import Path
from unittest import mock

from pytest_bill.sandbox import LocalSandbox
from tools.pictures import clock

_VENDORS = """\
def test_vendors_come_in_pages(bill_dev_session):
    first = bill_dev_session.get("/v3/vendors", params={"max": 2}).json()
    assert len(first["results"]) == 2


def test_a_new_vendor_is_there(bill_dev_session):
    vendor = {
        "name": "Harbor Paper",
        "accountType": "BUSINESS",
        "email": "ada@harbor.example",
        "address": {
            "line1": "1 Pier Road", "city": "Boston", "zipOrPostalCode": "02110", "country": "US",
        },
    }
    created = bill_dev_session.post("/v3/vendors", json=vendor).json()
    assert bill_dev_session.get(f"/v3/vendors/{created['id']}").json()["name"] == vendor["name"]
"""
_SPENDING = """\
def test_budgets(bill_spend_client):
    assert bill_spend_client.get("/v3/spend/budgets", params={"max": 3}).json()["results"]


def test_sync_token(bill_sync_session):
    assert bill_sync_session.get("/v3/bills", params={"max": 2}).ok
"""
_FILES = {
    "tests/test_vendors.py": _VENDORS,
    "tests/test_spending.py": _SPENDING,
    "pytest.ini": "[pytest]\ntestpaths = tests\n",
}
_OPTIONS = ("-q", "-p", "no:cacheprovider")
_REPORT = "--bill-report=report.json"


def record(folder: Path) -> None:
    """Write the suite and its cassettes, and ``cassettes.html``, the page of them."""
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    # The server's own `Date` knows no clock but the machine's.
    date = format_datetime(clock.AT, usegmt=True)
    then = mock.patch("uvicorn.server.formatdate", return_value=date)
    with then, LocalSandbox(clock=clock.sandbox_clock(), rate_limits=False) as sandbox:
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
        _run(folder, "pytest", *_OPTIONS, "--bill-record-mode=once", _REPORT, variables=variables)
    _run(folder, "pytest-bill", "show", "--html", "--report=report.json")


def replay(folder: Path) -> None:
    """Run it again where a test asks for something else; ``run.html`` is the page of that run."""
    tests = folder / "tests/test_vendors.py"
    changed = tests.read_text(encoding="utf-8").replace('"name": "Harbor', '"name": "New Harbor')
    tests.write_text(changed, encoding="utf-8")
    _run(folder, "pytest", *_OPTIONS, "--bill-html=run.html", status=1)


def _run(
    folder: Path,
    command: str,
    *arguments: str,
    status: int = 0,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Without what this process was started with, and without other plugins."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("BILL_")}
    own |= {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": f"pytest_bill.plugin,{clock.__name__}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    own.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name(command), *arguments],
        cwd=folder,
        env=own | dict(variables or {}),
        check=False,
        text=True,
        capture_output=True,
    )
    if done.returncode != status:
        sys.exit(f"{command} {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
