"""One open cassette: what it plays, in which order, and what it may record."""

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette import Cassette, with_length
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.registry import SecretRegistry
from pytest_bill.scrub import Exchange, Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def exchange(method: str = "GET", url: str = URL, answer: bytes = b"") -> Exchange:
    return Exchange(method, url, {}, b"", 200, "OK", {}, answer)


@pytest.fixture
def cassette(tmp_path):
    """Open a cassette that holds these exchanges; no file where there are none."""

    def cassette(mode: str, *exchanges: Exchange, match_on=("method", "path")) -> Cassette:
        path = tmp_path / "a.yaml"
        if exchanges:
            store.save(path, store.Recording(list(exchanges)), lambda text: None)
        scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
        return Cassette(path, mode, Matcher(SANDBOX, scrubber, match_on))

    return cassette


def test_equal_requests_are_answered_in_the_order_recorded_each_once(cassette):
    tape = cassette("none", exchange(answer=b"old"), exchange("PUT"), exchange(answer=b"new"))
    assert tape.play(exchange()).answer_body == b"old"
    assert tape.play(exchange("PUT")) is not None
    assert tape.play(exchange()).answer_body == b"new"
    assert tape.play(exchange()) is None


def test_other_orders_play_too(cassette):
    tape = cassette("none", exchange(), exchange("PUT"))
    assert tape.play(exchange("PUT"))
    assert tape.play(exchange())


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
    with_file = cassette(mode, exchange())
    assert with_file.can_record is records_with_file
    assert (with_file.play(exchange()) is not None) is plays


def test_the_file_is_read_when_first_needed(cassette, tmp_path):
    (tmp_path / "a.yaml").write_text("not a cassette")
    assert "a.yaml" in repr(cassette("none"))


def test_a_function_may_decide(cassette):
    def even(now, recorded):
        return len(now.uri) % 2 == len(recorded.uri) % 2

    def not_put(now, recorded):
        assert now.method != "PUT"

    tape = cassette(
        "none", exchange(url=URL + "/1"), exchange(url=URL + "/22"), match_on=[even, not_put]
    )
    assert tape.play(exchange("PUT", URL + "/1")) is None
    assert tape.play(exchange(url=URL + "/88")).url.endswith("/22")
    assert tape.play(exchange(url=URL + "/88")) is None
    assert tape.play(exchange(url=URL + "/9")).url.endswith("/1")


def test_the_nearest_differs_least(cassette):
    tape = cassette("none", exchange("PUT", URL + "/1"), exchange(url=URL + "/2"))
    nearest = tape.nearest(exchange(url=URL + "/3"))
    assert nearest.exchange.url == URL + "/2"
    assert [each.part for each in nearest.differences] == ["path"]
    assert cassette("none").nearest is not None


def test_there_is_no_nearest_in_no_cassette(cassette):
    assert cassette("none").nearest(exchange()) is None


def test_lengths_follow_the_bodies():
    headers, lists = {"content-length": "1"}, {"Content-Length": ["1"]}
    short = Exchange("POST", URL, headers, b"1", 200, "OK", lists, b"1")
    long = Exchange("POST", URL, headers, b"1234", 200, "OK", lists, b"12345")
    mended = with_length(long, short)
    assert mended.headers["content-length"] == "4"
    assert mended.answer_headers["Content-Length"] == ["5"]
    assert with_length(short, short) == short
    assert long.headers["content-length"] == "1"
