"""Bank and personal data is found in every kind of body, query and filter."""

import json
import random
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import (
    StandInChoice,
    by_value_of,
    data_of_request,
    found_in,
    replaced,
    replaced_answer,
)
from pytest_bill.scrubbing.personal_places import CHOICES, Kind

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
FORM = "application/x-www-form-urlencoded"
NOTHING = ByValue()


def mark(kind: Kind, value: str) -> str:
    return f"<{kind.value}>"


def request(body: bytes = b"", content_type: str = "application/json", **changes) -> Interaction:
    return replace(Interaction("POST", URL, {"content-type": content_type}, body), **changes)


def marked(data, **changes):
    sent = request(json.dumps(data).encode(), **changes)
    return json.loads(replaced(sent, mark, NOTHING).body)


def test_json_of_any_depth():
    vendor = {"name": "A", "address": {"city": "B", "country": "US"}, "items": [{"name": "C"}]}
    expected = {
        "name": "<organization_name>",
        "address": {"city": "<address.city>", "country": "US"},
        "items": [{"name": "C"}],
    }
    assert marked(vendor) == expected
    assert marked({"results": [vendor]}) == {"results": [expected]}
    assert marked([vendor, None]) == [expected, None]


def test_numbers_empty_values_and_placeholders():
    assert marked({"accountNumber": 123456, "taxId": None, "email": "", "phone": True}) == {
        "accountNumber": "<bank.account_number>",
        "taxId": None,
        "email": "",
        "phone": True,
    }
    sent = request(b'{"accountNumber": 123456}')
    made = replaced(sent, lambda kind, value: value[::-1], NOTHING)
    assert made.body == b'{"accountNumber": 654321}'
    assert marked({"username": "PLACEHOLDER_BILL_USERNAME"}) == {
        "username": "PLACEHOLDER_BILL_USERNAME"
    }


def test_lists_below_a_name():
    invoice = {"recipient": {"to": ["a@b.org", "c@d.org"]}}
    assert marked(invoice) == {"recipient": {"to": ["<email>", "<email>"]}}


@pytest.mark.parametrize("text", ['{"a":1,"email":"x"}', '{"a": 1, "email": "x"}'])
def test_the_style_of_json_stays(text):
    made = replaced(request(text.encode()), lambda *_: "y", NOTHING)
    assert made.body.decode() == text.replace('"x"', '"y"')


def test_what_holds_nothing_stays_as_it_is():
    sent = request(b'{"b" : 1,\n "a" : 2}', url=URL + "?max=2&page=%20x")
    assert replaced(sent, mark, NOTHING) == sent


@pytest.mark.parametrize(
    "text",
    ['{"email": "a@b.org"', '{"email": "a@b.org"}\n{"email": "c@d.org"}', '\ufeff{"email": "a"}'],
)
def test_what_is_no_json_is_searched_by_name(text):
    made = replaced(request(text.encode()), mark, NOTHING).body.decode()
    assert "@b" not in made
    assert "<email>" in made


def test_the_forms_of_v2():
    url = "https://api-stage.bill.com/api/v2/Crud/Create/Vendor.json"
    vendor = {"obj": {"entity": "Vendor", "name": "A", "addressCity": "B", "isActive": "1"}}
    body = urlencode({"devKey": "k", "data": json.dumps(vendor), "email": "a@b.org"})
    made = replaced(request(body.encode(), FORM, url=url), mark, NOTHING)
    form = dict(parse_qsl(made.body.decode()))
    assert form["email"] == "<email>"
    assert json.loads(form["data"])["obj"] == vendor["obj"] | {
        "name": "<organization_name>",
        "addressCity": "<address.city>",
    }


def test_the_filters_of_v2():
    url = "https://api-stage.bill.com/api/v2/List/Vendor.json"
    filters = [
        {"field": "email", "op": "=", "value": "a@b.org"},
        {"field": "isActive", "op": "=", "value": "1"},
    ]
    assert marked({"filters": filters}, url=url) == {
        "filters": [filters[0] | {"value": "<email>"}, filters[1]]
    }


def test_multipart_forms():
    body = (
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.org\r\n'
        b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"phone": "1"}\r\n--x--\r\n'
    )
    made = replaced(request(body, "multipart/form-data; boundary=x"), mark, NOTHING).body
    assert b"\r\n\r\n<email>\r\n--x" in made
    assert b'{"phone": "<phone>"}' in made


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (
            'name:eq:"Acme, Inc",archived:eq:false',
            'name:eq:"<organization_name>",archived:eq:false',
        ),
        ("archived:eq:false,name:sw:Ac", "archived:eq:false,name:sw:<organization_name>"),
        ('email:in:"a@b.org,c@d.org"', 'email:in:"<email>,<email>"'),
        ("address.country:eq:US", "address.country:eq:US"),
        ("address.city:eq:Reno", "address.city:eq:<address.city>"),
        ("id:eq:00901A", "id:eq:00901A"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_filters(filters, expected):
    url = f"{URL}?{urlencode({'filters': filters, 'max': 2})}"
    made = replaced(request(url=url), mark, NOTHING)
    assert parse_qs(urlsplit(made.url).query) == {"filters": [expected], "max": ["2"]}


def test_query_parameters():
    made = replaced(request(url=URL + "?zipOrPostalCode=77002&max=2"), mark, NOTHING)
    assert dict(parse_qsl(urlsplit(made.url).query)) == {
        "zipOrPostalCode": "<address.zip>",
        "max": "2",
    }


def test_by_value():
    values = by_value_of([(Kind.EMAIL, "ada@love.org", "bob@x.example.com")])
    sent = request(
        b'{"description": "Ask ada@love.org", "note": "{\\"a\\": \\"ada@love.org\\"}"}',
        url=URL + "/ada%40love.org?q=ada%40love.org",
        answer_headers={"X-For": ["ada@love.org"]},
        answer_body=b"text of ada@love.org",
    )
    keep = lambda kind, value: value  # noqa: E731
    made = replaced_answer(replaced(sent, keep, values), keep, values)
    shown = repr(vars(made))
    assert "love" not in shown
    assert made.url == URL + "/bob@x.example.com?q=bob%40x.example.com"
    assert json.loads(json.loads(made.body)["note"]) == {"a": "bob@x.example.com"}


def test_files_stay_as_they_are():
    sent = request(b"\xff\xfe\x00email=a@b.org", "image/png")
    assert replaced(sent, mark, NOTHING) == sent


def test_all_that_is_found():
    interaction = request(
        b'{"name": "A", "email": "a@b.org"}', answer_body=b'{"name": "A", "phone": "1"}'
    )
    assert list(found_in([interaction])) == [
        (Kind.EMAIL, "a@b.org"),
        (Kind.ORGANIZATION_NAME, "A"),
        (Kind.PHONE, "1"),
    ]


# --- the choice ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "made_up", "kinds"),
    [
        (None, False, set(CHOICES)),
        (None, True, set()),
        (True, False, set(CHOICES)),
        (True, True, set(CHOICES)),
        (False, False, set()),
        ({}, False, set(CHOICES)),
        ({"email": False}, False, set(CHOICES) - {"email"}),
        ({"email": True}, True, {"email"}),
        ({"email": True, "bank": False}, False, set(CHOICES) - {"bank"}),
    ],
)
def test_what_is_chosen(given, made_up, kinds):
    choice = StandInChoice.from_config(given, made_up=made_up)
    assert choice.kinds == kinds
    assert (Kind.EMAIL in choice) is ("email" in kinds)
    assert bool(choice) is bool(kinds)


def test_the_fingerprint_tells_choices_apart():
    choices = [None, False, {"email": False}, {"bank": False}]
    fingerprints = {StandInChoice.from_config(given).fingerprint for given in choices}
    assert len(fingerprints) == 4
    assert StandInChoice.from_config(True).fingerprint in fingerprints


@pytest.mark.parametrize("given", ["yes", 1, ["email"], {"email": "no"}, {"iban": True}, {1: True}])
def test_what_cannot_be_chosen(given):
    with pytest.raises(SettingsError, match="payment_link"):
        StandInChoice.from_config(given)


NAMES = ("name", "firstName", "email", "vendor", "value", "field", "results", "line1", "note")
SCALARS = ("Ada", "", "PLACEHOLDER_X", "a@b.example", '{"email": "x@y.example"}', "[1, {", 7, 7.5)


def node(rng: random.Random, depth: int = 4) -> object:
    kind = rng.randrange(4) if depth else 3
    if kind < 2:
        return {rng.choice(NAMES): node(rng, depth - 1) for _ in range(rng.randrange(5))}
    if kind == 2:
        return [node(rng, depth - 1) for _ in range(rng.randrange(4))]
    return rng.choice([*SCALARS, None, True, json.dumps({"email": "é", "n": [{"firstName": 1}]})])


@pytest.mark.parametrize("seed", range(3))
def test_to_look_finds_what_is_replaced(seed):
    rng = random.Random(seed)
    for _ in range(100):
        body = json.dumps(node(rng), ensure_ascii=rng.random() < 0.5).encode()
        replaced_here: list[tuple[Kind, str]] = []

        def keep(kind: Kind, value: str, here=replaced_here) -> str:
            here.append((kind, value))
            return value

        sent = request(body)
        replaced(sent, keep, NOTHING)
        assert data_of_request(sent) == tuple(replaced_here)
