"""One open cassette: what it plays, in which order, and what it may record."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette import Cassette, with_length
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def interaction(method: str = "GET", url: str = URL, answer: bytes = b"") -> Interaction:
    return Interaction(method, url, {}, b"", 200, "OK", {}, answer)


@pytest.fixture
def cassette(tmp_path):
    """Open a cassette that holds these interactions; no file where there are none."""

    def cassette(mode: str, *interactions: Interaction, match_on=("method", "path")) -> Cassette:
        path = tmp_path / "a.yaml"
        if interactions:
            store.save(path, store.Recording(list(interactions)), lambda text: None)
        scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
        return Cassette(path, mode, Matcher(SANDBOX, scrubber, match_on))

    return cassette


def test_equal_requests_are_answered_in_the_order_recorded_each_once(cassette):
    it = cassette(
        "none", interaction(answer=b"old"), interaction("PUT"), interaction(answer=b"new")
    )
    assert it.play(interaction()).answer_body == b"old"
    assert it.play(interaction("PUT")) is not None
    assert it.play(interaction()).answer_body == b"new"
    assert it.play(interaction()) is None


def test_other_orders_play_too(cassette):
    it = cassette("none", interaction(), interaction("PUT"))
    assert it.play(interaction("PUT"))
    assert it.play(interaction())


def test_it_says_what_was_not_played(cassette):
    first, put = interaction(answer=b"1"), interaction("PUT")
    it = cassette("none", first, put, interaction(answer=b"2"))
    assert not it.was_asked
    assert len(it.unplayed) == 3
    it.play(interaction())
    it.play(interaction("PATCH"))
    assert it.was_asked
    assert [(each.method, each.answer_body) for each in it.unplayed] == [
        ("PUT", b""),
        ("GET", b"2"),
    ]
    it.play(interaction("PUT"))
    it.play(interaction())
    assert it.unplayed == []
    assert cassette("all", first).unplayed == [first]


@pytest.mark.parametrize(
    ("mode", "plays", "records_with_file", "records_without"),
    [
        ("none", True, False, False),
        ("once", True, False, True),
        ("new_episodes", True, True, True),
        ("all", False, True, True),
    ],
)
def test_the_record_modes(cassette, tmp_path, mode, plays, records_with_file, records_without):
    assert cassette(mode).can_record is records_without
    with_file = cassette(mode, interaction())
    assert with_file.can_record is records_with_file
    assert (with_file.play(interaction()) is not None) is plays


def test_the_file_is_read_when_first_needed(cassette, tmp_path):
    (tmp_path / "a.yaml").write_text("not a cassette")
    assert "a.yaml" in repr(cassette("none"))


def test_a_function_may_decide(cassette):
    def even(now, recorded):
        return len(now.uri) % 2 == len(recorded.uri) % 2

    def not_put(now, recorded):
        assert now.method != "PUT"

    it = cassette(
        "none", interaction(url=URL + "/1"), interaction(url=URL + "/22"), match_on=[even, not_put]
    )
    assert it.play(interaction("PUT", URL + "/1")) is None
    assert it.play(interaction(url=URL + "/88")).url.endswith("/22")
    assert it.play(interaction(url=URL + "/88")) is None
    assert it.play(interaction(url=URL + "/9")).url.endswith("/1")


def test_the_nearest_differs_least(cassette):
    it = cassette("none", interaction("PUT", URL + "/1"), interaction(url=URL + "/2"))
    nearest = it.nearest(interaction(url=URL + "/3"))
    assert nearest.interaction.url == URL + "/2"
    assert [each.part for each in nearest.differences] == ["path"]
    assert cassette("none").nearest is not None


def test_there_is_no_nearest_in_no_cassette(cassette):
    assert cassette("none").nearest(interaction()) is None


def test_lengths_follow_the_bodies():
    headers, lists = {"content-length": "1"}, {"Content-Length": ["1"]}
    short = Interaction("POST", URL, headers, b"1", 200, "OK", lists, b"1")
    long = Interaction("POST", URL, headers, b"1234", 200, "OK", lists, b"12345")
    mended = with_length(long, short)
    assert mended.headers["content-length"] == "4"
    assert mended.answer_headers["Content-Length"] == ["5"]
    assert with_length(short, short) == short
    assert long.headers["content-length"] == "1"


# --- stand-ins -------------------------------------------------------------------------------


def post(name: str, note: str = "") -> Interaction:
    body = json.dumps({"name": name, "note": note}).encode()
    answer = json.dumps({"id": "1", "name": name}).encode()
    return Interaction("POST", URL, {"content-type": "application/json"}, body, 201, "", {}, answer)


@pytest.fixture
def with_stand_ins(tmp_path):
    """Open a cassette that holds these interactions and says that their names are stand-ins."""

    def with_stand_ins(*interactions, kinds=("organization_name",)):
        path = tmp_path / "a.yaml"
        about = {"pytest_bill": {"stand_ins": {"kinds": list(kinds)}}}
        store.save(path, store.Recording(list(interactions), about), lambda text: None)
        scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
        return Cassette(path, "none", Matcher(SANDBOX, scrubber))

    return with_stand_ins


def test_anything_matches_a_stand_in_and_comes_back(with_stand_ins):
    it = with_stand_ins(post("Bofa Vuna", "of Bofa Vuna"))
    assert it.play(post("Ada Lovel", "of Bofa Vuna")) is None
    played = it.play(post("Ada Lovel", "of Ada Lovel"))
    assert json.loads(played.answer_body)["name"] == "Ada Lovel"


def test_the_same_data_is_preferred_and_the_order_decides_otherwise(with_stand_ins):
    def names(*asked):
        it = with_stand_ins(post("Bofa Vuna"), post("Cuma Widu"), post("Zibo Neda"))
        played = [it.play(post(name)) for name in asked]
        return [it.interactions.index(each) if each in it.interactions else each for each in played]

    assert names("Zibo Neda", "Bofa Vuna", "Cuma Widu") == [2, 0, 1]
    assert names("Cuma Widu", "Cuma Widu")[0] == 1
    it = with_stand_ins(post("Bofa Vuna"), post("Bofa Vuna"), post("Cuma Widu"))
    for name in ("Ada Lovel", "Ada Lovel", "Ada Lovel"):
        assert json.loads(it.play(post(name)).answer_body)["name"] == "Ada Lovel"
    assert it.play(post("Ada Lovel")) is None


def test_the_rest_of_a_request_still_counts(with_stand_ins):
    it = with_stand_ins(post("Bofa Vuna", "a"))
    assert it.play(post("Bofa Vuna", "b")) is None
    assert [each.part for each in it.nearest(post("Ada Lovel", "b")).differences] == ["body note"]
    assert it.play(post("", "a")) is None


def test_other_kinds_than_the_cassette_says_are_compared(with_stand_ins):
    it = with_stand_ins(post("Bofa Vuna"), kinds=("email",))
    assert it.play(post("Ada Lovel")) is None
    assert it.play(post("Bofa Vuna")) is not None


def test_a_thousand_alike_are_played_in_no_more_than_linear_time(with_stand_ins):
    it = with_stand_ins(*(post(f"Bofa Vuna {number}") for number in range(1000)))
    for number in reversed(range(1000)):
        assert it.play(post(f"Bofa Vuna {number}")) is it.interactions[number]
    assert it.play(post("Bofa Vuna 1")) is None


# --- how much is done ------------------------------------------------------------------------


class CountingMatcher(Matcher):
    """Counts the requests that it looked at; may be held up at one of them."""

    def __init__(self) -> None:
        super().__init__(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))
        self.looked_at = 0
        self.hold_up = lambda request: None

    def compared(self, request, *args):
        self.looked_at += 1
        self.hold_up(request)
        return super().compared(request, *args)


@pytest.fixture
def counted(tmp_path):
    """Open a cassette that holds these interactions, with a matcher that counts."""

    def counted(*interactions, kinds=()):
        about = {"pytest_bill": {"stand_ins": {"kinds": list(kinds)}}}
        store.save(
            tmp_path / "a.yaml", store.Recording(list(interactions), about), lambda text: None
        )
        matcher = CountingMatcher()
        return Cassette(tmp_path / "a.yaml", "none", matcher), matcher

    return counted


def test_what_was_recorded_just_so_is_looked_at_once_in_all(counted):
    asked = [interaction(url=f"{URL}/{number}", answer=b"%d" % number) for number in range(200)]
    it, matcher = counted(*asked)
    for number in reversed(range(200)):
        assert it.play(asked[number]).answer_body == b"%d" % number
    assert matcher.looked_at == 200


def test_any_other_request_is_looked_at_once(counted):
    it, matcher = counted(*(post(f"Bofa Vuna {n}") for n in range(100)), kinds=["person_name"])
    it.play(post("Bofa Vuna 1"))
    before = matcher.looked_at
    for number in range(100):
        it.play(post(f"Ada Lovel {number}"))
    assert matcher.looked_at - before == 100


def test_a_known_value_is_looked_for_in_what_was_recorded_just_so(counted):
    """The test's own value stands in a note; recorded was the same note, by chance."""
    kinds = ["organization_name"]
    it, _ = counted(post("Bofa Vuna", "x"), post("Bofa Vuna", "of Bofa Vuna"), kinds=kinds)
    assert it.play(post("Ada Lovel", "x")) is not None
    assert json.loads(it.play(post("Ada Lovel", "of Ada Lovel")).answer_body)["id"] == "1"


def test_comparing_one_request_holds_up_no_other(counted):
    it, matcher = counted(interaction(), interaction("PUT"))
    it.play(interaction("PUT"))
    held_up, let_go = threading.Event(), threading.Event()

    def hold_up(request):
        if request.headers:
            held_up.set()
            assert let_go.wait(30)

    matcher.hold_up = hold_up
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(it.play, replace(interaction(), headers={"organizationId": "1"}))
        assert held_up.wait(30)
        played = ThreadPoolExecutor(1).submit(it.play, interaction())
        try:
            assert played.result(30) is not None
        finally:
            let_go.set()
        assert slow.result(30) is None


def test_threads_read_the_file_once(tmp_path, counted, monkeypatch):
    it, matcher = counted(*(interaction(url=f"{URL}/{number}") for number in range(50)))
    loads = []
    load = store.load
    monkeypatch.setattr(store, "load", lambda *paths: loads.append(paths) or load(*paths))
    with ThreadPoolExecutor(8) as pool:
        played = list(pool.map(it.play, [interaction(url=f"{URL}/{n}") for n in range(50)]))
    assert None not in played
    assert len(loads) == 1
    assert matcher.looked_at == 50


def test_threads_take_each_recorded_answer_once(counted):
    it, _ = counted(*(interaction(answer=b"%d" % number) for number in range(400)))
    with ThreadPoolExecutor(8) as pool:
        played = list(pool.map(it.play, [interaction()] * 401))
    bodies = [each.answer_body for each in played if each is not None]
    assert sorted(bodies, key=int) == [b"%d" % number for number in range(400)]
