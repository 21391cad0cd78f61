"""What is sent from a page: with each credential, whatever comes back, and no secret in it."""

from __future__ import annotations

import base64
import json
import threading
from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox, control_paths
from pytest_bill.sandbox.pages import sending
from pytest_bill.sandbox.pages.credentials import BY_NAME
from pytest_bill.sandbox.pages.sending import in_process, signing_in

HEADER = {control_paths.HEADER: "test"}
SIX = list(BY_NAME)
DEVELOPER, SYNC, CONSOLE, SPEND, PARTNER, OAUTH = SIX
ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}


def control(sandbox, path, body=None, status=200):
    answer = requests.post(sandbox.origin + path, json=body, headers=HEADER, timeout=10)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def shared():
    """One for what is refused: it changes nothing."""
    with LocalSandbox() as running:
        yield running


@pytest.fixture
def send(sandbox):
    """Sends from a page; gives what is answered, which has no secret."""

    def send(credential, path, method="GET", refused=200, **more):
        call = {"credential": credential, "method": method, "path": path, **more}
        answer = requests.post(sandbox.origin + sending.PATH, json=call, headers=HEADER, timeout=10)
        assert answer.status_code == refused, answer.text
        secrets = sandbox._state.secrets()
        assert not [each for each in secrets if each in answer.text]
        return answer.json()

    return send


def states(sandbox):
    told = requests.get(sandbox.origin + signing_in.PATH, timeout=5).json()
    return {each["credential"]: each["state"] for each in told}


@pytest.mark.parametrize(
    ("credential", "method", "path", "body"),
    [
        (DEVELOPER, "GET", "/connect/v3/vendors", ""),
        (SYNC, "GET", "/connect/v3/vendors", ""),
        (CONSOLE, "GET", "/connect/v3/vendors", ""),
        (SPEND, "GET", "/connect/v3/spend/budgets", ""),
        (PARTNER, "GET", "/connect-events/v3/subscriptions", ""),
        (OAUTH, "GET", "/connect/v3/vendors", ""),
        (OAUTH, "GET", "/connect/v3/spend/budgets", ""),
        (DEVELOPER, "POST", "/api/v2/List/Vendor.json", 'data={"start":0,"max":3}'),
        (CONSOLE, "POST", "/api/v2/GetSessionInfo.json", ""),
        ("", "GET", "/connect/v3/health", ""),
        (DEVELOPER, "GET", "/connect/v3/health", ""),
    ],
)
def test_each_credential_opens_what_it_opens(sandbox, send, credential, method, path, body):
    told = send(credential, path, method, body=body)
    assert (told["status"], told["reason"], told["note"]) == (200, "OK", "")
    assert json.loads(told["body"])
    if path.startswith("/api/v2/"):
        assert json.loads(told["body"])["response_status"] == 0
    needs = credential not in ("", SPEND) and "health" not in path
    assert told["signed_in"] is needs
    assert told["milliseconds"] > 0
    assert ["content-type", "application/json"] in told["headers"]
    # It counts as if it had come over a socket.
    assert sandbox.request_counts()[f"{method} {path}"] == 1
    assert sandbox.received_requests()[-1] == told["request"]


def test_it_signs_in_once_and_what_expires_stays_so(sandbox, send):
    assert states(sandbox)[DEVELOPER] == "not signed in"
    assert send(DEVELOPER, "/connect/v3/vendors")["signed_in"] is True
    assert send(DEVELOPER, "/connect/v3/bills")["signed_in"] is False
    assert states(sandbox)[DEVELOPER] == "signed in"
    sandbox.advance(timedelta(minutes=36))
    assert states(sandbox)[DEVELOPER] == "expired"
    told = send(DEVELOPER, "/connect/v3/vendors")
    assert (told["status"], told["signed_in"]) == (401, False)
    assert "BDC_1109" in told["body"]
    assert sandbox.request_counts()["POST /connect/v3/login"] == 1
    control(sandbox, signing_in.SIGN_IN_PATH, {"credential": DEVELOPER})
    assert states(sandbox)[DEVELOPER] == "signed in"
    assert send(DEVELOPER, "/connect/v3/vendors")["status"] == 200


def test_how_long_each_lasts(sandbox):
    for credential in SIX:
        if credential != SPEND:
            answer = control(sandbox, signing_in.SIGN_IN_PATH, {"credential": credential})
            assert answer["status"] == 200
    told = {each["credential"]: each for each in answer["sign_ins"]}
    assert told[SPEND] == {"credential": SPEND, "state": "not needed", "since": None, "until": None}
    sandbox.advance(timedelta(minutes=36))
    ended = {each for each, state in states(sandbox).items() if state == "expired"}
    assert ended == {DEVELOPER, CONSOLE, PARTNER}
    sandbox.advance(timedelta(minutes=30))
    assert states(sandbox)[OAUTH] == "expired"
    assert states(sandbox)[SYNC] == "signed in"
    sandbox.advance(timedelta(hours=48))
    assert states(sandbox)[SYNC] == "expired"


def test_looking_keeps_no_session_open(sandbox, send):
    send(DEVELOPER, "/connect/v3/vendors")
    for _ in range(4):
        sandbox.advance(timedelta(minutes=10))
        states(sandbox)
    assert states(sandbox)[DEVELOPER] == "expired"


@pytest.mark.parametrize("credential", [DEVELOPER, SYNC, CONSOLE, PARTNER])
def test_signing_out_is_bills_own(sandbox, credential):
    control(sandbox, signing_in.SIGN_IN_PATH, {"credential": credential})
    control(sandbox, signing_in.SIGN_OUT_PATH, {"credential": credential})
    assert states(sandbox)[credential] == "not signed in"
    assert sandbox.request_counts()["POST /connect/v3/logout"] == 1


def test_who_sends_the_sign_out_is_signed_out(sandbox, send):
    assert send(DEVELOPER, "/connect/v3/logout", "POST")["status"] == 200
    assert states(sandbox)[DEVELOPER] == "not signed in"


def test_a_token_is_forgotten(sandbox):
    control(sandbox, signing_in.SIGN_IN_PATH, {"credential": OAUTH})
    control(sandbox, signing_in.SIGN_OUT_PATH, {"credential": OAUTH})
    assert states(sandbox)[OAUTH] == "not signed in"
    assert "POST /connect/v3/logout" not in sandbox.request_counts()


def test_a_partner_manages_the_newest_organization_that_it_created(send):
    roles, made = "/connect/v3/partner/roles", []
    assert send(PARTNER, roles)["status"] == 400
    for name in ("Quince", "Pear"):
        body = json.dumps({"name": name, "address": {**ADDRESS, "stateOrProvince": "TX"}})
        created = send(PARTNER, "/connect/v3/partner/organizations", "POST", body=body)
        assert created["status"] == 201, created["body"]
        made.append(json.loads(created["body"])["id"])
    told = send(PARTNER, roles)
    assert told["status"] == 200
    assert told["request"]["headers"]["organizationid"] == made[-1]
    told = send(PARTNER, roles, headers={"organizationId": made[0]})
    assert told["status"] == 200
    assert told["request"]["headers"]["organizationid"] == made[0]


def test_what_the_caller_writes_goes_before_the_credential(send):
    told = send(DEVELOPER, "/connect/v3/vendors", headers={"DevKey": "another", "X-Mine": "1"})
    assert told["status"] == 400
    assert told["request"]["headers"]["x-mine"] == "1"


def test_a_body_is_sent_as_what_the_operation_takes(sandbox, send):
    vendor = json.dumps({"name": 'Ünï "Co"\n', "address": ADDRESS}, ensure_ascii=False)
    told = send(DEVELOPER, "/connect/v3/vendors", "POST", body=vendor)
    assert told["status"] == 201
    assert told["request"]["headers"]["content-type"] == "application/json"
    assert json.loads(told["body"])["name"] == 'Ünï "Co"\n'
    assert json.loads(told["shown"]["body"]["text"]) == json.loads(told["body"])
    assert told["asked"]["kind"] == told["shown"]["kind"] == "JSON"
    listed = send(DEVELOPER, "/connect/v3/vendors", query="max=1&sort=name:desc")
    assert listed["request"]["query"] == {"max": "1", "sort": "name:desc"}
    (found,) = json.loads(listed["body"])["results"]
    assert found["name"].startswith("Ünï")


def test_a_form_with_a_file_gets_its_fields(send):
    content = (
        '--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n'
        '{"fileName": "a.txt"}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n'
        "--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    told = send(DEVELOPER, "/api/v2/UploadAttachment.json", "POST", headers=headers, body=content)
    assert json.loads(told["body"])["response_status"] == 0, told["body"]


def test_no_answer_has_a_secret(sandbox, send):
    for credential in SIX:
        send(credential, "/connect/v3/vendors")
    variables = sandbox.variables
    secret = variables["BILL_PASSWORD"]
    encoded = base64.b64encode(f"me:{secret}".encode()).decode()
    body = json.dumps({"name": secret, "address": {**ADDRESS, "line1": encoded}})
    told = send(DEVELOPER, "/connect/v3/vendors", "POST", body=body)
    assert told["status"] == 201
    assert secret not in json.dumps(told)
    assert encoded not in json.dumps(told)
    login = {"username": variables["BILL_USERNAME"], "password": secret}
    login |= {
        "organizationId": variables["BILL_ORGANIZATION_ID"],
        "devKey": variables["BILL_DEV_KEY"],
    }
    told = send("", "/connect/v3/login", "POST", body=json.dumps(login))
    assert told["status"] == 200
    assert json.loads(told["body"])["sessionId"] == "***"
    token = {"grant_type": "client_credentials", "client_id": variables["BILL_CLIENT_ID"]}
    token |= {"client_secret": variables["BILL_CLIENT_SECRET"]}
    form = "&".join(f"{name}={value}" for name, value in token.items())
    assert json.loads(send("", "/authx/token", "POST", body=form)["body"])["access_token"] == "***"


def test_a_fault_is_told_as_what_it_is(sandbox, send):
    send(DEVELOPER, "/connect/v3/vendors")
    sandbox.fail("listVendors", status=503, code="BDC_9999")
    told = send(DEVELOPER, "/connect/v3/vendors")
    assert (told["status"], told["reason"]) == (503, "Service Unavailable")
    sandbox.fail("listVendors", drop=True)
    told = send(DEVELOPER, "/connect/v3/vendors")
    assert (told["status"], told["body"]) == (None, "")
    assert "cut before an answer" in told["note"]
    sandbox.fail("listVendors", truncate=True)
    told = send(DEVELOPER, "/connect/v3/vendors")
    assert told["status"] == 200
    assert "in the middle" in told["note"]
    assert told["body"]
    announced = int(dict(told["headers"])["content-length"])
    assert told["size"] == announced // 2
    assert send(DEVELOPER, "/connect/v3/vendors")["note"] == ""


def test_an_answer_that_does_not_come_is_not_waited_for(sandbox, send, monkeypatch):
    monkeypatch.setattr(in_process, "LONGEST_SECONDS", 0.05)
    send("", "/connect/v3/health")
    sandbox.fail("getHealthCheck", delay_seconds=600)
    told = send("", "/connect/v3/health")
    assert told["status"] is None
    assert "No answer came within" in told["note"]
    assert send("", "/connect/v3/health")["status"] == 200


def test_a_sign_in_that_is_refused_is_told(sandbox, send):
    sandbox.fail("login", status=429, code="BDC_1144", message="Too many.")
    told = send(DEVELOPER, "/connect/v3/vendors")
    assert (told["status"], told["signed_in"]) == (429, False)
    assert "gave no session, so the call was not sent" in told["note"]
    assert "GET /connect/v3/vendors" not in sandbox.request_counts()
    sandbox.fail("login", drop=True)
    assert "was cut" in send(DEVELOPER, "/connect/v3/vendors")["note"]
    sandbox.fail("login", status=200, body="<html>")
    assert "gave no session" in send(DEVELOPER, "/connect/v3/vendors")["note"]
    assert send(DEVELOPER, "/connect/v3/vendors")["status"] == 200


def test_a_body_that_is_no_text_is_told_by_its_size(sandbox, send, login_body):
    body = login_body()
    url = f"{sandbox.origin}/connect/v3"
    session = requests.post(f"{url}/login", json=body, timeout=5).json()["sessionId"]
    headers = {"sessionId": session, "devKey": body["devKey"]}
    vendor = requests.get(f"{url}/vendors", headers=headers, timeout=5).json()["results"][0]["id"]
    made = requests.post(
        f"{url}/attachments/vendors/{vendor}?name=a.png",
        headers=headers,
        data=b"\x89PNG\xff\x00",
        timeout=5,
    ).json()
    told = send(DEVELOPER, "/AttachDownload", query=f"id={made['id']}")
    assert (told["status"], told["body"], told["size"]) == (200, "", 6)
    assert told["note"] == "The body is no text: 6 bytes."
    assert told["shown"]["kind"] == "binary"


def test_of_a_long_body_its_beginning_is_told(sandbox, send):
    sandbox.fail("getHealthCheck", status=200, body="x" * 300_000)
    told = send("", "/connect/v3/health")
    assert told["size"] == 300_000
    assert len(told["body"]) == 256 * 1024
    assert "300,000 characters" in told["note"]
    assert told["shown"]["body"]["length"] == 300_000


def test_calls_that_are_sent_at_once_sign_in_once(sandbox, send):
    threads = [
        threading.Thread(target=send, args=(DEVELOPER, "/connect/v3/vendors")) for _ in range(2)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sandbox.request_counts()["POST /connect/v3/login"] == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"credential": "the key"}, "the key"),
        ({"credential": 7}, "credential"),
        ({"method": "TRACE"}, "TRACE"),
        ({"method": None}, "method"),
        ({"path": "connect"}, "path"),
        ({"path": "/"}, "path"),
        ({"path": "/__sandbox__/reset"}, "path"),
        ({"path": "/connect/v3/vendors?max=1"}, "goes into query"),
        ({"headers": ["a"]}, "headers"),
        ({"headers": {"Host": "evil.example.com"}}, "the sandbox itself writes it"),
        ({"headers": {"a b": "1"}}, "its name"),
        ({"headers": {"a": "1\r\nb: 2"}}, "a line of ASCII"),
        ({"headers": {"a": 1}}, "a line of ASCII"),
        ({"body": {}}, "body"),
    ],
    ids=str,
)
def test_what_is_no_call_is_refused_in_words(shared, change, said):
    call = {"method": "GET", "path": "/connect/v3/vendors", **change}
    told = control(shared, sending.PATH, call, status=400)
    assert said in told[0]["message"]
    assert shared.request_counts() == {}


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"\xff", b"null", b"7"])
@pytest.mark.parametrize("path", [sending.PATH, signing_in.SIGN_IN_PATH, signing_in.SIGN_OUT_PATH])
def test_what_is_no_json_is_refused_in_words(shared, path, sent):
    answer = requests.post(shared.origin + path, data=sent, headers=HEADER, timeout=5)
    assert answer.status_code == 400
    assert answer.json()[0]["message"]


@pytest.mark.parametrize("path", [sending.PATH, signing_in.SIGN_IN_PATH, signing_in.SIGN_OUT_PATH])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({**HEADER, "Origin": "http://evil.example.com"}, 403),
        ({**HEADER, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**HEADER, "Host": "evil.example.com"}, 421),
    ],
    ids=str,
)
def test_no_page_of_another_site_sends(shared, path, headers, status):
    call = {"credential": DEVELOPER, "method": "GET", "path": "/connect/v3/vendors"}
    answer = requests.post(shared.origin + path, json=call, headers=headers, timeout=5)
    assert answer.status_code == status
    assert shared.request_counts() == {}


def test_each_sandbox_has_sign_ins_of_its_own(sandbox, send):
    send(DEVELOPER, "/connect/v3/vendors")
    with LocalSandbox() as other:
        assert states(other)[DEVELOPER] == "not signed in"


def test_a_call_is_shown_as_code_without_being_sent(sandbox):
    call = {"credential": "developer key", "method": "DELETE", "path": "/connect/v3/x", "query": ""}
    answer = requests.post(
        sandbox.origin + sending.CODE_PATH,
        json=call,
        headers={control_paths.HEADER: "1"},
        timeout=5,
    )
    assert list(answer.json()) == ["curl", "requests", "httpx"]
    for code in answer.json().values():
        assert "/connect/v3/x" in code
        assert "BILL_PASSWORD" in code
        assert not [each for each in sandbox._state.secrets() if each in code]
    assert sandbox.request_counts() == {"POST /connect/v3/login": 1}


def test_no_code_is_shown_where_the_sign_in_is_refused(sandbox):
    sandbox.fail("login", status=503)
    call = {"credential": "developer key", "method": "GET", "path": "/connect/v3/vendors"}
    answer = requests.post(
        sandbox.origin + sending.CODE_PATH,
        json=call,
        headers={control_paths.HEADER: "1"},
        timeout=5,
    )
    assert answer.status_code == 400
    assert "gave no session" in answer.json()[0]["message"]


def test_names_of_variables_are_filled_in_where_somebody_signs_in_only(sandbox):
    def sent(path, body, **more):
        call = {"method": "POST", "path": path, "body": body, **more}
        answer = requests.post(
            sandbox.origin + sending.PATH, json=call, headers={control_paths.HEADER: "1"}, timeout=5
        )
        return answer.json()

    token = "grant_type=client_credentials&client_id=BILL_CLIENT_ID&client_secret="
    assert sent("/authx/token", token + "BILL_CLIENT_SECRET")["status"] == 200
    assert sent("/authx/token", token + "BILL_PASSWORD")["status"] != 200
    assert sent("/connect/v3/login", "[")["status"] == 400
    vendor = '{"name": "BILL_USERNAME", "address": {"line1": "1", "city": "R", '
    vendor += '"zipOrPostalCode": "8", "country": "US"}}'
    made = sent("/connect/v3/vendors", vendor, credential="developer key")
    assert '"name":"BILL_USERNAME"' in made["body"]
