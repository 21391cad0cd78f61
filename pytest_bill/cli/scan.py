"""``pytest-bill scan``: the files, the rules, the report, the exit status."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from pytest_bill.cassettes import reader
from pytest_bill.credentials.env_file import EnvFile, Variables, read_env_file
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX, known_secrets
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.scan import baseline as baselines
from pytest_bill.scan.clean_files import FOLDER, CleanFiles, signature
from pytest_bill.scan.detect_secrets import EXTRA, is_installed, load_engine
from pytest_bill.scan.engine_version import engine_version
from pytest_bill.scan.files import CannotScan, about_file, files_in, read_file
from pytest_bill.scan.findings import Finding, Hit, findings_of_hits
from pytest_bill.scan.formats import FORMATS, Report
from pytest_bill.scan.scanner import Scanned, Scanner
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE, SecretRegistry

_CLEAN, _FOUND, _CANNOT = 0, 1, 2
_DEFAULT_FOLDER = Path("cassettes")
_BY_FIX = "un: pytest-bill scan --fix"
_BY_HAND = "ecord the cassette anew, or take the value out by hand: --fix cannot do it here."
_NO_SECRETS = frozenset(
    {"BILL_ENVIRONMENT", "BILL_BASE_URL", "BILL_OAUTH_URL", "BILL_SIGN_IN", "BILL_SYNC_SIGN_IN"}
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help=f"files and folders (default: {_DEFAULT_FOLDER})",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="of the report (default: text)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report there")
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help="also look for the values of its BILL_* variables, in every encoding",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="rewrite cassettes scrubbed, and no other file",
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        default=Path(baselines.DEFAULT_NAME),
        help=f"findings that are allowed (default: {baselines.DEFAULT_NAME})",
    )
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help=f"also read files that were clean and are unchanged (remembered in {FOLDER})",
    )
    parser.add_argument(
        "--update-baseline", action="store_true", help="allow what is found now, in that file"
    )


def run(arguments: argparse.Namespace) -> int:
    """Scan as asked; gives the exit status: 0 nothing found, 1 findings, 2 could not scan.

    Raises:
        SettingsError: a file that an option names cannot be used.
        CannotScan: a path is not there.
    """
    baseline = baselines.load(arguments.baseline)
    variables = _variables(arguments.env_file)
    known, notes = _known_values(variables)
    # The baseline is not searched itself: its fingerprints are random.
    skipped = [each.absolute() for each in (arguments.baseline, arguments.output) if each]
    names = {each.name for each in skipped}
    paths = [
        path
        for path in files_in(arguments.paths or [_DEFAULT_FOLDER])
        if path.name not in names or path.absolute() not in skipped
    ]
    # With known values all is read: nothing that could tell of them is to lie on the disk.
    scan = _Scan(known, baseline, remembers=not (known or arguments.no_cache))
    scan.scan_all(paths)
    fixed = scan.fix_all(known, variables) if arguments.fix else []
    findings = scan.findings()
    if arguments.update_baseline:
        baselines.save(arguments.baseline, baseline, scan.findings(also_allowed=True))
        notes.append(f"{len(findings)} more allowed in {arguments.baseline}")
        findings = []
    notes.extend(scan.notes)
    report = Report(findings, scan.errors, len(scan.scanned), scan.cassettes, fixed, notes)
    _write_report(FORMATS[arguments.format](report), arguments.output)
    if scan.errors:
        return _CANNOT
    return _FOUND if findings else _CLEAN


_UNCHANGED = (Scanned(), Scanned(is_cassette=True))
"""Of files that were clean: no cassettes, and cassettes."""


class _Scan:
    """The files of one call and what is in them."""

    def __init__(
        self, known: SecretRegistry, baseline: baselines.Baseline, *, remembers: bool
    ) -> None:
        self._known = known
        self._baseline = baseline
        self._has_engine = is_installed()
        about = signature(engine_version() if self._has_engine else "") if remembers else ""
        self._clean = CleanFiles(about) if about else None
        self.scanned: dict[Path, Scanned] = {}
        self.errors: list[str] = []
        self.notes: list[str] = []

    @property
    def cassettes(self) -> int:
        return sum(each.is_cassette for each in self.scanned.values())

    @cached_property
    def _scanner(self) -> Scanner:
        """Made when a file has to be read: the engine takes a while to load."""
        engine = load_engine()
        if (engine is not None) is not self._has_engine:  # it is there in part
            self._has_engine, self._clean = engine is not None, None
        return Scanner(engine, self._known, reader.reader_of_many())

    def scan_all(self, paths: Sequence[Path]) -> None:
        # Millions of small values and no cycles: looking for cycles takes a fifth of the time.
        gc.disable()
        for path in paths:
            try:
                self.scanned[path] = self._scanned(path)
            except CannotScan as error:
                self.errors.append(str(error))
        if not self._has_engine:
            self.notes.append(
                "high-entropy strings were not looked for; "
                f"install that with: pip install 'pytest-bill[{EXTRA}]'"
            )
        self._remember()

    def _scanned(self, path: Path) -> Scanned:
        about = about_file(path)
        is_cassette = self._clean.is_cassette(path, about) if self._clean is not None else None
        if is_cassette is not None:
            return _UNCHANGED[is_cassette]
        scanned = self._scanner.scan(read_file(path), path.name)
        if self._clean is not None and not scanned.hits:
            self._clean.add(path, about, is_cassette=scanned.is_cassette)
        return scanned

    def _remember(self) -> None:
        try:
            if self._clean is not None:
                self._clean.save()
        except OSError as error:
            self.notes.append(
                f"clean files are not remembered: {FOLDER} cannot be written: {error.strerror} "
                "(--no-cache leaves it out)"
            )

    def findings(self, *, also_allowed: bool = False) -> list[Finding]:
        found = [
            finding
            for path, scanned in self.scanned.items()
            if scanned.hits
            for finding in findings_of_hits(scanned.hits, _as_reported(path), self._baseline.salt)
        ]
        return found if also_allowed else self._baseline.without_allowed(found)

    def fix_all(self, known: SecretRegistry, variables: Variables) -> list[str]:
        """Fix the cassettes that have findings; gives those that were rewritten."""
        from pytest_bill.scan.fix import CannotFix, Fixer
        from pytest_bill.scrubbing.stand_in_key import stand_in_key

        fixer = Fixer(known, stand_in_key(variables, variables))
        readable = []
        for path, scanned in self.scanned.items():
            allowed = self._allowed_values(path, scanned)
            hits = [hit for hit in scanned.hits if hit.value not in allowed]
            if not (scanned.is_cassette and hits):
                continue
            try:
                fixer.learn(path, read_file(path), hits)
                readable.append(path)
            except CannotFix as error:
                self._report_not_fixed(path, str(error))
        rewritten = []
        for path in readable:
            try:
                if fixer.fix(path, self._findings_in):
                    rewritten.append(_as_reported(path))
                    self.scanned[path] = self._scanner.scan(read_file(path), path.name)
                if self.scanned[path].hits:
                    self._report_not_fixed(path, "what is left stands where --fix replaces nothing")
            except (CassetteError, CannotScan) as error:
                self.errors.append(str(error))
        return rewritten

    def _report_not_fixed(self, path: Path, why: str) -> None:
        """Say why ``--fix`` left findings in a cassette, and do not advise it for those again."""
        scanned = self.scanned[path]
        scanned.hits = [_by_hand(hit) for hit in scanned.hits]
        if self._baseline.without_allowed(
            findings_of_hits(scanned.hits, _as_reported(path), self._baseline.salt)
        ):
            self.notes.append(f"{_as_reported(path)} was not fixed: {why}")

    def _allowed_values(self, path: Path, scanned: Scanned) -> set[str]:
        allowed = set()
        for hit in scanned.hits:
            if not self._baseline.without_allowed(
                findings_of_hits([hit], _as_reported(path), self._baseline.salt)
            ):
                allowed.add(hit.value)
        return allowed if self._baseline.allowed else set()

    def _findings_in(self, raw: bytes) -> int:
        return len(self._scanner.scan(raw).hits)


def _by_hand(hit: Hit) -> Hit:
    """A hit whose advice does not name ``--fix``."""
    advice = hit.rule.advice
    for first in "Rr":
        advice = advice.replace(first + _BY_FIX, first + _BY_HAND)
    return hit._replace(rule=replace(hit.rule, advice=advice))


def _as_reported(path: Path) -> str:
    """A path as reports show it: from the current folder, with slashes."""
    absolute = path.absolute()
    here = Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def _variables(path: Path | None) -> Variables:
    if path is None:
        return Variables({}, EnvFile(Path(), exists=False))
    env_file = read_env_file(path)
    env_file.check()
    if not env_file.exists:
        raise SettingsError(
            f"--env-file={path}: no such file.\nIt is looked for here: give another one, or leave "
            "the option out."
        )
    return Variables({}, env_file)


def _known_values(variables: Variables) -> tuple[SecretRegistry, list[str]]:
    """The values to look for, and the names of those that are too short for it."""
    known = SecretRegistry()
    notes: list[str] = []
    values: dict[str, str] = dict(known_secrets(variables))
    for name, value in variables.env_file.values.items():
        if name.startswith("BILL_") and name not in _NO_SECRETS and value.strip():
            values.setdefault(f"{PLACEHOLDER_PREFIX}{name}", value.strip())
    for placeholder, value in values.items():
        if len(value) < SHORTEST_BY_VALUE:
            name = placeholder.removeprefix(PLACEHOLDER_PREFIX)
            notes.append(f"{name} is too short to be looked for (under {SHORTEST_BY_VALUE})")
        known.add(value, placeholder)
    return known, notes


def _write_report(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{output} cannot be written: {error.strerror}.\nGive another place with --output."
        ) from None
