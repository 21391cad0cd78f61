"""`pytest-bill show --html`: one page of all cassettes, which holds no secret and loads nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cli import main
from tests.helpers.pages import Page
from tests.helpers.recorded import form, recorded

COMMAND = str(Path(sys.executable).parent / "pytest-bill")
LIST = replace(
    recorded("GET", "/v3/vendors?max=2", {"results": [{"name": "Ada", "email": "a@b.example"}]}),
    answered_by="sandbox",
    recorded_at="2026-11-02T10:00:00Z",
    reason="OK",
)
REFUSED = recorded("POST", "/v3/bills", {"error": "no"}, status=422, body={"a": [1, {}]})
HOSTILE = (
    '</script><script>alert(1)</script><!--<script><img src=x onerror="alert(2)">',
    "<b>{{ 7 * 7 }}</b> & ' \" \u2028 \u202e \x1b[2J \ud800",
)


@pytest.fixture
def show(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def show(*arguments: str) -> tuple[int, str, str]:
        status = main(["show", "--html", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return show


@pytest.fixture
def page(show, tmp_path):
    """The page that the command writes."""

    def page(*arguments: str, status: int = 0) -> Page:
        assert show(*arguments)[0] == status
        made = Page((tmp_path / "cassettes.html").read_text(encoding="utf-8"))
        made.check_alone()
        return made

    return page


def write(path: Path, *interactions, **metadata) -> None:
    store.save(path, store.Recording(list(interactions), metadata), lambda _: None)


def test_one_page_of_all_cassettes(show, tmp_path):
    write(tmp_path / "cassettes/tests/test_a/test_b.yaml", LIST, REFUSED)
    write(tmp_path / "cassettes/sign_in/sync_token.yaml", LIST)
    (tmp_path / "cassettes/ci.yaml").write_text("on: push\n")
    status, out, err = show()
    assert (status, err) == (0, "")
    assert out.startswith("cassettes.html: 2 cassettes, 3 interactions, 0.0 MB\n")
    page = Page((tmp_path / "cassettes.html").read_text(encoding="utf-8"))
    page.check_alone()
    files = page.data["files"]
    assert [each["name"] for each in files] == [
        "cassettes/sign_in/sync_token.yaml",
        "cassettes/tests/test_a/test_b.yaml",
    ]
    assert [each["count"] for each in files] == [1, 2]
    signed_in, first, second = page.data["interactions"]
    assert signed_in["credential"] == "AP/AR sync token"
    assert (first["file"], first["number"], second["number"]) == (1, 1, 2)
    assert (first["method"], first["path"], first["status"]) == ("GET", "/v3/vendors?max=2", 200)
    assert (first["area"], first["operation"]) == ("Vendors", "listVendors")
    assert first["credential"] == "developer key"
    assert (first["answered_by"], first["recorded_at"]) == ("sandbox", "2026-11-02T10:00:00Z")
    assert first["replaced"] == "2 placeholders"
    assert first["request"]["headers"]["notes"] == {"0": "placeholder", "1": "placeholder"}
    assert first["answer"]["kind"] == "JSON"
    assert '\n      "name": "Ada",\n' in first["answer"]["body"]["text"]
    assert (second["status"], second["area"]) == (422, "Bills")
    assert not first["secrets"]


def test_it_is_the_same_page_each_time(page, tmp_path):
    write(tmp_path / "cassettes/a.yaml", LIST)
    assert page().text == page().text


def test_hostile_bodies_are_data(page, tmp_path):
    bodies = [recorded("GET", "/v3/vendors", {"name": each}) for each in HOSTILE]
    headers = replace(
        recorded(
            "GET", f"/v3/vendors?q={HOSTILE[0]}", HOSTILE[0].encode(), content_type="text/html"
        ),
        answer_headers={"X-</script>": [HOSTILE[0]]},
    )
    binary = recorded("GET", "/v3/documents/1", b"\0\xff</script>", content_type="image/png")
    path = tmp_path / "cassettes/<script>alert(3)</script>.yaml"
    write(path, *bodies, headers, binary)
    made = page()
    assert len(made.blocks) == 3  # the style, the data and the script
    shown = made.data["interactions"]
    assert HOSTILE[0].replace('"', '\\"') in shown[0]["answer"]["body"]["text"]
    assert "\\u001b[2J" in shown[1]["answer"]["body"]["text"]
    assert shown[2]["answer"]["body"]["text"] == HOSTILE[0]
    assert "binary" in shown[3]["answer"]["kind"]
    assert not {"\x1b", "\u202e", "\u2028", "\0"} & set(made.text)
    assert "49" not in shown[1]["answer"]["body"]["text"]


def test_a_huge_body_is_cut_and_it_is_said(page, tmp_path):
    write(tmp_path / "cassettes/a.yaml", recorded("GET", "/v3/vendors", {"a": ["x" * 99] * 9000}))
    made = page()
    (each,) = made.data["interactions"]
    assert len(each["answer"]["body"]["text"]) <= 200_000
    assert each["answer"]["body"]["length"] > 900_000
    assert len(made.text) < 300_000


SECRET = "s3ss10n-0f-s0me-l3ngth-xyz"
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def test_no_secret_of_a_file_comes_in(show, tmp_path):
    """By its place, by its form, where it stands again, in another file and in its name."""
    leaky = recorded(
        "POST",
        f"/v3/vendors?sessionId={SECRET}",
        {"again": f"it was {SECRET}", "note": TOKEN, "accountNumber": "8812345"},
        body={"password": SECRET},
        headers={"sessionId": SECRET, "Authorization": f"Bearer {SECRET}"},
    )
    write(tmp_path / "cassettes/a.yaml", leaky)
    write(tmp_path / "cassettes/b.yaml", recorded("GET", "/v3/vendors", {"note": TOKEN}))
    status, out, err = show()
    assert status == 0
    text = (tmp_path / "cassettes.html").read_text(encoding="utf-8")
    for secret in (SECRET, TOKEN, "8812345"):
        assert secret not in text + out + err
    assert "secrets in clear, which are not in the page.\nSee which: pytest-bill scan" in err
    first = Page(text).data["interactions"][0]
    assert first["secrets"]
    assert "PLACEHOLDER_" in first["answer"]["body"]["text"]


def test_stand_ins_are_marked(page, tmp_path):
    write(tmp_path / "cassettes/a.yaml", LIST, pytest_bill={"stand_ins": {"kinds": ["email"]}})
    (each,) = page().data["interactions"]
    lines = each["answer"]["body"]["text"].split("\n")
    (number,) = [number for number, line in enumerate(lines) if "a@b.example" in line]
    assert each["answer"]["body"]["notes"] == {str(number): "stand-in (email)"}


def test_who_uses_what_by_the_names(page, tmp_path):
    for name in ("tests/test_a/test_b-1", "tests/test_a/TestC.test_d", "tests/test_a/test_gone"):
        write(tmp_path / f"cassettes/{name}.yaml", LIST)
    write(tmp_path / "cassettes/tests/conftest/fixture.vendor.yaml", LIST)
    write(tmp_path / "cassettes/shared/vendors.yaml", LIST)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(
        "def test_b(): ...\n\n\nclass TestC:\n    async def test_d(self): ...\n"
    )
    (tmp_path / "tests/conftest.py").write_text("def vendor(): ...\n")
    known = {each["name"].partition("/")[2]: each for each in page().data["files"]}
    assert known["tests/test_a/test_b-1.yaml"]["tests"] == ["tests/test_a.py::test_b"]
    assert known["tests/test_a/TestC.test_d.yaml"]["tests"] == ["tests/test_a.py::TestC::test_d"]
    assert known["tests/conftest/fixture.vendor.yaml"]["tests"] == ["tests/conftest.py::vendor"]
    gone = known["tests/test_a/test_gone.yaml"]
    assert (gone["use"], gone["why"]) == (
        "perhaps unused",
        "tests/test_a.py defines no such test",
    )
    assert known["shared/vendors.yaml"]["use"] == "not known"


def test_who_uses_what_by_a_runs_report(page, tmp_path, show):
    own = {"pytest_bill": {"version": "0.1.0"}}
    for name in ("test_a/test_b", "test_a/test_gone"):
        write(tmp_path / f"cassettes/{name}.yaml", LIST, **own)
    (tmp_path / "test_a.py").write_text("def test_b(): ...\n")
    usage = {
        "cassette_dir": "cassettes",
        "roots": ["."],
        "folders": ["."],
        "modules": ["test_a.py"],
        "tests": {"test_a.py::test_b": "test_a/test_b.yaml"},
        "outcomes": {"test_a.py::test_b": "passed"},
        "used": ["test_a/test_b.yaml"],
    }
    report = dict.fromkeys(("sign_ins", "requests", "recorded", "replayed", "live"), 0)
    report |= {"notices": [], "usage": usage, "slowest": [], "cassettes": {}}
    (tmp_path / "bill.json").write_text(json.dumps(report))
    first, second = page("--report", "bill.json").data["files"]
    assert (first["use"], first["tests"]) == ("used", ["test_a.py::test_b"])
    assert second["use"] == "unused"
    assert second["why"].startswith("test_a.py has no such test")
    (tmp_path / "bill.json").write_text("[]")
    status, _, err = show("--report", "bill.json")
    assert status == 2
    assert err.startswith("pytest-bill: bill.json is no report of a run: ")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
    )


def test_what_changed_since_a_revision(page, tmp_path):
    git(tmp_path, "init", "-q")
    write(tmp_path / "cassettes/a.yaml", LIST, REFUSED)
    write(tmp_path / "cassettes/gone.yaml", LIST)
    write(tmp_path / "cassettes/same.yaml", LIST)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "a")
    assert "nothing differs" in " ".join(page("--since", "HEAD").text.split())
    now = {"results": [{"name": HOSTILE[0], "email": TOKEN, "n": 1}]}
    write(tmp_path / "cassettes/a.yaml", replace(LIST, answer_body=json.dumps(now).encode()))
    (tmp_path / "cassettes/gone.yaml").unlink()
    made = page("--since", "HEAD")
    shown = " ".join(" ".join(made.shown).split())
    assert "3 cassettes compared: 2 differ; interactions: 1 changed, 2 gone, 0 added" in shown
    assert "answer results[0].name" in shown
    assert '"Ada"' in made.shown
    assert any(HOSTILE[0].replace('"', '\\"') in each for each in made.shown)
    assert "#2 POST /v3/bills (status 422)" in shown
    assert ": only before" in shown
    assert TOKEN not in made.text


def test_a_folder_that_is_gone_is_a_change(page, tmp_path):
    git(tmp_path, "init", "-q")
    write(tmp_path / "cassettes/a.yaml", LIST)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "a")
    (tmp_path / "cassettes/a.yaml").unlink()
    (tmp_path / "cassettes").rmdir()
    assert page("--since", "HEAD").data["interactions"] == []


def test_what_is_stale(page, tmp_path, show):
    write(tmp_path / "cassettes/a.yaml", LIST)
    assert page("--max-age", "12w").data["max_age"] == {"said": "12w", "seconds": 12 * 7 * 86400}
    status, _, err = show("--max-age", "soon")
    assert status == 2
    assert "--max-age is 'soon', which is no age" in err


def test_where_to(show, tmp_path):
    write(tmp_path / "a.yaml", LIST)
    assert show("a.yaml", "-o", "out/page.html")[1].startswith("out/page.html: 1 cassette, ")
    done = subprocess.run(
        [COMMAND, "show", "--html", "a.yaml", "--output", "-"], capture_output=True, check=True
    )
    assert done.stdout == (tmp_path / "out/page.html").read_bytes()
    status, _, err = show("a.yaml", "-o", "a.yaml/page.html")
    assert status == 2
    assert "cannot be written" in err
    assert "Give another place with -o." in err


def test_what_cannot_be_shown_is_told_and_is_in_the_page(page, tmp_path):
    write(tmp_path / "cassettes/a.yaml", LIST)
    (tmp_path / "cassettes/b.yaml").write_text("interactions: 3\n")
    made = page(status=2)
    assert len(made.data["interactions"]) == 1
    assert any("cassettes/b.yaml:1 is damaged or not a cassette" in each for each in made.shown)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--html", "nowhere"), "nowhere: no such file or folder"),
        (("--html", "a.yaml", "--full"), "--full and -n do not go with it"),
        (("--html", "a.yaml", "-n", "1"), "--full and -n do not go with it"),
        (("a.yaml", "--since", "HEAD"), "--since goes with --html"),
        (("a.yaml", "-o", "x.html"), "--output goes with --html"),
        (("--html", "a.yaml", "--since", "HEAD"), "git"),
        (("--html", "empty"), "no cassette in empty"),
    ],
)
def test_what_does_not_go_together(show, tmp_path, capsys, arguments, told):
    write(tmp_path / "a.yaml", LIST)
    (tmp_path / "empty").mkdir()
    assert main(["show", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_without_jinja2(tmp_path):
    code = (
        "import sys; sys.modules['jinja2'] = None; from pytest_bill.cli import main; "
        "sys.exit(main(['show', '--html', sys.argv[1]]))"
    )
    write(tmp_path / "a.yaml", LIST)
    done = subprocess.run(
        [sys.executable, "-c", code, "a.yaml"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr == (
        "pytest-bill: A package is not installed: jinja2.\n"
        "Install it with: pip install 'pytest-bill[show]'\n"
    )


def test_what_a_table_needs_imports_nothing_of_the_page(tmp_path):
    write(tmp_path / "a.yaml", LIST)
    code = (
        "import sys; from pytest_bill.cli import main; main(['show', '--full', 'a.yaml']); "
        "sys.exit(any(name in sys.modules for name in "
        "('jinja2', 'pytest_bill.viewing.page', 'pytest_bill.scan.scanner')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, stdout=-3).returncode == 0


def test_forms_and_v2(page, tmp_path):
    write(tmp_path / "cassettes/a.yaml", form("/v2/List/Vendor.json", {"max": 1}, {"a": 1}))
    (each,) = page().data["interactions"]
    assert (each["area"], each["credential"]) == ("v2", "developer key")
    assert each["request"]["kind"] == "form"
