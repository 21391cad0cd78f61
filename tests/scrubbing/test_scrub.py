"""Secrets become placeholders, by place and by value."""

import base64
import gzip
import json
from dataclasses import replace
from urllib.parse import quote, unquote, urlencode

import httpx
import pytest
import requests

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.scrubbing.secret_places import SECRET_PLACES

SECRET = 'Pa/ss+w\u00f6rd "&<42>'
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


@pytest.fixture
def scrubber() -> Scrubber:
    return Scrubber(SecretRegistry([(PLACEHOLDER, SECRET)]))


def request(body: bytes = b"", content_type: str = "application/json", **changes) -> Interaction:
    return replace(Interaction("POST", URL, {"Content-Type": content_type}, body), **changes)


# --- by value --------------------------------------------------------------------------------

AWKWARD = "p@ss w\u00f6rd/='1'!"


@pytest.mark.parametrize(
    "url",
    [
        requests.Request("GET", f"{URL}/{AWKWARD}").prepare().url,
        requests.Request("GET", f"{URL}?q={AWKWARD}").prepare().url,
        requests.Request("GET", f"{URL}#{AWKWARD}").prepare().url,
        str(httpx.URL(f"{URL}/{AWKWARD}")),
        str(httpx.URL(f"{URL}?q={AWKWARD}")),
    ],
)
def test_a_value_is_found_however_a_client_quotes_it_in_a_url(url):
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, AWKWARD)]))
    assert scrubber.scrub(request(url=url)).url.endswith(PLACEHOLDER)


def test_of_a_path_without_secrets_nothing_changes(scrubber):
    url = f"{URL}/%28a%2Fb%29%ff?a=%28b%29&c#%28d%29"
    assert scrubber.scrub(request(url=url)).url == url


@pytest.mark.parametrize("escape", ["\\u{:04X}", "\\u{:04x}"])
def test_a_value_is_found_however_json_escapes_it(escape):
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, AWKWARD)]))
    escaped = "".join(c if c.isascii() and c.isalnum() else escape.format(ord(c)) for c in AWKWARD)
    scrubbed = scrubber.scrub(request(f'{{"a": ["{escaped}"]}}'.encode()))
    assert json.loads(scrubbed.body) == {"a": [PLACEHOLDER]}


def test_a_value_is_found_however_a_form_quotes_it():
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, AWKWARD)]))
    body = "a=" + quote(AWKWARD, safe="!'()*~")
    assert scrubber.scrub(request(body.encode(), FORM)).body == f"a={PLACEHOLDER}".encode()


@pytest.mark.parametrize(
    "place",
    [
        *("method", "url", "header", "header name", "body", "JSON key"),
        *("answer header", "answer header name", "Location", "answer body", "reason"),
    ],
)
def test_a_value_is_replaced_wherever_it_stands(scrubber, place):
    text = quote(SECRET, safe="")
    interaction = {
        "method": request(method=text),
        "url": request(url=f"{URL}/{text}?a={text}"),
        "header": request(headers={"X-Trace": text}),
        "header name": request(headers={text: "1"}),
        "JSON key": request(json.dumps({"a": [{text: 1}]}).encode()),
        "answer header name": request(answer_headers={text: ["1"]}),
        "Location": request(answer_headers={"Location": [f"{URL}/{text}?a={text}#{text}"]}),
        "body": request(f"free text {text}".encode(), "text/plain"),
        "answer header": request(answer_headers={"Link": [f"<{text}>"]}),
        "answer body": request(answer_body=f"<b>{text}</b>".encode()),
        "reason": request(reason=text),
    }[place]
    scrubbed = scrubber.scrub(interaction)
    shown = repr(vars(scrubbed))
    assert text not in shown
    assert PLACEHOLDER in shown


def test_binary_bodies_are_searched_and_kept(scrubber):
    body = b"\xff\xfe\x00" + quote(SECRET, safe="").encode() + b"\x89PNG"
    assert scrubber.scrub(request(body)).body == b"\xff\xfe\x00" + PLACEHOLDER.encode() + b"\x89PNG"


def test_short_values_are_replaced_by_place_only():
    scrubber = Scrubber(SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", "admin")]))
    scrubbed = scrubber.scrub(request(b'{"password": "admin", "role": "admin"}'))
    assert json.loads(scrubbed.body) == {"password": PLACEHOLDER, "role": "admin"}


def test_base64_is_encoded_again_also_in_a_path_and_its_neighbours_stay():
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, SECRET)]))
    token = base64.b64encode(f"user:{SECRET}".encode()).decode()  # pytest-bill: allow
    scrubbed = scrubber.scrub(request(url=f"{URL}/{quote(token, safe='')}/more?page=2")).url
    assert scrubbed.startswith(f"{URL}/")
    assert scrubbed.endswith("/more?page=2")
    inner = unquote(scrubbed.removeprefix(f"{URL}/").partition("/")[0])
    assert base64.b64decode(inner) == f"user:{PLACEHOLDER}".encode()


@pytest.mark.parametrize("url", ["https://[not-an-address/?devKey=K-1", "//[?sessionId=K-1"])
def test_a_location_that_is_no_url(url):
    scrubbed = Scrubber(SecretRegistry()).scrub(request(answer_headers={"Location": [url]}))
    assert "K-1" not in scrubbed.answer_headers["Location"][0]


def test_packed_without_saying_so_places_count_too():
    body = gzip.compress(b'{"sessionId": "S-1"}')
    scrubbed = Scrubber(SecretRegistry()).scrub(request(body)).body
    assert json.loads(gzip.decompress(scrubbed)) == {"sessionId": "PLACEHOLDER_BILL_SESSION_ID"}


@pytest.mark.parametrize("megabytes", [5, pytest.param(32, marks=pytest.mark.nightly)])
def test_a_large_body_takes_one_pass(recorder, use, megabytes):
    """Recorded scrubbed: one escape, in the secret at its very end."""
    row = b'{"id": "00501ABCD", "note": "some words", "amount": 12.5},\n'
    body = b"[" + row * (megabytes * 1_000_000 // len(row)) + json.dumps(SECRET).encode() + b"]"
    interaction = request(answer_body=body, status=200)
    it = recorder(registry=SecretRegistry([(PLACEHOLDER, SECRET)]))
    with it.using(use()):
        it.serve(interaction, lambda: interaction)
    with use().path.open("rb") as file:
        file.seek(-200_000, 2)
        assert PLACEHOLDER.encode() in file.read()


# --- by place --------------------------------------------------------------------------------

PLACES = {
    f"{'header ' if place.header else ''}{place.field}{' of a sign-in' * bool(place.of)}": place
    for place in SECRET_PLACES
}
UNKNOWN = "v-1!"  # to nobody known, and too short to be found by value


@pytest.mark.parametrize("name", PLACES)
def test_every_secret_place_of_the_table_is_replaced(name):
    place = PLACES[name]
    field = place.field
    url = URL.replace("vendors", "login") if place.of else URL
    if place.header:
        headers = {field.upper(): UNKNOWN}
        interactions = [
            request(headers=headers, answer_headers={n: [UNKNOWN, UNKNOWN] for n in headers})
        ]
    else:
        part = f'--B\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{UNKNOWN}\r\n--B--'
        bodies = [
            (json.dumps({"a": [{field: UNKNOWN}]}), "application/json"),
            (json.dumps({"a": json.dumps({field.upper(): [UNKNOWN]})}), ""),
            (urlencode({"a": "1", field: UNKNOWN}), FORM),
            (urlencode({"data": json.dumps({field: UNKNOWN})}), FORM),
            (part, "multipart/form-data; boundary=B"),
        ]
        interactions = [request(url=f"{url}?{urlencode({field: UNKNOWN})}")]
        interactions += [request(text.encode(), kind, url=url) for text, kind in bodies]
        if not place.of:  # what is secret in a sign-in's request is data in an answer
            link = f"https://a.example/b?c=d&{urlencode({field: UNKNOWN})}"
            interactions.append(request(answer_headers={"Location": [link], "Link": [f"<{link}>"]}))
            interactions += [
                request(answer_headers={"Content-Type": [kind]}, answer_body=text.encode())
                for text, kind in bodies
            ]
    for interaction in interactions:
        shown = repr(vars(Scrubber(SecretRegistry()).scrub(interaction)))
        assert UNKNOWN not in unquote(shown)
        assert f"PLACEHOLDER_{place.placeholder}" in shown


@pytest.mark.parametrize(
    "name", ["devKey", "DEVKEY", "sessionId", "apiToken", "appKey", "Authorization"]
)
def test_credential_headers(name):
    scrubbed = Scrubber(SecretRegistry()).scrub(
        request(headers={name: "something"}, answer_headers={name: ["something"]})
    )
    assert scrubbed.headers[name].startswith("PLACEHOLDER_")
    assert scrubbed.answer_headers[name] == [scrubbed.headers[name]]


def test_of_a_bearer_token_that_is_known_the_scheme_stays():
    token = "t0ken-of-0123456789/abc=="
    scrubber = Scrubber(SecretRegistry([("PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID", token)]))
    for name in ("Authorization", "authorization"):
        hidden = scrubber.scrubbed_header(name, f"Bearer {token}")
        assert hidden == "Bearer PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID"
        assert scrubber.scrubbed_header(name, hidden) == hidden
    assert scrubber.scrubbed_header("authorization", token).startswith("PLACEHOLDER_")
    unknown = scrubber.scrubbed_header("Authorization", "Bearer an0ther-0123456789")
    assert unknown == "PLACEHOLDER_AUTHORIZATION"
    asked = Interaction("GET", URL, {"Authorization": f"Bearer {token}"}, b"")
    same = Scrubber(scrubber.registry, same_in_all_places=True)
    assert same.scrub_request(asked).headers == {"Authorization": "PLACEHOLDER_ANY"}


def test_cookies_keep_their_names_and_attributes():
    scrubbed = Scrubber(SecretRegistry()).scrub(
        request(
            headers={"Cookie": "sid=abcdefgh; theme=dark"},
            answer_headers={"Set-Cookie": ["sid=abcdefgh; Path=/; HttpOnly", "lang=en"]},
        )
    )
    assert scrubbed.headers["Cookie"] == "sid=PLACEHOLDER_COOKIE; theme=PLACEHOLDER_COOKIE_2"
    assert scrubbed.answer_headers["Set-Cookie"] == [
        "sid=PLACEHOLDER_COOKIE; Path=/; HttpOnly",
        "lang=PLACEHOLDER_COOKIE_3",
    ]


def test_the_key_that_signs_webhook_notifications():
    answered = request(answer_headers={"Content-Type": ["application/json"]})
    scrubbed = Scrubber(SecretRegistry()).scrub(
        replace(answered, answer_body=b'{"id": "1", "securityKey": "S-1"}')
    )
    key = json.loads(scrubbed.answer_body)["securityKey"]
    assert key == "PLACEHOLDER_BILL_WEBHOOK_SECURITY_KEY"


FORM = "application/x-www-form-urlencoded"


def test_query_parameters_redirects_and_user_info():
    scrubbed = Scrubber(SecretRegistry()).scrub(
        request(
            url=f"{URL}?devKey=K-1&max=2",
            answer_headers={"Location": ["https://u:p-word@example.com/?sessionId=S-1"]},
        )
    )
    assert scrubbed.url == f"{URL}?devKey=PLACEHOLDER_BILL_DEV_KEY&max=2"
    (location,) = scrubbed.answer_headers["Location"]
    assert "S-1" not in location
    assert "p-word" not in location
    assert "@example.com/" in location


@pytest.mark.parametrize("path", ["/v3/login", "/v3/partner/login", "/v2/Login.json"])
def test_whoever_signs_in_is_hidden_in_the_sign_in_only(path):
    body = {"username": "ada", "userName": "ada", "orgId": "008A", "organizationId": "008A"}
    scrub = Scrubber(SecretRegistry()).scrub
    signing_in = scrub(
        request(json.dumps(body).encode(), url=f"https://gateway.stage.bill.com{path}")
    )
    assert all(value.startswith("PLACEHOLDER_") for value in json.loads(signing_in.body).values())
    elsewhere = scrub(request(json.dumps(body).encode()))
    assert json.loads(elsewhere.body) == body


def test_what_was_learnt_in_one_interaction_is_replaced_in_another(scrubber):
    answer = json.dumps({"sessionId": "session-0123456789"}).encode()
    scrubber.learn(request(answer_body=answer))
    assert scrubber.scrub(request(b"echo session-0123456789", "text/plain")).body == (
        b"echo PLACEHOLDER_BILL_SESSION_ID"
    )


HANDED_OUT = [name for name, place in PLACES.items() if not (place.of or place.header)]


@pytest.mark.parametrize("name", [*HANDED_OUT, "cookie"])
def test_whatever_bill_hands_out_is_a_secret_from_then_on(name):
    scrubber = Scrubber(SecretRegistry())
    if name == "cookie":
        placeholder = "PLACEHOLDER_COOKIE"
        answer = request(answer_headers={"Set-Cookie": ["sid=handed-out-0123; Path=/"]})
    else:
        placeholder = f"PLACEHOLDER_{PLACES[name].placeholder}"
        body = json.dumps({"a": {PLACES[name].field: "handed-out-0123"}})
        answer = request(answer_body=body.encode())
    scrubber.learn(answer)
    assert scrubber.scrub(request(b"echo handed-out-0123", "text/plain")).body == (
        f"echo {placeholder}".encode()
    )


def test_places_of_the_users_own():
    rules = ScrubRules(headers=frozenset({"X-Acme-Key"}), fields=frozenset({"iban"}))
    scrubbed = Scrubber(SecretRegistry(), rules).scrub(
        request(b'{"IBAN": "DE1"}', headers={"x-acme-key": "k", "Content-Type": "application/json"})
    )
    assert scrubbed.headers["x-acme-key"] == "PLACEHOLDER_X_ACME_KEY"
    assert json.loads(scrubbed.body) == {"IBAN": "PLACEHOLDER_IBAN"}


def test_scrubbing_twice_changes_nothing_more(scrubber):
    body = json.dumps({"password": SECRET, "note": SECRET, "sessionId": "S-1"}).encode()
    once = scrubber.scrub(request(body, answer_body=body))
    assert scrubber.scrub(once) == once


@pytest.mark.parametrize("body", [b'{"broken": ', b"[", b"null", b"7", b'"text"', b"\xff{", b"{}"])
def test_bodies_that_need_nothing_stay_as_they_are(scrubber, body):
    assert scrubber.scrub(request(body, answer_body=body)).answer_body == body


def test_for_matching_all_secrets_look_the_same():
    registry = SecretRegistry()
    scrubber = Scrubber(registry, same_in_all_places=True)
    bodies = {scrubber.scrub_request(request(b'{"devKey": "%d"}' % n)).body for n in range(3)}
    assert len(bodies) == 1
    assert not registry


@pytest.mark.parametrize("value", ["v3", "organizations"])
def test_an_organization_is_replaced_in_its_places_where_everyone_can_see_its_id(value):
    registry = SecretRegistry([("PLACEHOLDER_BILL_ORGANIZATION_ID", value)])
    url = "https://gateway.stage.bill.com/connect/v3/organizations/{}/users"
    asked = request(url=url.format(value), headers={"organizationId": value})
    scrubbed = Scrubber(registry).scrub(asked)
    assert scrubbed.url == url.format("PLACEHOLDER_BILL_ORGANIZATION_ID")
    assert scrubbed.headers == {"organizationId": "PLACEHOLDER_BILL_ORGANIZATION_ID"}
