"""`make links`: what it says of links to other sites, and that it says what it did not look at."""

from __future__ import annotations

import pytest

from tools import links


@pytest.fixture(autouse=True)
def pages(tmp_path, monkeypatch):
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text(
        "[a](https://a.example/1), [b](https://a.example/2) and [c](https://b.example), [d](d.md)"
    )


def finding(status: str, uri: str = "https://a.example/1") -> dict[str, object]:
    return {"filename": "docs/a.md", "lineno": 1, "status": status, "uri": uri, "info": "404"}


def lost(host: str) -> None:
    raise OSError("not known")


def test_all_lead_somewhere(capsys):
    findings = [finding("working"), finding("redirected"), finding("unchecked")]
    assert links.main(lambda _: None, lambda unknown: findings) == 0
    assert capsys.readouterr().out == "All 2 links to other sites lead somewhere.\n"


def test_a_link_that_leads_nowhere_is_named(capsys):
    assert links.main(lambda _: None, lambda unknown: [finding("broken")]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/a.md:1: https://a.example/1: 404",
        "1 links looked at, 1 of them lead nowhere; all were looked at.",
    ]


def test_a_host_that_is_not_found_is_named_once_and_fails(capsys):
    def find(host: str) -> None:
        if host == "a.example":
            lost(host)

    assert links.main(find, lambda unknown: [finding("working", "https://b.example")]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a.example cannot be found from here: links to it that were not looked at: 2",
        "1 links looked at, 0 of them lead nowhere; 2 not looked at.",
    ]


def test_without_a_network_nothing_is_asked(capsys):
    assert links.main(lost, lambda unknown: pytest.fail("it was asked")) == 1
    said = capsys.readouterr().out
    assert said.startswith("No link was looked at: none of 2 hosts can be found from here.\n")
    assert "make links needs a network" in said
