"""What the scan at the end of a run says, and whether it fails the run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.run.end_scan import EndScan, fails_on_secrets, scan_cassettes, write_scan
from pytest_bill.scan import after_run, unknown_cassettes
from tests.helpers.scanning import SECRET, cassette


def config(root, *, scan=True, **options) -> SimpleNamespace:
    """What is asked of pytest's."""
    ini = {"bill_scan": scan}
    return SimpleNamespace(
        rootpath=root,
        getoption=lambda name: options.get(name, False),
        getini=lambda name: ini.get(name, False),
    )


class Reporter:
    """What a terminal reporter is asked for."""

    def __init__(self, **options) -> None:
        self.config = config(None, **options)
        self.config.get_verbosity = lambda: 0
        self.lines: list[str] = []
        self.colours: list[str] = []

    def write_line(self, line: str) -> None:
        self.lines += line.splitlines()

    def section(self, title: str, **colours) -> None:
        self.lines.append(f"== {title}")
        self.colours += [name for name, is_on in colours.items() if is_on]


@pytest.fixture
def dirty(tmp_path) -> str:
    return str(cassette(tmp_path / "dirty.yaml", f'{{"devKey": "{SECRET}"}}'))


def test_what_is_found(dirty, tmp_path):
    scan = scan_cassettes(config(tmp_path), [dirty])
    (found,) = scan.findings
    assert found.startswith("dirty.yaml: interaction 1")
    assert scan.command.startswith("pytest-bill scan --fix ")
    assert not scan.is_clean
    assert SECRET not in repr(scan)


def test_a_scan_that_was_switched_off_looks_at_nothing(dirty, tmp_path):
    for off in config(tmp_path, bill_no_scan=True), config(tmp_path, scan=False):
        assert scan_cassettes(off, [dirty]) == EndScan()


def test_what_was_not_written_is_clean(tmp_path):
    assert scan_cassettes(config(tmp_path), [str(tmp_path / "absent.yaml")]).is_clean
    assert scan_cassettes(config(tmp_path), []).is_clean


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    scan = scan_cassettes(config(tmp_path), [str(tmp_path / "folder.yaml")])
    assert scan.not_made == ["folder.yaml (it is a folder, not a file)"]
    assert not scan.is_clean


def test_a_scan_that_could_not_be_made_is_told(dirty, tmp_path):
    (tmp_path / ".pytest-bill-baseline.json").write_text("{")
    (told,) = scan_cassettes(config(tmp_path), [dirty]).not_made
    assert told.startswith(
        f"the cassettes ({tmp_path / '.pytest-bill-baseline.json'} is not a base"
    )
    assert "line 1, column 2" in told


FOUND = EndScan(["a.yaml: a token"], "pytest-bill scan --fix a.yaml", ["b.yaml (gone)"])
TOLD = [
    "bill: b.yaml (gone) could not be scanned for secrets.",
    "Run: pytest-bill scan",
    "== bill: secrets in cassettes",
    "a.yaml: a token",
    "Scrub them: pytest-bill scan --fix a.yaml",
]


def test_it_is_a_warning():
    reporter = Reporter()
    write_scan(reporter, FOUND)
    assert reporter.lines == TOLD
    assert reporter.colours == ["yellow"]


def test_it_fails_the_run_where_that_is_wanted():
    reporter = Reporter(bill_fail_on_secrets=True)
    assert fails_on_secrets(reporter.config)
    write_scan(reporter, FOUND)
    assert reporter.lines == [*TOLD, "bill: the run fails for that (--bill-fail-on-secrets)."]
    assert reporter.colours == ["red"]


def test_a_clean_scan_says_nothing():
    reporter = Reporter(bill_fail_on_secrets=True)
    write_scan(reporter, EndScan())
    assert reporter.lines == []


def test_what_is_too_large_for_the_end_of_a_run_is_told(tmp_path, dirty, monkeypatch):
    monkeypatch.setattr(unknown_cassettes, "LARGEST_BY_YAML", 10)
    (told,) = scan_cassettes(config(tmp_path), [dirty]).not_made
    assert "it may hold some, and is too large to say where at the end of a run" in told
    monkeypatch.setattr(after_run, "LARGEST", 10)
    (told,) = scan_cassettes(config(tmp_path), [dirty]).not_made
    assert "bytes, and 10 are the most" in told


def test_that_it_takes_a_while_is_said_before(tmp_path, dirty, monkeypatch):
    monkeypatch.setattr(after_run, "_LONG", 10)
    reporter = Reporter()
    reporter.ensure_newline = lambda: None
    asked = config(tmp_path)
    asked.get_verbosity = lambda: 0
    asked.pluginmanager = SimpleNamespace(get_plugin=lambda _: reporter)
    assert scan_cassettes(asked, [dirty]).findings
    assert reporter.lines == [
        "bill: looking for secrets in 0 MiB of cassettes (--bill-no-scan leaves that out) ..."
    ]
