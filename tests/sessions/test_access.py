"""One credential during a run: when it signs in, renews, and what others get to see."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pytest_bill.cassettes import store, times
from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    OAUTH_CLIENT,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    Credential,
    placeholder_credential,
    signed_in_by,
)
from pytest_bill.credentials.sign_in import sign_in_request
from pytest_bill.exceptions import BillWarning, MissingCredentials, NotInCassette, SignInFailed
from pytest_bill.interaction import Interaction
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.known_sign_ins import SharedSignIns

REAL = {
    "username": "ada.lovelace@example.com",
    "password": "correct-horse-battery",
    "organization_id": "00801ABCDEFGHIJKLMNO",
    "key": "01DEVELOPERKEY012345",
    "client_id": "0oa-client-id-of-ours",
    "client_secret": "cl1ent-S3cret/of+ours==",
}
PLACEHOLDERS = {
    "devKey": "PLACEHOLDER_BILL_DEV_KEY",
    "sessionId": "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID",
}


class Network:
    """Signs in everybody, with a new session each time."""

    def __init__(self, name: str = "session-number") -> None:
        self.sent = []
        self.more = {}
        self._name = name

    def __call__(self, request):
        self.sent.append(request)
        field = "access_token" if request.url.endswith("/token") else "sessionId"
        body = json.dumps({field: f"{self._name}-{len(self.sent)}", **self.more})
        return replace(request, status=200, answer_body=body.encode())


def load(kind=DEVELOPER_KEY) -> Credential:
    roles = [variable.role for variable in kind.variables]
    return Credential(kind, {role: SecretStr(REAL[role]) for role in roles})


def missing() -> Credential:
    raise MissingCredentials("nothing is set")


@pytest.fixture
def access(recorder, use):
    """Make an access with a network of its own; the mode is that of its sign-in cassette."""

    def access(
        mode="once",
        kind=DEVELOPER_KEY,
        load=load,
        known=None,
        monotonic=lambda: 0.0,
        now=times.now,
        load_replaced=None,
        **options,
    ):
        network = Network()
        made = Access(
            kind,
            load=load,
            recorder=recorder(**options),
            network=network,
            sign_in_use=lambda: use(mode, "sign_in.yaml"),
            known=known,
            monotonic=monotonic,
            now=now,
            load_replaced=load_replaced,
        )
        made._network = network
        return made

    return access


def test_a_sign_in_is_sent_once_and_recorded_without_secrets(access, use):
    it = access()
    it.sign_in()
    it.sign_in()
    assert it.real_headers() == {"devKey": REAL["key"], "sessionId": "session-number-1"}
    (request,) = it._network.sent
    assert request == sign_in_request(load(), it._recorder.environment)
    text = use(name="sign_in.yaml").path.read_text()
    assert [value for value in [*REAL.values(), "session-number-1"] if value in text] == []
    (interaction,) = store.load(use(name="sign_in.yaml").path).interactions
    recorded = sign_in_request(placeholder_credential(DEVELOPER_KEY), it._recorder.environment)
    assert json.loads(interaction.body) == json.loads(recorded.body)
    assert json.loads(interaction.answer_body) == {"sessionId": PLACEHOLDERS["sessionId"]}


def test_a_compressed_answer_to_a_sign_in_is_read(access, use):
    def packed(request):
        body = gzip.compress(json.dumps({"sessionId": "session-number-1"}).encode())
        headers = {"Content-Encoding": ["gzip"]}
        return replace(request, status=200, answer_headers=headers, answer_body=body)

    it = access()
    it._signing_in._network = packed
    it.sign_in()
    assert it.real_headers()["sessionId"] == "session-number-1"
    (interaction,) = store.load(use(name="sign_in.yaml").path).interactions
    assert json.loads(interaction.answer_body) == {"sessionId": PLACEHOLDERS["sessionId"]}


def test_a_sign_in_that_plain_vcrpy_recorded_packed_is_read(access, use, recorder):
    request = sign_in_request(placeholder_credential(DEVELOPER_KEY), recorder().environment)
    body = gzip.compress(b'{"sessionId": "PLACEHOLDER_X"}')
    answered = replace(
        request, status=200, answer_headers={"Content-Encoding": ["gzip"]}, answer_body=body
    )
    recording = store.Recording([answered])
    store.save(use(name="sign_in.yaml").path, recording, lambda text: None)
    assert access("none", load=missing).headers()["sessionId"] == "PLACEHOLDER_X"


def test_replay_needs_no_variable_and_gives_placeholders(access):
    access().sign_in()
    replayed = access("none", load=missing)
    assert replayed.headers() == PLACEHOLDERS
    assert replayed.value("organization_id") == "PLACEHOLDER_BILL_ORGANIZATION_ID"
    assert replayed._network.sent == []
    assert "replayed" in repr(replayed)


def test_placeholders_are_told_without_a_sign_in(access, use):
    assert access(load=missing).placeholder_headers() == PLACEHOLDERS
    it = access(kind=SYNC_TOKEN, load=lambda: load(SYNC_TOKEN))
    it._recorder.registry.add(REAL["key"], "PLACEHOLDER_BILL_DEV_KEY")
    it.sign_in()
    replayed = access("none", kind=SYNC_TOKEN, load=missing)
    assert replayed.placeholder_headers()["devKey"] == "PLACEHOLDER_BILL_SYNC_DEV_KEY"
    replayed.sign_in()
    # Two variables with one value share a placeholder; the recording tells which.
    assert replayed.placeholder_headers()["devKey"] == "PLACEHOLDER_BILL_DEV_KEY"


def test_a_real_sign_in_waits_until_something_is_sent(access):
    access().sign_in()
    later = access("once")
    later.sign_in()
    assert later._network.sent == []
    assert later.real_headers()["sessionId"] == "session-number-1"
    assert len(later._network.sent) == 1


def test_other_clients_get_real_values_where_a_request_may_be_sent(access, use):
    access().sign_in()
    later = access("once")
    with later._recorder.using(use("once", "new.yaml")):
        assert later.headers() == {"devKey": REAL["key"], "sessionId": "session-number-1"}


def test_the_organization_is_the_real_one_where_a_request_may_be_sent(access, use):
    access().sign_in()
    later = access("once")
    with later._recorder.using(use("once", "new.yaml")):
        assert later.value("organization_id") == REAL["organization_id"]
    assert access("none").value("organization_id") == "PLACEHOLDER_BILL_ORGANIZATION_ID"


@pytest.mark.parametrize(("kind", "minutes"), [(DEVELOPER_KEY, 31), (SYNC_TOKEN, 48 * 60 - 4)])
def test_other_clients_get_a_session_that_is_not_about_to_expire(access, kind, minutes):
    now = [0.0]
    it = access(kind=kind, load=lambda: load(kind), live=True, monotonic=lambda: now[0])
    first = it.headers()
    now[0] += (minutes - 2) * 60
    assert it.headers() == first
    now[0] += minutes * 60
    assert it.headers()["sessionId"] == "session-number-2"


def test_a_sign_in_that_is_not_recorded(access):
    with pytest.raises(NotInCassette, match="/v3/login"):
        access("none").sign_in()


def test_a_missing_credential_leaves_no_cassette(access, use):
    with pytest.raises(MissingCredentials):
        access(load=missing).sign_in()
    assert not use(name="sign_in.yaml").path.exists()


def test_a_refused_session_is_renewed_once_for_all_threads(access):
    it = access(live=True)
    old = it.real_headers()
    with ThreadPoolExecutor(8) as pool:
        renewed = list(pool.map(lambda _: it.renewed_headers(old), range(8)))
    assert {each["sessionId"] for each in renewed} == {"session-number-2"}
    assert len(it._network.sent) == 2


def test_the_spend_api_token_signs_in_nowhere(access):
    it = access(kind=SPEND_API_TOKEN, load=lambda: load(SPEND_API_TOKEN))
    it.sign_in()
    assert it.headers() == {"apiToken": "PLACEHOLDER_BILL_SPEND_API_TOKEN"}
    assert it.real_headers() == {"apiToken": REAL["key"]}
    assert it.renewed_headers(it.real_headers()) == it.real_headers()
    assert it._network.sent == []


def test_workers_share_one_sign_in_and_one_renewal(access, tmp_path):
    first, second = (access(live=True, known=SharedSignIns(tmp_path)) for _ in range(2))
    second._signing_in._network = second._network = Network("of-the-second")
    old = first.real_headers()
    assert second.real_headers() == old
    assert second._network.sent == []
    new = second.renewed_headers(old)
    assert new != old
    assert first.renewed_headers(old) == new
    assert len(first._network.sent) == len(second._network.sent) == 1


# --- what is final ---------------------------------------------------------------------------

NO_MATCH = json.dumps([{"code": "BDC_1101", "message": "No match."}]).encode()


def refuse(it):
    """Let BILL refuse every sign-in; give what it saw."""
    seen = []

    def network(request):
        seen.append(request)
        return replace(request, status=401, answer_body=NO_MATCH)

    it._signing_in._network = network
    return seen


def test_a_refused_sign_in_is_not_repeated(access, use):
    it = access()
    seen = refuse(it)
    messages = set()
    for ask in [it.sign_in, it.sign_in, it.real_headers, it.headers] * 3:
        with pytest.raises(SignInFailed) as refused:
            ask()
        messages.add(str(refused.value))
    (message,) = messages
    assert len(seen) == it._recorder.counts.sign_ins == 1
    assert message.startswith("bill_dev_session: BILL refused the sign-in with the developer key (")
    assert (
        "BILL was asked once for a sign-in with it in this run, and is not asked again" in message
    )
    assert len(message.splitlines()) == 3
    assert not use(name="sign_in.yaml").path.exists()


def test_a_refusal_is_that_of_all_workers(access, tmp_path):
    first, second = (access(known=SharedSignIns(tmp_path)) for _ in range(2))
    seen = refuse(first)
    messages = []
    for it in (first, second, first, second):
        with pytest.raises(SignInFailed) as refused:
            it.sign_in()
        messages.append(str(refused.value))
    assert len(set(messages)) == len(seen) == 1
    assert second._network.sent == []
    assert (second._recorder.counts.sign_ins, second._recorder.counts.requests) == (0, 0)


def test_a_refused_renewal_is_final_and_says_how_often_bill_was_asked(access):
    it = access(live=True)
    old = it.real_headers()
    seen = refuse(it)
    for _ in range(3):
        with pytest.raises(SignInFailed, match="asked twice for a sign-in"):
            it.renewed_headers(old)
    assert len(seen) == 1


def test_what_bill_repeats_of_a_secret_is_hidden(access):
    it = access(live=True)
    problem = [{"code": "BDC_1101", "message": f"no {REAL['password']} of {REAL['username']}"}]
    it._signing_in._network = lambda request: replace(
        request, status=401, answer_body=json.dumps(problem).encode()
    )
    with pytest.raises(SignInFailed) as refused:
        it.sign_in()
    assert [value for value in REAL.values() if value in str(refused.value)] == []
    assert "BDC_1101 no PLACEHOLDER_BILL_PASSWORD of" in str(refused.value)


def test_a_recorded_refusal_names_its_file(access, use, recorder):
    request = sign_in_request(placeholder_credential(DEVELOPER_KEY), recorder().environment)
    recording = store.Recording([replace(request, status=401, answer_body=NO_MATCH)])
    store.save(use(name="sign_in.yaml").path, recording, lambda text: None)
    with pytest.raises(SignInFailed, match=r"sign_in\.yaml has no session \(HTTP 401\)"):
        access("none", load=missing).sign_in()


def test_a_renewal_that_did_not_help_is_the_last(access, tmp_path):
    first, second = (access(live=True, known=SharedSignIns(tmp_path)) for _ in range(2))
    old = first.real_headers()
    assert second.real_headers() == old
    new = first.renewed_headers(old)
    # BILL refuses the new one, too.
    assert first.renewed_headers(new) == new
    assert second.renewed_headers(old) == new
    assert second.renewed_headers(new) == new
    first.refused_again()
    assert (len(first._network.sent), second._network.sent) == (2, [])
    assert (first.seen_by_bill, second.seen_by_bill) == (2, 2)


def answer(status=200):
    return Interaction("GET", "https://gateway.stage.bill.com/connect/v3/vendors", {}, b"", status)


def test_a_renewal_that_helped_is_followed_by_another(access, tmp_path):
    it = access(live=True, known=SharedSignIns(tmp_path))
    new = it.renewed_headers(it.real_headers())
    it.accepted(answer())
    newer = it.renewed_headers(new)
    assert newer != new
    it.refused_again()
    # Whatever else BILL takes: what it refused with two sessions costs no third sign-in.
    it.accepted(answer())
    assert it.renewed_headers(newer) == newer
    assert len(it._network.sent) == 3


def test_a_session_that_idled_is_renewed_although_a_renewal_did_not_help(access):
    now = [0.0]
    it = access(live=True, monotonic=lambda: now[0])
    new = it.renewed_headers(it.real_headers())
    it.refused_again()
    now[0] += 36 * 60
    assert it.headers() != new


def test_the_first_refusal_of_a_token_is_final(access, tmp_path):
    def made():
        return access(
            kind=SPEND_API_TOKEN,
            load=lambda: load(SPEND_API_TOKEN),
            live=True,
            known=SharedSignIns(tmp_path),
        )

    first, second = made(), made()
    first.sign_in()
    with pytest.raises(SignInFailed, match="bill_spend_client: BILL refused the Spend") as refused:
        first.accepted(answer(401))
    assert "Check BILL_SPEND_API_TOKEN" in str(refused.value)
    for it in (first, second):
        with pytest.raises(SignInFailed, match="asked once with this token"):
            it.real_headers()


def test_a_token_that_was_taken_may_be_refused_something(access):
    it = access(kind=SPEND_API_TOKEN, load=lambda: load(SPEND_API_TOKEN), live=True)
    it.sign_in()
    it.accepted(answer())
    it.accepted(answer(401))
    assert it.real_headers() == {"apiToken": REAL["key"]}


def test_no_repr_shows_a_secret(access):
    it = access(live=True)
    shown = repr(it) + repr(it.headers()) + repr(vars(it)) + repr(it._real)
    assert [value for value in [*REAL.values(), "session-number-1"] if value in shown] == []


# --- short values ----------------------------------------------------------------------------


def test_a_short_value_is_warned_of_once_by_its_variables_name(access):
    values = {**REAL, "password": "short", "username": "ada"}
    credential = Credential(DEVELOPER_KEY, {k: SecretStr(v) for k, v in values.items()})
    it = access("once", load=lambda: credential)
    with pytest.warns(BillWarning, match="BILL_USERNAME, BILL_PASSWORD") as caught:
        it.real_headers()
    it.renewed_headers(it.real_headers())
    (warning,) = caught
    assert "bill_dev_session" in str(warning.message)
    assert "short" not in str(warning.message).replace("shorter", "")


def test_long_values_are_not_warned_of(access):
    it = access("once")
    it.real_headers()  # warnings are errors here


# --- OAuth, and other ways to sign in ----------------------------------------------------------

START = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


def bearer(access) -> str:
    (value,) = access.real_headers().values()
    return value


@pytest.fixture
def oauth(access):
    """An access with OAuth client credentials, live, by a clock of the test's."""

    def oauth(known=None, **told):
        clock = Clock()
        made = access(
            kind=OAUTH_CLIENT, load=lambda: load(OAUTH_CLIENT), known=known, now=clock, live=True
        )
        made._network.more = told
        return made, clock

    return oauth


@pytest.mark.parametrize(
    ("lifetime", "good"), [(3600, 3539), ("3600", 3539), (600, 539), (10, 8.9)]
)
def test_an_access_token_is_renewed_shortly_before_it_ends(oauth, lifetime, good):
    it, clock = oauth(expires_in=lifetime)
    assert bearer(it) == "Bearer session-number-1"
    clock.time += timedelta(seconds=good)
    assert bearer(it) == "Bearer session-number-1"
    clock.time = START + timedelta(seconds=float(lifetime))
    assert bearer(it) == "Bearer session-number-2"
    assert bearer(it) == "Bearer session-number-2"
    assert len(it._network.sent) == 2


@pytest.mark.parametrize("told", [{}, {"expires_in": 0}, {"expires_in": "soon"}])
def test_without_a_lifetime_it_is_good_until_bill_says_no(oauth, told):
    it, clock = oauth(**told)
    first = it.real_headers()
    clock.time += timedelta(days=30)
    assert it.real_headers() == first
    assert it.renewed_headers(first) == {"Authorization": "Bearer session-number-2"}


def test_other_clients_get_a_token_that_is_good(oauth):
    it, clock = oauth(expires_in=3600)
    assert it.headers() == {"Authorization": "Bearer session-number-1"}
    clock.time += timedelta(hours=1)
    assert it.headers() == {"Authorization": "Bearer session-number-2"}


def test_workers_renew_it_once(oauth, tmp_path):
    first, clock = oauth(SharedSignIns(tmp_path), expires_in=3600)
    second, other_clock = oauth(SharedSignIns(tmp_path), expires_in=3600)
    assert bearer(first) == bearer(second) == "Bearer session-number-1"
    clock.time = other_clock.time = START + timedelta(hours=1)
    assert bearer(first) == bearer(second) == "Bearer session-number-2"
    assert (len(first._network.sent), len(second._network.sent)) == (2, 0)
    clock.time = other_clock.time = START + timedelta(hours=2)
    # Its answer is the second one's first, so that it has the name of another.
    assert bearer(second) == bearer(first) == "Bearer session-number-1"
    assert (len(first._network.sent), len(second._network.sent)) == (2, 1)


WAYS = [
    (DEVELOPER_KEY, "v3", "oauth"),
    (DEVELOPER_KEY, "oauth", "v3"),
    (SYNC_TOKEN, "v3", "v2"),
    (SYNC_TOKEN, "v2", "v3"),
    (CONSOLE_API_TOKEN, "v2", "v3"),
    (CONSOLE_API_TOKEN, "v3", "v2"),
]


@pytest.mark.parametrize(("kind", "recorded", "replayed"), WAYS)
@pytest.mark.parametrize("mode", ["none", "once", "new_episodes"])
def test_a_sign_in_serves_whichever_way_it_was_made(access, kind, recorded, replayed, mode):
    made = signed_in_by(kind, recorded)
    access(kind=made, load=lambda: load(made)).sign_in()
    wanted = signed_in_by(kind, replayed)
    again = access(mode, kind=wanted, load=missing)
    again.sign_in()
    session = kind.session_placeholder
    headers = again.placeholder_headers()
    assert again._network.sent == []
    if replayed == "oauth":
        assert headers == {"Authorization": f"Bearer {str.__str__(session)}"}
    else:
        assert headers["sessionId"] == session
        assert set(headers) == {"sessionId", "devKey"}


def test_it_is_made_anew_by_the_way_that_is_asked_for(access, use):
    access().sign_in()
    oauth = signed_in_by(DEVELOPER_KEY, "oauth")
    access("all", kind=oauth, load=lambda: load(oauth)).sign_in()
    (kept,) = store.load(use(name="sign_in.yaml").path).interactions
    assert kept.url == "https://auth.stage.bill.com/authx/token"


def test_what_has_no_sign_in_has_no_cassette_of_one_with_oauth_either(access, use):
    oauth = signed_in_by(SPEND_API_TOKEN, "oauth")
    replayed = access("none", kind=oauth, load=missing)
    name = "PLACEHOLDER_BILL_SPEND_API_TOKEN_SESSION_ID"
    assert replayed.headers() == {"Authorization": f"Bearer {name}"}
    recording = access("all", kind=oauth, load=lambda: load(oauth))
    recording.sign_in()
    assert recording._network.sent == []
    assert recording.real_headers() == {"Authorization": "Bearer session-number-1"}
    assert recording._recorder.registry.hide("session-number-1") == name
    assert not use(name="sign_in.yaml").path.exists()


def test_values_of_what_oauth_takes_the_place_of_are_told(access, use):
    oauth = signed_in_by(DEVELOPER_KEY, "oauth")
    asked = []

    def replaced(role):
        asked.append(role)
        return SecretStr(REAL[role])

    it = access(kind=oauth, load=lambda: load(oauth), load_replaced=replaced, live=True)
    assert it.value("organization_id") == REAL["organization_id"]
    replayed = access("none", kind=oauth, load=missing, load_replaced=replaced)
    assert replayed.value("organization_id") == "PLACEHOLDER_BILL_ORGANIZATION_ID"
    assert asked == ["organization_id"]
    assert it.value("client_id") == REAL["client_id"]
    own = access(kind=OAUTH_CLIENT, load=lambda: load(OAUTH_CLIENT), live=True)
    with pytest.raises(KeyError):
        own.value("organization_id")
