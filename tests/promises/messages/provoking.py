"""Makes the mistakes of a run, and cuts out what is said of each."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable, Mapping
from contextlib import chdir, suppress
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pytest_bill import cli
from tests.plugin.suites import NO_CACHE
from tests.promises.messages.mistake import ANY, TEST, Mistake, Run

_HEADER = re.compile(r"^(_+ .* _+|={2,}.*)$")
_CAPTURED = re.compile(r"^-{2,} Captured ")
_USUAL = "def test_it(bill_dev_session):\n    pass\n"


def told(
    run: Run,
    mistakes: Iterable[Mistake],
    quoted: Mapping[str, str],
    pytester: pytest.Pytester,
    capsys: pytest.CaptureFixture[str],
    origins: Mapping[str, str],
) -> dict[str, list[str]]:
    """The lines that are said of each mistake of a run, by what was done.

    ``quoted`` is what the document says of it. ``origins`` are addresses of servers, by what
    they answer with; files name them as ``{page}``.
    """
    mistakes = list(mistakes)
    with pytest.MonkeyPatch.context() as patch:
        _set_up(run, mistakes, pytester, patch, origins)
        if run.is_command:
            lines = _said_by_command(run, pytester.path, capsys)
            return {
                each.did: _around(lines, each, quoted) if each.in_summary else lines
                for each in mistakes
            }
        runpytest = pytester.runpytest_subprocess if run.is_apart else pytester.runpytest_inprocess
        result = runpytest(*NO_CACHE, "-p", "no:randomly", *run.args)
    out = [line for line in result.outlines if line.strip()]
    err = [line for line in result.errlines if line.strip()]
    said: dict[str, list[str]] = {}
    for each in mistakes:
        if each.in_summary:
            said[each.did] = _around(out, each, quoted)
        elif each.code:
            said[each.did] = [line.replace(each.slug, TEST) for line in _block(out, each.slug)]
        else:
            said[each.did] = err
    return said


def _set_up(
    run: Run,
    mistakes: Iterable[Mistake],
    pytester: pytest.Pytester,
    patch: pytest.MonkeyPatch,
    origins: Mapping[str, str],
) -> None:
    for name in [name for name in os.environ if name.startswith("BILL_") or name == "CI"]:
        patch.delenv(name)
    for name, value in run.env:
        patch.setenv(name, value)
    patch.setenv("COLUMNS", "200")  # headers are cut where they are longer
    resolve = socket.getaddrinfo

    def looked_up_nowhere(host, port, family=0, type=0, proto=0, flags=0):
        """As without a network."""
        return resolve(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)

    patch.setattr(socket, "getaddrinfo", looked_up_nowhere)
    for name, text in run.files:
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for what, origin in origins.items():
            text = text.replace(f"{{{what}}}", origin)
        path.write_text(text, encoding="utf-8")
    (pytester.path / "pytest.ini").write_text(run.ini or "[pytest]\n", encoding="utf-8")
    for each in mistakes:
        code = dedent(each.code or _USUAL).lstrip().replace("test_it", each.slug)
        (pytester.path / f"{each.slug}.py").write_text(code, encoding="utf-8")


def _said_by_command(run: Run, folder: Path, capsys: Any) -> list[str]:
    capsys.readouterr()
    with chdir(folder), suppress(SystemExit):  # which argparse leaves with
        cli.main(run.args)
    said = capsys.readouterr()
    lines = [line for line in (said.err or said.out).splitlines() if line.strip()]
    # Its usage is that of --help.
    first = next((n for n, line in enumerate(lines) if line.startswith("pytest-bill")), 0)
    return lines[first:]


def _block(lines: list[str], slug: str) -> list[str]:
    """What stands below the headers that name a test, or the module of one."""
    found: list[str] = []
    is_here = False
    for line in lines:
        if _HEADER.match(line):
            is_here = re.search(rf"\b{slug}\b", line) is not None
        elif _CAPTURED.match(line):
            is_here = False
        elif is_here:
            found.append(line)
    return found


def _around(lines: list[str], mistake: Mistake, quoted: Mapping[str, str]) -> list[str]:
    """The lines of the summary that are what is quoted; else those that name the cause."""
    wanted = quoted.get(mistake.did, "").splitlines()
    for start in range(len(lines)):
        here = lines[start : start + len(wanted)]
        if wanted and is_said(here, wanted):
            return here
    return [line for line in lines if mistake.cause in line]


def is_said(lines: list[str], wanted: list[str]) -> bool:
    """Whether lines are those that are wanted; ``ANY`` stands for whatever is there.

    A line of it stands for any number of lines, or for none.
    """
    pattern = ""
    for each in wanted:
        in_line = "[^\n]*?".join(map(re.escape, each.split(ANY)))
        pattern += "(.*\n)*?" if each == ANY else f"{in_line}\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None
