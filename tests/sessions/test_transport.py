"""How requests travel, and what they carry where."""

import email
import email.policy
import gzip
import io
import itertools
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
import requests
import vcr

from pytest_bill.cassettes import store
from pytest_bill.cassettes.handed_over import as_bytes
from pytest_bill.clients.base import served_by
from pytest_bill.credentials.kinds import (
    BY_WORD,
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    PARTNER_APP_KEY,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    Credential,
    signed_in_by,
)
from pytest_bill.credentials.sign_in import sign_in_request
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import (
    BillError,
    NotInCassette,
    PlaceholderSent,
    SessionRefused,
    SignInFailed,
)
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.stand_ins import StandIns
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.session import BillSession
from pytest_bill.sessions.transport import sign_in_network
from tests.helpers.stand_ins import KEY

SECRETS = {
    "username": "ada.lovelace@example.com",
    "password": "correct-horse-battery",
    "organization_id": "00801ABCDEFGHIJKLMNO",
    "key": "01DEVELOPERKEY012345",
    "client_id": "0oa-client-id-of-ours",
    "client_secret": "cl1ent-S3cret/of+ours==",
}
SIGN_INS = ["session-number-1", "session-number-2", "session-number-3"]
V3_EXPIRED = (
    401,
    {},
    json.dumps([{"code": "BDC_1109", "message": "Session is invalid."}]).encode(),
)
V2_EXPIRED = (
    200,
    {},
    json.dumps({"response_status": 1, "response_data": {"error_code": "BDC_1109"}}).encode(),
)


def packed(answer):
    status, headers, body = answer
    return status, headers | {"Content-Encoding": "gzip"}, gzip.compress(body)


@pytest.fixture
def session(recorder, use, server):
    """Make a session with a recorder; `bill` is the server, sign-ins are not among its answers."""
    sessions = []

    def session(mode=None, kind=DEVELOPER_KEY, bill=None, **options):
        bill = bill or server()
        it = recorder(at_origin(bill.origin, "local"), live=mode is None, **options)
        left = list(SIGN_INS)

        def network(request):
            body = json.dumps({"sessionId": left.pop(0)}).encode()
            return replace(request, status=200, answer_body=body)

        roles = [variable.role for variable in kind.variables]
        access = Access(
            kind,
            load=lambda: Credential(kind, {role: SecretStr(SECRETS[role]) for role in roles}),
            recorder=it,
            network=network,
            sign_in_use=lambda: use(mode, "sign_in.yaml"),
        )
        made = BillSession(access, it)
        made.bill, made.recorder = bill, it
        sessions.append(made)
        return made

    yield session
    for each in sessions:
        each.close()


def credentials_in(received) -> dict[str, str]:
    names = ("sessionid", "devkey", "apitoken", "appkey")
    return {name: value for name, value in received[2].items() if name in names}


def test_the_credential_is_sent_and_seen_nowhere_else(session):
    it = session()
    answer = it.get("/v3/vendors", headers={"X-Own": "1"})
    assert credentials_in(it.bill.received[0]) == {
        "sessionid": SIGN_INS[0],
        "devkey": SECRETS["key"],
    }
    assert answer.request.headers["X-Own"] == "1"
    assert not {"sessionid", "devkey"} & {name.lower() for name in answer.request.headers}
    assert not {"sessionid", "devkey"} & {name.lower() for name in it.headers}


def test_headers_may_be_bytes(session, use):
    it = session("once")
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors", headers={"X-Own": b"1"}).ok
    assert it.bill.received[0][2]["x-own"] == "1"
    assert store.load(use().path).interactions[0].headers["X-Own"] == "1"


def test_an_error_shows_no_secret_that_bill_repeats(session):
    it = session()
    problem = {"code": "BDC_1", "message": f"no {SECRETS['key']} in {SIGN_INS[0]}"}
    it.bill.default = (400, {}, json.dumps([problem]).encode())
    with pytest.raises(BillError) as refused:
        it.call("GET", f"/v3/organizations/{SECRETS['organization_id']}")
    expired = json.dumps([problem | {"code": "BDC_1109"}]).encode()
    it.bill.default = (401, {}, expired)
    with pytest.raises(SessionRefused) as refused_twice:
        it.get(f"/v3/organizations/{SECRETS['organization_id']}")
    for error in (refused.value, refused_twice.value):
        assert error.message.startswith("no PLACEHOLDER_BILL_DEV_KEY in PLACEHOLDER_BILL_")
        assert error.path == "/connect/v3/organizations/PLACEHOLDER_BILL_ORGANIZATION_ID"
        shown = f"{error} {error!r} {vars(error)}"
        assert [each for each in [*SECRETS.values(), *SIGN_INS] if each in shown] == []


# --- hosts -----------------------------------------------------------------------------------


def test_a_redirect_to_another_host_takes_no_credential_along(session, server):
    it, other = session(), server()
    it.bill.answers = [(302, {"Location": f"{other.origin}/connect/v3/vendors"}, b"")]
    assert it.get("/v3/vendors").ok
    assert credentials_in(it.bill.received[0])
    assert credentials_in(other.received[0]) == {}


def test_a_redirect_within_bill_keeps_the_credential(session):
    it = session()
    it.bill.answers = [(307, {"Location": "/connect/v3/elsewhere"}, b"")]
    assert it.post("/v3/vendors", json={"a": 1}).ok
    assert [credentials_in(each) for each in it.bill.received] == [
        {"sessionid": SIGN_INS[0], "devkey": SECRETS["key"]}
    ] * 2
    assert it.bill.received[1][3] == b'{"a": 1}'


def test_a_redirect_back_to_bill_gets_it_again(session, server):
    it, other = session(), server()
    it.bill.answers = [(302, {"Location": f"{other.origin}/x"}, b"")]
    other.answers = [(302, {"Location": f"{it.base_url}/v3/back"}, b"")]
    assert it.get("/v3/vendors").ok
    assert credentials_in(other.received[0]) == {}
    assert credentials_in(it.bill.received[1])


def test_an_absolute_url_elsewhere_gets_no_credential(session, server):
    it, other = session(), server()
    own = {"sessionId": "given-by-hand", "devKey": "given-by-hand"}
    assert it.get(f"{other.origin}/connect/v3/vendors", headers=own).ok
    assert it.get(f"{it.bill.origin}/elsewhere").ok
    assert credentials_in(other.received[0]) == credentials_in(it.bill.received[0]) == {}


@pytest.mark.parametrize(
    "url",
    [
        "http://{bill}@{other}/connect/v3/x",
        "http://{bill}\\@{other}/connect/v3/x",
        "http://{other}\\@{bill}/connect/v3/x",
        "http://{other}#@{bill}/connect/v3/x",
        "http://{other}?@{bill}/connect/v3/x",
        "HTTP://{other}/connect/v3/x",
        "http://user:{bill}@{other}/connect/v3/x",
    ],
)
@pytest.mark.parametrize("how", ["directly", "by a redirect"])
def test_urls_that_look_like_bills_get_no_credential(session, server, url, how):
    it, other = session(), server()
    url = url.format(bill=it.bill.origin[7:], other=other.origin[7:])
    with suppress(requests.RequestException):
        if how == "directly":
            it.get(url)
        else:
            it.bill.answers = [(302, {"Location": url}, b"")]
            it.get("/v3/vendors")
    assert [
        credentials_in(received) for received in other.received if credentials_in(received)
    ] == []


def test_a_credential_given_by_hand_is_the_one_sent(session):
    it = session()
    it.bill.default = V3_EXPIRED
    answer = it.get("/v3/vendors", headers={"sessionId": "given-by-hand"})
    assert answer.status_code == 401
    assert [credentials_in(each) for each in it.bill.received] == [{"sessionid": "given-by-hand"}]


# --- expiry ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expired",
    [V3_EXPIRED, V2_EXPIRED, packed(V3_EXPIRED), packed(V2_EXPIRED)],
    ids=["v3", "v2", "v3, gzip", "v2, gzip"],
)
@pytest.mark.parametrize(
    "body",
    [
        lambda: {"json": {"a": 1}},
        lambda: {"data": iter([b'{"a"', b": 1}"])},
        lambda: {"data": io.BytesIO(b'{"a": 1}')},
    ],
    ids=["JSON", "generator", "file"],
)
def test_an_expired_session_is_renewed_and_the_request_repeated_once(session, expired, body):
    it = session()
    it.bill.answers = [expired]
    assert it.post("/v3/vendors", **body()).json() == {"results": []}
    first, second = it.bill.received
    assert (first[3], second[3]) == (b'{"a": 1}', b'{"a": 1}')
    assert credentials_in(first)["sessionid"] == SIGN_INS[0]
    assert credentials_in(second)["sessionid"] == SIGN_INS[1]
    assert it.get("/v3/vendors").ok
    assert credentials_in(it.bill.received[2])["sessionid"] == SIGN_INS[1]


@pytest.mark.parametrize("expired", [V3_EXPIRED, V2_EXPIRED], ids=["v3", "v2"])
def test_a_second_refusal_is_a_clear_error(session, expired):
    it = session()
    it.bill.default = expired
    with pytest.raises(SessionRefused) as refused:
        it.get("/v3/vendors?q=1")
    assert refused.value.codes == ["BDC_1109"]
    assert refused.value.path == "/connect/v3/vendors"
    assert len(it.bill.received) == 2


def test_eight_threads_renew_one_session_once(session):
    it = session()
    it.get("/v3/vendors")
    first = SIGN_INS[0]
    it.bill.default = lambda received: (
        V3_EXPIRED if received[2]["sessionid"] == first else (200, {}, received[1].encode())
    )
    paths = [f"/v3/vendors/{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(it.get, paths))
    assert [answer.text for answer in answers] == [f"/connect{path}" for path in paths]
    used = {credentials_in(received)["sessionid"] for received in it.bill.received}
    assert used == set(SIGN_INS[:2])


@pytest.mark.parametrize(
    ("status", "code"), [(401, "BDC_1101"), (403, "BDC_1361"), (403, "BDC_1109"), (500, "BDC_1001")]
)
def test_other_refusals_are_answers(session, status, code):
    it = session()
    it.bill.default = (status, {}, json.dumps([{"code": code}]).encode())
    assert it.get("/v3/vendors").status_code == status
    assert len(it.bill.received) == 1


def authorizations(bill) -> list[str | None]:
    return [headers.get("authorization") for _, _, headers, _ in bill.received]


@pytest.mark.parametrize(
    "body", [b"", b'{"error": "invalid_token"}', b"<html>", V3_EXPIRED[2], b'[{"code": "X-1"}]']
)
def test_a_token_that_is_refused_is_renewed_and_the_request_repeated_once(session, body):
    """How BILL refuses one is not documented."""
    it = session(kind=OAUTH_CLIENT)
    it.bill.answers = [(401, {}, body)]
    assert it.get("/v3/vendors").ok
    assert authorizations(it.bill) == [f"Bearer {each}" for each in SIGN_INS[:2]]


@pytest.mark.parametrize(
    ("status", "code"), [(401, "BDC_1102"), (403, "BDC_1361"), (403, ""), (404, ""), (500, "")]
)
def test_what_is_not_for_a_token_is_an_answer(session, status, code):
    it = session(kind=OAUTH_CLIENT)
    it.bill.default = (status, {}, json.dumps([{"code": code}]).encode())
    assert it.get("/v3/partner/organizations").status_code == status
    assert len(it.bill.received) == 1


@pytest.mark.parametrize("body", [b"", V3_EXPIRED[2]])
@pytest.mark.parametrize("kind", [OAUTH_CLIENT, signed_in_by(DEVELOPER_KEY, "oauth")])
@pytest.mark.parametrize("path", ["/v3/partner/organizations", "EVENTS/v3/subscriptions"])
def test_what_is_another_credentials_costs_no_new_token(session, kind, path, body):
    it = session(kind=kind)
    it.bill.default = (401, {}, body)
    url = path.replace("EVENTS", f"{it.bill.origin}/connect-events")
    assert it.get(url).status_code == 401
    assert authorizations(it.bill) == [f"Bearer {SIGN_INS[0]}"]


@pytest.mark.parametrize(
    ("word", "path"), [("developer", "/v3/spend/budgets"), ("spend", "/v3/vendors")]
)
def test_a_token_in_place_of_a_key_is_for_all_that_tokens_are_for(session, word, path):
    it = session(kind=signed_in_by(BY_WORD[word], "oauth"))
    it.bill.answers = [(401, {}, b"")]
    assert it.get(path).ok
    assert authorizations(it.bill) == [f"Bearer {each}" for each in SIGN_INS[:2]]


def test_a_new_token_that_is_refused_too_is_a_clear_error(session):
    it = session(kind=OAUTH_CLIENT)
    it.bill.default = (401, {}, b"")
    with pytest.raises(SessionRefused, match="OAuth client credentials"):
        it.get("/v3/vendors")
    assert len(it.bill.received) == 2


def test_a_token_is_sent_to_bill_alone(session, server):
    it, other = session(kind=OAUTH_CLIENT), server()
    it.bill.answers = [(302, {"Location": f"{other.origin}/x"}, b"")]
    it.get("/v3/vendors")
    it.get(f"{other.origin}/y", headers={"Authorization": "Basic of-that-host"})
    assert authorizations(it.bill) == [f"Bearer {SIGN_INS[0]}"]
    assert authorizations(other) == [None, "Basic of-that-host"]


def test_an_authorization_given_by_hand_is_the_one_sent(session):
    it = session(kind=OAUTH_CLIENT)
    it.get("/v3/vendors", headers={"authorization": "Bearer by-hand"})
    it.get("/v3/vendors", headers={"sessionId": "by-hand"})
    assert authorizations(it.bill) == ["Bearer by-hand", None]


def test_beside_a_key_an_authorization_is_for_what_stands_before_bill(session):
    it = session()
    it.get("/v3/vendors", headers={"Authorization": "Basic of-the-gateway"})
    assert authorizations(it.bill) == ["Basic of-the-gateway"]
    assert credentials_in(it.bill.received[0])["sessionid"] == SIGN_INS[0]


def test_a_spend_token_that_was_taken_may_be_refused_something(session):
    it = session(kind=SPEND_API_TOKEN)
    assert it.get("/v3/spend/budgets").ok
    it.bill.default = V3_EXPIRED
    assert it.get("/v3/spend/budgets").status_code == 401
    assert len(it.bill.received) == 2


def test_the_first_refusal_of_a_spend_token_is_final(session, use):
    it = session("once", kind=SPEND_API_TOKEN)
    it.bill.default = (401, {}, b"")
    with it.recorder.using(use("once")):
        for _ in range(3):
            with pytest.raises(SignInFailed) as refused:
                it.get("/v3/spend/budgets")
    assert len(it.bill.received) == 1
    assert str(refused.value).startswith("bill_spend_client: BILL refused the Spend & Expense")
    assert "Check BILL_SPEND_API_TOKEN" in str(refused.value)
    assert not use().path.exists()


def test_a_session_that_bill_goes_on_refusing_costs_one_more_sign_in(session):
    it = session()
    it.bill.default = V3_EXPIRED
    for number in range(5):
        with pytest.raises(SessionRefused) as refused:
            it.get(f"/v3/vendors/{number}")
    first, second, *rest = [credentials_in(each)["sessionid"] for each in it.bill.received]
    assert (first, second) == tuple(SIGN_INS[:2])
    assert rest == [SIGN_INS[1]] * 4
    assert "BILL saw 2 sign-ins with the developer key in this run" in str(refused.value)


def test_one_operation_that_is_always_refused_costs_one_more_sign_in(session):
    it = session()
    it.bill.default = lambda received: (
        V3_EXPIRED if "bills" in received[1] else (200, {}, b'{"results": []}')
    )
    for _ in range(5):
        with pytest.raises(SessionRefused):
            it.get("/v3/bills")
        assert it.get("/v3/vendors").ok
    assert {credentials_in(each)["sessionid"] for each in it.bill.received} == set(SIGN_INS[:2])


def test_a_renewal_leaves_no_trace_and_a_refusal_replays_as_one(session, use):
    it = session("once")
    it.bill.answers = [V3_EXPIRED]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
        it.bill.default = V3_EXPIRED
        with pytest.raises(SessionRefused):
            it.get("/v3/bills")
    interactions = store.load(use().path).interactions
    assert [(each.url.rpartition("/")[2], each.status) for each in interactions] == [
        ("vendors", 200),
        ("bills", 401),
    ]
    again = session("none", bill=it.bill)
    sent = len(it.bill.received)
    with again.recorder.using(use("none")):
        assert again.get("/v3/vendors").ok
        with pytest.raises(SessionRefused):
            again.get("/v3/bills")
    assert len(it.bill.received) == sent


# --- record and replay -----------------------------------------------------------------------


def test_a_replayed_answer_is_the_live_one(session, use):
    it = session("once")
    body = json.dumps({"text": "\u00fc" * 99}).encode()
    it.bill.default = (
        203,
        {
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            "Set-Cookie": "theme=dark",
        },
        gzip.compress(body),
    )
    answers = []
    for mode in ("once", "none"):
        each = session(mode, bill=it.bill)
        with each.recorder.using(use(mode)):
            answers.append(each.get("/v3/vendors", stream=mode == "none"))
    live, replayed = answers
    assert len(it.bill.received) == 1
    assert live.json() == replayed.json() == json.loads(body)
    assert live.status_code == replayed.status_code == 203
    assert live.reason == replayed.reason
    assert live.url == replayed.url
    assert list(live.cookies.keys()) == list(replayed.cookies.keys()) == ["theme"]
    assert live.headers["Content-Type"] == replayed.headers["Content-Type"]
    assert replayed.elapsed.total_seconds() > 0


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_compressed_answer_that_plain_vcrpy_recorded_is_replayed(session, use, encoding):
    it = session("none")
    body = json.dumps({"text": "\u00fc"}).encode()
    plain = Interaction(
        "GET",
        f"{it.base_url}/v3/vendors",
        {},
        b"",
        200,
        "OK",
        {"Content-Encoding": ["gzip"]},
        # With requests, vcrpy keeps the header and unpacks the body.
        gzip.compress(body) if encoding == "gzip" else body,
    )
    store.save(use().path, store.Recording([plain]), lambda text: None)
    with it.recorder.using(use("none")):
        assert it.get("/v3/vendors").json() == {"text": "\u00fc"}


def test_no_secret_is_in_the_cassette(session, use):
    it = session("once")
    it.bill.default = (200, {"X-Echo": SECRETS["key"]}, SIGN_INS[0].encode())
    with it.recorder.using(use("once")):
        it.post(f"/v3/vendors?x={SECRETS['key']}", data=SECRETS["password"])
    text = use().path.read_text()
    assert [each for each in [*SECRETS.values(), *SIGN_INS] if each in text] == []
    (interaction,) = store.load(use().path).interactions
    assert interaction.headers["devKey"] == "PLACEHOLDER_BILL_DEV_KEY"
    assert interaction.headers["sessionId"] == "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"


def test_a_sessions_own_requests_are_recorded_once_beside_the_patches(session, use):
    it = session("once")
    with (
        it.recorder.using(use("once")),
        served_by(it.recorder),
        ThreadPoolExecutor(8) as pool,
    ):
        paths = [f"/v3/vendors/{number}" for number in range(40)]
        assert all(answer.ok for answer in pool.map(it.get, paths))
        requests.get(f"{it.base_url}/v3/bills", timeout=5)
    interactions = store.load(use().path).interactions
    assert len(interactions) == len(it.bill.received) == 41
    assert len({each.url for each in interactions}) == 41


def test_eight_threads_record_and_replay_with_one_session(session, use):
    """Distinct requests, the same one again and again, and bodies; nothing is lost or doubled."""
    calls = [("GET", f"/v3/vendors/{number}", None) for number in range(100)]
    calls += [("GET", "/v3/bills", None)] * 100
    calls += [("POST", "/v3/vendors", {"name": "A", "number": number}) for number in range(100)]
    count = itertools.count()

    def answer(received):
        body = {"path": received[1], "sent": received[3].decode()}
        if received[1] == "/connect/v3/bills":
            body["number"] = next(count)
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    answers = []
    bill = None
    for mode in ("once", "none"):
        it = session(mode, bill=bill)
        bill = it.bill
        bill.default = answer
        with it.recorder.using(use(mode)), ThreadPoolExecutor(8) as pool:
            sent = [pool.submit(it.call, method, path, json=data) for method, path, data in calls]
            answers.append([each.result() for each in sent])
    recorded, replayed = answers
    assert len(bill.received) == len(calls)
    assert len(store.load(use().path).interactions) == len(calls)
    assert replayed[:100] + replayed[200:] == recorded[:100] + recorded[200:]
    assert [json.loads(each["sent"])["number"] for each in replayed[200:]] == list(range(100))
    for bills in (recorded[100:200], replayed[100:200]):
        assert sorted(each["number"] for each in bills) == list(range(100))


def test_a_placeholder_is_not_sent(session, use):
    it = session("once")
    with it.recorder.using(use("once")), pytest.raises(PlaceholderSent):
        it.post("/v3/vendors", json={"name": "PLACEHOLDER_BILL_DEV_KEY"})
    assert it.bill.received == []


def test_a_proxy_of_the_environment_is_for_others_and_for_https(session, server, monkeypatch, use):
    proxy = server()
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("http_proxy", proxy.origin)
    it = session("once")
    with it.recorder.using(use("once")), served_by(it.recorder):
        assert it.get("/v3/vendors").ok
        assert proxy.received == []
        assert it.get("http://other.example.com/v3/vendors").ok
    assert len(it.bill.received) == 1
    assert proxy.received[0][1] == "http://other.example.com/v3/vendors"
    assert credentials_in(proxy.received[0]) == {}
    assert len(store.load(use().path).interactions) == 1


# --- v2's forms ------------------------------------------------------------------------------

LIST = "/v2/List/Vendor.json"
UPLOAD = "/v2/UploadAttachment.json"
FORM = "application/x-www-form-urlencoded"
DATA = json.dumps({"start": 0, "max": 2})
BILL = "https://api-stage.bill.com/api"
FOR_EACH_KIND = pytest.mark.parametrize(
    "kind", [DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_API_TOKEN], ids=lambda kind: kind.key
)
BINARY = b"%PDF-1.4 \x00\xff\r\n\r\n--not-the-boundary\r\n&devKey=no"
FILE = {"file": ("b.pdf", BINARY, "application/pdf")}


def fields_in(received) -> dict[str, object]:
    """The fields of a form that arrived, by a reader that is not the package's."""
    content_type, body = received[2].get("content-type", ""), received[3]
    if not content_type.startswith("multipart/"):
        return {
            name: values[0] if len(values) == 1 else values
            for name, values in parse_qs(body.decode(), keep_blank_values=True).items()
        }
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts()
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        if part.get_filename()
        else part.get_content()
        for part in parts
    }


def declared(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type}


def credential_of(number: int) -> dict[str, str]:
    return {"devKey": SECRETS["key"], "sessionId": SIGN_INS[number]}


@FOR_EACH_KIND
def test_v2_gets_the_credential_in_the_form(session, kind):
    it = session(kind=kind)
    assert it.post(LIST, data={"data": DATA}).ok
    assert fields_in(it.bill.received[0]) == {"data": DATA} | credential_of(0)


@pytest.mark.parametrize(
    ("body", "own"),
    [
        (lambda: {"data": [("data", DATA), ("data", "2")]}, {"data": [DATA, "2"]}),
        (lambda: {"data": {"data": "\u00fc & s\u00f8n"}}, {"data": "\u00fc & s\u00f8n"}),
        (
            lambda: {"data": b"data=1&", "headers": declared(f"{FORM}; charset=x")},
            {"data": "1"},
        ),
        (lambda: {"data": iter([b"da", b"ta=1"]), "headers": declared(FORM)}, {"data": "1"}),
        (lambda: {"data": io.BytesIO(b"data=1"), "headers": declared(FORM)}, {"data": "1"}),
        (dict, {}),
        (lambda: {"data": {}}, {}),
        (lambda: {"data": b"", "headers": declared(FORM)}, {}),
        (lambda: {"data": "data=1", "headers": {"content-type": FORM.encode()}}, {"data": "1"}),
    ],
    ids=["pairs", "text", "charset", "generator", "file", "nothing", "no fields", "empty", "bytes"],
)
def test_a_form_gets_it_however_it_is_given(session, body, own):
    it = session()
    answer = it.post(LIST, **body())
    (received,) = it.bill.received
    assert received[1] == f"/api{LIST}"
    assert fields_in(received) == own | credential_of(0)
    assert received[2]["content-type"].startswith(FORM)
    assert received[2]["content-length"] == str(len(received[3]))
    assert "transfer-encoding" not in received[2]
    seen = f"{answer.request.headers}{as_bytes(answer.request.body)}{vars(it)}"
    assert [each for each in [*SECRETS.values(), *SIGN_INS] if each in seen] == []
    assert "devKey" not in seen


@pytest.mark.parametrize("fields", [{"data": DATA}, {}], ids=["with a field", "file only"])
def test_v2_gets_the_credential_in_the_form_of_a_file(session, fields):
    it = session()
    answer = it.post(UPLOAD, data=fields, files=FILE)
    (received,) = it.bill.received
    assert fields_in(received) == credential_of(0) | fields | {"file": BINARY}
    assert received[2]["content-length"] == str(len(received[3]))
    assert received[2]["content-type"] == answer.request.headers["Content-Type"]
    assert SIGN_INS[0].encode() not in answer.request.body


def test_a_form_of_files_may_have_any_boundary_and_text_around_it(session):
    it = session()
    field = b'Content-Disposition: form-data; name="x"\r\n\r\n1'
    body = b"before\r\n--a b\r\n" + field + b"\r\n--a b--\r\nafter"
    it.post(UPLOAD, data=body, headers=declared('multipart/form-data; boundary="a b"'))
    assert fields_in(it.bill.received[0]) == credential_of(0) | {"x": "1"}
    assert it.bill.received[0][3].startswith(b"before\r\n--a b\r\n")
    assert it.bill.received[0][3].endswith(b"1\r\n--a b--\r\nafter")


PLAIN = {"data": {"data": DATA}}
FILES_OF_B = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v3/vendors", PLAIN),
        ("POST", "/v3/x/v2/y", PLAIN),
        ("POST", "/connect-events/v2/x", PLAIN),
        ("POST", "{origin}/connect/v2/List/Vendor.json", PLAIN),
        ("POST", "{origin}/api/v3/List/Vendor.json", PLAIN),
        ("POST", "/v2/Login.json", {"data": {"userName": "x"}}),
        ("POST", "/v2/Login.json", {}),
        ("GET", LIST, {}),
        ("PUT", LIST, PLAIN),
        ("POST", LIST, {"json": {"data": 1}}),
        ("POST", LIST, {"json": {}}),
        ("POST", LIST, {"data": b"data=1"}),
        ("POST", LIST, {"data": b"data=1", "headers": declared("text/plain")}),
        ("POST", LIST, {"data": b"", "headers": declared("application/json")}),
        ("POST", UPLOAD, {"data": b"x", "headers": declared("multipart/form-data")}),
        ("POST", UPLOAD, {"data": b"--b\r\n\r\n", "headers": declared(FILES_OF_B)}),
        (
            "POST",
            LIST,
            {
                "data": gzip.compress(b"data=1"),
                "headers": declared(FORM) | {"Content-Encoding": "gzip"},
            },
        ),
    ],
)
def test_any_other_body_is_left_alone(session, method, path, body):
    it = session()
    answer = it.request(method, path.format(origin=it.bill.origin), **body)
    (received,) = it.bill.received
    assert received[3] == as_bytes(answer.request.body)
    assert received[2].get("content-type") == answer.request.headers.get("Content-Type")
    assert credentials_in(received) == {"sessionid": SIGN_INS[0], "devkey": SECRETS["key"]}


@pytest.mark.parametrize("kind", [SPEND_API_TOKEN, PARTNER_APP_KEY], ids=lambda kind: kind.key)
def test_a_credential_that_v2_does_not_know_is_in_no_form(session, kind):
    it = session(kind=kind)
    assert it.post(LIST, data={"data": DATA}).ok
    assert fields_in(it.bill.received[0]) == {"data": DATA}


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"devKey": "by-hand", "sessionId": "by-hand"}},
        {"data": {"sessionId": ""}},
        {"data": {"devKey": "by-hand", "userName": "ada"}},
        {"data": {"SESSIONID": "by-hand"}},
        {"data": b"%64evKey=by-hand", "headers": declared(FORM)},
        {"data": {"sessionId": "by-hand"}, "files": FILE},
        {"data": {}, "headers": {"sessionId": "by-hand"}},
    ],
    ids=["both", "empty", "key only", "capitals", "escaped", "with a file", "header"],
)
def test_a_credential_put_in_by_hand_is_the_one_sent(session, body):
    it = session()
    it.bill.default = V2_EXPIRED
    answer = it.post(LIST, **body)
    assert answer.json()["response_data"] == {"error_code": "BDC_1109"}
    (received,) = it.bill.received
    assert received[3] == as_bytes(answer.request.body)
    assert SECRETS["key"] not in str(received)
    assert SIGN_INS[0] not in str(received)


@pytest.mark.parametrize("expired", [V2_EXPIRED, packed(V2_EXPIRED)], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    "body",
    [
        lambda: {"data": {"data": DATA}},
        dict,
        lambda: {"data": {"data": DATA}, "files": FILE},
        lambda: {"data": iter([b"data=1"]), "headers": declared(FORM)},
    ],
    ids=["form", "nothing", "file", "generator"],
)
def test_an_expired_session_of_v2_is_renewed_and_the_form_sent_once_more(session, expired, body):
    it = session(kind=CONSOLE_API_TOKEN)
    it.bill.answers = [expired]
    assert it.post(LIST, **body()).json() == {"results": []}
    first, second = it.bill.received
    own = {name: value for name, value in fields_in(first).items() if name not in credential_of(0)}
    assert fields_in(first) == own | credential_of(0)
    assert fields_in(second) == own | credential_of(1)
    for received in (first, second):
        assert credentials_in(received)["sessionid"] == fields_in(received)["sessionId"]
    assert it.post(LIST).ok
    assert fields_in(it.bill.received[2]) == credential_of(1)


def test_a_session_of_v2_refused_again_is_a_clear_error(session):
    it = session()
    it.bill.default = V2_EXPIRED
    with pytest.raises(SessionRefused) as refused:
        it.post(LIST, data={"data": DATA})
    assert refused.value.codes == ["BDC_1109"]
    assert len(it.bill.received) == 2
    shown = all_frames(refused.value) + str(vars(refused.value))
    assert [each for each in [*SECRETS.values(), *SIGN_INS] if each in shown] == []


@pytest.mark.parametrize(
    ("target", "form"),
    [(f"/api{LIST}", True), ("/connect/v3/vendors", False), ("/api/v2/Login.json", False)],
)
def test_a_redirect_within_bill_has_the_credential_where_it_belongs(session, target, form):
    it = session()
    it.bill.answers = [(307, {"Location": target}, b"")]
    assert it.post(UPLOAD, data={"data": DATA}).ok
    first, second = it.bill.received
    assert fields_in(first) == {"data": DATA} | credential_of(0)
    assert fields_in(second) == {"data": DATA} | (credential_of(0) if form else {})
    assert second[2]["content-length"] == str(len(second[3]))


BODIES = {
    "form": {"data": {"data": DATA}},
    "nothing": {},
    "file": {"data": {"data": DATA}, "files": FILE},
}


@FOR_EACH_KIND
@pytest.mark.parametrize("body", BODIES)
def test_a_v2_form_is_recorded_without_secrets_and_replayed(session, use, body, kind):
    it = session("once", kind=kind)
    it.bill.answers = [V2_EXPIRED]
    with it.recorder.using(use("once")):
        assert it.post(LIST, **BODIES[body]).ok
    it.bill.close()
    text = use().path.read_text()
    assert [each for each in [*SECRETS.values(), *SIGN_INS] if each in text] == []
    (interaction,) = store.load(use().path).interactions
    headers = {name.lower(): value for name, value in interaction.headers.items()}
    fields = fields_in(("POST", "", headers, interaction.body))
    assert fields["sessionId"].startswith("PLACEHOLDER_BILL_")
    assert fields["devKey"].startswith("PLACEHOLDER_BILL_")
    assert "content-length" not in headers
    again = session("none", bill=it.bill, kind=kind)
    with again.recorder.using(use("none")):
        answer = again.post(LIST, **BODIES[body])
    assert answer.json() == {"results": []}
    assert b"PLACEHOLDER" not in as_bytes(answer.request.body)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("recorded_by", ["hand", "session"])
def test_forms_filled_by_hand_and_by_the_session_replay_each_other(session, use, body, recorded_by):
    def by_hand(it):
        own = BODIES[body]
        return it.post(LIST, **own | {"data": own.get("data", {}) | it.credential_headers()})

    def by_session(it):
        return it.post(LIST, **BODIES[body])

    ask = by_hand if recorded_by == "hand" else by_session
    it = session("once")
    it._access.sign_in()
    with it.recorder.using(use("once")):
        assert [ask(it).ok, ask(it).ok] == [True, True]
    it.bill.close()
    again = session("none", bill=it.bill)
    with again.recorder.using(use("none")):
        assert [by_hand(again).ok, by_session(again).ok] == [True, True]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"filter_post_data_parameters": ["devKey", "sessionId"]},
        {"filter_post_data_parameters": [("devKey", "XXX"), ("sessionId", None)]},
    ],
    ids=["as it is", "removed", "replaced"],
)
def test_a_form_that_plain_vcrpy_recorded_replays(session, use, server, body, filters):
    bill, own = server(), BODIES[body]
    fields = own.get("data", {}) | {"sessionId": "of-another-time", "devKey": "another-key"}
    with vcr.use_cassette(str(use().path), **filters):
        assert requests.post(f"{bill.origin}/api{LIST}", **own | {"data": fields}, timeout=5).ok
    bill.close()
    text = use().path.read_text()
    assert text.count("uri: ") == 1
    use().path.write_text(text.replace(f"{bill.origin}/api", BILL))
    it = session("none", bill=bill)
    with it.recorder.using(use("none")):
        assert it.post(LIST, **own).json() == {"results": []}


def test_a_form_recorded_without_the_credential_replays(session, use):
    it = session("none")
    recorded = [
        Interaction(
            "POST", f"{BILL}{LIST}", {"Content-Type": FORM}, b"data=1", 200, "OK", {}, b"1"
        ),
        Interaction("POST", f"{BILL}/v2/Errors.json", {}, b"", 200, "OK", {}, b"2"),
    ]
    store.save(use().path, store.Recording(recorded), lambda text: None)
    with it.recorder.using(use("none")):
        assert it.post(LIST, data={"data": "1"}).text == "1"
        assert it.post("/v2/Errors.json").text == "2"


def same_body(now, recorded):
    return now.body == recorded.body


@pytest.mark.parametrize("part", ["raw_body", same_body])
def test_a_form_looks_the_same_to_every_matcher(session, use, part):
    match_on = ["method", "path", part]
    it = session("once")
    it._access.sign_in()
    with it.recorder.using(use("once", match_on=match_on)):
        assert it.post(LIST, data={"data": DATA}).ok
        assert it.post(LIST).ok
    it.bill.close()
    again = session("none", bill=it.bill)
    again._access.sign_in()
    with again.recorder.using(use("none", match_on=match_on)):
        assert again.post(LIST, data={"data": DATA}).ok
        assert again.post(LIST).ok


def test_a_form_that_is_not_recorded_says_what_differs(session, use):
    it = session("once")
    with it.recorder.using(use("once")):
        it.post(LIST, data={"data": '{"start": 0}'})
    again = session("none", bill=it.bill)
    with again.recorder.using(use("none")), pytest.raises(NotInCassette) as missed:
        again.post(LIST, data={"data": '{"start": 1}'})
    assert "    - body data.start: 0\n    + body data.start: 1\n" in str(missed.value)
    assert "devKey" not in str(missed.value)
    assert "sessionId" not in str(missed.value)


def test_a_replayed_form_signs_in_nowhere(session, use):
    it = session("once")
    with it.recorder.using(use("once")):
        assert it.post(LIST).ok
    again = session("new_episodes", bill=it.bill)
    again._access._signing_in._network = lambda request: pytest.fail("signed in")
    with again.recorder.using(use("new_episodes")):
        assert again.post(LIST).ok
    assert len(it.bill.received) == 1


def test_a_placeholder_in_a_form_is_not_sent(session, use):
    it = session("once")
    with it.recorder.using(use("once")), pytest.raises(PlaceholderSent, match="its body"):
        it.post(LIST, data={"sessionId": "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"})
    assert it.bill.received == []


# --- failures --------------------------------------------------------------------------------


def all_frames(error: BaseException) -> str:
    shown, traceback = "", error.__traceback__
    while traceback is not None:
        shown += repr(traceback.tb_frame.f_locals)
        traceback = traceback.tb_next
    return shown


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/v3/vendors", {}), ("POST", LIST, PLAIN), ("POST", UPLOAD, {"files": FILE})],
    ids=["headers", "form", "file"],
)
def test_a_failure_to_send_drags_no_secret_along(session, server, method, path, body):
    closed = server()
    closed.close()
    it = session(bill=closed)
    with pytest.raises(requests.ConnectionError) as failed:
        it.request(method, f"{path}?x={SECRETS['key']}", **body)
    assert failed.value.__context__ is None
    shown = str(failed.value) + all_frames(failed.value)
    assert SIGN_INS[0] not in shown
    assert SECRETS["key"] not in str(failed.value)


def test_a_sign_in_that_does_not_arrive_says_so(recorder):
    environment = at_origin("http://127.0.0.1:9", "local")
    it = recorder(environment, live=True)
    values = {role: SecretStr(value) for role, value in SECRETS.items()}
    access = Access(
        DEVELOPER_KEY,
        load=lambda: Credential(DEVELOPER_KEY, values),
        recorder=it,
        network=sign_in_network(it),
        sign_in_use=lambda: pytest.fail("live"),
    )
    for _ in range(2):
        with pytest.raises(SignInFailed) as failed:
            access.sign_in()
        message = str(failed.value)
        assert message.startswith(
            "bill_dev_session: the sign-in did not reach http://127.0.0.1:9, tried once: "
            "the connection was refused."
        )
        assert "The credential is not the cause: check the address" in message
    shown = message + all_frames(failed.value)
    assert [secret for secret in SECRETS.values() if secret in shown] == []
    assert it.counts.sign_ins == 1


def test_a_sign_in_follows_no_redirect(recorder, server):
    bill, other = server(), server()
    bill.default = (307, {"Location": f"{other.origin}/connect/v3/login"}, b"")
    environment = at_origin(bill.origin, "local")
    values = {role: SecretStr(value) for role, value in SECRETS.items()}
    request = sign_in_request(Credential(DEVELOPER_KEY, values), environment)
    assert sign_in_network(recorder(environment))(request).status == 307
    assert other.received == []


V2_VENDOR = {"name": "Happy Music Supplies", "email": "agatha@paperlessband.org"}
V2_ANSWER = json.dumps({"response_status": 0, "response_data": V2_VENDOR}).encode()
PNG = b"\x89PNG\xff\x00"


def v2_form(seen):
    return {"data": {"data": json.dumps({"obj": seen})}}


def v2_upload(seen):
    return v2_form(seen) | {"files": {"file": ("a.png", PNG)}}


@pytest.mark.parametrize("body", [v2_form, v2_upload])
def test_bill_is_told_what_is_real_and_the_test_sees_what_replay_shows(session, use, body):
    """In the form, with the credential beside it."""
    seen, bill = [], None
    for mode in ("once", "none"):
        it = session(mode, bill=bill, stand_ins=StandIns(KEY), stand_in_choice=StandInChoice())
        bill = it.bill
        bill.answers = [(200, {}, V2_ANSWER), (200, {}, V2_ANSWER)]
        with it.recorder.using(use(mode)):
            read = it.post("/v2/Crud/Read/Vendor.json", data={"data": json.dumps({"id": "1"})})
            vendor = read.json()["response_data"]
            params = {"email": vendor["email"]}
            put = it.post("/v2/Crud/Update/Vendor.json", params=params, **body(vendor))
            assert params["email"] in put.url.replace("%40", "@")
            seen.append((vendor, put.json()))
    assert seen[0] == seen[1]
    assert seen[0][0]["email"].endswith(".example.org")
    assert seen[0][1]["response_data"] == seen[0][0]

    _, path, headers, sent = bill.received[1]
    assert path.endswith("?email=agatha%40paperlessband.org")
    assert int(headers["content-length"]) == len(sent)
    if body is v2_upload:
        fields = multipart_fields(headers["content-type"], sent)
        assert fields["file"] == PNG
        told, key = fields["data"], fields["devKey"].decode()
    else:
        form = parse_qs(sent.decode())
        told, key = form["data"][0], form["devKey"][0]
    assert json.loads(told) == {"obj": V2_VENDOR}
    assert key == SECRETS["key"]
    assert len(bill.received) == 2
    assert "Music" not in use().path.read_text()
    assert "agatha" not in use().path.read_text()


def multipart_fields(content_type: str, body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in message.iter_parts()
    }


# --- requests without a whole answer -------------------------------------------------------------


class Broken:
    """A BILL that sends these bytes and closes; None is to wait for the client to go away."""

    def __init__(self, sent: bytes | None) -> None:
        self._sent = sent
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(self._sent or b"")
                    if self._sent is None:
                        connection.recv(1)

    def close(self) -> None:
        self._socket.close()


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("sent", "error", "fault"),
    [
        (b"", requests.ConnectionError, "closed"),
        (HEAD + b"Content-Ty", requests.ConnectionError, "cut in its head"),
        (HEAD + b"Content-Length: 90\r\n\r\n{", requests.ConnectionError, "cut"),
        (b"NO HTTP\r\n\r\n", requests.ConnectionError, "not HTTP"),
        (None, requests.ReadTimeout, "timeout"),
    ],
)
def test_a_fault_is_recorded_and_replayed_as_that(session, use, sent, error, fault):
    bill = Broken(sent)
    for mode, timeout in (("once", 0.1), ("none", 30)):
        it = session(mode, bill=bill)
        with it.recorder.using(use(mode)), pytest.raises(error) as met:
            it.get("/v3/vendors", timeout=timeout)
        assert met.type is error
        assert SECRETS["password"] not in str(met.value)
        bill.close()
    (recorded,) = store.load(use().path).interactions
    assert (recorded.fault, recorded.answer_body) == (fault, b"")
    assert recorded.headers["devKey"].startswith("PLACEHOLDER_")


def test_an_answer_that_ends_within_its_head_is_an_error(session):
    with pytest.raises(requests.ConnectionError, match="ended within its head"):
        session(bill=Broken(HEAD + b"Content-Ty")).get("/v3/vendors", timeout=5)
