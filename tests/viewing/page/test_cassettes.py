"""The data of the page of cassettes."""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.cassettes.changes.walk import ABSENT
from pytest_bill.cassettes.store import Recording
from pytest_bill.viewing.differing import Changed, Difference, FileDifference, Single
from pytest_bill.viewing.page.cassettes import (
    LONGEST_VALUE,
    Asked,
    Cassette,
    Knowledge,
    Use,
    changes_data,
    page_data,
)
from pytest_bill.viewing.page.secrets_found import SecretsFound
from tests.helpers.recorded import recorded

KNOWLEDGE = Knowledge(
    lambda name: Use([f"test of {name}"], "used", "why"), lambda *asked: Asked("area", asked[0])
)


def test_files_and_interactions():
    first = replace(recorded("GET", "/v3/a", {}), recorded_at="2026-11-02T10:00:00Z")
    later = replace(first, recorded_at="2026-11-03T10:00:00Z")
    cassettes = [
        Cassette("a.yaml", 10, Recording([later, first])),
        Cassette("b.yaml", 20, Recording([first, recorded("PUT", "/v3/b", {})])),
        Cassette("c.yaml", 0, Recording([])),
    ]
    data = page_data(cassettes, SecretsFound(), KNOWLEDGE)
    assert [(each["oldest"], each["newest"]) for each in data["files"]] == [
        ("2026-11-02T10:00:00Z", "2026-11-03T10:00:00Z"),
        (None, "2026-11-02T10:00:00Z"),
        (None, None),
    ]
    assert data["files"][0]["tests"] == ["test of a.yaml"]
    assert [(each["file"], each["number"]) for each in data["interactions"]] == [
        *((0, 1), (0, 2), (1, 1), (1, 2))
    ]
    assert data["interactions"][3]["operation"] == "PUT"


def test_only_the_interactions_that_hold_secrets_are_said_to():
    leaky = recorded("GET", "/v3/a", {}, headers={"sessionId": "s3ss10n-0f-s0me-l3ngth"})
    cassettes = [Cassette("a.yaml", 1, Recording([leaky, recorded("GET", "/v3/a", {})]))]
    data = page_data(cassettes, SecretsFound(), KNOWLEDGE)
    assert [each["secrets"] for each in data["interactions"]] == [True, False]
    assert data["files"][0]["secrets"]


def test_changes_field_by_field():
    fields = [
        Difference("answer", "a[0].b", "is 2, was 1", 1, 2),
        Difference("request", "", "added", ABSENT, {"c": "x" * 3000}),
        Difference("", "", "status 200 → 404"),
    ]
    file = FileDifference(
        "a.yaml",
        [Changed(1, 2, "GET /v3/x", fields)],
        [Single(3, "GET /v3/y", "200")],
        [],
        ["note"],
    )
    data = changes_data([file], SecretsFound())
    assert data["counts"] == (1, 1, 0)
    (told,) = data["files"]
    assert told["gone"] == ["#3 GET /v3/y (200)"]
    first, second, third = told["changed"][0]["fields"]
    assert first == {"where": "answer a[0].b", "what": "is 2, was 1", "old": "1", "new": "2"}
    assert (second["where"], second["old"]) == ("request body", "")
    assert len(second["new"]) < LONGEST_VALUE + 50
    assert second["new"].endswith("… (3,009 characters)")
    assert third == {"where": "", "what": "status 200 → 404", "old": "", "new": ""}
