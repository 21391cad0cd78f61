"""What a test sees while it is recorded is what its replay shows; BILL is told what is real."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest

from pytest_bill.environments import at_origin
from pytest_bill.exceptions import StandInSent
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.stand_in_makers import STATES
from tests.helpers.two_worlds import (
    GATEWAY,
    World,
    recorded_and_replayed,
    recording,
    requests_in,
)

NAME, EMAIL, ACCOUNT = "Happy Music Supplies", "agatha.ffringe@paperlessband.org", "998877665544"
VENDOR = {
    "id": "009A",
    "name": NAME,
    "email": EMAIL,
    "phone": "(408) 376-2233",
    "address": {"line1": "123 Main Street", "city": "San Jose", "stateOrProvince": "AZ"},
    "paymentInformation": {
        "bankAccount": {"nameOnAccount": "Zoe Ffringe", "accountNumber": ACCOUNT}
    },
}
REAL = (NAME, "Music", "ffringe", "paperlessband", "376-2233", "Main Street", ACCOUNT, "Zoe")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OK = Interaction("", "", {}, b"", 200, "OK")


@pytest.fixture
def twice(recorder, use):
    """Record a script and replay it; give what happened when it was recorded."""

    def twice(script, real=REAL, **options) -> World:
        return recorded_and_replayed(recorder, use, script, real, **options)

    return twice


def read(world: World, vendor=VENDOR) -> dict:
    """A vendor that was there, as the test sees it."""
    return world.ask("GET", "/v3/vendors/009A", answer=vendor)


# --- what the test sees ------------------------------------------------------------------------


def test_bills_values_are_shown_as_stand_ins(twice):
    seen = {}

    def script(world):
        seen.update(read(world))

    twice(script)
    assert seen["id"] == "009A"
    assert seen["name"] != NAME
    assert seen["email"].endswith(".example.org")
    assert [len(word) for word in seen["name"].split()] == [5, 5, 8]


def test_values_of_its_own_come_back_to_the_test(twice):
    seen = {}

    def script(world):
        seen.update(world.ask("POST", "/v3/vendors", VENDOR, answer=VENDOR | {"id": "1"}))

    world = twice(script)
    assert seen == VENDOR | {"id": "1"}
    assert world.told_json == VENDOR


def test_parts_of_its_own_values_come_back_too(twice):
    seen = {}

    def script(world):
        world.ask("POST", "/v3/vendors", VENDOR, answer={"id": "1"})
        bank = {"accountNumber": "********5544", "nameOnAccount": "Ffringe"}
        seen.update(world.ask("GET", "/v3/vendors/1", answer=bank))

    twice(script)
    assert seen == {"accountNumber": "********5544", "nameOnAccount": "Ffringe"}


def test_headers_and_running_text_of_an_answer_hold_stand_ins(twice):
    def script(world):
        read(world)
        answer = replace(OK, answer_headers={"X-For": [EMAIL]}, answer_body=f"for {NAME}!".encode())
        world.ask("GET", "/v3/notes", answer=answer)

    world = twice(script)
    note = world.seen[-1]
    assert EMAIL not in note.answer_headers["X-For"][0]
    assert note.answer_body.decode().startswith("for ")


def test_an_answer_without_such_data_is_the_very_one(recorder, use):
    it = recording(recorder)
    with it.using(use("all")):
        request = Interaction("GET", f"{GATEWAY}/v3/bills", {}, b"")
        asked = it.ask(request)
        assert asked.interaction is request
        answered = replace(request, status=200, answer_body=b'{"amount": 1}')
        assert it.answered(asked, answered) is answered


@pytest.mark.parametrize("encoding", ["gzip", "gzip, identity"])
def test_a_packed_answer_is_packed_again(recorder, use, encoding):
    it = recording(recorder)
    headers = {
        "content-encoding": [encoding],
        "Content-Type": ["application/json"],
        "Content-Length": ["1"],
    }
    with it.using(use("all")):
        asked = it.ask(Interaction("GET", f"{GATEWAY}/v3/vendors/1", {}, b""))
        body = gzip.compress(json.dumps(VENDOR).encode())
        answered = replace(asked.interaction, status=200, answer_headers=headers, answer_body=body)
        shown = it.answered(asked, answered)
    plain = shown.answer_body
    if "content-encoding" in shown.answer_headers:
        assert list(shown.answer_headers) == list(headers)
        plain = gzip.decompress(plain)
    assert shown.answer_headers["Content-Length"] == [str(len(shown.answer_body))]
    assert json.loads(plain)["name"] not in (NAME, "")


def test_secrets_stay_real(recorder, use):
    """A replay has their placeholders, as ever."""
    user = {"email": "ada@lovelace-engines.org", "firstName": "Agatha"}
    registry = SecretRegistry([("PLACEHOLDER_BILL_USERNAME", user["email"])])
    it = recording(recorder, registry=registry)
    with it.using(use("all")):
        seen = World(it).ask("GET", "/v3/users/1", answer=user)
    assert seen["email"] == user["email"]
    assert seen["firstName"] != "Agatha"
    kept = json.loads(requests_in(use)[0].answer_body)
    assert kept == seen | {"email": "PLACEHOLDER_BILL_USERNAME"}


def test_what_was_shown_as_a_stand_in_is_counted(recorder, use):
    mine = {"name": "Ada and Sons", "email": "ada@sons.org"}
    it = recording(recorder)
    with it.using(use("all")) as opened:
        world = World(it)
        world.ask("POST", "/v3/vendors", mine, answer=mine)
        assert list(opened.cassette.shown.seen) == []
        for _ in range(2):
            world.ask("GET", "/v3/vendors/2", answer={"name": NAME, "companyName": mine["name"]})
        assert list(opened.cassette.shown.seen) == [(Kind.ORGANIZATION_NAME, NAME)]


@pytest.mark.parametrize("chosen", [{"organization_name": False}, False])
def test_kinds_can_be_switched_off(twice, chosen):
    seen = {}

    def script(world):
        seen.update(read(world))

    twice(script, real=(), stand_in_choice=StandInChoice.from_config(chosen))
    assert seen["name"] == NAME
    assert (seen["email"] == EMAIL) is (chosen is False)


def test_what_the_local_sandbox_answers_stays_as_it_is(recorder, use):
    nothing = StandInChoice.from_config(None, made_up=True)
    local = at_origin("http://127.0.0.1:9", "local")
    it = recording(recorder, environment=local, made_up_choice=nothing)
    with it.using(use("all")):
        asked = it.ask(Interaction("GET", local.resolve("/v3/vendors/1"), {}, b""))
        headers = {"Server": ["pytest-bill-sandbox"]}
        body = json.dumps(VENDOR).encode()
        answered = replace(asked.interaction, status=200, answer_headers=headers, answer_body=body)
        assert it.answered(asked, answered) is answered


# --- what BILL is told --------------------------------------------------------------------------


def test_a_record_that_is_sent_back_is_real(twice):
    def script(world):
        world.ask("PUT", "/v3/vendors/009A", read(world), answer=VENDOR)

    world = twice(script)
    assert world.told_json == VENDOR


def test_a_number_that_is_sent_back_is_real(twice):
    numbers = {"accountNumber": 998877665544, "last4": 5544, "lastFour": "5544", "pan": 7}

    def script(world):
        seen = world.ask("GET", "/v3/spend/cards/1", answer=numbers)
        assert seen != numbers
        assert {type(each) for each in seen.values()} == {int, str}
        world.ask("PUT", "/v3/spend/cards/1", seen, answer=numbers)

    world = twice(script, real=("998877665544", "5544"))
    assert world.told_json == numbers


def test_a_number_that_begins_with_zeros_as_a_stand_in_is_real_again(twice):
    """As a number it has none of them."""
    values = list(range(1000, 1200))

    def script(world):
        for last4 in values:
            seen = world.ask("GET", f"/v3/spend/cards/{last4}", answer={"last4": last4})
            world.ask("PUT", f"/v3/spend/cards/{last4}", seen, answer={})

    world = twice(script, real=())
    assert [json.loads(each.body)["last4"] for each in world.told[1::2]] == values


WAYS = {
    "a filter": lambda seen: {"path": f'/v3/vendors?filters=name:eq:"{seen["name"]}"'},
    "several in a filter": lambda seen: {
        "path": f'/v3/vendors?filters=email:in:"{seen["email"]},x@example.com",amount:gt:1'
    },
    "a query": lambda seen: {
        "path": "/v3/vendors?" + urlencode({"email": seen["email"], "max": 1})
    },
    "a path": lambda seen: {"path": f"/v3/lookup/{seen['email']}/vendor"},
    "a form": lambda seen: {"headers": FORM, "body": urlencode({"name": seen["name"]}).encode()},
    "v2's data": lambda seen: {
        "path": "/v2/Crud/Update/Vendor.json",
        "headers": FORM,
        "body": urlencode(
            {"data": json.dumps({"obj": {"name": seen["name"], "email": seen["email"]}})}
        ).encode(),
    },
    "v2's filters": lambda seen: {
        "path": "/v2/List/Vendor.json",
        "headers": FORM,
        "body": urlencode(
            {"data": json.dumps({"filters": [{"field": "name", "op": "=", "value": seen["name"]}]})}
        ).encode(),
    },
    "JSON in JSON": lambda seen: {
        "body": json.dumps({"payload": json.dumps({"email": seen["email"]})}).encode()
    },
    "a multipart form": lambda seen: {
        "headers": {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "0"},
        "body": (
            b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n%s\r\n'
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\n\r\n\x89PNG\xff\x00\r\n--b--\r\n" % seen["email"].encode()
        ),
    },
    "running text": lambda seen: {
        "body": json.dumps({"note": f"for {seen['name']}, {seen['email']}."}).encode()
    },
    "text": lambda seen: {"body": f"for {seen['name']}".encode()},
    "a packed body": lambda seen: {
        "headers": {"Content-Encoding": "gzip", "Content-Type": "application/json"},
        "body": gzip.compress(json.dumps({"email": seen["email"]}).encode()),
    },
    "a local part": lambda seen: {
        "body": json.dumps({"username": seen["email"].partition("@")[0]}).encode()
    },
    "a local part in a path": lambda seen: {
        "path": f"/v3/lookup/{seen['email'].partition('@')[0]}"
    },
    "an address of the domain": lambda seen: {
        "body": json.dumps({"email": f"zoe@{seen['email'].partition('@')[2]}"}).encode()
    },
    "a user name that is an address": lambda seen: {
        "body": json.dumps({"username": seen["email"]}).encode()
    },
    "a word": lambda seen: {"path": f'/v3/vendors?filters=name:sw:"{seen["name"].split()[1]}"'},
    "a word in capitals": lambda seen: {
        "body": json.dumps({"companyName": seen["name"].split()[1].upper()}).encode()
    },
    "a long word in running text": lambda seen: {
        "body": json.dumps({"note": f"all {seen['name'].split()[2]}"}).encode()
    },
    "words in another order": lambda seen: {
        "body": json.dumps({"companyName": " ".join(reversed(seen["name"].split()))}).encode()
    },
    "last digits": lambda seen: {
        "body": json.dumps(
            {"last4": seen["paymentInformation"]["bankAccount"]["accountNumber"][-4:]}
        ).encode()
    },
    "masked": lambda seen: {
        "body": json.dumps(
            {
                "accountNumber": "*" * 8
                + seen["paymentInformation"]["bankAccount"]["accountNumber"][-4:]
            }
        ).encode()
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_sent_back_is_real(twice, use, way):
    """In whatever way: as if the test had been shown what is real."""
    as_seen = []

    def script(world):
        seen = read(world)
        as_seen.append(sent(seen))
        world.ask("POST", **sent(seen), answer={"note": f"{NAME}, {EMAIL}"})

    def sent(vendor):
        return {"path": "/v3/other"} | WAYS[way](vendor)

    world = twice(script, real=(NAME, "agatha.ffringe", "paperlessband", "Supplies", "5544"))
    real, told = sent(VENDOR), world.told[-1]
    assert parts_of(told.url) == parts_of(GATEWAY + real["path"])
    wanted = Interaction("", "", real.get("headers", {}), real.get("body", b""))
    assert body_of(told) == body_of(wanted)
    assert body_of(told) != b"" or told.url != GATEWAY + "/v3/other"
    length = told.headers.get("Content-Length")
    assert length in (None, str(len(told.body)))
    # It was recorded as the test sent it, and read it.
    assert NAME not in unquote(requests_in(use)[-1].url)


def parts_of(url: str):
    parts = urlsplit(url)
    return unquote(parts.path), parse_qs(parts.query)


def body_of(request: Interaction):
    body = request.body
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if "urlencoded" in request.content_type:
        fields = parse_qs(body.decode())
        return {name: _json(values[0]) for name, values in fields.items()}
    return _json(body)


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_the_tests_own_values_are_told_as_they_are(twice):
    """Also among those of others, and what is like a stand-in in a few letters."""
    mine = {"name": "Uda Gobelaco", "email": "uda@gobelaco.org", "last4": "1234"}

    def script(world):
        seen = read(world)
        world.ask("POST", "/v3/vendors", mine, answer=mine)
        both = mine | {"companyName": seen["name"], "note": f"{mine['name']} of {seen['name']}"}
        world.ask("POST", "/v3/vendors", both, answer=both)

    world = twice(script)
    assert json.loads(world.told[1].body) == mine
    assert world.told_json == mine | {"companyName": NAME, "note": f"{mine['name']} of {NAME}"}


def test_a_value_of_its_own_stays_one_though_it_is_shown_as_a_stand_in_later(twice):
    """States are few: each is a stand-in for another."""

    def script(world):
        for state in STATES:
            address = {"stateOrProvince": state}
            world.ask("POST", f"/v3/vendors/{state}", address, answer=address)
        for state in reversed(STATES):
            world.ask("GET", f"/v3/vendors/{state}", answer={"stateOrProvince": state})
        for state in STATES:
            world.ask("PUT", f"/v3/vendors/{state}", {"stateOrProvince": state}, answer={})

    world = twice(script, real=())
    told = [json.loads(each.body)["stateOrProvince"] for each in world.told if each.body]
    assert told == [*STATES, *STATES]


@pytest.mark.parametrize("beside", ["zipOrPostalCode", "city"])
@pytest.mark.parametrize("is_own", [True, False])
def test_a_state_goes_with_what_stands_beside_it(twice, beside, is_own):
    theirs = {"stateOrProvince": "AZ", "city": "Tucson", "zipOrPostalCode": "85701"}
    states = []

    def script(world):
        seen = world.ask("GET", "/v3/vendors/1", answer=theirs)
        states.append(seen["stateOrProvince"])
        own = {"zipOrPostalCode": "77002", "city": "Houston"}
        sent = {"stateOrProvince": seen["stateOrProvince"]}
        sent[beside] = own[beside] if is_own else seen[beside]
        world.ask("POST", "/v3/vendors", sent, answer=sent if is_own else theirs)

    world = twice(script, real=())
    assert world.told_json["stateOrProvince"] == (states[0] if is_own else "AZ")


def test_a_link_that_is_followed_is_bills(twice, use):
    link = "https://app-stage.bill.com/pay/abcDEF123ghi?token=xyz987"

    def script(world):
        seen = world.ask("GET", "/v3/invoices/1/payment-link", answer={"paymentLink": link})
        assert seen["paymentLink"] != link
        world.ask("GET", "", url=seen["paymentLink"], answer={"ok": True})

    world = twice(script, real=("abcDEF123ghi",))
    assert urlsplit(world.told[-1].url).path == "/pay/abcDEF123ghi"


def test_a_signed_link_with_a_name_in_it_can_be_followed(recorder, use):
    link = f"https://files.example.net/{EMAIL}/w9.pdf?X-Amz-Signature=abcdef0123456789"
    it = recording(recorder)
    with it.using(use("all")):
        world = World(it)
        read(world)
        seen = world.ask("GET", "/v3/documents/1", answer={"downloadLink": link})["downloadLink"]
        assert "ffringe" not in seen
        assert it.takes(seen)
        world.ask("GET", "", url=seen, answer={})
        assert world.told[-1].url == link


# --- who knows what -----------------------------------------------------------------------------


def test_what_a_fixture_was_shown_is_known_to_the_test(recorder, use):
    seen = []
    for mode in ("all", "none"):
        it = recording(recorder)
        wide = it.open(use(mode, "fixture.yaml", fixture="vendor"))
        vendor = read(World(it))
        it.suspend(wide)
        with it.using(use(mode, fixtures=frozenset({"vendor"}))):
            world = World(it)
            note = f"for {vendor['name']}"
            sent = {"stateOrProvince": vendor["address"]["stateOrProvince"], "note": note}
            world.ask("POST", "/v3/bills", sent, answer={"note": f"for {NAME}"})
        it.resume(wide)
        it.close(wide)
        seen.append((vendor, world.bodies))
        if mode == "all":
            assert world.told_json == {"stateOrProvince": "AZ", "note": f"for {NAME}"}
    assert seen[0] == seen[1]
    for name in ("fixture.yaml", "cassette.yaml"):
        assert "Happy" not in use(name=name).path.read_text()


def test_what_another_test_was_shown_is_told_real_and_recorded_as_it_was(recorder, use):
    it = recording(recorder)
    with it.using(use("all", "other.yaml")):
        vendor = read(World(it))
    with it.using(use("all")):
        world = World(it)
        sent = {"email": vendor["email"], "note": f"for {vendor['name']}"}
        world.ask("POST", "/v3/bills", sent, answer={"note": f"for {NAME}"})
        assert world.told_json == {"email": EMAIL, "note": f"for {NAME}"}
        assert json.loads(world.bodies[0]) == {"note": sent["note"]}
    assert json.loads(requests_in(use)[0].body) == sent


def test_threads_see_one_world(recorder, use):
    many = 8
    vendors = [VENDOR | {"id": str(n), "name": f"Acme Number {n}"} for n in range(many)]

    def work(world, start, vendor):
        start.wait()
        path = f"/v3/vendors/{vendor['id']}"
        seen = world.ask("GET", path, answer=vendor)
        return world.ask("PUT", path, seen, answer=vendor)

    seen = []
    for mode in ("all", "none"):
        it = recording(recorder)
        with it.using(use(mode)), ThreadPoolExecutor(many) as pool:
            world, start = World(it), Barrier(many)
            seen.append(list(pool.map(lambda v, w=world, s=start: work(w, s, v), vendors)))
        if mode == "all":
            told = [json.loads(each.body) for each in world.told if each.body]
            assert sorted(told, key=lambda each: each["id"]) == vendors
    assert seen[0] == seen[1]
    assert "Acme Number" not in use().path.read_text()


# --- stand-ins of a file ------------------------------------------------------------------------


def continued(recorder, use, mode="new_episodes", **changes):
    """A recorded cassette, as another run goes on with it; and the vendor that it plays."""
    it = recording(recorder)
    with it.using(use("all", **changes)):
        read(World(it))
    return recording(recorder)


@pytest.mark.parametrize(
    "way", ["a filter", "a path", "v2's data", "running text", "JSON in JSON", "a multipart form"]
)
def test_a_stand_in_from_a_file_is_not_sent(recorder, use, way):
    it = continued(recorder, use)
    with it.using(use("new_episodes")) as opened:
        world = World(it)
        sent = {"path": "/v3/other"} | WAYS[way](read(world))
        with pytest.raises(StandInSent) as refused:
            world.ask("POST", **sent, answer={})
        assert world.told == []
        assert opened.cassette.recorded == []
    message = str(refused.value)
    assert "was not sent: it holds a stand-in (" in message
    assert message.endswith("Record the test anew: pytest test_a.py::test_b --bill-record-mode=all")
    assert str(use().path.name) in message


def test_a_stand_in_that_a_fixtures_file_gave_is_not_sent(recorder, use):
    wide_use = {"name": "fixture.yaml", "fixture": "vendor"}
    it = continued(recorder, use, **wide_use)
    wide = it.open(use("once", **wide_use))
    vendor = read(World(it))
    it.suspend(wide)
    with (
        it.using(use("once", fixtures=frozenset({"vendor"}))),
        pytest.raises(StandInSent, match=r"fixture\.yaml gave to the test"),
    ):
        World(it).ask("POST", "/v3/vendors", {"email": vendor["email"]}, answer={})


def test_a_stand_in_from_a_file_is_sent_where_its_real_value_is_known(recorder, use):
    it = continued(recorder, use)
    with it.using(use("all", "other.yaml")):
        read(World(it))
    with it.using(use("new_episodes")):
        world = World(it)
        world.ask("POST", "/v3/vendors", {"email": read(world)["email"]}, answer={})
        assert world.told_json == {"email": EMAIL}


def test_what_the_test_sent_itself_may_be_sent_again(recorder, use):
    """Also what nobody owns, and so was recorded as it is."""
    mine = {"name": NAME, "email": "zoe@example.com"}
    it = recording(recorder)
    with it.using(use("all")):
        World(it).ask("POST", "/v3/vendors", mine, answer=VENDOR | mine)
    it = recording(recorder)
    with it.using(use("new_episodes")):
        world = World(it)
        seen = world.ask("POST", "/v3/vendors", mine, answer={})
        assert (seen["name"], seen["email"]) == (NAME, "zoe@example.com")
        again = {"name": seen["name"], "email": seen["email"]}
        world.ask("PUT", "/v3/vendors/1", again, answer={})
        assert world.told_json == mine


def test_what_is_recorded_anew_was_not_given_by_the_file(recorder, use):
    it = continued(recorder, use)
    with it.using(use("all")):
        world = World(it)
        world.ask("POST", "/v3/vendors", {"email": read(world)["email"]}, answer={})
        assert world.told_json == {"email": EMAIL}


def test_a_file_that_is_recorded_anew_is_not_read(recorder, use):
    use().path.write_text("interactions: [")
    it = recording(recorder)
    opened = it.open(use("all"))
    world = World(it)
    world.ask("POST", "/v3/vendors", read(world), answer=VENDOR)
    assert world.told_json == VENDOR
    it.close(opened, keep=False)
