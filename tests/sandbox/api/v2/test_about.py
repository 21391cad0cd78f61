"""What v2 tells of itself."""

import re
from pathlib import Path

import pytest
import requests

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.error_list import ERROR_LIST


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_list_of_errors_needs_no_credential(sandbox, method):
    answer = requests.request(method, f"{sandbox.origin}/api/v2/Errors.json", timeout=5).json()
    assert answer["response_status"] == 0
    assert answer["response_data"]["BDC_1117"] == "Missing required data for: ${paramName0}."


def test_every_code_that_the_sandbox_refuses_with_is_in_the_list():
    codes = set(re.findall(r"BDC_\d+", Path(errors.__file__).read_text()))
    assert codes == set(ERROR_LIST)


def test_the_current_time(v2):
    time = v2("CurrentTime")["currentTime"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", time)


def test_the_fields_of_an_entity(v2):
    answer = v2("GetEntityMetadata", {"entity": ["Vendor"]})
    assert list(answer) == ["Vendor"]
    assert set(v2.list("Vendor")[0]) == set(answer["Vendor"]["fields"])
    assert {"Vendor", "Bill", "Invoice", "ApprovalPolicy"} <= set(v2("GetEntityMetadata"))
    assert v2.refused("GetEntityMetadata", {"entity": ["vendor"]})[0] == "BDC_1119"


def test_where_an_object_is_in_the_web_app(v2):
    bill = v2.list("Bill")[0]
    url = f"https://app-stage02.us.bill.com/bill?id={bill['id']}"
    assert v2("GetObjectUrl", {"objectId": bill["id"]}) == {"url": url}
    assert v2.refused("GetObjectUrl", {"objectId": "00n-none"})[0] == "BDC_1120"
