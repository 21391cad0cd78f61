"""Faults in a cassette's file."""

from __future__ import annotations

import pytest
import vcr
import yaml

from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("POST", URL, {"X-Sent": "yes"}, b'{"a": 1}')
HEAD = Interaction("POST", URL, {"X-Sent": "yes"}, b'{"a": 1}', 200, "OK", {"X-Got": ["a", "b"]})


def test_faults_stand_in_the_metadata_where_they_came(tmp_path):
    path = tmp_path / "cassette.yaml"
    faults = [
        Interaction(**vars(REQUEST) | {"fault": "timeout", "recorded_at": "2026-01-02T03:04:05Z"}),
        Interaction(**vars(HEAD) | {"fault": "cut", "answered_by": "sandbox"}),
        Interaction("PUT", URL, {}, b"\xff\x00", fault="refused"),
    ]
    whole = Interaction("GET", URL, {}, b"", 200, "OK", {}, b"{}")
    interactions = [faults[0], whole, faults[1], faults[2]]
    metadata = {"pytest_bill": {"version": "1"}, "other": 1}
    store.save(path, store.Recording(interactions, metadata), lambda _: None)
    read = store.load(path)
    assert (read.interactions, read.metadata) == (interactions, metadata)
    written = yaml.safe_load(path.read_text())
    assert len(written["interactions"]) == 1
    assert "X-Sent: 'yes'" in path.read_text()  # as the scan finds a name and its value
    assert [each["before"] for each in written["metadata"]["pytest_bill"]["faults"]] == [0, 1, 1]
    requests_of_vcr, *_ = vcr.persisters.filesystem.FilesystemPersister.load_cassette(
        path, vcr.serializers.yamlserializer
    )
    assert [each.method for each in requests_of_vcr] == ["GET"]


def test_a_cassette_of_faults_alone_is_one(tmp_path):
    path = tmp_path / "cassette.yaml"
    fault = Interaction("GET", URL, {}, b"", fault="closed")
    store.save(path, store.Recording([fault]), lambda _: None)
    assert store.load(path).interactions == [fault]


@pytest.mark.parametrize("entry", ["3", "{fault: odd, before: 0, request: {method: GET, uri: a}}"])
def test_faults_that_are_none_are_told(tmp_path, entry):
    path = tmp_path / "cassette.yaml"
    about = f"metadata: {{pytest_bill: {{faults: [{entry}]}}}}\n"
    path.write_text(f"interactions: []\n{about}version: 1\n")
    with pytest.raises(store.CassetteError, match="damaged or not a cassette"):
        store.load(path)
