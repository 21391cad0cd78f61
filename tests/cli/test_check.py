"""`pytest-bill check`: which files it holds against what BILL documents, and its exit status."""

from __future__ import annotations

import json

import pytest
import yaml

from pytest_bill.cassettes import store
from pytest_bill.cli import main
from tests.helpers.recorded import recorded

GOOD = recorded("GET", "/v3/vendors", {"results": []})
BAD = recorded("GET", "/v3/vendors", {"results": [], "x": 1})


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def check(*arguments: str) -> tuple[int, str, str]:
        status = main(["check", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return check


def write(path, *interactions) -> None:
    store.save(path, store.Recording(list(interactions)), lambda _: None)


def test_the_folder_of_cassettes_is_checked(check, tmp_path):
    write(tmp_path / "cassettes/test_a/test_b.yaml", GOOD)
    status, out, _ = check()
    assert status == 0
    assert "as of November 2026" in out
    assert out.endswith("1 interactions of 1 cassettes checked: no findings, nothing not held\n")


def test_findings_are_told_by_file(check, tmp_path):
    write(tmp_path / "a.yaml", BAD)
    status, out, _ = check("a.yaml")
    assert status == 1
    assert out.startswith("a.yaml\n  GET /v3/vendors  https://developer.bill.com/reference/")
    assert "    answer `x` is not documented\n" in out


def test_json(check, tmp_path):
    write(tmp_path / "a.yaml", BAD)
    status, out, _ = check("a.yaml", "--format", "json")
    assert status == 1
    assert json.loads(out)["findings"][0]["path"] == "x"


def test_other_files_are_left_out_and_counted(check, tmp_path):
    write(tmp_path / "a.yaml", GOOD)
    (tmp_path / "ci.yaml").write_text("on: push\n")
    (tmp_path / "package.json").write_text('{"version": 1}')
    (tmp_path / "notes.txt").write_text("interactions: none\n")
    status, out, _ = check(".")
    assert status == 0
    assert "1 cassettes checked, 2 other files left out" in out


def test_a_cassette_may_be_json(check, tmp_path):
    write(tmp_path / "a.yaml", BAD)
    as_json = json.dumps(yaml.safe_load((tmp_path / "a.yaml").read_text()))
    (tmp_path / "b.json").write_text(as_json)
    assert "\nb.json\n  GET /v3/vendors" in check(".")[1]


def test_a_cassette_that_cannot_be_read_is_named(check, tmp_path):
    write(tmp_path / "cassettes/a.yaml", BAD)
    (tmp_path / "cassettes/b.yaml").write_text("interactions: 3\n")
    status, out, _ = check()
    assert status == 2
    assert "answer `x` is not documented" in out
    assert "cannot check: The cassette cassettes/b.yaml:1 is damaged" in out


def test_a_file_that_is_named_has_to_be_a_cassette(check, tmp_path):
    (tmp_path / "ci.yaml").write_text("on: push\n")
    assert check("ci.yaml")[0] == 2


def test_what_is_not_there(check):
    status, _, err = check("nowhere")
    assert status == 2
    assert "nowhere: no such file or folder" in err
