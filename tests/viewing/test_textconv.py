"""A cassette as one plain text, and what is none as it is."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import store, writer
from pytest_bill.viewing.textconv import converted
from tests.helpers.recorded import recorded

LIST = recorded("GET", "/v3/vendors", {"a": "é"})
OTHER = recorded("GET", "/v3/bills", {})


def text_of(*interactions, **metadata) -> bytes:
    return writer.write(interactions, metadata).encode()


def test_the_text_of_a_cassette():
    assert converted(text_of(LIST, pytest_bill={"version": "1"})).decode() == (
        "metadata: {\n"
        '  "pytest_bill": {\n'
        '    "version": "1"\n'
        "  }\n"
        "}\n"
        "\n"
        "GET /v3/vendors → 200\n"
        "  https://gateway.stage.bill.com/connect/v3/vendors\n"
        "  request headers:\n"
        "    devKey: PLACEHOLDER_BILL_DEV_KEY\n"
        "    sessionId: PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID\n"
        "  answer headers:\n"
        "    content-type: application/json\n"
        "  answer body (JSON, 15 bytes):\n"
        "    {\n"
        '      "a": "é"\n'
        "    }\n"
    )


def test_what_comes_behind_stays_the_same():
    assert converted(text_of(OTHER, LIST)).endswith(converted(text_of(LIST)))


def test_width_and_colour_are_no_matter(monkeypatch):
    usual = converted(text_of(LIST))
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert converted(text_of(LIST)) == usual


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"on: push\n",
        b"\xff\xfe\0interactions:\n",
        b"interactions: 3\n",
        b"interactions:\n- request: {}\nversion: 1\n",
        b"<<<<<<< a\ninteractions: []\n=======\n>>>>>>> b\n",
        b"interactions: []\nversion: 99\n",
        b"interactions: [" + b"[" * 5000,
        b"interactions: &a [*a]\nversion: 1\n",
        b"interactions: !!python/object:os.system x\nversion: 1\n",
        b"\0\x01interactions: \x1b",
    ],
)
def test_what_is_no_cassette_comes_out_as_it_is(raw):
    assert converted(raw) == raw


def test_a_cut_cassette_comes_out_as_it_is():
    whole = text_of(LIST, OTHER)
    for end in range(0, len(whole), 97):
        cut = whole[:end]
        assert converted(cut) == cut


def test_metadata_of_any_shape(tmp_path):
    about = b"{a: 2026-01-01, 1: [x, null], b: !!binary aGk=}"
    raw = b"interactions: []\nmetadata: " + about + b"\nversion: 1\n"
    assert store.parsed(raw) is not None
    assert converted(raw)
