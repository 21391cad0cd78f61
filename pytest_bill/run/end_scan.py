"""The scan at the end of a run: are there secrets in the cassettes that it used?

What is found is a warning; with ``--bill-fail-on-secrets`` it fails the run, and so does a scan
that could not be made.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from pytest_bill.exceptions import PytestBillError
from pytest_bill.options import is_on
from pytest_bill.run.terminal_summary import QUIETER, write_lines

_CACHE = "bill/scan"


@dataclass(frozen=True)
class EndScan:
    """What it found.

    ``findings`` are lines without values, ``command`` scrubs them, ``not_made`` says of what could
    not be scanned why.
    """

    findings: list[str] = field(default_factory=list)
    command: str = ""
    not_made: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether all cassettes were scanned, and nothing was found."""
        return not self.findings and not self.not_made


def fails_on_secrets(config: pytest.Config) -> bool:
    """Whether what is found fails the run."""
    return is_on(config, "bill_fail_on_secrets")


def scan_cassettes(config: pytest.Config, cassettes: Collection[str]) -> EndScan:
    """Look for secrets in the cassettes that were used; it raises nothing."""
    if not cassettes or config.getoption("bill_no_scan") or not config.getini("bill_scan"):
        return EndScan()
    from pytest_bill.scan.after_run import command_for, scan_used

    cache = getattr(config, "cache", None)
    try:
        known = cache.get(_CACHE, {}) if cache is not None else {}
        used = scan_used(map(Path, cassettes), config.rootpath, known, partial(_tell, config))
        if cache is not None and used.verdicts != known:
            cache.set(_CACHE, used.verdicts)
    except PytestBillError as error:
        return EndScan(not_made=[f"the cassettes ({str(error).splitlines()[0]})"])
    except Exception as error:
        # Only its name: the message may quote the file.
        return EndScan(not_made=[f"the cassettes ({type(error).__name__})"])
    not_made = [f"{file} ({why})" for file, why in used.unread.items()]
    if not used.findings:
        return EndScan(not_made=not_made)
    from pytest_bill.scan.formats import one_line

    files = {config.rootpath / finding.file for finding in used.findings}
    return EndScan(
        [f"{finding.file}: {one_line(finding)}" for finding in used.findings],
        command_for(files),
        not_made,
    )


def _tell(config: pytest.Config, size: int) -> None:
    """Say that the scan takes a while: nothing else is shown meanwhile."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and config.get_verbosity() >= 0:
        reporter.ensure_newline()
        reporter.write_line(
            f"bill: looking for secrets in {size / 2**20:.0f} MiB of cassettes (--bill-no-scan "
            "leaves that out) ..."
        )


def write_scan(reporter: pytest.TerminalReporter, scan: EndScan) -> None:
    """Say what was found, and what could not be scanned."""
    fails = fails_on_secrets(reporter.config)
    if not fails and reporter.config.get_verbosity() <= QUIETER:
        return
    for each in scan.not_made:
        reporter.write_line(
            f"bill: {each} could not be scanned for secrets.\nRun: pytest-bill scan"
        )
    if scan.findings:
        reporter.section("bill: secrets in cassettes", yellow=not fails, red=fails)
        write_lines(reporter, scan.findings)
        reporter.write_line(f"Scrub them: {scan.command}")
    if fails and not scan.is_clean:
        reporter.write_line("bill: the run fails for that (--bill-fail-on-secrets).")
