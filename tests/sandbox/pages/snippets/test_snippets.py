"""The code that sends a request again, run as it is copied: with curl, requests and httpx."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from uuid import uuid4

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.pages import asked

CLIENTS = ("curl", "requests", "httpx")
ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
HARD = 'It\'s "Ünï"\n$HOME `id` \\ %41 {curly} [x] 漢字 \t end\\'


def run(sandbox, code, client, tmp_path):
    """What the code prints, in an environment that has the sandbox's variables alone."""
    environment = {
        name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ
    }
    environment |= {"BILL_BASE_URL": sandbox.origin, "NO_PROXY": "*", **sandbox.variables}
    if client == "curl":
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")
        command = ["sh", "-c", code]
    else:
        (tmp_path / "snippet.py").write_text(code, encoding="utf-8")
        command = [sys.executable, "-I", "-X", "utf8", "snippet.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def status_in(output):
    found = re.search(r"^(?:HTTP/1.1 )?(\d{3})", output, re.MULTILINE)
    assert found, output
    return int(found[1])


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox() as running:
        yield running


class Calls:
    """Signed in with each credential; every call gives the request as the page tells it."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.variables = sandbox.variables
        self.v3 = f"{sandbox.origin}/connect/v3"

    def session(self, prefix=""):
        v = self.variables
        names = {
            "": ("USERNAME", "PASSWORD", "ORGANIZATION_ID", "DEV_KEY"),
            "SYNC_": ("TOKEN_NAME", "TOKEN_VALUE", "ORGANIZATION_ID", "DEV_KEY"),
        }[prefix]
        body = dict(
            zip(
                ("username", "password", "organizationId", "devKey"),
                (v[f"BILL_{prefix}{name}"] for name in names),
                strict=True,
            )
        )
        answer = requests.post(f"{self.v3}/login", json=body, timeout=5).json()
        return {"sessionId": answer["sessionId"], "devKey": body["devKey"]}

    def partner(self):
        v = self.variables
        body = {
            "username": v["BILL_PARTNER_USERNAME"],
            "password": v["BILL_PARTNER_PASSWORD"],
            "appKey": v["BILL_PARTNER_APP_KEY"],
        }
        answer = requests.post(f"{self.v3}/partner/login", json=body, timeout=5).json()
        return {"sessionId": answer["sessionId"], "appKey": body["appKey"]}

    def console(self, client=""):
        v = self.variables
        form = {
            "userName": v["BILL_CONSOLE_ADMIN_EMAIL"],
            "password": v["BILL_CONSOLE_API_TOKEN"],
            "orgId": client or v["BILL_CONSOLE_ORGANIZATION_ID"],
            "devKey": v["BILL_CONSOLE_DEV_KEY"],
        }
        answer = requests.post(f"{self.sandbox.origin}/api/v2/Login.json", data=form, timeout=5)
        session_id = answer.json()["response_data"]["sessionId"]
        return {"sessionId": session_id, "devKey": form["devKey"]}

    def token(self):
        v = self.variables
        form = {"grant_type": "client_credentials", "client_id": v["BILL_CLIENT_ID"]}
        form["client_secret"] = v["BILL_CLIENT_SECRET"]
        answer = requests.post(f"{self.sandbox.origin}/authx/token", data=form, timeout=5)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def told_of_last(sandbox):
    """The last request's number, and what its row says."""
    rows = requests.get(f"{sandbox.origin}{asked.SINCE_PATH}?after=0", timeout=5).json()["asked"]
    return rows[-1]


def snippets_of(sandbox, number):
    return requests.get(f"{sandbox.origin}{asked.PATH}/{number}", timeout=5).json()["snippets"]


def get_with_query(c):
    params = {"max": "2", "sort": "name:desc", "filters": 'name:ne:"a & b"'}
    return requests.get(f"{c.v3}/vendors", headers=c.session(), params=params, timeout=5)


def post_json(c):
    body = {"name": HARD, "address": ADDRESS}
    return requests.post(f"{c.v3}/vendors", headers=c.session(), json=body, timeout=5)


def post_json_as_it_is_written(c):
    body = json.dumps({"name": HARD, "address": ADDRESS}, ensure_ascii=False, indent=1)
    headers = {**c.session(), "Content-Type": "application/json; charset=utf-8", "X-Mine": "it's"}
    return requests.post(f"{c.v3}/vendors", headers=headers, data=body.encode(), timeout=5)


def post_no_json(c):
    headers = {**c.session(), "Content-Type": "application/json"}
    return requests.post(f"{c.v3}/vendors", headers=headers, data="{\"name\": 'x', @", timeout=5)


def post_nothing(c):
    vendors = requests.get(f"{c.v3}/vendors", headers=c.session(), timeout=5).json()["results"]
    url = f"{c.v3}/vendors/{vendors[0]['id']}/archive"
    return requests.post(url, headers=c.session(), timeout=5)


def v2_form(c):
    data = json.dumps({"start": 0, "max": 2, "filters": []})
    form = {**c.session(), "data": data, "note": HARD}
    return requests.post(f"{c.sandbox.origin}/api/v2/List/Vendor.json", data=form, timeout=5)


def v2_file(c):
    data = {**c.session(), "data": json.dumps({"fileName": "a.bin"})}
    url = f"{c.sandbox.origin}/api/v2/UploadAttachment.json"
    return requests.post(url, data=data, files={"file": ("a.bin", b"hello 'it'")}, timeout=5)


def session_in_the_query(c):
    headers = c.session()
    query = {"sessionId": headers["sessionId"], "entityId": "00n0", "token": ""}
    return requests.get(f"{c.sandbox.origin}/is/BillImageServlet", params=query, timeout=5)


def organizations_by_v2(c):
    v = c.variables
    form = {"userName": v["BILL_USERNAME"], "password": v["BILL_PASSWORD"]}
    form |= {"devKey": v["BILL_DEV_KEY"]}
    return requests.post(f"{c.sandbox.origin}/api/v2/ListOrgs.json", data=form, timeout=5)


def upload(c):
    vendors = requests.get(f"{c.v3}/vendors", headers=c.session(), timeout=5).json()["results"]
    url = f"{c.v3}/attachments/vendors/{vendors[0]['id']}?name=a.bin"
    return requests.post(url, headers=c.session(), data=bytes(range(256)), timeout=5)


def spend(c):
    headers = {"apiToken": c.variables["BILL_SPEND_API_TOKEN"]}
    return requests.get(f"{c.v3}/spend/budgets?max=1", headers=headers, timeout=5)


def oauth(c):
    return requests.get(f"{c.v3}/bills?max=1", headers=c.token(), timeout=5)


def sync(c):
    return requests.get(f"{c.v3}/bills?max=1", headers=c.session("SYNC_"), timeout=5)


def console(c):
    client = c.sandbox._state.client_ids[1]
    return requests.get(f"{c.v3}/vendors?max=1", headers=c.console(client), timeout=5)


def partner(c):
    url = f"{c.v3}/partner/organizations?max=1"
    return requests.get(url, headers=c.partner(), timeout=5)


def as_a_partners_user(c):
    headers = c.partner()
    body = {"name": "Quince", "address": {**ADDRESS, "stateOrProvince": "TX"}}
    url = f"{c.v3}/partner/organizations"
    made = requests.post(url, headers=headers, json=body, timeout=5).json()
    user = {
        "firstName": "Ines",
        "lastName": "Quince",
        "email": "ines@example.com",
        "username": f"ines{uuid4().hex[:12]}",
        "acceptTermsOfService": True,
    }
    there = {**headers, "organizationId": made["id"]}
    user = requests.post(f"{c.v3}/partner/users", headers=there, json=user, timeout=5).json()
    body = {"organizationId": made["id"], "userId": user["id"]}
    url = f"{c.v3}/partner/login-as-user"
    session = requests.post(url, headers=headers, json=body, timeout=5).json()["sessionId"]
    headers = {"sessionId": session, "devKey": c.variables["BILL_DEV_KEY"]}
    return requests.get(f"{c.v3}/login/session", headers=headers, timeout=5)


def sign_in(c):
    c.session()
    return


def sign_in_by_v2(c):
    c.console()
    return


def ask_for_a_token(c):
    c.token()
    return


def nobody(c):
    return requests.get(f"{c.v3}/health", timeout=5)


def with_a_wrong_key(c):
    headers = {**c.session(), "devKey": "an-0ther-key-of-b1ll"}
    return requests.get(f"{c.v3}/vendors", headers=headers, timeout=5)


def refused(c):
    return requests.post(f"{c.v3}/vendors", headers=c.session(), json={}, timeout=5)


CASES = (
    *(get_with_query, post_json, post_json_as_it_is_written, post_no_json, v2_form, v2_file),
    *(upload, spend, oauth, sync, console, partner, as_a_partners_user, sign_in, sign_in_by_v2),
    *(ask_for_a_token, nobody, with_a_wrong_key, refused, post_nothing),
    *(session_in_the_query, organizations_by_v2),
)
IN_CI = (post_json,)


def same(asked_first, asked_again):
    """Both without what belongs to the client."""
    parts = []
    for each in (asked_first, asked_again):
        body = each["body"]
        kept = ("x-mine", "sessionid", "devkey", "appkey", "apitoken", "authorization")
        headers = {name: value for name, value in each["headers"].items() if name in kept}
        parts.append((each["method"], each["path"], each["query"], headers, body))
    return parts[0] == parts[1]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "case",
    [pytest.param(each, marks=() if each in IN_CI else pytest.mark.nightly) for each in CASES],
    ids=lambda each: each.__name__,
)
def test_what_is_copied_sends_the_same(sandbox, tmp_path, case, client):
    case(Calls(sandbox))
    row, first = told_of_last(sandbox), sandbox.received_requests()[-1]
    code = snippets_of(sandbox, row["number"])[client]
    assert not [each for each in sandbox._state.secrets() if each in code]
    output = run(sandbox, code, client, tmp_path)
    again = told_of_last(sandbox)
    assert again["number"] > row["number"]
    assert status_in(output) == row["status"] == again["status"]
    for name in ("method", "path", "query", "operation", "codes"):
        assert again[name] == row[name], name
    assert same(first, sandbox.received_requests()[-1])
    if row["came_with"] != "an unknown one":
        assert again["came_with"] == row["came_with"]


def test_a_secret_that_no_variable_holds_is_told_to_be_left_out(sandbox):
    headers = Calls(sandbox).session()
    body = {"name": "x", "note": {"password": "an0ther-s3cret"}}
    url = f"{sandbox.origin}/connect/v3/vendors?token=an0ther-s3cret"
    requests.post(url, headers=headers, json=body, timeout=5)
    for code in snippets_of(sandbox, told_of_last(sandbox)["number"]).values():
        assert "an0ther-s3cret" not in code
        assert code.startswith("# A secret that no variable holds was left out")


def test_what_cannot_come_again_is_said(sandbox):
    headers = Calls(sandbox).session()
    sandbox.fail("listVendors", status=503)
    requests.get(f"{sandbox.origin}/connect/v3/vendors", headers=headers, timeout=5)
    assert (
        "a fault that was asked for"
        in snippets_of(sandbox, told_of_last(sandbox)["number"])["curl"]
    )
    requests.post(f"{sandbox.origin}/connect/v3/logout", headers=headers, timeout=5)
    requests.get(f"{sandbox.origin}/connect/v3/vendors", headers=headers, timeout=5)
    row = told_of_last(sandbox)
    assert row["status"] == 401
    assert "this signs in anew" in snippets_of(sandbox, row["number"])["httpx"]


def test_a_body_that_was_not_kept_is_said(sandbox):
    headers = Calls(sandbox).session()
    body = {"name": "x" * 70_000}
    requests.post(f"{sandbox.origin}/connect/v3/vendors", headers=headers, json=body, timeout=5)
    found = snippets_of(sandbox, told_of_last(sandbox)["number"])
    assert "was not kept" in found["curl"]
    assert "--data-binary @body" in found["curl"]
    assert 'open("body", "rb")' in found["requests"]


def test_credentials_of_any_characters_are_written_as_json(tmp_path):
    given = {"BILL_PASSWORD": "a\"b\\c$d`e'f", "BILL_DEV_KEY": "0123456789-abcdefgh"}
    with LocalSandbox(variables=given) as sandbox:
        sign_in(Calls(sandbox))
        for client in CLIENTS:
            code = snippets_of(sandbox, told_of_last(sandbox)["number"])[client]
            assert status_in(run(sandbox, code, client, tmp_path)) == 200
