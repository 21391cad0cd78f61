"""Sign-ins that the code under test makes by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from pytest_bill.cassettes import client_sign_ins, store
from pytest_bill.cassettes.counts import Counts
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.environments import PRODUCTION, SANDBOX
from pytest_bill.exceptions import NetworkRefused, NotInCassette
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.stand_ins import StandIns
from tests.helpers.stand_ins import KEY

V3 = "https://gateway.stage.bill.com/connect/v3"
V2 = "https://api-stage.bill.com/api/v2"
TOKEN = "https://auth.stage.bill.com/authx/token"
FORM = "application/x-www-form-urlencoded"
VALUES = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
    "BILL_SYNC_TOKEN_NAME": "sync-token-of-ours",
    "BILL_SYNC_TOKEN_VALUE": "sync-value-0123456789",
    "BILL_CONSOLE_ADMIN_EMAIL": "console@example.com",
    "BILL_CONSOLE_API_TOKEN": "console-token-0123456789",
    "BILL_CONSOLE_ORGANIZATION_ID": "00802ABCDEFGHIJKLMNO",
    "BILL_CONSOLE_DEV_KEY": "02DEVELOPERKEY0123456789",
    "BILL_PARTNER_USERNAME": "partner@example.com",
    "BILL_PARTNER_PASSWORD": "Partner-Horse/Battery+Staple",
    "BILL_PARTNER_APP_KEY": "03PARTNERAPPKEY0123456789",
    "BILL_CLIENT_ID": "client-id-0123456789",
    "BILL_CLIENT_SECRET": "client-secret-0123456789",
}


def login(url: str = f"{V3}/login", form: bool = False, **fields: str) -> Interaction:
    body = urlencode(fields) if form else json.dumps(fields)
    kind = FORM if form else "application/json"
    return Interaction("POST", url, {"Content-Type": kind}, body.encode())


def given(**names: str) -> dict[str, str]:
    """The fields of a sign-in by the variables that they have their values from."""
    return {field: VALUES[f"BILL_{variable}"] for field, variable in names.items()}


V3_DEVELOPER = given(
    username="USERNAME", password="PASSWORD", organizationId="ORGANIZATION_ID", devKey="DEV_KEY"
)
V2_DEVELOPER = given(
    userName="USERNAME", password="PASSWORD", orgId="ORGANIZATION_ID", devKey="DEV_KEY"
)
V3_SYNC = given(
    username="SYNC_TOKEN_NAME",
    password="SYNC_TOKEN_VALUE",
    organizationId="ORGANIZATION_ID",
    devKey="DEV_KEY",
)
V3_CONSOLE = given(
    username="CONSOLE_ADMIN_EMAIL",
    consoleApiToken="CONSOLE_API_TOKEN",
    organizationId="CONSOLE_ORGANIZATION_ID",
    devKey="CONSOLE_DEV_KEY",
)
V2_CONSOLE = given(
    userName="CONSOLE_ADMIN_EMAIL",
    password="CONSOLE_API_TOKEN",
    orgId="CONSOLE_ORGANIZATION_ID",
    devKey="CONSOLE_DEV_KEY",
)
PARTNER = given(username="PARTNER_USERNAME", password="PARTNER_PASSWORD", appKey="PARTNER_APP_KEY")
CLIENT = {"grant_type": "client_credentials"} | given(
    client_id="CLIENT_ID", client_secret="CLIENT_SECRET"
)
ANOTHER = {**V3_DEVELOPER, "organizationId": "00809ZYXWVUTSRQPONML"}

SIGN_INS = {
    "v3 with the developer key": (login(**V3_DEVELOPER), "developer_key", "sessionId"),
    "v2 with the developer key": (
        login(f"{V2}/Login.json", form=True, **V2_DEVELOPER),
        "developer_key",
        "response_data",
    ),
    "v3 with the sync token": (login(**V3_SYNC), "sync_token", "sessionId"),
    "v3 with the console token": (login(**V3_CONSOLE), "console_api_token", "sessionId"),
    "v2 with the console token": (
        login(f"{V2}/Login.json", form=True, **V2_CONSOLE),
        "console_api_token",
        "response_data",
    ),
    "as a partner": (login(f"{V3}/partner/login", **PARTNER), "partner_app_key", "sessionId"),
    "as a user of a partner's": (
        login(f"{V3}/partner/login-as-user", organizationId="00809", userId="00601"),
        "own",
        "sessionId",
    ),
    "for an OAuth token": (login(TOKEN, form=True, **CLIENT), "oauth_client", "access_token"),
    "for an OAuth token, in JSON": (login(TOKEN, **CLIENT), "oauth_client", "access_token"),
    "in another organization": (login(**ANOTHER), "own", "sessionId"),
}


def answered(asked: Interaction, field: str, session: str, status: int = 200) -> Interaction:
    told = (
        {"response_data": {"sessionId": session}} if field == "response_data" else {field: session}
    )
    return replace(asked, status=status, reason="OK", answer_body=json.dumps(told).encode())


def told_in(interaction: Interaction) -> str:
    return client_sign_ins.session_in(interaction)


def with_sign_ins(use, mode: str, **options) -> RunningTests:
    return RunningTests(use_of_sign_in=lambda name: use(mode, f"sign_in/{name}.yaml", **options))


@pytest.fixture
def run(recorder, use, tmp_path):
    """Make the recorder of a run with all credentials, or of a replay with none."""

    def run(mode: str = "once", **stand_ins):
        known = VALUES if mode != "none" else {}
        registry = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in known.items())
        options = {"shared": True, "replaces_equal": True, "owner": "a sign-in"}
        tests = with_sign_ins(use, mode, **options)
        return recorder(registry=registry, tests=tests, **stand_ins)

    return run


def sign_in(it, asked: Interaction, field: str, session: str) -> str:
    """What a client does that signs in, and what it is told."""
    allowed = it.ask(asked)
    if allowed.recorded is not None:
        return told_in(allowed.recorded)
    it.answered(allowed, answered(asked, field, session))
    return session


def with_placeholders(asked: Interaction) -> Interaction:
    """What the code under test sends in a replay, where ``bill_environ`` knows placeholders."""
    registry = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in VALUES.items())
    return replace(asked, body=registry.hide(asked.body.decode()).encode())


# --- what is one -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SIGN_INS)
def test_each_kind_of_sign_in_is_one(kind):
    asked, _, field = SIGN_INS[kind]
    assert client_sign_ins.is_sign_in(asked)
    assert not client_sign_ins.is_sign_in(replace(asked, method="GET"))
    assert told_in(answered(asked, field, "a-session")) == "a-session"


@pytest.mark.parametrize(
    "url",
    [f"{V3}/login/session", f"{V3}/logout", f"{V2}/Logout.json", f"{V3}/vendors", f"{V3}/loginx"],
)
def test_another_request_is_none(url):
    assert not client_sign_ins.is_sign_in(login(url))


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401},
        {"answer_body": b"not JSON"},
        {"answer_body": b"[]"},
        {"answer_body": b'"text"'},
        {"answer_body": b"{}"},
        {"answer_body": b'{"sessionId": null}'},
        {"answer_body": b'{"sessionId": 1}'},
        {"answer_body": b'{"response_data": {"error_code": "BDC_1101"}, "response_status": 1}'},
        {"answer_body": b'{"response_data": "text"}'},
    ],
)
def test_an_answer_without_a_session_has_none(answer):
    assert told_in(replace(answered(login(), "sessionId", "a"), **answer)) == ""


# --- recorded and replayed -------------------------------------------------------------------


@pytest.mark.parametrize("kind", SIGN_INS)
def test_a_sign_in_is_kept_with_those_of_its_credential_without_its_secrets(run, use, kind):
    asked, name, field = SIGN_INS[kind]
    it = run()
    with it.using(use()):
        assert sign_in(it, asked, field, "session-0123456789-real") == "session-0123456789-real"
    assert not use().path.exists()
    path = use(name=f"sign_in/{name}.yaml").path
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    text = path.read_text()
    assert [value for value in (*VALUES.values(), "session-0123456789") if value in text] == []
    assert it.counts == Counts(sign_ins=1, requests=1, recorded=1)


def test_sign_ins_replay_in_any_order_for_any_test_as_often_as_they_are_asked(run, use):
    it = run()
    recorded = {}
    for number, (asked, _, field) in enumerate(SIGN_INS.values()):
        with it.using(use(name=f"{number}.yaml")):
            sign_in(it, asked, field, f"session-{number}-of-the-recording")
    again = run("none")
    for kind, (asked, _, _) in reversed(SIGN_INS.items()):
        with again.using(use("none", "another.yaml")):
            recorded[kind] = sign_in(again, with_placeholders(asked), "", "")
            assert sign_in(again, with_placeholders(asked), "", "") == recorded[kind]
    assert all(value.startswith("PLACEHOLDER_") for value in recorded.values()), recorded
    for kind, (_, name, _) in SIGN_INS.items():
        if name != "own":
            assert recorded[kind].startswith(f"PLACEHOLDER_BILL_{name.upper()}_SESSION_ID")
    assert again.counts.sign_ins == again.counts.replayed == 2 * len(SIGN_INS)


@pytest.mark.parametrize("order", [1, -1], ids=["the same order", "the other order"])
def test_two_organizations_in_one_test_get_each_their_own_answers(run, use, order):
    organizations = ("v3 with the developer key", "v2 with the console token", "as a partner")

    def listed(session: str) -> Interaction:
        return Interaction("GET", f"{V3}/vendors", {"sessionId": session}, b"")

    it = run()
    with it.using(use()):
        for number, kind in enumerate(organizations):
            asked, _, field = SIGN_INS[kind]
            vendors = listed(sign_in(it, asked, field, f"session-of-organization-{number}"))
            answer = replace(vendors, status=200, reason="OK", answer_body=kind.encode())
            it.serve(vendors, lambda answer=answer: answer)
    again = run("none")
    with again.using(use("none")):
        for kind in organizations[::order]:
            session = sign_in(again, with_placeholders(SIGN_INS[kind][0]), "", "")
            assert again.ask(listed(session)).recorded.answer_body == kind.encode()


def test_a_token_that_was_recorded_with_no_variable_set_serves_where_they_are(run, use):
    asked = login(TOKEN, form=True, **CLIENT | {"client_id": "another-client-0123456789"})
    it = run()
    with it.using(use()):
        sign_in(it, asked, "access_token", "token-0123456789-real")
    assert use(name="sign_in/own.yaml").path.exists()
    again = run("none")
    with again.using(use("none")):
        token = sign_in(again, login(TOKEN, form=True, **CLIENT), "", "")
    assert token.startswith("PLACEHOLDER_")


@pytest.mark.parametrize("address", ["https://idp.acme.example/oauth/v2", f"{V3[:-3]}/authx/token"])
def test_tokens_of_another_address_are_kept_as_bills(recorder, use, address):
    environment = with_tokens_at(SANDBOX, address)
    known = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in VALUES.items())
    it = recorder(environment, registry=known, tests=with_sign_ins(use, "once", shared=True))
    asked = login(address, form=True, **CLIENT)
    with it.using(use()):
        assert it.takes(address)
        sign_in(it, asked, "access_token", "token-0123456789-real")
    (kept,) = store.load(use(name="sign_in/oauth_client.yaml").path).interactions
    assert kept.url == TOKEN
    assert "token-0123456789" not in kept.answer_body.decode()
    again = recorder(tests=with_sign_ins(use, "none", shared=True))
    with again.using(use("none")):
        assert sign_in(again, with_placeholders(login(TOKEN, form=True, **CLIENT)), "", "")


def test_a_token_is_asked_for_at_bills_documented_address_only(run, use):
    it = run()
    with it.using(use()):
        for url in (f"{TOKEN}/x", f"{TOKEN}?a=1", "https://auth.prod.bill.com/authx/token"):
            with pytest.raises(NetworkRefused):
                it.ask(login(url, form=True, **CLIENT))
        assert it.ask(login(TOKEN, form=True, **CLIENT)).recorded is None


def test_in_production_its_tokens_are_asked_for_where_they_are(recorder, use):
    """BILL does not document where; it is one of its production's hosts, at the same path."""
    known = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in VALUES.items())
    it = recorder(PRODUCTION, registry=known, allow_production=True)
    with it.using(use()):
        asked = login("https://auth.prod.bill.com/authx/token", form=True, **CLIENT)
        assert it.ask(asked).recorded is None
        with pytest.raises(NetworkRefused):
            it.ask(login(TOKEN, form=True, **CLIENT))


@pytest.mark.parametrize("order", [1, -1], ids=["the same order", "the other order"])
def test_two_organizations_that_stand_in_the_code_are_told_apart(run, use, order):
    """They are in no variable of the run, neither while recording nor at replay."""

    def asked(organization: str) -> Interaction:
        return login(
            username=f"of-{organization}@example.com",
            password="written-in-the-code",
            organizationId=f"00805{organization.upper()}ABCDEFGH",
            devKey=VALUES["BILL_DEV_KEY"],
        )

    def listed(session: str) -> Interaction:
        return Interaction("GET", f"{V3}/vendors", {"sessionId": session}, b"")

    it = run()
    with it.using(use()):
        for name in ("first", "second"):
            vendors = listed(sign_in(it, asked(name), "sessionId", f"session-of-the-{name}"))
            answer = replace(vendors, status=200, reason="OK", answer_body=name.encode())
            it.serve(vendors, lambda answer=answer: answer)
    text = use(name="sign_in/own.yaml").path.read_text()
    for secret in ("of-first@", "written-in-the-code", "00805FIRST", VALUES["BILL_DEV_KEY"]):
        assert secret not in text
    again = run("none")
    with again.using(use("none")):
        for name in ("first", "second")[::order]:
            session = sign_in(again, asked(name), "", "")
            assert again.ask(listed(session)).recorded.answer_body == name.encode()


@pytest.mark.parametrize("order", [1, -1], ids=["the same order", "the other order"])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer "])
def test_two_developer_apps_that_stand_in_the_code_are_told_apart(run, use, order, scheme):
    """An app belongs to an organization; these are in no variable of the run."""

    def asked(name: str) -> Interaction:
        ids = {"client_id": f"0oa-of-{name}-0123", "client_secret": f"s3cret/of-{name}-0123=="}
        return login(TOKEN, form=True, grant_type="client_credentials", **ids)

    def listed(token: str) -> Interaction:
        return Interaction("GET", f"{V3}/vendors", {"Authorization": scheme + token}, b"")

    it = run()
    with it.using(use()):
        for name in ("first", "second"):
            token = sign_in(it, asked(name), "access_token", f"token-of-the-{name}-0123456789")
            vendors = listed(token)
            answer = replace(vendors, status=200, reason="OK", answer_body=name.encode())
            it.serve(vendors, lambda answer=answer: answer)
    written = use(name="sign_in/own.yaml").path.read_text() + use().path.read_text()
    for secret in ("0oa-of-first", "s3cret", "token-of-the"):
        assert secret not in written
    again = run("none")
    with again.using(use("none")):
        for name in ("first", "second")[::order]:
            token = sign_in(again, asked(name), "", "")
            assert again.ask(listed(token)).recorded.answer_body == name.encode()


def test_the_same_sign_in_recorded_anew_takes_its_place(run, use):
    asked = login(**ANOTHER)
    for mode in ("once", "new_episodes", "all"):
        it = run(mode)
        with it.using(use(mode, f"{mode}.yaml")):
            for number in range(2):
                sign_in(it, asked, "sessionId", f"session-{number}-{mode}-0123456789")
    saved = store.load(use(name="sign_in/own.yaml").path).interactions
    assert len(saved) == 1


def test_a_session_keeps_its_name_from_recording_to_recording(run, use):
    names = set()
    for mode in ("once", "new_episodes"):
        it = run(mode)
        with it.using(use(mode, f"{mode}.yaml")):
            sign_in(it, login(**ANOTHER), "sessionId", f"session-{mode}-0123456789")
            vendors = Interaction(
                "GET", f"{V3}/vendors", {"sessionId": f"session-{mode}-0123456789"}, b""
            )
            it.serve(vendors, lambda v=vendors: replace(v, status=200, reason="OK"))
        (kept,) = store.load(use(name=f"{mode}.yaml").path).interactions
        names.add(kept.headers["sessionId"])
    assert len(names) == 1


def test_where_something_may_be_sent_a_sign_in_is_made_for_real(run, use):
    it = run()
    with it.using(use()):
        sign_in(it, login(**V3_DEVELOPER), "sessionId", "session-0123456789-real")
    it = run("new_episodes")
    with it.using(use("new_episodes")):
        assert it.ask(login(**V3_DEVELOPER)).recorded is None


def test_a_refused_sign_in_belongs_to_the_test_that_made_it(run, use):
    asked = login(**{**V3_DEVELOPER, "password": "Wrong-Horse/Battery"})
    refused = b'[{"code": "BDC_1101", "message": "Invalid credentials"}]'
    it = run()
    with it.using(use()):
        it.answered(it.ask(asked), replace(asked, status=401, reason="No", answer_body=refused))
        sign_in(it, login(**V3_DEVELOPER), "sessionId", "session-0123456789-real")
    (kept,) = store.load(use().path).interactions
    assert kept.status == 401
    assert "Wrong-Horse" not in use().path.read_text()
    again = run("none")
    with again.using(use("none")):
        assert again.ask(asked).recorded.status == 401
        taken = again.ask(with_placeholders(login(**V3_DEVELOPER))).recorded
        assert taken.status == 200


def test_a_sign_in_that_nobody_recorded_is_a_miss(run, use):
    it = run("none")
    with it.using(use("none")), pytest.raises(NotInCassette, match=r"request: POST .*/v3/login\n"):
        it.ask(login(**V3_DEVELOPER))


def test_a_live_run_keeps_nothing_of_it(recorder, use):
    it = recorder(live=True, tests=with_sign_ins(use, "all"))
    assert sign_in(it, login(**V3_DEVELOPER), "sessionId", "session-0123") == "session-0123"
    assert it.counts == Counts(sign_ins=1, requests=1, live=1)
    assert it.registry.hide("about session-0123") != "about session-0123"
    assert not list(use().path.parent.rglob("*.yaml"))


def test_a_sign_in_is_seen_while_it_is_recorded_as_in_replay(run, use):
    """It is the same for all tests, whatever this one has sent itself."""
    vendors, name = f"{V3}/vendors", "Happy Music Supplies"
    own = Interaction("POST", vendors, {}, json.dumps({"name": name}).encode())
    body = {"sessionId": "session-number-1", "organizationName": name, "companyName": "Ada Ltd"}
    seen = []
    for mode in ("once", "none"):
        it = run(mode, stand_ins=StandIns(KEY), stand_in_choice=StandInChoice())
        with it.using(use(mode)):
            asked = it.ask(own)
            if asked.recorded is None:
                it.answered(asked, replace(own, status=200, answer_body=b"{}"))
            request = login(**V3_DEVELOPER)
            asked = it.ask(request if mode == "once" else with_placeholders(request))
            shown = asked.recorded
            if shown is None:
                answer = replace(request, status=200, answer_body=json.dumps(body).encode())
                shown = it.answered(asked, answer)
                assert told_in(shown) == "session-number-1"
                back = {"companyName": json.loads(shown.answer_body)["companyName"]}
                sent = Interaction("PUT", vendors, {}, json.dumps(back).encode())
                assert json.loads(it.ask(sent).interaction.body) == {"companyName": "Ada Ltd"}
            seen.append(json.loads(shown.answer_body) | {"sessionId": ""})
    assert seen[0] == seen[1]
    assert seen[0]["organizationName"] != name


def test_who_asks_for_organizations_is_known_as_whoever_signs_in(run, use):
    """A user that no variable names: `ListOrgs` comes before the sign-in, and tells who it is."""
    who = V2_CONSOLE | {"userName": "north@firm.example.com"}
    organization = who.pop("orgId")
    listing = login(f"{V2}/ListOrgs.json", form=True, **who)
    entering = login(f"{V2}/Login.json", form=True, orgId=organization, **who)
    answer = json.dumps({"response_status": 0, "response_data": [{"orgId": organization}]})
    it = run()
    with it.using(use()):
        asked = it.ask(listing)
        it.answered(asked, replace(listing, status=200, answer_body=answer.encode()))
        sign_in(it, entering, "response_data", "session-0123456789-real")
    assert "north@" not in use().path.read_text()
    # Again with no sign-in, and in the other order.
    for requests in ([listing], [entering, listing]):
        it = run("none")
        with it.using(use("none")):
            assert all(it.ask(each).recorded is not None for each in requests)


def test_who_only_asks_for_organizations_is_hidden_and_replays(run, use):
    who = V2_CONSOLE | {"userName": "north@firm.example.com"}
    del who["orgId"]
    listing = login(f"{V2}/ListOrgs.json", form=True, **who)
    it = run()
    with it.using(use()):
        it.answered(it.ask(listing), replace(listing, status=200, answer_body=b"{}"))
    assert "north@" not in use().path.read_text()
    it = run("none")
    with it.using(use("none")):
        assert it.ask(listing).recorded is not None
    other = login(f"{V2}/ListOrgs.json", form=True, **who | {"userName": "south@firm.example.com"})
    it = run("none")
    with it.using(use("none")), pytest.raises(NotInCassette):
        it.ask(other)
