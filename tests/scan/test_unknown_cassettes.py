"""Cassettes of which no verdict is remembered are scanned; what is too large says so."""

from __future__ import annotations

from pytest_bill.scan import unknown_cassettes
from pytest_bill.scan.unknown_cassettes import UnknownCassettes
from tests.helpers.scanning import SECRET, cassette


def test_what_is_found_is_told_without_its_value(tmp_path):
    path = cassette(tmp_path / "a.yaml", answer_headers={"apiToken": [SECRET]})
    (finding,) = UnknownCassettes(b"salt").findings_in(path.read_bytes(), "cassettes/a.yaml")
    assert finding.file == "cassettes/a.yaml"
    assert SECRET not in repr(finding)


def test_nothing_is_found_in_a_clean_one(tmp_path):
    path = cassette(tmp_path / "a.yaml", answer='{"results": []}')
    assert UnknownCassettes(b"salt").findings_in(path.read_bytes(), "a.yaml") == []


def test_what_is_too_large_for_a_yaml_parser_says_so(monkeypatch):
    monkeypatch.setattr(unknown_cassettes, "LARGEST_BY_YAML", 10)
    why = UnknownCassettes(b"salt").findings_in(b"{interactions: [], version: 1}", "a.yaml")
    assert isinstance(why, str)
    assert why
