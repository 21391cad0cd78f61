"""The local sandbox: a BILL look-alike on loopback, strict about credentials.

    with LocalSandbox() as sandbox:
        requests.post(f"{sandbox.origin}/connect/v3/login", json=...)

To start one needs the extra ``sandbox`` (uvicorn and httptools); to reach one does not.
"""

from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.remote import BillSandbox
from pytest_bill.sandbox.server import AttachedSandbox, LocalSandbox

__all__ = ["AttachedSandbox", "BillSandbox", "Clock", "LocalSandbox"]
