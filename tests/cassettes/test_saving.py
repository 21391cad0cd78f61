"""Writing what is new of a cassette."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from pytest_bill.cassettes import staging, store
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import CassetteError, NotInCassette, SecretFound
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.stand_ins import StandIns

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
LOCAL = at_origin("http://127.0.0.1:8080", "local")
HERE = "http://127.0.0.1:8080/connect/v3/vendors"
SANDBOX_SAID = {"Server": ["pytest-bill-sandbox"]}
SECRET = "a-secret-of-some-length"


def interaction(url: str = URL, answer: bytes = b"{}", **changes) -> Interaction:
    return replace(Interaction("GET", url, {}, b"", 200, "OK", {}, answer), **changes)


@pytest.fixture
def save(recorder, use):
    """Record interactions in one test, and give what the file then holds."""

    def save(*interactions, mode="once", environment=None, **options):
        changes = {name: options.pop(name) for name in {"shared", "replaces_equal"} & {*options}}
        it = recorder(environment, **options) if environment else recorder(**options)
        with it.using(use(mode, **changes)) as opened:
            for each in interactions:
                it.record(each, opened)
        return store.load(use().path)

    return save


def test_what_is_new_is_written_as_one_cassette(save, use):
    saved = save(interaction(), interaction(f"{URL}/1", b"[1]"))
    assert [each.url for each in saved.interactions] == [URL, f"{URL}/1"]
    assert saved.metadata == {"pytest_bill": {"environment": "sandbox"}}
    assert stat.S_IMODE(use().path.stat().st_mode) == 0o666 & ~mask()


def mask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def test_where_nothing_is_new_nothing_is_written(save, use):
    assert save() is None
    assert not list(use().path.parent.glob("*.yaml"))


def test_a_file_stays_with_what_its_owner_put_beside(save, use):
    save(interaction())
    text = use().path.read_text()
    use().path.write_text(text.replace("metadata:\n", "metadata:\n  ours: kept\n"))
    saved = save(interaction(f"{URL}/1"), mode="new_episodes")
    assert saved.metadata["ours"] == "kept"
    assert len(saved.interactions) == 2


def test_a_length_is_that_of_what_is_written(save):
    headers = {"Content-Length": ["99"]}
    body = json.dumps({"sessionId": SECRET}).encode()
    (saved,) = save(interaction(answer=body, answer_headers=headers)).interactions
    assert SECRET.encode() not in saved.answer_body
    assert saved.answer_headers["Content-Length"] == [str(len(saved.answer_body))]


def test_secrets_are_written_nowhere_and_the_old_file_stays(save, use, monkeypatch):
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    save(interaction(answer=SECRET.encode()), registry=registry)
    before = use().path.read_bytes()
    assert SECRET.encode() not in before
    monkeypatch.setattr("pytest_bill.scrubbing.scrub.Scrubber.scrub", lambda _, each: each)
    with pytest.raises(SecretFound):
        save(interaction(answer=SECRET.encode()), mode="all", registry=registry)
    assert use().path.read_bytes() == before


def test_a_place_that_is_no_folder_is_named(recorder, use):
    use().path.with_name("taken").write_text("a file")
    it = recorder()
    refused = pytest.raises(CassetteError, match=r"taken/cassette\.yaml cannot be read: ")
    with refused, it.using(use(name="taken/cassette.yaml")) as opened:
        it.record(interaction(), opened)


def test_a_damaged_file_is_recorded_anew(save, use):
    use().path.write_text("damaged: [")
    assert len(save(interaction(), mode="all").interactions) == 1


def test_a_link_to_nothing_is_recorded_anew(save, use):
    use().path.symlink_to("nowhere")
    assert len(save(interaction(), mode="all").interactions) == 1


def test_a_folder_of_the_run_that_is_full_is_named(recorder, use, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pytest_bill.cassettes.staging.mark", full)
    it = recorder()
    refused = pytest.raises(
        CassetteError, match=r"cassette\.yaml was not recorded: .*scratch cannot be used: No space"
    )
    with refused, it.using(use()) as opened:
        it.record(interaction(), opened)


@pytest.mark.parametrize("change", ["edited", "damaged", "same"])
def test_a_file_that_is_no_longer_as_it_was_read_is_told_of(recorder, use, save, tmp_path, change):
    save(interaction())
    path, scratch = use().path, tmp_path / "scratch"
    for each in (staging._mark_of(scratch, path), staging.base_of(scratch, path)):
        each.unlink()  # by another run
    where = staging.Staging(path.parent, lambda: scratch, lambda: scratch)
    it = recorder(staging=where)
    with it.using(use("new_episodes")) as opened:
        it.serve(replace(interaction(), status=0), lambda: pytest.fail("it is recorded"))
        it.record(interaction(f"{URL}/1"), opened)
        if change == "edited":
            path.write_text(path.read_text().replace("message: OK", "message: Fine"))
        elif change == "damaged":
            path.write_text(path.read_text() + "x")
    assert where.was_changed(path) is (change != "same")
    assert len(store.load(path, where.place_of(path)).interactions) == 2


# --- addresses -------------------------------------------------------------------------------


def test_the_local_sandboxs_addresses_become_bills_in_all_that_is_written(save, use):
    asked = interaction(
        HERE,
        f'{{"next": "{HERE}/1", "v2": "http://127.0.0.1:8080/api/v2/x"}}'.encode(),
        headers={"Host": "127.0.0.1:8080", "Referer": HERE},
        body=f'{{"about": "{HERE}"}}'.encode(),
        answer_headers={**SANDBOX_SAID, "Location": [f"{HERE}/1"]},
    )
    (saved,) = save(asked, environment=LOCAL).interactions
    assert "127.0.0.1" not in use().path.read_text()
    assert saved.url == URL
    assert saved.headers == {"Host": "gateway.stage.bill.com", "Referer": URL}
    assert json.loads(saved.body) == {"about": URL}
    assert saved.answer_headers["Location"] == [f"{URL}/1"]
    assert json.loads(saved.answer_body)["v2"] == "https://api-stage.bill.com/api/v2/x"


def test_bills_own_addresses_stay(save):
    production = interaction(
        "https://gateway.prod.bill.com/connect/v3/vendors", b'"127.0.0.1:8080"'
    )
    (saved,) = save(production, allow_production=True).interactions
    assert saved.url == production.url
    assert saved.answer_body == b'"127.0.0.1:8080"'


# --- who answered ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "headers", "environment", "note"),
    [
        (URL, {}, "sandbox", None),
        ("https://gateway.prod.bill.com/connect/v3/vendors", {}, "production", None),
        (HERE, SANDBOX_SAID, "local", "Answered by pytest-bill's local sandbox, not by BILL."),
        (HERE, {}, "custom", "Answered by the address in BILL_BASE_URL, not by BILL's own."),
    ],
)
def test_a_cassette_says_who_answered(save, url, headers, environment, note):
    saved = save(interaction(url, answer_headers=headers), environment=LOCAL)
    told = {"environment": environment} | ({"note": note} if note else {})
    assert saved.metadata == {"pytest_bill": told}


def test_a_cassette_with_answers_of_several_says_so(save):
    save(interaction())
    local = interaction(f"{HERE}/1", answer_headers=SANDBOX_SAID)
    saved = save(local, environment=LOCAL, mode="new_episodes")
    note = "Some were answered by pytest-bill's local sandbox, not by BILL."
    assert saved.metadata == {"pytest_bill": {"environment": "mixed", "note": note}}
    assert [each.answered_by for each in saved.interactions] == ["sandbox", "local"]


@pytest.mark.parametrize(
    ("told", "answerer"), [("local", "local"), ("custom", "other"), ("sandbox", "sandbox")]
)
def test_what_an_older_cassette_says_of_the_whole_file_is_said_of_each(save, use, told, answerer):
    entry = {
        "request": {"method": "GET", "uri": f"{URL}/1", "body": None, "headers": {}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {}},
    }
    older = {
        "interactions": [entry],
        "metadata": {"pytest_bill": {"environment": told}},
        "version": 1,
    }
    use().path.write_text(yaml.safe_dump(older))
    saved = save(interaction("https://gateway.prod.bill.com/connect/v3/bills"), mode="new_episodes")
    assert [each.answered_by for each in saved.interactions] == [answerer, "production"]
    assert saved.metadata["pytest_bill"]["environment"] == "mixed"


PRODUCTION = "https://gateway.prod.bill.com/connect/v3/bills"


def written_before(path, environment: str, **answerers: str) -> None:
    """A cassette with an interaction of each name; an empty answerer is none that it tells."""
    made = [interaction(f"{URL}/{name}", answered_by=by) for name, by in answerers.items()]
    about = {"environment": environment} if environment else {}
    recording = store.Recording(made, {"pytest_bill": about} if about else {})
    store.save(path, recording, lambda _: None)


@pytest.mark.parametrize("environment", ["", "mixed"])
@pytest.mark.parametrize("mode", ["new_episodes", "once"])
def test_what_nobody_says_of_an_interaction_is_not_made_up(save, use, environment, mode):
    written_before(use().path, environment, a="production", b="", c="local")
    saved = save(interaction(PRODUCTION), mode=mode, shared=True)
    assert [each.answered_by for each in saved.interactions] == [
        *("production", "", "local"),
        "production",
    ]
    assert saved.metadata["pytest_bill"]["environment"] == "mixed"


def test_what_takes_the_place_of_an_equal_request_leaves_the_others_their_answerers(save, use):
    written_before(use().path, "mixed", a="production", b="other", c="local")
    again = interaction(f"{HERE}/a", answer_headers=SANDBOX_SAID)
    saved = save(again, environment=LOCAL, shared=True, replaces_equal=True)
    found = {each.url.rpartition("/")[2]: each.answered_by for each in saved.interactions}
    assert found == {"b": "other", "c": "local", "a": "local"}


def test_recorded_anew_by_one_it_is_of_that_one(save, use):
    written_before(use().path, "mixed", a="production", b="local")
    saved = save(interaction(f"{URL}/a"), mode="all")
    assert [each.answered_by for each in saved.interactions] == ["sandbox"]
    assert saved.metadata == {"pytest_bill": {"environment": "sandbox"}}


def test_each_interaction_keeps_the_time_at_which_it_was_recorded(save, use):
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2)]
    save(interaction(), now=lambda: moments[0])
    saved = save(interaction(f"{URL}/1"), mode="new_episodes", now=lambda: moments[1])
    assert [each.recorded_at for each in saved.interactions] == [
        "2026-01-01T00:00:00Z",
        "2026-02-01T00:00:00Z",
    ]


# --- stand-ins -------------------------------------------------------------------------------


PERSON = {"name": "Ada Lovelace", "email": "ada.lovelace@company.org", "phone": "713-555-0100"}
STAND_INS = {"stand_ins": StandIns(b"k" * 32), "stand_in_choice": StandInChoice()}


def test_personal_data_of_bills_is_written_as_stand_ins_and_the_cassette_says_so(save, use):
    saved = save(interaction(answer=json.dumps(PERSON).encode()), **STAND_INS)
    assert "ada.lovelace@company.org" not in use().path.read_text()
    assert "email" in saved.metadata["pytest_bill"]["stand_ins"]["kinds"]


def test_what_the_local_sandbox_made_up_stays_as_it_is(save, use):
    made_up = interaction(HERE, json.dumps(PERSON).encode(), answer_headers=SANDBOX_SAID)
    nothing = StandInChoice(frozenset())
    saved = save(made_up, environment=LOCAL, made_up_choice=nothing, **STAND_INS)
    assert json.loads(saved.interactions[0].answer_body) == PERSON
    assert "stand_ins" not in saved.metadata["pytest_bill"]


def test_in_one_cassette_only_what_bill_answered_has_stand_ins(save, use):
    made_up = interaction(HERE, json.dumps(PERSON).encode(), answer_headers=SANDBOX_SAID)
    nothing = StandInChoice(frozenset())
    real = interaction(f"{URL}/1", json.dumps(PERSON | {"email": "grace@company.org"}).encode())
    save(made_up, real, environment=LOCAL, made_up_choice=nothing, **STAND_INS)
    text = use().path.read_text()
    assert "ada.lovelace@company.org" in text
    assert "grace@company.org" not in text


# --- beside other recordings -----------------------------------------------------------------


def test_the_same_request_takes_its_place_where_that_is_wanted(save):
    save(interaction(answer=b"1"), interaction(f"{URL}/1", b"1"), shared=True, replaces_equal=True)
    saved = save(interaction(answer=b"2"), mode="once", shared=True, replaces_equal=True)
    assert [(each.url, each.answer_body) for each in saved.interactions] == [
        (f"{URL}/1", b"1"),
        (URL, b"2"),
    ]


def test_another_body_is_another_request(save):
    one, other = (interaction(method="POST", body=body) for body in (b'{"a": 1}', b'{"a": 2}'))
    save(one, shared=True, replaces_equal=True)
    assert len(save(other, shared=True, replaces_equal=True).interactions) == 2


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_workers_that_save_at_once_lose_nothing(recorder, use, mode):
    use().path.write_text("")
    runs = [recorder() for _ in range(8)]

    def work(number: int) -> None:
        with runs[number].using(use(mode, shared=True)) as opened:
            runs[number].record(interaction(f"{URL}/{number}"), opened)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    urls = sorted(each.url for each in store.load(use().path).interactions)
    assert urls == [f"{URL}/{number}" for number in range(8)]


def test_what_helps_to_save_lies_in_the_private_folder_alone(save, use):
    save(interaction())
    assert {path.name for path in use().path.parent.iterdir()} == {"cassette.yaml", "scratch"}


# --- what this run has begun -----------------------------------------------------------------


def asking(url: str = URL) -> Interaction:
    return Interaction("GET", url, {}, b"")


def sending(url: str = URL, answer: bytes = b"{}"):
    return lambda: interaction(url, answer)


@pytest.mark.parametrize("shared", [True, False], ids=["another test", "the same, tried again"])
def test_once_goes_on_with_what_this_run_has_begun(recorder, use, shared):
    it = recorder()
    with it.using(use(shared=shared)):
        it.serve(asking(), sending(answer=b"1"))
    with it.using(use(shared=shared)):
        assert it.serve(asking(), sending(answer=b"2")).answer_body == b"1"
        it.serve(asking(f"{URL}/1"), sending(f"{URL}/1"))
    kept = store.load(use().path).interactions
    assert [(each.url, each.answer_body) for each in kept] == [(URL, b"1"), (f"{URL}/1", b"{}")]


def test_once_only_plays_what_was_there_before_the_run(save, recorder, use):
    save(interaction())
    for scratch in (use().path.with_name("scratch")).iterdir():
        scratch.unlink()  # another run
    it = recorder()
    with it.using(use("new_episodes", shared=True)):  # that it records there, too, changes nothing
        it.serve(asking(f"{URL}/1"), sending(f"{URL}/1"))
    with it.using(use(shared=True)), pytest.raises(NotInCassette):
        it.serve(asking(f"{URL}/2"), sending(f"{URL}/2"))


def test_once_goes_on_with_what_this_run_has_recorded_anew(save, recorder, use):
    save(interaction(f"{URL}/old"))
    for scratch in (use().path.with_name("scratch")).iterdir():
        scratch.unlink()
    it = recorder()
    with it.using(use("all", shared=True)):
        it.serve(asking(), sending())
    with it.using(use(shared=True)):
        it.serve(asking(f"{URL}/1"), sending(f"{URL}/1"))
    assert [each.url for each in store.load(use().path).interactions] == [URL, f"{URL}/1"]


def test_what_another_worker_has_recorded_of_the_same_test_stays(recorder, use):
    one, other = recorder(), recorder()
    with one.using(use()):
        one.serve(asking(), sending(answer=b"1"))
        with other.using(use()):
            other.serve(asking(), sending(answer=b"2"))
    assert [each.answer_body for each in store.load(use().path).interactions] == [b"2"]


@pytest.mark.parametrize("mode", ["once", "new_episodes"])
def test_who_takes_turns_plays_what_the_other_recorded(recorder, use, mode):
    runs = [recorder() for _ in range(6)]

    def work(number: int) -> list[bytes]:
        it = runs[number]
        with it.using(use(mode, shared=True, takes_turns=True)):
            own = f"{URL}/{number}"
            return [
                it.serve(asking(), sending(answer=b"%d" % number)).answer_body,
                it.serve(asking(own), sending(own)).answer_body,
            ]

    with ThreadPoolExecutor(6) as pool:
        seen = list(pool.map(work, range(6)))
    kept = store.load(use().path).interactions
    assert sorted(each.url for each in kept) == [URL, *(f"{URL}/{number}" for number in range(6))]
    assert len({answer for answer, _ in seen}) == 1


def test_a_turn_ends_whatever_becomes_of_it(recorder, use):
    it = recorder()

    def fail() -> None:
        with it.using(use(shared=True, takes_turns=True)):
            raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):  # noqa: PT011
            fail()


def test_nobody_waits_for_what_was_there_before_the_run(save, recorder, use):
    save(interaction())
    for scratch in (use().path.with_name("scratch")).iterdir():
        scratch.unlink()
    one, other = recorder(), recorder()
    turns = use(shared=True, takes_turns=True)
    with one.using(turns), other.using(turns):
        assert one.serve(asking(), sending()).answer_body == b"{}"
