"""What the sandbox says where it has a fault itself."""

import logging

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.own_faults import fault_message


@pytest.fixture
def broken(sandbox):
    """A record that no answer can be made of, with something in it that nobody may read."""
    vendors = sandbox._state.table(sandbox.variables["BILL_ORGANIZATION_ID"], "vendors")
    vendors["x"] = {"name": {"s3cret-in-a-record"}}


@pytest.mark.usefixtures("broken")
def test_a_fault_is_told_in_one_line(developer, codes, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    answer = developer.get("/v3/vendors/x?a=s3cret-in-a-query")
    assert (answer.status_code, codes(answer)) == (500, ["BDC_1001"])
    (fault,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert fault.exc_info is None
    said = fault.getMessage()
    assert "getVendor ended in KeyError" in said
    assert "operations.py:" in said
    assert "report" in said
    assert "\n" not in said
    ours = [each for each in caplog.records if "urllib3" not in each.name]
    assert "s3cret" not in " ".join(each.getMessage() for each in ours)
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.usefixtures("broken")
def test_v2_tells_it_in_its_envelope(sandbox, developer, caplog):
    form = {**developer.headers, "data": '{"id": "x"}'}
    answer = developer.call("POST", "/../api/v2/Crud/Read/Vendor.json", data=form, headers={})
    assert answer.status_code == 200
    assert answer.json()["response_data"]["error_code"] == "BDC_1001"
    assert "ended in" in caplog.text


@pytest.mark.usefixtures("broken")
def test_the_connection_goes_on(developer, sandbox):
    assert developer.get("/v3/vendors/x").status_code == 500
    assert developer.get("/v3/bills").ok
    assert sandbox.request_counts()["GET /connect/v3/vendors/x"] == 1


def test_where_it_happened_is_told_where_it_was_outside_too():
    assert "(outside of it)" in fault_message(ValueError("s3cret"), "x")
    assert "s3cret" not in fault_message(ValueError("s3cret"), "x")


def test_addresses_are_logged_nowhere_and_other_servers_of_the_process_log_on(caplog, stopping):
    access = logging.getLogger("uvicorn.access")
    caplog.set_level(logging.DEBUG)
    access.addHandler(caplog.handler)
    try:
        running = LocalSandbox().start()
        assert requests.get(f"{running.origin}/openapi.json?signature=s3cret", timeout=5).ok
        assert access.handlers == [caplog.handler]
    finally:
        access.removeHandler(caplog.handler)
        stopping.submit(running.stop)
    assert [each for each in caplog.records if each.name == "uvicorn.access"] == []
