"""What is kept of large cassettes plays what the whole cassette plays, or is not used."""

import json
import os
import random
from dataclasses import replace

import pytest

from pytest_bill.cassettes import kept_indexes, reader, store
from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.kept_indexes import Interactions, KeptIndexes
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
METADATA = {"pytest_bill": {"environment": "local", "stand_ins": {"kinds": ["person_name"]}}}
SECRET = "b01-9d2f-secret"


def get(number: int, answer: str = "", **headers: str) -> Interaction:
    answered = (answer or f"answer {number}").encode()
    return Interaction("GET", f"{URL}/{number}", headers, b"", 200, "OK", {}, answered)


def post(data: object, answer: str, **headers: str) -> Interaction:
    sent = {"content-type": "application/json", **headers}
    body = json.dumps(data).encode()
    return Interaction("POST", URL, sent, body, 200, "OK", {"a": ["b"]}, answer.encode())


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch):
    monkeypatch.setattr(kept_indexes, "SMALLEST", 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cassette.yaml"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture
def save(path):
    def save(*interactions: Interaction, metadata=METADATA) -> None:
        store.save(path, store.Recording(list(interactions), metadata), lambda _: None)

    return save


@pytest.fixture
def opened(path, folder):
    """The cassette, opened anew; with what is kept unless that is switched off."""

    def opened(
        mode="none",
        secrets=(),
        match_on=DEFAULT_MATCH_ON,
        *,
        keeps=True,
        rules=None,
        kept_in=lambda: folder,
    ) -> Cassette:
        registry = SecretRegistry([("PLACEHOLDER_X", each) for each in secrets])
        scrubber = Scrubber(registry, rules, same_in_all_places=True)
        matcher = Matcher(SANDBOX, scrubber, match_on)
        return Cassette(path, mode, matcher, kept=KeptIndexes(kept_in) if keeps else None)

    return opened


@pytest.fixture
def is_read_whole(monkeypatch):
    """Tells whether a cassette was read as a whole since it was asked last."""
    calls = []
    parsed = store.parsed
    monkeypatch.setattr(store, "parsed", lambda raw: calls.append(1) or parsed(raw))

    def is_read_whole() -> bool:
        found = bool(calls)
        calls.clear()
        return found

    return is_read_whole


def asked(recorded: Interaction) -> Interaction:
    return replace(recorded, status=0, answer_headers={}, answer_body=b"")


def test_the_second_time_only_what_is_played_is_read(save, opened, is_read_whole, monkeypatch):
    save(*map(get, range(300)))
    assert opened().play(asked(get(7))).answer_body == b"answer 7"
    assert is_read_whole()
    read = []
    read_one = reader.read_one
    monkeypatch.setattr(reader, "read_one", lambda text: read.append(text) or read_one(text))
    it = opened()
    assert it.play(asked(get(250))) == get(250)
    assert (it.exists, it.environment_name, it.fails_early) == (True, "local", False)
    assert it.stood_in == {"person_name"}
    assert len(it.interactions) == 300
    assert list(it.unplayed_numbers) == [*range(250), *range(251, 300)]
    assert len(read) == 1
    assert not is_read_whole()
    assert it.play(asked(get(250))) is None
    assert is_read_whole()


def test_who_plays_much_of_it_has_the_rest_read_at_once(save, opened, is_read_whole):
    recorded = list(map(get, range(300)))
    save(*recorded)
    opened().play(asked(get(7)))
    is_read_whole()
    it = opened()
    assert [it.play(asked(each)) for each in recorded[:20]] == recorded[:20]
    assert not is_read_whole()
    assert [it.play(asked(each)) for each in recorded[20:]] == recorded[20:]
    assert is_read_whole()
    assert it.unplayed == []
    assert it.play(asked(recorded[0])) is None


def world(rng: random.Random) -> list[Interaction]:
    """Interactions of which many have equal keys: other spellings, sessions and names."""
    made = []
    for number in range(rng.randrange(20, 60)):
        session = rng.choice(["PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID", "PLACEHOLDER_B", ""])
        headers = {"sessionId": session} if session else {}
        if rng.random() < 0.4:
            made.append(get(rng.randrange(4), f"{number}", **headers))
            continue
        fields = list({"a": rng.randrange(2), "firstName": rng.choice(["Ada", "Bo"])}.items())
        rng.shuffle(fields)
        made.append(post(dict(fields), f"{number}", **headers))
    return made


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.sampled(4)
def test_it_plays_what_the_whole_cassette_plays(seed, save, opened):
    rng = random.Random(seed)
    recorded = world(rng)
    save(*recorded)
    opened().play(asked(recorded[0]))  # keeps it
    requests = [asked(rng.choice(recorded)) for _ in range(80)]
    # One that is not there may come early, or never.
    if seed % 3:
        requests.insert(rng.randrange(80), asked(get(99)))
    whole, kept = opened(keeps=False), opened()
    for request in requests:
        assert kept.play(request) == whole.play(request)
        assert kept.stand_in_pairs.to_own.replaced("Ada and Bo") == (
            whole.stand_in_pairs.to_own.replaced("Ada and Bo")
        )
    assert list(kept.unplayed_numbers) == list(whole.unplayed_numbers)


def test_what_was_changed_is_read_anew_even_with_the_same_size_and_time(save, opened, path):
    save(get(1, "one"), get(2, "two"))
    opened().play(asked(get(1)))
    about = path.stat()
    path.write_text(path.read_text().replace("one", "ONE").replace("two", "TWO"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert opened().play(asked(get(2))).answer_body == b"TWO"
    assert opened().play(asked(get(1))).answer_body == b"ONE"


def test_what_is_damaged_is_not_used(save, opened, folder, is_read_whole):
    save(*map(get, range(5)))
    opened().play(asked(get(1)))
    (file,) = folder.iterdir()
    data = file.read_bytes()
    damaged = [data[:-1], data[: len(data) // 2], b"", b"\0" * len(data), data + b"x"]
    for place in range(0, len(data), len(data) // 12):
        damaged.append(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    for each in damaged:
        file.write_bytes(each)
        is_read_whole()
        assert opened().play(asked(get(3))).answer_body == b"answer 3"
        assert is_read_whole()
        assert file.read_bytes() == data  # it is made anew


def test_what_is_kept_of_another_order_is_seen_before_it_is_played(save, opened, monkeypatch):
    save(*map(get, range(20)))
    digest_of_key = kept_indexes._digest_of_key
    monkeypatch.setattr(kept_indexes, "_digest_of_key", lambda key: digest_of_key(key) % 3)
    for _ in range(2):  # what is kept the second time has many for each
        it = opened()
        assert [it.play(asked(get(each))).answer_body for each in (9, 3)] == [
            b"answer 9",
            b"answer 3",
        ]


def test_other_settings_have_files_of_their_own(save, opened, folder, is_read_whole):
    save(*(get(each, answer=f"{each}", accept=f"{each}") for each in range(5)))
    settings = [
        {},
        {"match_on": ("method", "path")},
        {"match_on": ("method", "uri", "headers")},
        {"rules": ScrubRules(fields=frozenset({"badge"}))},
    ]
    for number, each in enumerate(settings, 1):
        is_read_whole()
        assert opened(**each).play(asked(get(3, accept="3"))).answer_body == b"3"
        assert is_read_whole()
        assert len(list(folder.iterdir())) == number


@pytest.mark.parametrize("changes", [{"match_on": (lambda *_: True,)}, {"mode": "once"}])
def test_functions_and_runs_that_may_record_read_the_whole(changes, save, opened, folder):
    save(*map(get, range(5)))
    opened(**changes).play(asked(get(3)))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "recorded",
    [
        [get(1), replace(get(2), url=f"{URL}/{SECRET}")],
        [get(1), post({"note": SECRET}, "x")],
        [get(1), get(2, apiToken=SECRET)],
    ],
    ids=["URL", "body", "header"],
)
def test_where_a_secret_of_the_run_stands_in_a_request_nothing_is_kept_or_used(
    recorded, save, opened, folder, is_read_whole
):
    save(*recorded)
    request = asked(recorded[1])
    assert opened(secrets=[SECRET]).play(request).answer_body
    assert list(folder.iterdir()) == []
    assert opened().play(request).answer_body
    assert len(list(folder.iterdir())) == 1
    is_read_whole()
    assert opened(secrets=[SECRET]).play(request).answer_body
    assert is_read_whole()


def test_a_short_secret_counts_too(save, opened, is_read_whole):
    save(replace(get(1), url=f"{URL}/organizations/o42"), get(2))
    opened().play(asked(get(2)))
    is_read_whole()
    opened(secrets=["o42"]).play(asked(get(2)))
    assert is_read_whole()
    opened(secrets=["o43"]).play(asked(get(2)))
    assert not is_read_whole()


def test_it_holds_nothing_that_the_cassette_does_not(save, opened, folder):
    save(*map(get, range(5)))
    opened(secrets=[SECRET]).play(asked(get(3, apiToken=SECRET)))
    (file,) = folder.iterdir()
    assert SECRET.encode() not in file.read_bytes()
    assert b"answer" not in file.read_bytes()


@pytest.mark.parametrize(
    "recorded",
    [
        [get(1), post({"note": "two\nlines"}, "x"), replace(get(2), body="ä".encode())],
        [get(1), replace(get(2), url=URL + "?a=\x7f")],
    ],
    ids=["letters", "control"],
)
def test_what_cannot_be_searched_at_once_is_not_kept(recorded, save, opened, folder):
    save(*recorded)
    assert opened().play(asked(recorded[1])).answer_body == recorded[1].answer_body
    assert list(folder.iterdir()) == []


def test_faults_and_other_shapes_are_not_kept(save, opened, folder, path):
    from pytest_bill.cassettes.faults import Fault

    fault = Interaction("GET", f"{URL}/2", {}, b"", fault=Fault("refused"))
    save(get(1), fault, get(3))
    assert opened().play(asked(get(3))).answer_body == b"answer 3"
    assert list(folder.iterdir()) == []
    save(get(1), get(2))
    path.write_text(path.read_text().replace("\n", "\r\n"), newline="")
    assert opened().play(asked(get(2))).answer_body == b"answer 2"
    assert list(folder.iterdir()) == []


def test_one_that_was_edited_by_hand_is_played_too(save, opened, path):
    save(*map(get, range(6)), metadata={})
    text = path.read_text().replace("    method: GET\n", "    method: 'GET'  # by hand\n", 3)
    path.write_text(text)
    for _ in range(2):
        it = opened()
        assert [it.play(asked(get(each))) for each in (1, 5)] == [get(1), get(5)]


@pytest.mark.parametrize("error", [PermissionError, FileNotFoundError])
def test_without_a_folder_it_works_as_before(error, save, opened):
    def kept_in():
        raise error(13, "no")

    save(*map(get, range(5)))
    assert opened(kept_in=kept_in).play(asked(get(3))).answer_body == b"answer 3"


def test_a_small_cassette_is_left_alone(save, opened, folder, monkeypatch):
    monkeypatch.setattr(kept_indexes, "SMALLEST", 2**20)
    save(*map(get, range(5)))
    assert opened().play(asked(get(3)))
    assert list(folder.iterdir()) == []


def test_there_are_not_ever_more_files(opened, save, folder, monkeypatch):
    monkeypatch.setattr(kept_indexes, "_MOST_FILES", 3)
    save(*map(get, range(5)))
    for number in range(6):
        rules = ScrubRules(fields=frozenset({f"badge{number}"}))
        opened(rules=rules).play(asked(get(3)))
    assert len(list(folder.iterdir())) == 3
    monkeypatch.setattr(kept_indexes, "MOST_KEPT", 10)
    opened().play(asked(get(3)))
    assert len(list(folder.iterdir())) == 3


def test_interactions_that_were_read_are_the_same_objects_among_all(save, path):
    save(*map(get, range(5)))
    raw = path.read_bytes()
    it = Interactions(raw, list(kept_indexes.starts_in(raw)))
    last, third = it[-1], it[2]
    assert (last, third) == (get(4), get(2))
    assert [*it] == [*map(get, range(5))]
    assert it[2] is third
    assert it[3:] == [get(3), get(4)]
    with pytest.raises(IndexError):
        it[5]
