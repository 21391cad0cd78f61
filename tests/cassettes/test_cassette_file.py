"""The file of an open cassette is read when it is asked for, and once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette_file import CassetteFile
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
MATCHER = Matcher(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.yaml"
    interactions = [Interaction("GET", URL, {}, b"", 200, "OK", {}, b"{}")]
    store.save(path, store.Recording(interactions), lambda _: None)
    return path


def test_it_is_read_when_it_is_asked_for_and_once(path, monkeypatch):
    loaded = []
    load = store.load
    monkeypatch.setattr(store, "load", lambda *args: loaded.append(args) or load(*args))
    it = CassetteFile(path, None, MATCHER, None)
    assert it.read_so_far is None
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: it.recording, range(8)))
    assert loaded == [(path, path)]
    assert all(each is read[0] for each in read)
    assert it.read_so_far is it.recording
    assert it.index(frozenset()).untaken() == [0]


def test_it_is_read_from_where_its_recording_waits(path, tmp_path):
    it = CassetteFile(tmp_path / "b.yaml", path, MATCHER, None)
    assert it.recording is not None


def test_where_there_is_none_it_holds_nothing(tmp_path):
    it = CassetteFile(tmp_path / "none.yaml", None, MATCHER, None)
    assert it.recording is None
    assert it.read_so_far == store.Recording()
    assert it.index(frozenset()).untaken() == []
