"""What is kept beside pictures tells when one is old."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.pictures import taken
from tools.pictures.table import PICTURES


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  two  words \n\n and more", ["two words", "and more"]),
        ("0.031 s GET /v3/bills", ["… GET /v3/bills"]),
        ("passed in 12 ms", ["passed in …"]),
        ("2026-11-02 10:00:07", ["2026-11-02 10:…"]),
        ("recorded 2026-11-02T10:00:07Z (today)", ["recorded 2026-11-02T10:…Z (today)"]),
        ("http://127.0.0.1:40123/v3", ["http://127.0.0.1:…/v3"]),
        ("Made by pytest-bill 0.2.0 show", ["Made by pytest-bill … show"]),
        ("10:1 in 30 seconds", ["10:1 in 30 seconds"]),
        ("a\n" * 500, ["a"] * taken.MOST_LINES),
    ],
)
def test_lines_are_without_what_differs_from_run_to_run(said, kept):
    assert taken.lines_of(said) == kept


def test_a_file_that_changed_came_or_went_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(taken, "ROOT", tmp_path)
    (tmp_path / "a.css").write_text("p {}")
    (tmp_path / "b.css").write_bytes(b"a\nb")
    picture = replace(PICTURES[0], made_of=("*.css",))
    kept: taken.Taken = {"picture": "", "made_of": taken.made_of(picture), "lines": []}
    assert taken.changed_since(picture, kept) == []
    (tmp_path / "b.css").write_bytes(b"a\r\nb")  # as git writes it on some systems
    assert taken.changed_since(picture, kept) == []
    (tmp_path / "a.css").write_text("p { color: red }")
    (tmp_path / "b.css").unlink()
    (tmp_path / "c.css").touch()
    assert taken.changed_since(picture, kept) == ["a.css", "b.css", "c.css"]
