"""What a sandbox tells of each request, in a line: enough to see what is wrong, no credential."""

import http.client
import re
from contextlib import suppress

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from tests.helpers.signing_in import developer_login


@pytest.fixture
def told(stopping):
    """A sandbox, and the lines that it told."""
    lines = []
    running = LocalSandbox(log=lines.append).start()
    yield running, lines
    stopping.submit(running.stop)


@pytest.fixture
def signed_in(told):
    sandbox, _ = told
    login = developer_login(sandbox)
    answer = requests.post(f"{sandbox.origin}/connect/v3/login", json=login, timeout=5)
    return {"sessionId": answer.json()["sessionId"], "devKey": login["devKey"]}


def test_what_was_asked_and_answered(told, signed_in):
    sandbox, lines = told
    url = f"{sandbox.origin}/connect/v3/vendors"
    requests.get(url, params={"max": 2, "sort": "name:asc"}, headers=signed_in, timeout=5)
    requests.post(url, json={}, headers=signed_in, timeout=5)
    assert lines == [
        "POST /connect/v3/login 200 login",
        "GET /connect/v3/vendors?max=2&sort=name:asc 200 listVendors",
        "POST /connect/v3/vendors 400 createVendor",
    ]


def test_the_codes_of_v2_are_told_though_its_status_is_200(told):
    sandbox, lines = told
    requests.post(f"{sandbox.origin}/api/v2/Login.json", data={"userName": "me"}, timeout=5)
    assert re.fullmatch(r"POST /api/v2/Login\.json 200 BDC_\d+ v2Login", lines[0]), lines


def test_what_nothing_answers(told, signed_in):
    sandbox, lines = told
    requests.get(f"{sandbox.origin}/v3/vendors", headers=signed_in, timeout=5)
    assert lines[-1] == "GET /v3/vendors 404 BDC_1121"


def test_a_name_that_is_not_answered_to(told):
    sandbox, lines = told
    headers = {"Host": "bill-sandbox:8080"}
    requests.get(f"{sandbox.origin}/connect/v3/vendors", headers=headers, timeout=5)
    assert lines == ["GET /connect/v3/vendors 421"]


def test_a_fault_that_was_asked_for(told, signed_in):
    sandbox, lines = told
    sandbox.fail("listVendors", status=503)
    sandbox.fail("listVendors", drop=True)
    for _ in range(2):
        with suppress(requests.ConnectionError):
            requests.get(f"{sandbox.origin}/connect/v3/vendors", headers=signed_in, timeout=5)
    assert lines[1] == "GET /connect/v3/vendors 503 BDC_1001 listVendors"
    assert lines[2] == "GET /connect/v3/vendors no answer listVendors"


def test_the_sandboxes_own_paths_are_not_told(told):
    sandbox, lines = told
    assert requests.get(f"{sandbox.origin}/__sandbox__/health", timeout=5).ok
    sandbox.reset()
    assert lines == []


def test_no_credential_is_told(told, signed_in):
    sandbox, lines = told
    secrets = [*sandbox.variables.values(), signed_in["sessionId"], "of-another-sandbox-42-abcdef"]
    for secret in secrets:
        for url in (
            f"/connect/v3/vendors?sessionId={secret}&max=1",
            f"/connect/v3/vendors?max={secret}",
            f"/connect/v3/vendors?{secret}",
            f"/{secret}/v3/vendors",
        ):
            requests.get(sandbox.origin + url, headers=signed_in, timeout=5)
    shown = "\n".join(lines[1:])
    assert "?…&max=1 " in shown
    users = ("USERNAME", "ORGANIZATION_ID", "EMAIL", "TOKEN_NAME")
    harmless = {value for name, value in sandbox.variables.items() if name.endswith(users)}
    assert [each for each in secrets if each in shown and each not in harmless] == []


def test_what_is_looked_for_is_not_told(told, signed_in):
    sandbox, lines = told
    asked = {"filters": 'email:eq:"ada@example.com"', "page": "dGhl", "max": 5}
    requests.get(f"{sandbox.origin}/connect/v3/vendors", params=asked, headers=signed_in, timeout=5)
    assert lines[-1].startswith("GET /connect/v3/vendors?filters=email:eq:…&…&max=5 ")


def test_a_terminal_is_not_steered(told):
    sandbox, lines = told
    connection = http.client.HTTPConnection(sandbox.origin.removeprefix("http://"), timeout=5)
    connection.request("GET", "/connect/%1b%5b2J/%E2%80%AE")
    connection.getresponse().read()
    connection.close()
    assert all(line.isprintable() for line in lines)
    assert "\\u001b" in lines[0]
