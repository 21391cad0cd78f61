"""Files that were clean are not read again, until anything about them changes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from pytest_bill.scan import clean_files, scanner
from pytest_bill.scan.clean_files import FOLDER, CleanFiles
from tests.helpers.scanning import SECRET, cassette

CLEAN = '{"name": "Acme"}'


@pytest.fixture
def read(monkeypatch):
    """The names of the files that are read, in this test's way: nothing is too new, or too few."""
    monkeypatch.setattr(clean_files, "_RACY_NS", 0)
    monkeypatch.setattr(clean_files, "_WORTHWHILE", 1)
    names: list[str] = []
    scan = scanner.Scanner.scan.__wrapped__  # in one way: it is counted

    def counted(self, raw: bytes, name: str = ""):
        names.append(name)
        return scan(self, raw, name)

    monkeypatch.setattr(scanner.Scanner, "scan", counted)
    return names


def test_a_second_scan_reads_only_what_changed_or_was_not_clean(scan, read, tmp_path):
    cassette(tmp_path / "a.yaml", CLEAN)
    cassette(tmp_path / "b.yaml", f'{{"sessionId": "{SECRET}"}}')
    (tmp_path / "c.txt").write_text("no cassette")
    first = scan(".").out.splitlines()[-1]
    assert first == "3 files scanned, 2 of them cassettes: 1 finding"
    assert sorted(read) == ["a.yaml", "b.yaml", "c.txt"]
    read.clear()
    assert scan(".").out.splitlines()[-1] == first
    assert read == ["b.yaml"]
    read.clear()
    times = os.stat(tmp_path / "a.yaml")
    cassette(tmp_path / "a.yaml", CLEAN.replace("Acme", "Emca"))  # no other size
    os.utime(tmp_path / "a.yaml", ns=(times.st_atime_ns, times.st_mtime_ns))
    scan(".")
    assert sorted(read) == ["a.yaml", "b.yaml"]
    read.clear()
    scan(".", "--no-cache")
    assert sorted(read) == ["a.yaml", "b.yaml", "c.txt"]


def test_a_secret_that_comes_into_a_clean_file_is_found(scan, read, tmp_path):
    cassette(tmp_path / "a.yaml", CLEAN)
    assert scan("a.yaml").status == 0
    cassette(tmp_path / "a.yaml", f'{{"sessionId": "{SECRET}"}}')
    assert scan("a.yaml").status == 1


def test_nothing_of_a_file_is_kept_and_git_ignores_it(scan, read, tmp_path):
    cassette(tmp_path / "a.yaml", '{"name": "Acme Trading"}')
    cassette(tmp_path / "b.yaml", f'{{"sessionId": "{SECRET}"}}')
    scan(".")
    kept = (tmp_path / FOLDER / "scan.json").read_text()
    assert not any(each in kept for each in ("Acme", SECRET, "b.yaml"))
    assert list(json.loads(kept)["clean"]) == ["a.yaml"]
    assert (tmp_path / FOLDER / ".gitignore").read_text() == "*\n"


def test_with_known_values_all_is_read_and_nothing_kept(scan, read, tmp_path):
    (tmp_path / "my.env").write_text("BILL_PASSWORD=Autumn-Leaf7!\n")
    cassette(tmp_path / "a.yaml", '{"name": "Autumn-Leaf7!"}')
    assert scan("a.yaml").status == 0
    kept = (tmp_path / FOLDER / "scan.json").read_bytes()
    assert scan("a.yaml", "--env-file", "my.env").status == 1
    assert (tmp_path / FOLDER / "scan.json").read_bytes() == kept


def test_other_rules_know_no_file(scan, read, tmp_path, monkeypatch):
    cassette(tmp_path / "a.yaml", CLEAN)
    scan("a.yaml")
    read.clear()
    monkeypatch.setattr("pytest_bill.cli.scan.engine_version", lambda: "another 1.0")
    scan("a.yaml")
    assert read == ["a.yaml"]


def test_the_signature_is_that_of_the_rules_and_the_engine(tmp_path, monkeypatch):
    package = tmp_path / "package"
    package.mkdir()
    (package / "rules.py").write_text("1")
    monkeypatch.setattr("pytest_bill.__file__", str(package / "__init__.py"))
    signatures = [clean_files.signature("engine 1"), clean_files.signature("engine 2")]
    (package / "rules.py").write_text("22")
    signatures.append(clean_files.signature("engine 1"))
    assert len(set(signatures)) == 3
    assert clean_files.signature("engine 1") == signatures[2]


@pytest.mark.parametrize(
    "damaged",
    [
        *("", "{", "[]", '{"about": "now"}', '{"about": "now", "clean": []}'),
        *('{"about": "now", "clean": {"a": 1}}', '{"about": "now", "clean": {"a": []}}'),
    ],
)
def test_what_is_damaged_counts_as_nothing(tmp_path, damaged):
    (tmp_path / "scan.json").write_text(damaged)
    clean = CleanFiles("now", tmp_path)
    assert clean.is_cassette(Path("a"), os.stat(tmp_path)) is None


def test_what_was_changed_a_moment_ago_is_not_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(clean_files, "_WORTHWHILE", 1)
    (tmp_path / "a").write_text("new")
    about = os.stat(tmp_path / "a")
    clean = CleanFiles("now", tmp_path)
    clean.add(Path("a"), about, is_cassette=False)
    clean.save()
    assert not (tmp_path / "scan.json").exists()
    clean._begun = time.time_ns() + 60 * 10**9
    clean.add(Path("a"), about, is_cassette=False)
    clean.save()
    assert CleanFiles("now", tmp_path).is_cassette(Path("a"), about) is False


def test_no_folder_is_made_for_a_few_small_files(scan, tmp_path):
    cassette(tmp_path / "a.yaml", CLEAN)
    scan("a.yaml")
    assert not (tmp_path / FOLDER).exists()


def test_files_that_were_not_asked_for_stay_and_those_that_are_gone_do_not(scan, read, tmp_path):
    for name in "abc":
        cassette(tmp_path / f"{name}.yaml", CLEAN)
    scan("a.yaml", "b.yaml")
    (tmp_path / "b.yaml").unlink()
    scan("c.yaml")
    kept = json.loads((tmp_path / FOLDER / "scan.json").read_text())["clean"]
    assert sorted(kept) == ["a.yaml", "c.yaml"]


def test_a_folder_that_cannot_be_written_is_told(scan, read, tmp_path):
    cassette(tmp_path / "a.yaml", CLEAN)
    (tmp_path / FOLDER).write_text("a file")
    outcome = scan("a.yaml")
    assert outcome.status == 0
    assert f"note: clean files are not remembered: {FOLDER} cannot be written" in outcome.out
    assert "--no-cache" in outcome.out
