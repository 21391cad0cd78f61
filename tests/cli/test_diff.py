"""`pytest-bill diff`: what it tells of two recordings, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cli import main
from tests.helpers.recorded import recorded

OLD_ID, NEW_ID = "00901AAAAAAAAAAAAAAA", "00901BBBBBBBBBBBBBBB"
VENDORS = {"results": [{"id": OLD_ID, "name": "Ada", "n": 1}, {"id": "b", "name": "Bob"}]}
LIST = recorded("GET", "/v3/vendors", VENDORS)
CREATED = recorded("POST", "/v3/bills", {"ok": True}, status=201, body={"vendorId": OLD_ID})


def answering(answer: object):
    return replace(LIST, answer_body=json.dumps(answer).encode())


@pytest.fixture
def diff(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def diff(*arguments: str) -> tuple[int, str, str]:
        status = main(["diff", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return diff


@pytest.fixture
def two(diff, tmp_path):
    """Compare two recordings."""

    def two(old, new, *arguments: str) -> tuple[int, str]:
        write(tmp_path / "old.yaml", *old)
        write(tmp_path / "new.yaml", *new)
        status, out, err = diff("old.yaml", "new.yaml", *arguments)
        assert err == ""
        return status, out

    return two


def write(path: Path, *interactions, **metadata) -> None:
    store.save(path, store.Recording(list(interactions), metadata), lambda _: None)


def test_nothing_differs(two):
    assert two([LIST], [LIST]) == (0, "1 cassette compared: nothing differs\n")


def test_what_differs_is_told_by_path_with_both_values(two):
    now = {"results": [{"id": OLD_ID, "name": "Ada", "n": 2, "x": [1]}, {"id": "b"}]}
    status, out = two([LIST], [answering(now)])
    assert status == 1
    assert out == (
        "new.yaml\n"
        "  #1 GET /v3/vendors\n"
        "    answer results[0].n\n"
        "      - 1\n"
        "      + 2\n"
        "    answer results[0].x added\n"
        "      + [1]\n"
        "    answer results[1].name is gone\n"
        '      - "Bob"\n'
        "\n"
        "1 cassette compared: 1 differs (interactions: 1 changed)\n"
    )


def test_what_is_no_change_is_told_only_where_it_is_asked_for(two):
    now = {"results": [{"id": "b", "name": "Bob"}, {"id": NEW_ID, "name": "Ada", "n": 1}]}
    new = [answering(now), replace(CREATED, body=json.dumps({"vendorId": NEW_ID}).encode())]
    assert two([LIST, CREATED], new)[0] == 0
    status, out = two([LIST, CREATED], new, "--all")
    assert status == 1
    assert f'    request vendorId\n      - "{OLD_ID}"\n      + "{NEW_ID}"\n' in out
    assert f'    answer results[0].id\n      - "{OLD_ID}"\n      + "b"\n' in out


def test_headers_and_dates_are_told_where_all_is(two):
    old = replace(LIST, answer_headers={"Date": ["Mon"]}, recorded_at="2026-01-01T00:00:00Z")
    new = replace(LIST, answer_headers={"Date": ["Tue"]}, recorded_at="2026-01-02T00:00:00Z")
    assert two([old], [new])[0] == 0
    out = two([old], [new], "--all")[1]
    assert '      - "2026-01-01T00:00:00Z"\n      + "2026-01-02T00:00:00Z"\n' in out
    assert '    answer header date\n      - "Mon"\n      + "Tue"\n' in out


def test_interactions_more_and_less_and_moved(two):
    status, out = two([LIST, CREATED], [recorded("GET", "/v3/bills", {}), LIST])
    assert status == 1
    assert out == (
        "new.yaml\n"
        "  - #2 POST /v3/bills (status 201)\n"
        "  + #1 GET /v3/bills (status 200)\n"
        "\n"
        "1 cassette compared: 1 differs (interactions: 1 gone, 1 added)\n"
    )
    refused = replace(LIST, status=404)
    out = two([LIST], [recorded("GET", "/v3/bills", {}), refused])[1]
    assert "  #2 (was #1) GET /v3/vendors\n    status 200 → 404\n" in out


def test_entries_of_a_list(two):
    longer = {"results": [*VENDORS["results"], {"id": "c", "name": "Cyd"}]}
    out = two([LIST], [answering(longer)])[1]
    assert (
        '    answer results has 3 entries, had 2\n      + [{"id": "c", "name": "Cyd"}]\n'
    ) in out
    out = two([answering(longer)], [LIST])[1]
    assert '      - [{"id": "c", "name": "Cyd"}]\n' in out


def test_of_long_values_what_differs_is_shown(two):
    old, new = ({"note": "x" * 5000 + word + "y" * 5000} for word in ("one", "two"))
    out = two([answering(old)], [answering(new)])[1]
    minus, plus = (line for line in out.splitlines() if line.startswith(("      -", "      +")))
    assert "xone" in minus
    assert "xtwo" in plus
    assert max(len(minus), len(plus)) < 250


def test_json(two):
    status, out = two([LIST], [answering({"results": []}), CREATED], "--json")
    assert status == 1
    (file,) = json.loads(out)["files"]
    (changed,) = file["changed"]
    assert (changed["old"], changed["new"], changed["operation"]) == (1, 1, "GET /v3/vendors")
    (found,) = changed["differences"]
    assert (found["part"], found["path"], found["new"]) == ("answer", "results", [])
    assert found["old"] == VENDORS["results"]
    assert file["added"] == [{"number": 2, "operation": "POST /v3/bills", "outcome": "status 201"}]
    assert json.loads(two([LIST], [LIST], "--json")[1]) == {"files": [], "errors": []}


def test_folders(diff, tmp_path):
    for side in ("old", "new"):
        write(tmp_path / side / "same.yaml", LIST)
        (tmp_path / side / "ci.yaml").write_text(f"on: {side}\n")
    write(tmp_path / "old/a/gone.yaml", LIST)
    write(tmp_path / "new/a/new.yaml", CREATED, LIST)
    status, out, err = diff("old", "new")
    assert (status, err) == (1, "")
    assert out == (
        "a/gone.yaml: only in the old one\n"
        "  - #1 GET /v3/vendors (status 200)\n"
        "\n"
        "a/new.yaml: only in the new one\n"
        "  + #1 POST /v3/bills (status 201)\n"
        "  + #2 GET /v3/vendors (status 200)\n"
        "\n"
        "3 cassettes compared: 2 differ (interactions: 1 gone, 2 added)\n"
    )


def test_an_id_that_another_cassette_tells_is_no_change(diff, tmp_path):
    for side, vendor in (("old", OLD_ID), ("new", NEW_ID)):
        write(tmp_path / side / "fixture.yaml", recorded("GET", "/v3/vendors", {"id": vendor}))
        write(tmp_path / side / "test.yaml", recorded("GET", f"/v3/vendors/{vendor}", {}))
    assert diff("old", "new")[0] == 0
    assert diff("old/test.yaml", "new/test.yaml")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "0 paths to compare, and two are needed: OLD and NEW.\n"),
        (("a.yaml",), "1 paths to compare"),
        (("a.yaml", "a.yaml", "a.yaml"), "3 paths to compare"),
        (("a.yaml", "nowhere"), "nowhere: no such file or folder, seen from "),
        (("a.yaml", "folder"), "a.yaml is a file, and folder is a folder.\n"),
        (("--since", "HEAD"), "is in no git repository"),
    ],
)
def test_what_cannot_be_compared(diff, tmp_path, arguments, told):
    write(tmp_path / "a.yaml", LIST)
    (tmp_path / "folder").mkdir()
    status, out, err = diff(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("pytest-bill: ")
    assert told in err


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_compared(diff, tmp_path):
    for side in ("old", "new"):
        write(tmp_path / side / "a.yaml", LIST if side == "old" else CREATED)
        (tmp_path / side / "b.yaml").write_text(f"interactions: 3 # {side}\n")
    write(tmp_path / "new/c.yaml", LIST)
    (tmp_path / "old/c.yaml").write_text("interactions: 3\n")
    status, out, err = diff("old", "new")
    assert status == 2
    assert out.startswith("a.yaml\n")
    assert "pytest-bill: b.yaml:1 is damaged or not a cassette" in err
    assert "pytest-bill: Before: c.yaml:1 is damaged or not a cassette" in err


SECRET = "s3ss10n-0f-s0me-l3ngth-xyz"


@pytest.mark.parametrize("form", [(), ("--json",), ("--all",)])
def test_a_secret_in_clear_is_not_shown(two, form):
    old = recorded("GET", "/v3/vendors", {"a": SECRET}, headers={"sessionId": SECRET})
    new = recorded("GET", "/v3/vendors", {"a": SECRET[::-1]}, headers={"sessionId": SECRET[::-1]})
    out = two([old], [new], *form)[1]
    assert SECRET not in out
    assert SECRET[::-1] not in out


def test_what_steers_a_terminal_is_escaped(two):
    out = two([LIST], [answering({"results\x1b[2J": "\u202e"})])[1]
    assert not {"\x1b", "\u202e"} & set(out)


def test_colour_only_where_it_is_wanted(two, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m      + [1]\x1b[0m" in two([answering({})], [answering({"a": [1]})])[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in two([answering({})], [answering({"a": [1]})])[1]


@pytest.fixture
def git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    return git


def test_since_a_revision(diff, tmp_path, git, monkeypatch):
    write(tmp_path / "cassettes/a.yaml", LIST)
    write(tmp_path / "cassettes/é/gone.yaml", LIST)
    write(tmp_path / "cassettes/same.yaml", LIST)
    (tmp_path / "cassettes/link.yaml").symlink_to("a.yaml")
    (tmp_path / "cassettes/ci.yaml").write_text("on: push\n")
    git("add", ".")
    git("commit", "-qm", "first")
    assert diff("--since", "HEAD")[0] == 0
    write(tmp_path / "cassettes/a.yaml", replace(LIST, status=404))
    (tmp_path / "cassettes/é/gone.yaml").unlink()
    write(tmp_path / "cassettes/added.yaml", CREATED)
    status, out, err = diff("--since", "HEAD")
    assert (status, err) == (1, "")
    assert out == (
        "cassettes/a.yaml\n"
        "  #1 GET /v3/vendors\n"
        "    status 200 → 404\n"
        "\n"
        "cassettes/added.yaml: only in the new one\n"
        "  + #1 POST /v3/bills (status 201)\n"
        "\n"
        "cassettes/é/gone.yaml: only in the old one\n"
        "  - #1 GET /v3/vendors (status 200)\n"
        "\n"
        "4 cassettes compared: 3 differ (interactions: 1 changed, 1 gone, 1 added)\n"
    )
    assert diff("--since", "HEAD", "cassettes/same.yaml")[0] == 0
    assert diff("--since", "HEAD", "cassettes/a.yaml")[0] == 1
    assert diff("--since", "HEAD", "cassettes/é")[0] == 1
    monkeypatch.chdir(tmp_path / "cassettes")
    assert diff("--since", "HEAD", ".")[1].count("only in") == 2


@pytest.mark.parametrize("revision", ["nope", "--output=x", "HEAD^{tree}", ""])
def test_what_is_no_revision(diff, tmp_path, git, revision):
    write(tmp_path / "cassettes/a.yaml", LIST)
    git("add", ".")
    git("commit", "-qm", "first")
    status, _, err = diff(f"--since={revision}")
    assert status == 2
    assert f"--since {revision}: git knows no such commit here" in err
    assert not (tmp_path / "x").exists()


def test_where_git_is_not_installed(diff, tmp_path, monkeypatch):
    write(tmp_path / "cassettes/a.yaml", LIST)
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = diff("--since", "HEAD")
    assert status == 2
    assert "git is not installed, and --since asks it for what was before.\n" in err


def test_a_path_that_is_nowhere(diff, tmp_path, git):
    write(tmp_path / "cassettes/a.yaml", LIST)
    git("add", ".")
    git("commit", "-qm", "first")
    status, _, err = diff("--since", "HEAD", "nowhere")
    assert status == 2
    assert "nowhere: no such file or folder, neither here nor at HEAD.\n" in err
