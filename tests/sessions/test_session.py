"""The sessions that tests use, against servers on loopback."""

import json

import pytest
import requests

from pytest_bill.cassettes import store
from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    PARTNER_APP_KEY,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    load_credential,
)
from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.exceptions import BillError
from pytest_bill.interaction import Interaction
from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.session import BillPartnerSession, BillSession, BillSpendClient
from pytest_bill.sessions.transport import sign_in_network


@pytest.fixture(scope="module")
def sandbox():
    with LocalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def live(recorder, use, sandbox, tmp_path):
    """Make a live session with a credential of the local sandbox."""
    sessions = []
    variables = Variables(sandbox.variables, EnvFile(tmp_path / ".env", exists=False))

    def live(kind=DEVELOPER_KEY, session_class=BillSession, origin=sandbox.origin):
        it = recorder(at_origin(origin, "local"), live=True)
        access = Access(
            kind,
            load=lambda: load_credential(kind, variables),
            recorder=it,
            network=sign_in_network(it),
            sign_in_use=use,
        )
        sessions.append(session_class(access, it))
        return sessions[-1]

    yield live
    for session in sessions:
        session.close()


def test_it_is_a_session_of_requests(live):
    session = live()
    assert isinstance(session, requests.Session)
    assert session.get("/v3/vendors").status_code == 200
    assert session.get("v3/vendors").status_code == 200
    assert session.get(f"{session.base_url}/v3/vendors").status_code == 200


def test_a_refusal_is_a_plain_response_until_asked(live):
    session = live()
    answer = session.get("/v3/vendors/00901UNKNOWN00000000")
    assert not answer.ok
    with pytest.raises(BillError) as raised:
        answer.raise_for_status()
    assert raised.value.status == answer.status_code
    assert raised.value.codes == [each["code"] for each in answer.json()]
    assert raised.value.path == "/connect/v3/vendors/00901UNKNOWN00000000"


def test_call_gives_json_or_raises(live):
    session = live()
    assert session.call("GET", "/v3/vendors", params={"max": 1})["results"]
    with pytest.raises(BillError, match="GET /connect/v3/nothing with 404"):
        session.call("GET", "/v3/nothing")
    assert session.call("POST", "/v3/logout") is None


def test_v3_lists_are_followed(live):
    session = live()
    everything = session.call("GET", "/v3/bills", params={"max": 100})["results"]
    paged = list(session.paginate("/v3/bills", {"max": 7}))
    assert [each["id"] for each in paged] == [each["id"] for each in everything]
    assert len(paged) > 7


def test_spend_and_expense_lists_are_followed(live):
    client = live(SPEND_API_TOKEN, BillSpendClient)
    everything = client.call("GET", "/v3/spend/budgets", params={"max": 100})["results"]
    paged = list(client.paginate("/v3/spend/budgets", {"max": 7}))
    assert [each["id"] for each in paged] == [each["id"] for each in everything]
    assert len(paged) > 7


def test_paginate_raises_bills_error_and_leaves_parameters_alone(live):
    parameters = {"max": 0}
    with pytest.raises(BillError):
        list(live().paginate("/v3/bills", parameters))
    assert parameters == {"max": 0}


# --- v2 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_API_TOKEN], ids=lambda kind: kind.key
)
def test_v2_knows_who_asks(live, kind):
    session = live(kind)
    told = session.call("POST", "/v2/GetSessionInfo.json")["response_data"]
    assert told["organizationId"] == session.organization_id
    asked = {"data": json.dumps({"start": 0, "max": 2})}
    vendors = session.call("POST", "/v2/List/Vendor.json", data=asked)["response_data"]
    assert len(vendors) == 2
    assert session.get(f"/v3/vendors/{vendors[0]['id']}").ok


def test_a_file_is_uploaded_by_v2(live):
    session = live()
    vendor = session.call("GET", "/v3/vendors", params={"max": 1})["results"][0]["id"]
    content = b"%PDF-1.4\r\n\x00\xff" * 1000
    uploaded = session.call(
        "POST",
        "/v2/UploadAttachment.json",
        data={"data": json.dumps({"id": vendor, "fileName": "contract.pdf"})},
        files={"file": ("contract.pdf", content, "application/pdf")},
    )
    attached = session.call("GET", f"/v3/attachments/vendors/{vendor}")["results"]
    assert uploaded["response_data"]["documentUploadedId"] in [each["id"] for each in attached]


def test_v2_renews_an_expired_session(live, sandbox):
    session = live(CONSOLE_API_TOKEN)
    before = str(session.credential_headers()["sessionId"])
    sandbox.expire_sessions()
    assert session.call("POST", "/v2/GetSessionInfo.json")["response_status"] == 0
    after = str(session.credential_headers()["sessionId"])
    assert after != before
    assert session.call("POST", "/v2/GetSessionInfo.json")["response_status"] == 0
    assert session.credential_headers()["sessionId"] == after


def test_v2_is_signed_in_to_by_hand(live, sandbox):
    names = {"userName": "BILL_USERNAME", "password": "BILL_PASSWORD"}
    names |= {"orgId": "BILL_ORGANIZATION_ID", "devKey": "BILL_DEV_KEY"}
    form = {field: sandbox.variables[name] for field, name in names.items()}
    session = live()
    own = session.call("POST", "/v2/Login.json", data=form)["response_data"]["sessionId"]
    assert own != session.credential_headers()["sessionId"]
    del form["devKey"]
    with pytest.raises(BillError, match="BDC_1108 Missing parameter value for parameter: devKey"):
        session.call("POST", "/v2/Login.json", data=form)


def test_a_credential_by_hand_is_judged_by_v2(live, sandbox):
    session = live()
    own = {"sessionId": "unknown", "devKey": sandbox.variables["BILL_DEV_KEY"]}
    with pytest.raises(BillError) as refused:
        session.call("POST", "/v2/GetSessionInfo.json", data=own)
    assert refused.value.codes == ["BDC_1109"]
    answer = session.post("/v2/GetSessionInfo.json", data=session.credential_headers())
    assert answer.json()["response_status"] == 0


# --- more ------------------------------------------------------------------------------------


def test_a_partner_session_for_one_organization(live, server):
    session = live(PARTNER_APP_KEY, BillPartnerSession)
    session.headers["X-Trace"] = "t"
    session.timeout = 3
    session.verify = "ca.pem"
    scoped = session.for_organization("00801ORGANIZATION000")
    assert isinstance(scoped, BillPartnerSession)
    assert (scoped.headers["organizationId"], scoped.headers["X-Trace"]) == (
        "00801ORGANIZATION000",
        "t",
    )
    assert (scoped.timeout, scoped.verify) == (3, "ca.pem")
    assert "organizationId" not in session.headers
    assert scoped.credential_headers() == session.credential_headers()


def test_time_outs_by_default(live, monkeypatch):
    session = live()
    seen = []

    def send(request, **options):
        seen.append(options["timeout"])
        raise requests.ConnectionError

    monkeypatch.setattr(session.get_adapter(session.base_url), "send", send)
    for options in ({}, {"timeout": 5}, {"timeout": None}):
        with pytest.raises(requests.ConnectionError):
            session.get("/v3/vendors", **options)
    session.timeout = 7
    with pytest.raises(requests.ConnectionError):
        session.get("/v3/vendors")
    assert seen == [(10.0, 60.0), 5, None, 7]


def test_no_secret_in_a_repr(live, sandbox):
    session = live()
    headers = session.credential_headers()
    shown = repr(session) + repr(headers) + repr(dict(session.headers)) + repr(vars(session))
    secrets = [*sandbox.variables.values(), str(headers["sessionId"])]
    assert [secret for secret in secrets if secret in shown] == []
    assert repr(session) == "<BillSession with the developer key>"


def test_what_the_credential_names(live, sandbox):
    assert live().organization_id == sandbox.variables["BILL_ORGANIZATION_ID"]
    with pytest.raises(KeyError):
        _ = live(SPEND_API_TOKEN, BillSpendClient).organization_id


def test_netrc_is_not_read(live, monkeypatch, tmp_path, sandbox):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password from-netrc\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answer = live().get("/v3/vendors")
    assert answer.ok
    assert "Authorization" not in answer.request.headers


# --- as requests does, with less work --------------------------------------------------------


@pytest.fixture
def replaying(recorder, use):
    """Make a session that replays these interactions and could not send anything."""

    def replaying(*interactions, session_class=BillSession):
        it = recorder()
        store.save(use("none").path, store.Recording(list(interactions)), lambda text: None)
        it.open(use("none"))
        access = Access(
            DEVELOPER_KEY,
            load=lambda: pytest.fail("nothing is sent"),
            recorder=it,
            network=sign_in_network(it),
            sign_in_use=use,
        )
        return session_class(access, it)

    return replaying


def answered(path: str, body: bytes = b"[]", status: int = 200, **headers: str) -> Interaction:
    lists = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return Interaction("GET", SANDBOX.resolve(path), {}, b"", status, "OK", lists, body)


SETTINGS = {
    "none": {},
    "headers": {"headers": {"X-Own": "1", "Accept": None, "user-agent": "own"}},
    "headers without value": {"headers": {"Accept": None, "X-None": None}},
    "parameters": {"params": {"max": 5, "none": None, "name": ["a", "ü"]}},
    "session's parameters": {"params": {"max": 5}},
    "cookies": {"cookies": {"own": "1", "both": "2"}},
    "auth": {"auth": ("someone", "password")},
    "hooks": {"hooks": {"response": [print]}},
}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"params": {"max": 2, "sort": "a,b", "none": None}},
        {"params": {}},
        {"params": "already=encoded"},
        {"params": [("a", 1), ("a", 2)]},
        {"params": b"bytes=1"},
        {"headers": {"X-Own": "call", "ACCEPT": "text/plain", "Connection": None}},
        {"json": {"name": "Žižkov"}},
        {"json": []},
        {"data": {"a": 1, "b": ["x", "y"]}},
        {"data": "text ü"},
        {"data": b"\x00"},
        {"files": {"file": ("a.txt", b"content")}, "data": {"a": "1"}},
        {"cookies": {"both": "call", "new": "3"}},
        {"auth": ("call", "secret")},
        {"hooks": {"response": lambda response, **_: response}},
    ],
    # A function's repr would be another one in each process.
    ids=lambda options: "own hooks" if "hooks" in options else str(options),
)
@pytest.mark.parametrize("settings", SETTINGS)
def test_requests_are_prepared_as_by_requests(replaying, settings, options, monkeypatch):
    monkeypatch.setattr("urllib3.filepost.choose_boundary", lambda: "boundary")
    prepared = []
    for session in (requests.Session(), replaying()):
        session.auth = None
        for name, value in SETTINGS[settings].items():
            mine = getattr(session, name)
            mine.update(value) if name not in ("auth",) else setattr(session, name, value)
        for method in ("get", "POST"):
            url = "https://gateway.stage.bill.com/connect/v3/vendors/ü?x=1#part"
            made = session.prepare_request(requests.Request(method, url, **options))
            prepared.append(
                (
                    *(made.method, made.url, list(made.headers.items()), made.body, made.hooks),
                    sorted(map(repr, made._cookies)),
                )
            )
    assert prepared[:2] == prepared[2:]


def test_a_session_may_be_adapted(replaying):
    session = replaying(answered("/v3/a?k=1", Set_Cookie="x=1; Path=/"), answered("/v3/b?k=1"))
    seen = []

    def hook(response, **options):
        seen.append((response.raw.read(), options["proxies"], options["verify"]))

    session.hooks["response"].append(hook)
    session.params["k"] = 1
    session.headers["X-Own"] = "1"
    session.auth = ("someone", "password")
    session.verify = False
    session.proxies = {"https": "http://127.0.0.1:9"}
    first = session.get("/v3/a")
    assert first.request.headers["X-Own"] == "1"
    assert first.request.headers["Authorization"].startswith("Basic ")
    assert session.cookies["x"] == "1"
    assert session.get("/v3/b").request.headers["Cookie"] == "x=1"
    assert seen == [(b"[]", session.proxies, False)] * 2


def test_a_session_may_be_subclassed(replaying):
    class Own(BillSession):
        def request(self, method, url, *args, **kwargs):
            return super().request(method, url + "?own=1", *args, **kwargs)

        def prepare_request(self, request):
            request.headers["X-Own"] = "1"
            return super().prepare_request(request)

        def send(self, request, **kwargs):
            response = super().send(request, **kwargs)
            response.own = True
            return response

    response = replaying(answered("/v3/a?own=1"), session_class=Own).get("/v3/a")
    assert response.own
    assert response.request.headers["X-Own"] == "1"


def test_another_adapter_may_be_mounted(replaying, server, monkeypatch):
    other, proxy = server(), server()
    session = replaying(answered("/v3/a"))
    monkeypatch.setenv("http_proxy", proxy.origin)
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Elsewhere(requests.adapters.HTTPAdapter):
        def send(self, request, **options):
            assert options["proxies"]["http"] == proxy.origin
            request.url = f"{other.origin}/elsewhere"
            return super().send(request, **options | {"proxies": {}})

    session.mount(session.base_url + "/v3/b", Elsewhere())
    monkeypatch.setenv("https_proxy", proxy.origin)
    assert session.get("/v3/a").content == b"[]"
    assert session.get("/v3/b").json() == {"results": []}
    assert [path for _, path, *_ in other.received] == ["/elsewhere"]


def test_prepared_requests_may_be_sent(replaying):
    session = replaying(answered("/v3/a"), answered("/v3/b"))
    request = requests.Request("GET", f"{session.base_url}/v3/a")
    assert session.send(session.prepare_request(request)).ok
    assert session.send(requests.Request("GET", f"{session.base_url}/v3/b").prepare()).ok


def test_replay_asks_the_environment_for_no_proxy(replaying, monkeypatch):
    def fail(*_args, **_kwargs):
        raise AssertionError("it costs more than the answer")

    for name in ("get_environ_proxies", "resolve_proxies", "get_netrc_auth"):
        monkeypatch.setattr(requests.sessions, name, fail)
    moved = answered("/v3/old", status=302, Location="/connect/v3/new")
    session = replaying(moved, answered("/v3/new"))
    response = session.get("/v3/old")
    assert (response.ok, len(response.history)) == (True, 1)


@pytest.mark.parametrize("trust_env", [True, False])
def test_whether_the_environment_is_trusted_is_the_users_choice(replaying, trust_env):
    session = replaying(answered("/v3/a"))
    session.trust_env = trust_env
    assert session.get("/v3/a").ok
    assert session.trust_env is trust_env


def test_a_body_that_was_read_at_once_looks_like_one_that_was_read(replaying):
    headers = {"Content_Length": "300"}
    session = replaying(answered("/v3/a", b"[1]", **headers), answered("/v3/a", b"[1]", **headers))
    at_once = session.get("/v3/a")
    streamed = session.get("/v3/a", stream=True)
    assert streamed.content == at_once.content == b"[1]"
    for raw in (at_once.raw, streamed.raw):
        assert (raw.closed, raw.length_remaining, raw.read(), raw.data) == (True, 297, b"", b"")
        assert list(raw.stream()) == []
        raw.close()
    assert list(at_once.iter_content(2)) == list(streamed.iter_content(2)) == [b"[1", b"]"]


@pytest.mark.parametrize("how", ["/{}", "{}", "{base}/{}"], ids=["path", "no slash", "url"])
def test_with_one_token_lists_of_both_apis_are_followed(live, how):
    session = live(OAUTH_CLIENT)
    for path, size, name in (("v3/vendors", 2, "id"), ("v3/spend/budgets", 20, "uuid")):
        url = how.format(path, base=session.base_url)
        whole = [each[name] for each in session.paginate(url, {"max": 100})]
        pages = [each[name] for each in session.paginate(url, {"max": size})]
        assert pages == whole
        assert len(set(whole)) == len(whole) > size
