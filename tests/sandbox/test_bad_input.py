"""Whatever is sent, the sandbox answers in BILL's shape, once, and has nothing to say of it itself.

test_contract holds the answers against the description; here is what no client library would send.
"""

import http.client
import json
import random
from urllib.parse import quote, urlencode

import pytest

from pytest_bill.sandbox import LocalSandbox, api, control
from pytest_bill.sandbox.admission import HEADER
from pytest_bill.sandbox.core.fields import Boolean, Date, Integer, Many, Number, Object
from pytest_bill.sandbox.core.operations import Caller

RAW = [
    *(b"", b"{", b"null", b"1", b'"x"', b"[]", b"{}", b"[{}]", b"[null]", b"\0", b"\xff\xfe{}"),
    *(b"[" * 100_000, b'{"a":' * 100_000, b'{"a": NaN}', b'{"a": 1e999}', b'{"a": -Infinity}'),
    *(
        b'{"a": ' + b"1" * 5_000 + b"}",
        b'{"\\ud800": 1}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
    ),
    *('{"a": 1}'.encode("utf-16"), '{"a": 1}'.encode("utf-32"), b'{"a": 1, "a": []}'),
    *(b"a=b", b"data={", b"data=%ff", b"data=%", b"data=[1]", b"=&&==", b"--x\r\n", b"--x--"),
    b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{\r\n--x',
]
TYPES = [
    *("application/json", "text/plain", "", "application/json; charset=utf-16"),
    *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"),
    *("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=nonsense"),
    *("multipart/form-data; boundary=\xe9", "a/b; " + "x" * 1_000),
]
VALUES = [
    *(None, "", " ", "\0", "x" * 5_000, "\u2028\U0001f600", "\ud800", "\r\nX: y", "\x85", "\u0130"),
    *(-1, 0, 0.5, 1e14, 10**30, -1e308, float("nan"), float("inf"), True, False),
    *([], {}, [[]], [None], [{}], {"": ""}, {"id": 1}, ["x"] * 3),
    *("9999-12-31", "0001-01-01", "2024-02-30", "2024-02-29", "9999-12-31T23:59:59.999+00:00"),
    *(
        "0001-01-01T00:00:00+14:00",
        "\uff12\uff10\uff12\uff14-01-01",
        "\u00b2",
        "-1",
        "1e400",
        "NaN",
    ),
    *("http://", "http://[", "http://a:99999/", "//", "%zz", "../../x", "$/v3/vendors/0/id"),
]
GOOD = ["x", "US", "a@example.com", "+15005550006", "322271627", "http://127.0.0.1:9/"]
TEXTS = [
    *("", "0", "-1", "9" * 21, "1.5", "%00", "%ff", "%", "%zz", "%ed%a0%80", "%0d%0a", "\u00b2"),
    *("W10", "WzEsMl0", "bnVsbA", "W3RydWUsIiJd", "a:eq:b", "a:eq", ":", '"', "id:in:", ",,,"),
    *("name:asc", "createdTime:gt:9999-12-31", "createdTime:gt:0001-01-01T00:00:00%2B14:00"),
    *("amount:gte:sNaN", "amount:gte:1e999999999", "x" * 3_000),
]
PARAMETERS = ["max", "page", "nextPage", "prevPage", "filters", "sort", "name", "id", "signature"]
CONTROLS = [
    *(control.CLOCK_PATH, control.MFA_PATH, control.FAULTS_PATH, control.SEED_PATH),
    *(control.PURCHASES_PATH, control.SNAPSHOTS_PATH + "/1/restore"),
]
# Signing out would end the session that all other calls are made in.
OPERATIONS = [each for each in api.OPERATIONS if each.name not in {"logout", "v2Logout"}]


@pytest.fixture(scope="module")
def running():
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def send(running):
    """Sends one request; all go along one connection, so that each must get one answer."""
    connection = http.client.HTTPConnection(running.origin.removeprefix("http://"), timeout=30)

    def send(method, target, headers, body=b""):
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    yield send
    connection.close()


@pytest.fixture(scope="module")
def credentials(running, send):
    """What a good call of each kind of caller brings."""
    v = running.variables

    def signed_in(path, key, **more):
        body = json.dumps({key: v["BILL_" + more.pop("of")], **more}).encode()
        _, answer = send("POST", f"/connect/v3{path}", {}, body)
        return {key: json.loads(body)[key], "sessionId": json.loads(answer)["sessionId"]}

    developer = signed_in(
        "/login",
        "devKey",
        of="DEV_KEY",
        username=v["BILL_USERNAME"],
        password=v["BILL_PASSWORD"],
        organizationId=v["BILL_ORGANIZATION_ID"],
    )
    partner = signed_in(
        "/partner/login",
        "appKey",
        of="PARTNER_APP_KEY",
        username=v["BILL_PARTNER_USERNAME"],
        password=v["BILL_PARTNER_PASSWORD"],
    )
    made = send(
        "POST",
        "/connect/v3/partner/organizations",
        partner,
        json.dumps(
            {
                "name": "A",
                "address": {"line1": "1", "city": "R", "zipOrPostalCode": "89501", "country": "US"},
            }
        ).encode(),
    )
    inside = {**partner, "organizationId": json.loads(made[1])["id"]}
    return {
        Caller.PARTNER: partner,
        Caller.PARTNER_IN_ORGANIZATION: inside,
        Caller.SPEND: {"apiToken": v["BILL_SPEND_API_TOKEN"]},
        Caller.ANYONE: {},
    } | dict.fromkeys(
        (Caller.ORGANIZATION, Caller.FORM, Caller.SIGNED_IN, Caller.SUBSCRIBER), developer
    )


@pytest.fixture(scope="module")
def ids(running, send, credentials):
    """An id of a record that exists for each name of a parameter that stands for one."""
    found = {"organizationId": running.variables["BILL_ORGANIZATION_ID"]}
    lists = {each.path: each for each in OPERATIONS if each.method == "GET"}
    for operation in OPERATIONS:
        path, _, parameter = operation.path.rpartition("/")
        listed = lists.get(path)
        if listed is None or listed.path_parameters or parameter in found:
            continue
        status, content = send("GET", path, credentials[listed.caller])
        answer = json.loads(content) if status == 200 else []
        records = answer["results"] if isinstance(answer, dict) else answer
        if records:
            found[parameter.strip("{}")] = records[0]["id"]
    return found


class Maker:
    """Makes bad calls of an operation; the same ones for the same seed."""

    def __init__(self, seed, credentials, ids):
        self.dice = random.Random(seed)
        self.credentials = credentials
        self.ids = ids
        self.badness = self.dice.choice((0, 0.05, 0.25))

    def call(self, operation):
        credential = self.credentials[operation.caller]
        if operation.form is not None:
            return operation.method, operation.path, *self.form(operation, credential)
        body = self.dice.choice(RAW)
        headers = {**credential, "Content-Type": self.dice.choice(TYPES)}
        if operation.body is not None and self.dice.random() < 0.7:
            body = self.json(
                [self.object(operation.body)] if operation.many else self.object(operation.body)
            )
        return operation.method, self.target(operation), headers, body

    def form(self, operation, credential):
        if self.dice.random() < 0.3:
            body = urlencode(credential).encode() + b"&" + self.dice.choice(RAW)
            return {"Content-Type": self.dice.choice(TYPES)}, body
        fields = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self.object(operation.form).items()
        }
        form = urlencode({**fields, **credential}, errors="surrogatepass")
        return {"Content-Type": "application/x-www-form-urlencoded"}, form.encode()

    def target(self, operation):
        target = operation.path
        for name in operation.path_parameters:
            known = self.ids.get(name) if self.dice.random() < 0.8 else None
            target = target.replace(f"{{{name}}}", known or self.text())
        return f"{target}?{self.dice.choice(PARAMETERS)}={self.text()}"

    def text(self):
        return quote(self.dice.choice(TEXTS), safe="%:,.")

    def object(self, fields):
        return {
            name: self.value(field, name)
            for name, field in fields.items()
            if field.required or self.dice.random() < 0.5
        }

    def value(self, field, name):
        if self.dice.random() < self.badness:
            return self.dice.choice(VALUES)
        match field:
            case _ if name in self.ids:
                return self.ids[name]
            case Object():
                return self.object(field.fields)
            case Many():
                return [self.value(field.item, name)] * self.dice.choice((1, 1, 2))
            case Number() | Integer():
                return 1
            case Boolean():
                return True
            case Date():
                return self.dice.choice(("2026-12-01", "9999-12-31", "0001-01-01"))
            case _:
                choices = sorted(getattr(field, "choices", ()))
                return self.dice.choice(choices or GOOD)

    def json(self, value):
        return json.dumps(value).encode()


def is_bills(status, content, target):
    """Whether an answer has the shape of BILL's: a success, or a refusal that names a code."""
    if target.startswith("/api/v2/"):
        return status == 200 and "response_status" in json.loads(content)
    if status < 400:
        return True
    if target == "/authx/token":
        return status < 500 and "error" in json.loads(content)
    return status < 500 and all(each["message"] for each in json.loads(content))


def check(send, calls, caplog):
    for method, target, headers, body in calls:
        status, content = send(method, target, headers, body)
        assert is_bills(status, content, target), (target, body[:2_000])
    assert [each.getMessage() for each in caplog.records if each.levelname != "DEBUG"] == []


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.sampled(40)
def test_a_bad_call_is_answered_as_bill_would(send, credentials, ids, caplog, seed):
    maker = Maker(seed, credentials, ids)
    check(send, map(maker.call, OPERATIONS), caplog)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.sampled(8)
def test_a_bad_control_is_refused_with_words(send, caplog, seed):
    dice = random.Random(seed)
    good = {
        control.CLOCK_PATH: {"advance_seconds": 0},
        control.MFA_PATH: {"required": False},
        control.FAULTS_PATH: {"operation": "x", "status": 400, "times": 1, "drop": True},
        control.SEED_PATH: {"/v3/vendors": [{"name": "x"}], "/v3/bills": [{"x": "$/v3/vendors"}]},
        control.PURCHASES_PATH: {"cardId": "x", "amount": 1, "kind": "CLEAR"},
    }
    calls = []
    for path in CONTROLS:
        whole = good.get(path, {})
        bodies = [dice.choice(RAW)]
        for name in whole:
            bodies.append(json.dumps({**whole, name: dice.choice(VALUES)}).encode())
        # A clock that is far ahead would end all sessions.
        late = [] if path == control.CLOCK_PATH else bodies
        calls += [("POST", path, {HEADER: "1"}, body) for body in late or bodies[:1]]
    check(send, calls, caplog)
