"""Playing and recording."""

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.counts import Counts
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import CassetteError, NotInCassette, SecretFound
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders
from pytest_bill.scrubbing.stand_ins import StandIns
from tests.helpers.work import steps

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
LOCAL = at_origin("http://127.0.0.1:8080", "local")
SECRET = "a-secret-of-some-length"


def request(url: str = URL, **changes) -> Interaction:
    return replace(Interaction("GET", url, {}, b""), **changes)


def answering(interaction: Interaction, body: bytes = b"{}", **changes):
    return lambda: replace(interaction, status=200, reason="OK", answer_body=body, **changes)


def refusing() -> Interaction:
    raise AssertionError("nothing may be sent")


def test_what_was_recorded_is_served(recorder, use):
    first = recorder()
    with first.using(use()):
        assert first.serve(request(), answering(request(), b"[1]")).answer_body == b"[1]"
    assert first.counts == Counts(requests=1, recorded=1)
    second = recorder()
    with second.using(use("none")):
        assert second.serve(request(), refusing).answer_body == b"[1]"
    assert second.counts == Counts(requests=1, replayed=1)


def test_live_asks_no_cassette(recorder, use):
    it = recorder(live=True)
    assert it.serve(request(), answering(request(), b"live")).answer_body == b"live"
    assert it.can_record_now


def test_a_request_outside_of_any_test(recorder):
    it = recorder()
    assert not it.can_record_now
    with pytest.raises(NotInCassette, match="outside of any test or fixture"):
        it.serve(request(), refusing)


def test_a_miss_without_a_cassette(recorder, use):
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_X", SECRET)]))
    with pytest.raises(NotInCassette) as missed, it.using(use("none")) as opened:
        it.serve(request(f"{URL}?devKey=K-1&x={SECRET}"), refusing)
    message = str(missed.value)
    assert message.startswith("test_a.py::test_b: no recorded answer (record mode none).")
    assert "does not exist" in message
    assert message.endswith("Record it: pytest test_a.py::test_b --bill-record-mode=once")
    assert "K-1" not in message
    assert SECRET not in message
    assert [miss.message for miss in opened.misses] == [message]


def test_a_miss_in_a_cassette_names_the_nearest(recorder, use):
    it = recorder()
    with it.using(use()):
        it.serve(request(URL + "?max=1"), answering(request(URL + "?max=1")))
    with it.using(use("none")), pytest.raises(NotInCassette) as missed:
        it.serve(request(URL + "?max=2"), refusing)
    assert f"nearest: GET {URL}?max=1" in str(missed.value)
    assert "    - query max: 1\n    + query max: 2\n" in str(missed.value)
    assert "--bill-record-mode=new_episodes" in str(missed.value)


def test_the_command_records_from_where_the_cassette_was_recorded(recorder, use):
    local = recorder(at_origin("http://127.0.0.1:8080", "local"))
    url = "http://127.0.0.1:8080/connect/v3/vendors"
    server = {"Server": ["pytest-bill-sandbox"]}
    with local.using(use()):
        local.serve(request(url), answering(request(url), answer_headers=server))
    missed = pytest.raises(NotInCassette, match="--bill-environment=local --bill-record-mode=new_")
    with local.using(use("none")), missed:
        local.serve(request(URL + "/other"), refusing)


def test_a_request_made_more_often_than_recorded(recorder, use):
    it = recorder()
    with it.using(use()):
        it.serve(request(), answering(request()))
    with it.using(use("none")):
        it.serve(request(), refusing)
        with pytest.raises(NotInCassette, match="was already played"):
            it.serve(request(), refusing)


def test_cassettes_hold_bills_addresses_not_the_sandboxs(recorder, use):
    it = recorder(LOCAL)
    url = "http://127.0.0.1:8080/connect/v3/vendors"
    body = b'{"next": "http://127.0.0.1:8080/connect/v3/x", "v2": "http://127.0.0.1:8080/api/v2"}'
    headers = {"Location": ["http://127.0.0.1:8080/connect/v3/x"], "Content-Length": ["1"]}
    headers["Server"] = ["pytest-bill-sandbox"]
    asked = request(url, headers={"Host": "127.0.0.1:8080"})
    with it.using(use()):
        it.serve(asked, answering(asked, body, answer_headers=headers))
    text = use().path.read_text()
    assert "127.0.0.1" not in text
    recording = store.load(use().path)
    (interaction,) = recording.interactions
    assert interaction.url == URL
    assert interaction.headers["Host"] == "gateway.stage.bill.com"
    assert interaction.answer_headers["Location"] == ["https://gateway.stage.bill.com/connect/v3/x"]
    assert interaction.answer_headers["Content-Length"] == [str(len(interaction.answer_body))]
    note = "Answered by pytest-bill's local sandbox, not by BILL."
    assert recording.metadata == {"pytest_bill": {"environment": "local", "note": note}}
    assert interaction.answered_by == "local"


def test_each_interaction_says_when_it_was_recorded(recorder, use):
    moments = iter([datetime(2026, 11, 29, 11, 7, 31, tzinfo=UTC), datetime(2026, 12, 1)])
    it = recorder(now=lambda: next(moments))
    with it.using(use()):
        for url in (URL, f"{URL}/1"):
            it.serve(request(url), answering(request(url)))
    saved = store.load(use().path).interactions
    assert [each.recorded_at for each in saved] == ["2026-11-29T11:07:31Z", "2026-12-01T00:00:00Z"]


def test_a_secret_is_scrubbed_also_from_what_came_before_it_was_known(recorder, use):
    it = recorder()
    with it.using(use()):
        it.serve(request(URL + f"/{SECRET}"), answering(request(URL + f"/{SECRET}")))
        answer = f'{{"sessionId": "{SECRET}"}}'.encode()
        it.serve(request(), answering(request(), answer))
    assert SECRET not in use().path.read_text()


BINARY = b"\xff\x00" + SECRET.encode()
WRITTEN_BY_OTHERS = {
    "text": json.dumps(f"note: {SECRET}"),
    "binary": f"!!binary {base64.b64encode(BINARY).decode()}",
    "binary, in lines": "!!binary |\n        "
    + base64.encodebytes(BINARY * 9).decode().strip().replace("\n", "\n        "),
    "a packed one": f"!!binary {base64.b64encode(gzip.compress(BINARY)).decode()}",
    "base64 in a text": f"{base64.b64encode(b'so: ' + SECRET.encode()).decode()}",
    "folded": f">-\n        {SECRET[:9]}\n        {SECRET[9:]}",
}


@pytest.mark.parametrize("kind", WRITTEN_BY_OTHERS)
def test_what_others_wrote_with_a_secret_is_not_written_again(recorder, use, kind):
    body = WRITTEN_BY_OTHERS[kind]
    use().path.write_text(
        f"""\
interactions:
- request:
    method: POST
    uri: {URL}
    headers: {{}}
    body: {body}
  response:
    status: {{code: 200, message: OK}}
    headers: {{}}
    body:
      string: {body}
version: 1
"""
    )
    secret = f"{SECRET[:9]} {SECRET[9:]}" if kind == "folded" else SECRET
    before = use().path.read_bytes()
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_X", secret)]))
    raised = pytest.raises(SecretFound, match="the request body of interaction 1")
    with raised as refused, it.using(use("new_episodes")):
        it.serve(request(), answering(request()))
    assert SECRET not in str(refused.value)
    assert use().path.read_bytes() == before


def test_a_secret_looks_the_same_in_all_cassettes_and_no_two_look_alike(recorder, use):
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_X", SECRET)]))
    handed_out = ["session-number-1", "session-number-2", "session-number-1"]
    for number, session_id in enumerate(handed_out):
        with it.using(use(name=f"{number}.yaml")):
            asked = request(headers={"X-Own": SECRET})
            it.serve(asked, answering(asked, f'{{"sessionId": "{session_id}"}}'.encode()))
    interactions = [store.load(use(name=f"{n}.yaml").path).interactions[0] for n in range(3)]
    assert [each.headers["X-Own"] for each in interactions] == ["PLACEHOLDER_X"] * 3
    first, second, third = (each.answer_body for each in interactions)
    assert first == third == b'{"sessionId": "PLACEHOLDER_BILL_SESSION_ID"}'
    assert second == b'{"sessionId": "PLACEHOLDER_BILL_SESSION_ID_2"}'


def test_a_secret_that_scrubbing_misses_is_not_written(recorder, use, monkeypatch):
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_X", SECRET)]))
    monkeypatch.setattr(it._scrubber, "scrub", lambda interaction: interaction)
    with pytest.raises(SecretFound, match="PLACEHOLDER_X"), it.using(use()):
        it.serve(request(), answering(request(), SECRET.encode()))
    assert not use().path.exists()


def test_a_body_that_cannot_be_searched_is_not_written(recorder, use):
    it = recorder()
    headers = {"Content-Encoding": ["unheard-of"]}
    with pytest.raises(CassetteError, match="not recorded"), it.using(use()):
        it.serve(request(), answering(request(), b"\x00x", answer_headers=headers))
    assert not use().path.exists()


def test_a_compressed_request_is_the_recorded_one(recorder, use):
    it = recorder()
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    asked = request(method="POST", headers=packed, body=gzip.compress(b'{"a": 1}'))
    with it.using(use()):
        it.serve(asked, answering(asked))
    with it.using(use("none")):
        it.serve(asked, refusing)
    assert store.load(use().path).interactions[0].body == b'{"a": 1}'


def test_what_recording_leaves_for_other_processes_is_private(recorder, use, tmp_path):
    naming = SharedPlaceholders(tmp_path / "scratch")
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_X", SECRET)], naming))
    with it.using(use()):
        it.serve(request(), answering(request(), b'{"sessionId": "session-number-1"}'))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "scratch").iterdir()}
    assert {name.rpartition(".")[2] for name in modes} == {
        "lock",
        "written",
        "begun",
        "base",
        "txt",
    }
    assert modes == dict.fromkeys(modes, 0o600)


@pytest.mark.parametrize("mode", ["all", "new_episodes", "once"])
def test_users_of_a_shared_cassette_add_to_each_other(recorder, use, mode):
    one, other = recorder(), recorder()  # as two workers: they share the scratch folder
    shared = use(mode, shared=True)
    with one.using(shared), other.using(shared):
        for number, each in enumerate((one, other)):
            opened = each.current
            asked = request(f"{URL}/{number}")
            each.serve(asked, answering(asked))
            assert opened.cassette.recorded
    urls = {interaction.url for interaction in store.load(shared.path).interactions}
    assert urls == {f"{URL}/0", f"{URL}/1"}


def test_of_two_recordings_of_one_fixture_the_first_stands(recorder, use):
    one, other = recorder(), recorder()
    with one.using(use()), other.using(use()):
        for body, each in ((b"1", one), (b"2", other)):
            each.serve(request(), answering(request(), body))
    assert len(store.load(use().path).interactions) == 1


def test_mode_all_replaces_also_in_a_second_attempt(recorder, use):
    it = recorder()
    for body in (b"1", b"2"):
        with it.using(use("all")):
            it.serve(request(), answering(request(), body))
    assert [each.answer_body for each in store.load(use().path).interactions] == [b"2"]


def test_threads_lose_nothing(recorder, use):
    it = recorder()
    asked = [request(f"{URL}/{number}") for number in range(200)]

    def serve(interaction: Interaction) -> bytes:
        return it.serve(interaction, answering(interaction, interaction.url.encode())).answer_body

    for mode in ("once", "none"):
        with it.using(use(mode)), ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(serve, asked))
        assert answers == [interaction.url.encode() for interaction in asked]
    assert len(store.load(use().path).interactions) == 200
    assert (it.counts.recorded, it.counts.replayed) == (200, 200)


# --- the cost of recording ----------------------------------------------------------------------


def created(number: int) -> Interaction:
    """A vendor of its own, with a cookie and a token of its own."""
    name = f"Vendor number {number * 7919}"
    vendor = {
        "id": f"009{number:017}",
        "name": name,
        "email": f"someone{number}@company{number}.org",
        "phone": f"713-{number % 1000:03}-{number:04}",
        "address": {"line1": f"{number} Analytical Way", "city": "Houston", "zipOrPostalCode": "1"},
        "paymentInformation": {"payeeName": name, "bankAccount": {"accountNumber": str(number**2)}},
        "createdTime": f"2026-11-24T12:{number % 60:02}:11.789+00:00",
    }
    headers = {"Accept": "*/*", "devKey": SECRET, "sessionId": f"session-{number:020}-of-the-run"}
    answered = {
        "Set-Cookie": [f"__cf_bm=cookie-{number:020}-of-the-run; path=/"],
        "Date": [f"Tue, 24 Nov 2026 12:49:{number % 60:02} GMT"],
        "X-Request-Id": [f"7a3f-{number:032x}"],
    }
    body = json.dumps(vendor).encode()
    return Interaction("POST", URL, headers, body, 201, "Created", answered, body)


@pytest.fixture
def recording(recorder, use, tmp_path):
    """Record interactions of their own, as a run of several processes does, and count the work."""
    number = 1000
    naming = SharedPlaceholders(tmp_path)
    registry = SecretRegistry([("PLACEHOLDER_KEY", SECRET)], naming)
    options = {"stand_ins": StandIns(b"k" * 32), "stand_in_choice": StandInChoice()}

    def record(count: int, mode: str = "once") -> int:
        nonlocal number
        it = recorder(registry=registry, **options)
        interactions = [created(number + each) for each in range(count)]
        number += count
        opened = it.open(use(mode, f"{number}.yaml"))

        def work() -> None:
            for each in interactions:
                it.record(each, opened)
            it.close(opened)

        return steps(work)

    return record


@pytest.mark.nightly
def test_recording_is_linear_in_the_traffic(recording):
    """Also where each interaction brings secrets: they are not looked for one after the other."""
    recording(60)  # what is made once, and more secrets than are looked for one by one
    some = recording(30)
    assert recording(90) <= 1.15 * 3 * some
    assert recording(30) <= 1.15 * some


def test_the_data_of_a_fixture_that_goes_on_recording_is_looked_through_once(recorder, use):
    it = recorder()
    opened = it.open(use())

    def another(number: int) -> int:
        it.record(created(number), opened)
        work = steps(lambda: opened.cassette.data_recorded)
        assert len(opened.cassette.data_recorded) == 5 * (number + 1) + 2
        return work

    early, *_, late = [another(number) for number in range(60)]
    assert late <= 1.1 * early
