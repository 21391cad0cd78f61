"""What really changed between two recordings, in BILL's terms."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from pytest_bill.cassettes.changes.comparison import changes
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction
from tests.helpers.work import steps

BASE = "https://gateway.stage.bill.com/connect/v3"
OLD, NEW = "00901AAAAAAAAAAAAAAA", "00901BBBBBBBBBBBBBBB"
OTHER_OLD, OTHER_NEW = "00901CCCCCCCCCCCCCCC", "00901DDDDDDDDDDDDDDD"
THEN, NOW = "2026-11-29T11:22:48.383+00:00", "2027-01-02T03:04:05.6+00:00"


def asked(
    path: str = "/vendors", answer: object = None, sent: object = None, **changed
) -> Interaction:
    method = "GET" if sent is None else "POST"
    body, told = (b"" if each is None else json.dumps(each).encode() for each in (sent, answer))
    headers = {"content-type": ["application/json"]}
    made = Interaction(method, BASE + path, {}, body, 200, "OK", headers, told, "sandbox")
    return replace(made, **changed)


def changed(old: Interaction | list, new: Interaction | list, **unchanged) -> list[str]:
    before, now = (each if isinstance(each, list) else [each] for each in (old, new))
    return changes(Recording(before), Recording(now), Unchanged(**unchanged))


def answers(old: object, new: object, **unchanged) -> list[str]:
    return changed(asked(answer=old), asked(answer=new), **unchanged)


# --- what does not count ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"createdTime": THEN}, {"createdTime": NOW}),
        ({"dueDate": "2026-12-06"}, {"dueDate": "2027-01-09"}),
        ({"updatedOn": 1764415368383}, {"updatedOn": 1767323045600}),
        ({"note": f"paid at {THEN}."}, {"note": f"paid at {NOW}."}),
        ({"id": OLD, "vendorId": OLD}, {"id": NEW, "vendorId": NEW}),
        ({"id": 1001}, {"id": 2002}),
        ({"link": f"/v3/files/{OLD}?at=1"}, {"link": f"/v3/files/{NEW}?at=1"}),
        ({"ids": [OLD, OTHER_OLD]}, {"ids": [OTHER_NEW, NEW]}),
        ([{"id": OLD, "name": "a"}, {"id": "x1", "name": "b"}], None),
        ({"nextPage": "WzEsIjAxYmE0"}, {"nextPage": "WzEwLCIwMWJhNDcx"}),
        ({"confirmationNumber": "P23102301 - 4029"}, {"confirmationNumber": "P23102302 - 4030"}),
        ({"amount": 80}, {"amount": 80.0}),
        ({"data": json.dumps({"id": OLD})}, {"data": json.dumps({"id": NEW})}),
    ],
    ids=lambda each: json.dumps(each)[:30],
)
def test_dates_ids_and_the_order_of_lists_do_not_count_in_answers(old, new):
    assert answers(old, new if new is not None else old[::-1]) == []


DEVELOPER = "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"
BY_KEY = {"devKey": "PLACEHOLDER_BILL_DEV_KEY", "sessionId": DEVELOPER}
BY_TOKEN = {"Authorization": f"Bearer {DEVELOPER}"}
SPEND_KEY = {"apiToken": "PLACEHOLDER_BILL_SPEND_API_TOKEN"}
SPEND_TOKEN = {"Authorization": "Bearer PLACEHOLDER_BILL_SPEND_API_TOKEN_SESSION_ID"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BY_KEY, BY_TOKEN),
        (BY_TOKEN, BY_KEY),
        (SPEND_KEY, SPEND_TOKEN),
        (SPEND_TOKEN, SPEND_KEY),
        (BY_KEY, {"authorization": f"Bearer {DEVELOPER}_2"}),
    ],
)
def test_which_headers_carry_a_credential_does_not_count(old, new):
    assert changed(asked(headers={"A": "b", **old}), asked(headers={**new, "A": "b"})) == []
    assert changed(asked(headers={"A": "b", **old}), asked(headers=new)) != []


@pytest.mark.parametrize(
    ("old", "new"), [(BY_KEY, {}), ({}, BY_TOKEN), (BY_KEY, SPEND_TOKEN), (SPEND_KEY, BY_TOKEN)]
)
def test_another_credential_counts(old, new):
    assert changed(asked(headers=old), asked(headers=new)) != []


def signed_in(url: str, session: str, fixture: bool = True, **told) -> Interaction:
    name = "access_token" if url.endswith("/token") else "sessionId"
    headers = {"accept": "application/json", "content-type": "application/json"}
    return asked(
        url=url,
        method="POST",
        body=b'{"username": "x"}',
        headers=headers if fixture else {"Accept": "*/*"},
        answer_body=json.dumps({name: session, **told}).encode(),
    )


V3_LOGIN, TOKENS = f"{BASE}/login", "https://auth.stage.bill.com/authx/token"
V2_LOGIN = "https://api-stage.bill.com/api/v2/Login.json"


@pytest.mark.parametrize(
    ("old", "new"), [(V3_LOGIN, TOKENS), (TOKENS, V3_LOGIN), (V2_LOGIN, V3_LOGIN)]
)
def test_by_which_way_a_fixture_signs_in_does_not_count(old, new):
    assert changed(signed_in(old, DEVELOPER), signed_in(new, f"{DEVELOPER}_2")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (signed_in(V3_LOGIN, DEVELOPER), signed_in(TOKENS, "PLACEHOLDER_OF_ANOTHER")),
        (signed_in(V3_LOGIN, DEVELOPER, fixture=False), signed_in(TOKENS, DEVELOPER)),
        (signed_in(V3_LOGIN, DEVELOPER), signed_in(TOKENS, DEVELOPER, fixture=False)),
        (signed_in(V3_LOGIN, DEVELOPER), replace(signed_in(TOKENS, DEVELOPER), status=401)),
        (signed_in(f"{BASE}/vendors", DEVELOPER), signed_in(TOKENS, DEVELOPER)),
    ],
    ids=["another session", "was a client's", "is a client's", "refused", "no sign-in"],
)
def test_another_sign_in_counts(old, new):
    assert len(changed(old, new)) == 2


NOISE = {"Date": ["Sun, 29 Nov 2026 11:22:48 GMT"], "X-Request-Id": ["a1"], "ETag": ['"x"']}


def test_noise_in_headers_does_not_count():
    old = asked(answer_headers={**NOISE, "Server": ["a"], "X-Kept": ["a"]})
    new = asked(answer_headers={"date": ["Sat, 02 Jan 2027 11:22:48 GMT"], "x-kept": ["a"]})
    assert changed(old, new) == []
    sent = {"User-Agent": "python-requests/2.34.2", "Accept": "*/*", "Content-Length": "2"}
    assert changed(asked(headers=sent), asked(headers={"accept": "*/*"})) == []


def test_when_it_was_recorded_and_by_which_version_does_not_count():
    old = Recording([asked()], {"pytest_bill": {"version": "0.1.0"}})
    new = Recording([asked(recorded_at="2026-11-29T11:07:31Z")], {"pytest_bill": {"version": "2"}})
    assert changes(old, new) == []


def test_an_id_that_bill_told_may_be_another_in_what_is_asked_then():
    def recording(vendor: str, bill: str, at: str) -> list[Interaction]:
        return [
            asked("/vendors", {"id": vendor, "createdTime": at}, {"name": "Ada"}),
            asked(f"/vendors/{vendor}", {"id": vendor, "createdTime": at}),
            asked("/bills", {"id": bill, "vendorId": vendor}, {"vendorId": vendor}),
            asked(
                f"/bills?filters=vendorId:eq:{vendor},createdTime:lte:{quote(at)}", {"results": []}
            ),
        ]

    assert changed(recording(OLD, OTHER_OLD, THEN), recording(NEW, OTHER_NEW, NOW)) == []
    permuted = changed(recording(OLD, NEW, THEN), recording(NEW, OLD, NOW))
    assert permuted == []


@pytest.mark.parametrize("turned", [slice(None), slice(None, None, -1)], ids=["same", "turned"])
def test_requests_of_threads_may_come_in_any_order(turned):
    old = [asked("/vendors", {"id": OLD}, {"name": "a"}), asked("/bills", {}), asked("/bills", {})]
    new = [asked("/vendors", {"id": NEW}, {"name": "a"}), asked("/bills", {}), asked("/bills", {})]
    assert changed(old, new[turned]) == []


def test_a_form_with_files_has_another_boundary_each_time():
    def upload(boundary: str) -> Interaction:
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--{boundary}--'
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return asked(sent={}, body=body.encode(), headers=headers)

    assert changed(upload("x1"), upload("y2")) == []


# --- what does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ({"a": 1}, {"a": 1, "foo": 2}, "field `foo` added"),
        ({"a": 1, "foo": {"b": 2}}, {"a": 1, "foo": {}}, "field `foo.b` is gone"),
        ({"results": [{}]}, {"results": [{"foo": 1}]}, "field `results[].foo` added"),
        ({"status": "OPEN"}, {"status": "PAID"}, "`status` has a new value: PAID"),
        ({"amount": 5}, {"amount": 6}, "`amount` is 6, was 5"),
        ({"archived": False}, {"archived": True}, "`archived` is true, was false"),
        ({"amount": 5}, {"amount": "5"}, "`amount` is a text, was a number"),
        ({"a": None}, {"a": []}, "`a` is a list, was null"),
        ({"name": "Ada L."}, {"name": "Grace H."}, "`name` is another text"),
        ({"dueDate": "2026-12-06"}, {"dueDate": THEN}, "`dueDate` is another text"),
        ({"results": [1, 2]}, {"results": [1, 2, 3]}, "`results` has 3 entries, had 2"),
        ({"id": OLD, "a": OLD}, {"id": NEW, "a": OTHER_NEW}, "`a` is the id of another record"),
        ([{"id": OLD}], [{"id": ""}], "`[].id` is another text"),
        ("plain", ["plain"], "the body is a list, was a text"),
    ],
    ids=lambda each: json.dumps(each)[:30],
)
def test_what_changed_in_an_answer(old, new, line):
    assert answers(old, new) == [f"GET /v3/vendors: {line}"]


def test_a_value_of_an_enumeration_that_was_there_before_is_not_new():
    old = {"results": [{"status": "OPEN", "amount": 1}, {"status": "PAID", "amount": 2}]}
    new = {"results": [{"status": "PAID", "amount": 1}, {"status": "PAID", "amount": 2}]}
    assert answers(old, new) == ["GET /v3/vendors: `results[].status` is PAID, was OPEN"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"status": 404, "reason": "Not Found"}, "status 200 → 404"),
        ({"reason": "Fine"}, "status text 'OK' → 'Fine'"),
        ({"answered_by": "local"}, "was answered by sandbox, now by local"),
        ({"content_encoding": "gzip"}, "content_encoding is another"),
        ({"http_version": "HTTP/1.0"}, "http_version is another"),
        ({"answer_body": b"\xff\x00"}, "the body is a file, was a text"),
        ({"answer_headers": {"X-New": ["1"]}}, "header `x-new` added"),
        ({"headers": {"X-Trace": "1"}}, "request header `x-trace` added"),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, dict) else "",
)
def test_what_changed_beside_the_bodies(change, line):
    old = asked(answer="a", answer_headers={})
    assert changed(old, replace(old, **change)) == [f"GET /v3/vendors: {line}"]
    if "answer_headers" in change:
        assert changed(replace(old, **change), old) == ["GET /v3/vendors: header `x-new` is gone"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ({"name": "Ada"}, {"name": "Ada", "foo": 1}, "request field `foo` added"),
        ({"name": "Ada", "foo": 1}, {"name": "Ada"}, "request field `foo` is gone"),
        ({"name": "Ada"}, {"name": "Grace"}, "`name` is another text"),
        ({"dueDate": "2026-12-06"}, {"dueDate": "2027-12-06"}, "`dueDate` is another text"),
        ({"vendorId": OLD}, {"vendorId": NEW}, "`vendorId` is another text"),
        ({"lines": [1, 2]}, {"lines": [2, 1]}, "`lines[]` is 2, was 1"),
        ({"id": 1001}, {"id": 1002}, "`id` is 1002, was 1001"),
    ],
    ids=lambda each: json.dumps(each)[:30],
)
def test_what_a_test_sends_counts_dates_ids_and_order_too(old, new, line):
    echoed = [asked(sent=each, answer={"id": OLD, **each}) for each in (old, new)]
    found = changed(*echoed)
    assert f"POST /v3/vendors: {line}" in found


def test_an_id_in_a_request_is_not_explained_by_the_answer_that_repeats_it():
    old, new = (asked(sent={"vendorId": each}, answer={"vendorId": each}) for each in (OLD, NEW))
    assert changed(old, new) == ["POST /v3/vendors: `vendorId` is another text"]


def test_another_parameter_of_a_query_counts():
    assert changed(asked("/bills?max=2"), asked("/bills?max=3")) == [
        "GET /v3/bills: `max` is another text"
    ]
    assert changed(asked("/bills?a=1&b=2"), asked("/bills?b=2&a=1")) == []
    assert changed(asked("/bills?a=1"), asked("/bills?a=1&b=2")) == [
        "GET /v3/bills: request field `b` added"
    ]


def test_interactions_more_and_less_are_named_without_ids():
    one, other = asked("/vendors", {}), asked(f"/bills/{OLD}", {}, status=404)
    assert changed([one], [one, other]) == ["one more interaction: GET /v3/bills/{id} (status 404)"]
    assert changed([other, one], [one]) == ["one interaction less: GET /v3/bills/{id} (status 404)"]


def test_the_same_change_in_many_places_is_told_once():
    old, new = ([asked(answer={"a": 1, **more})] * 3 for more in ({}, {"b": 1}))
    assert changed(old, new) == ["GET /v3/vendors: field `b` added (3 times)"]


def test_of_many_values_of_a_field_it_is_told_that_there_are_some():
    old = [{"amount": number, "status": "A"} for number in range(5)]
    new = [{"amount": number + 9, "status": f"B_{number % 2}"} for number in range(5)]
    assert answers(old, new, list_order=False) == [
        "GET /v3/vendors: `[].amount` has other values (5 times)",
        "GET /v3/vendors: `[].status` has a new value: B_0 (3 times)",
        "GET /v3/vendors: `[].status` has a new value: B_1 (2 times)",
    ]


@pytest.mark.parametrize(
    ("environment", "found"), [("local", []), ("sandbox", ["answered"]), ("mixed", []), ("", [])]
)
def test_what_an_older_cassette_says_of_the_whole_file_is_said_of_each(environment, found):
    about = {"pytest_bill": {"environment": environment}} if environment else {}
    old, new = Recording([asked(answered_by="")], about), Recording([asked(answered_by="local")])
    told = changes(old, new)
    assert len(told) == len(found)
    assert all("was answered by sandbox, now by local" in line for line in told)


def test_other_metadata_counts():
    old, new = Recording([asked()], {"ours": 1}), Recording([asked()], {"ours": 2})
    assert changes(old, new) == ["the metadata's ours is another"]


# --- what is adjusted --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ({"createdTime": THEN}, {"createdTime": NOW}, "dates"),
        ({"updatedOn": 1764415368383}, {"updatedOn": 1767323045600}, "dates"),
        ({"id": OLD}, {"id": NEW}, "ids"),
        ({"id": 1001}, {"id": 1002}, "ids"),
        ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}], "list_order"),
    ],
)
def test_a_row_of_the_table_that_is_switched_off_counts(old, new, rule):
    assert answers(old, new) == []
    assert answers(old, new, **{rule: False})


def test_fields_and_headers_that_are_named_may_be_any():
    assert (
        answers({"a": {"Balance": 1}}, {"a": {"Balance": "x"}}, fields=frozenset({"balance"})) == []
    )
    sent = [asked(sent={"balance": each}) for each in (1, 2)]
    assert changed(*sent, fields=frozenset({"balance"}))
    told = [asked(answer_headers={"X-Trace": [each]}) for each in "ab"]
    assert changed(*told, headers=frozenset({"x-trace"})) == []


# --- stand-ins -----------------------------------------------------------------------------------


def with_stand_ins(name: str, email: str, said: str = "email person_name") -> Recording:
    vendor = {"id": OLD, "name": name, "email": email, "note": f"write to {email}"}
    about = {"stand_ins": {"kinds": sorted(said.split()), "fingerprint": "f"}}
    path = f"/customers?filters=email:eq:{email}"
    made = [asked("/customers", vendor, {"name": name}), asked(path, {"results": [vendor]})]
    return Recording(made, {"pytest_bill": about} if said else {})


ONE, ANOTHER = ("Husoj Lenuk", "husoj@lenuk.example"), ("Miro Patab", "miro@patab.example")


def test_stand_ins_may_be_others_if_they_stand_in_the_same_places():
    kinds = "email organization_name person_name"
    old, new = (with_stand_ins(*each, kinds) for each in (ONE, ANOTHER))
    assert changes(old, new) == []
    assert changes(old, new, Unchanged(stand_ins=False))


def test_data_that_nobody_calls_stand_ins_counts():
    old, new = (with_stand_ins(*each, "") for each in (ONE, ANOTHER))
    assert "POST /v3/customers: `name` is another text" in changes(old, new)


def test_another_fault_is_a_change():
    request = replace(asked("/customers"), status=0, answer_body=b"")
    old, new = ([replace(request, fault=each)] for each in ("timeout", "closed"))
    assert changed(old, old) == []
    assert changed(old, new) == ["GET /v3/customers: timeout → closed"]


# --- how long it takes ---------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["interactions", "entries", "turned entries"])
def test_the_time_grows_with_the_traffic(where):
    def work(count: int) -> int:
        if where == "interactions":
            old, new = (
                [asked("/vendors", {"id": f"{each}{number:019d}"}) for number in range(count)]
                for each in "ab"
            )
        else:
            entries = [{"id": f"x{number:019d}", "n": f"name {number}"} for number in range(count)]
            turned = entries[::-1] if where == "turned entries" else entries
            old, new = [asked(answer={"results": entries})], [asked(answer={"results": turned})]
        return steps(lambda: changed(old, new))

    assert work(200) < 5 * work(50)
