"""`pytest-bill show`: what it tells of cassettes, in each of its forms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pytest_bill.cassettes import store
from pytest_bill.cli import main
from tests.helpers.recorded import recorded

COMMAND = str(Path(sys.executable).parent / "pytest-bill")
LIST = replace(
    recorded("GET", "/v3/vendors?max=2", {"results": [{"name": "[bold]Ada", "n": 1}]}),
    answered_by="sandbox",
    recorded_at="2026-11-02T10:00:00Z",
)
REFUSED = recorded("POST", "/v3/bills", {"error": "no"}, status=422, body={"a": [1, {}]})


@pytest.fixture
def show(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def show(*arguments: str) -> tuple[int, str, str]:
        status = main(["show", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return show


def write(path: Path, *interactions, **metadata) -> None:
    store.save(path, store.Recording(list(interactions), metadata), lambda _: None)


def test_a_table_of_all_cassettes_in_the_usual_folder(show, tmp_path):
    write(tmp_path / "cassettes/test_a/test_b.yaml", LIST, REFUSED)
    write(tmp_path / "cassettes/sign_in/a.yaml", LIST)
    (tmp_path / "cassettes/ci.yaml").write_text("on: push\n")
    status, out, err = show()
    assert (status, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert "cassettes/test_a/test_b.yaml: 2 interactions" in out
    assert "cassettes/sign_in/a.yaml: 1 interaction\n" in out
    assert ["#", "method", "path", "status", "size", "by", "recorded"] in lines
    size = str(len(LIST.answer_body))
    row = ["1", "GET", "/v3/vendors?max=2", "200", size, "sandbox", "2026-11-02", "10:00:00Z"]
    assert lines.count(row) == 2
    assert ["2", "POST", "/v3/bills", "422", "15", "-", "-"] in lines


@pytest.mark.parametrize("columns", ["0", "1", "20", "99", "1000000", "many"])
def test_any_width(show, tmp_path, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    write(tmp_path / "a.yaml", LIST)
    status, out, _ = show("a.yaml")
    assert status == 0
    assert "1" in out
    if columns in ("99", "1000000", "many"):
        assert "/v3/vendors?max=2" in out
    assert max(map(len, out.splitlines())) < 100


def test_in_full(show, tmp_path):
    write(tmp_path / "a.yaml", LIST, REFUSED)
    status, out, _ = show("a.yaml", "--full")
    assert status == 0
    assert out.startswith("a.yaml: 2 interactions\n\n#1 GET /v3/vendors?max=2 → 200\n")
    assert "  answered by sandbox, recorded 2026-11-02T10:00:00Z\n" in out
    assert '          "name": "[bold]Ada",\n          "n": 1\n' in out
    assert "    devKey: PLACEHOLDER_BILL_DEV_KEY  ← placeholder\n" in out
    assert "  replaced: 2 placeholders\n" in out
    assert '      "a": [\n        1,\n        {}\n      ]\n' in out


def test_some_interactions(show, tmp_path):
    write(tmp_path / "a.yaml", LIST, REFUSED, LIST)
    status, out, _ = show("a.yaml", "-n", "2")
    assert status == 0
    assert [line for line in out.splitlines() if line.startswith("#")] == [
        "#2 POST /v3/bills → 422"
    ]
    status, _, err = show("a.yaml", "-n", "4")
    assert status == 2
    assert err == "pytest-bill: a.yaml has 3 interactions, and none of number 4.\n"


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5"])
def test_what_is_no_number(show, tmp_path, number):
    write(tmp_path / "a.yaml", LIST)
    with pytest.raises(SystemExit) as ended:
        show("a.yaml", "-n", number)
    assert ended.value.code == 2


def test_stand_ins_are_marked_and_counted(show, tmp_path):
    vendor = recorded("GET", "/v3/vendors/1", {"id": "1", "name": "Ada", "email": "a@b.example"})
    about = {"stand_ins": {"kinds": ["email"]}}
    write(tmp_path / "a.yaml", vendor, pytest_bill=about)
    out = show("a.yaml", "--full")[1]
    assert '"email": "a@b.example"  ← stand-in (email)\n' in out
    assert '"name": "Ada",\n' in out
    assert "replaced: 2 placeholders, 1 stand-in (email)\n" in out
    about["stand_ins"]["mixed"] = True
    write(tmp_path / "a.yaml", vendor, pytest_bill=about)
    assert '"a@b.example"  ← may be a stand-in (email)\n' in show("a.yaml", "--full")[1]


def test_json(show, tmp_path):
    write(tmp_path / "a.yaml", LIST, REFUSED)
    status, out, _ = show("a.yaml", "--json")
    assert status == 0
    (file,) = json.loads(out)["files"]
    assert file["file"] == "a.yaml"
    first, second = file["interactions"]
    assert first == {
        "number": 1,
        "method": "GET",
        "path": "/v3/vendors?max=2",
        "status": 200,
        "fault": None,
        "size": len(LIST.answer_body),
        "answered_by": "sandbox",
        "recorded_at": "2026-11-02T10:00:00Z",
    }
    assert (second["number"], second["answered_by"]) == (2, None)
    (file,) = json.loads(show("a.yaml", "--json", "-n", "2")[1])["files"]
    (second,) = file["interactions"]
    assert second["request"]["body"] == {"a": [1, {}]}
    assert second["answer"]["body"] == {"error": "no"}
    assert second["replaced"] == {"placeholders": 2, "stand_ins": {}}


SECRET = "s3ss10n-0f-s0me-l3ngth-xyz"


@pytest.mark.parametrize("form", [(), ("--full",), ("--json",), ("--json", "--full")])
def test_a_secret_in_clear_is_not_shown_in_any_form(show, tmp_path, form):
    leaky = recorded(
        "POST",
        f"/v3/vendors?sessionId={SECRET}",
        {"again": f"it was {SECRET}"},
        body={"password": SECRET},
        headers={"sessionId": SECRET, "Authorization": f"Bearer {SECRET}"},
    )
    write(tmp_path / "a.yaml", leaky)
    status, out, err = show("a.yaml", *form)
    assert status == 0
    assert SECRET not in out + err
    if "--full" in form:
        assert "a.yaml holds secrets in clear, which are not shown here" in err
    raw = subprocess.run(
        [COMMAND, "show", "--textconv", "a.yaml"],
        capture_output=True,
        check=True,
    )
    assert SECRET.encode() not in raw.stdout


def test_what_steers_a_terminal_is_escaped(show, tmp_path):
    hostile = replace(
        recorded("GET", "/v3/vendors", "x\x1b[2J\u202e"),
        answer_headers={"X-\x1b[1m": ["\x1b]0;title\x07"]},
        answered_by="",
    )
    write(tmp_path / "a.yaml", hostile)
    for form in ((), ("--full",), ("--json", "--full")):
        out = show("a.yaml", *form)[1]
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_colour_only_where_it_is_wanted(show, tmp_path, monkeypatch):
    write(tmp_path / "a.yaml", LIST, REFUSED)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert all("\x1b[" in show("a.yaml", *form)[1] for form in ((), ("--full",)))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not any("\x1b[3" in show("a.yaml", *form)[1] for form in ((), ("--full",)))


def test_what_cannot_be_shown_is_told_and_the_rest_is_shown(show, tmp_path):
    write(tmp_path / "cassettes/a.yaml", LIST)
    (tmp_path / "cassettes/b.yaml").write_text("interactions: 3\n")
    (tmp_path / "cassettes/c.yaml").write_text("<<<<<<< ours\ninteractions: []\n")
    status, out, err = show()
    assert status == 2
    assert "/v3/vendors" in out
    assert "pytest-bill: cassettes/b.yaml:1 is damaged or not a cassette" in err
    assert "cassettes/c.yaml:1 is damaged or not a cassette: it holds the marks of a merge" in err


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("nowhere",), "nowhere: no such file or folder, seen from "),
        ((), "cassettes: no such file or folder"),
        (("empty",), "no cassette in empty.\nRecord some: pytest --bill-record-mode=once\n"),
    ],
)
def test_where_there_is_nothing(show, tmp_path, names, told):
    (tmp_path / "empty").mkdir()
    status, out, err = show(*names)
    assert (status, out) == (2, "")
    assert told in err


def test_a_file_that_is_named_has_to_be_a_cassette(show, tmp_path):
    (tmp_path / "ci.yaml").write_text("on: push\n")
    status, _, err = show("ci.yaml")
    assert status == 2
    assert "ci.yaml:1 is damaged or not a cassette: it has no interactions" in err


def test_an_empty_cassette(show, tmp_path):
    (tmp_path / "a.yaml").write_text("")
    assert "a.yaml: 0 interactions" in show("a.yaml")[1]


def without_rich(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.modules['rich'] = None; from pytest_bill.cli import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, "show", *arguments], capture_output=True, text=True
    )


def test_only_the_table_needs_the_extra(show, tmp_path):
    write(tmp_path / "a.yaml", LIST)
    result = without_rich("a.yaml")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "pytest-bill: A package is not installed: rich.\n"
        "Install it with: pip install 'pytest-bill[show]'\n"
        "Without it: pytest-bill show --full, or --json\n"
    )
    for form in (["--json", "a.yaml"], ["--full", "a.yaml"], ["--textconv", "a.yaml"]):
        assert without_rich(*form).returncode == 0


def test_git_shows_what_changed_in_words(show, tmp_path):
    def git(*arguments: str) -> str:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "COLUMNS": "20"}
        return subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    git("init", "-q")
    git("config", "diff.bill.textconv", f"{COMMAND} show --textconv")
    (tmp_path / ".gitattributes").write_text("*.yaml diff=bill\n")
    (tmp_path / "ci.yaml").write_text("on: push\n")
    write(tmp_path / "a.yaml", LIST, REFUSED)
    git("add", ".")
    git("commit", "-qm", "a")
    write(tmp_path / "a.yaml", REFUSED, LIST, replace(REFUSED, status=201))
    (tmp_path / "ci.yaml").write_text("on: pull\n")
    told = git("diff", "--no-color")
    assert "+POST /v3/bills → 201\n" in told
    assert "-on: push\n+on: pull\n" in told
    assert "\\n" not in told


def test_textconv_takes_one_file(show, tmp_path):
    write(tmp_path / "a.yaml", LIST)
    status, _, err = show("--textconv", "a.yaml", "a.yaml")
    assert status == 2
    assert "--textconv takes one file, and nothing beside it.\n" in err
    assert show("--textconv", "nowhere.yaml")[0] == 2


def test_a_json_cassette(show, tmp_path):
    write(tmp_path / "a.yaml", LIST)
    as_json = json.dumps(yaml.safe_load((tmp_path / "a.yaml").read_text()), default=str)
    (tmp_path / "b.json").write_text(as_json)
    assert "/v3/vendors?max=2" in show("b.json")[1]
