"""The project as pytest sees it: a run that only looks, and again with less where that fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from pytest_bill.credentials.env_file import Variables, read_env_file
from pytest_bill.credentials.kinds import known_secrets
from pytest_bill.doctor import credentials, probe
from pytest_bill.doctor.ini_lines import INI_FILES, settings_in
from pytest_bill.doctor.shape import Finding, Looked, ProjectSeen, wrong
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SecretRegistry

_ERROR = late_pattern(
    r"E  |ERROR(?!: usage)|\w*Error: |ImportError while|.*: error: |  inifile: |.*: in <module>$"
)
"""Lines that say what it is; those of a traceback, and of how pytest is used, do not."""
_NO_TRUTH = late_pattern(r"invalid truth value '([^']*)'")
_MOST_SAID = 6
_LONGEST_LINE = 300
SECONDS = 120
"""So long may conftests take."""
SECONDS_ONLINE = 600
"""So long may they and all sign-ins take, each of which has a limit of its own."""


class Asked(NamedTuple):
    """What the doctor is asked: see the command's options."""

    folder: Path
    env_file: Path | None = None
    required: tuple[str, ...] = ()
    online: bool = False
    allow_production: bool = False


class _Attempt(NamedTuple):
    """A way to start pytest, and what is left out in it."""

    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}
    without: str = ""
    has_no_ini_file: bool = False


def looked_at(
    asked: Asked, seconds: float = SECONDS, seconds_online: float = SECONDS_ONLINE
) -> tuple[Looked, bool]:
    """What a run there would have, and whether pytest could tell it.

    Where pytest does not start as it is, it is tried without conftests, then without the ini file,
    other plugins and ``PYTEST_ADDOPTS``: what can be told is told all the same.
    """
    # What is written there has no value of a variable, and nobody else may read it.
    with tempfile.TemporaryDirectory(prefix="bill-doctor-") as scratch:
        failures: list[Finding] = []
        for attempt in _attempts(asked, Path(scratch)):
            file = Path(scratch) / "looked.json"
            found = _run(asked._replace(online=False), attempt, file, seconds)
            if isinstance(found, str):
                failures.append(_failure(attempt, found))
                continue
            if asked.online:
                found = _signed_in(asked, attempt, file, seconds_online, found)
            if attempt.has_no_ini_file:
                found["project"]["ini_file"] = None
            # Only the first one is how a run starts.
            for failure in failures[:1]:
                failure["then"] += f" The rest was looked at without {attempt.without}."
            found["project"]["findings"] = failures[:1] + found["project"]["findings"]
            return found, True
    return _without_pytest(asked, failures[:1]), False


def _attempts(asked: Asked, scratch: Path) -> Iterator[_Attempt]:
    yield _Attempt()
    yield _Attempt(("--noconftest",), without="conftests")
    empty = scratch / "pytest.ini"
    empty.write_text("[pytest]\n", encoding="utf-8")
    yield _Attempt(
        (f"--rootdir={asked.folder}", "-c", str(empty), "--noconftest", "-p", "pytest_bill.plugin"),
        {"PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        "conftests, ini file, other plugins and PYTEST_ADDOPTS",
        has_no_ini_file=True,
    )


def _signed_in(
    asked: Asked, attempt: _Attempt, file: Path, seconds: float, before: Looked
) -> Looked:
    """What is known, and what came of the sign-ins: by themselves, so that none is tried twice."""
    file.unlink()
    found = _run(asked, attempt, file, seconds)
    if not isinstance(found, str):
        return found
    what = f"The sign-ins did not come to an end: {found}"
    before["project"]["findings"].append(wrong(what, "They are not tried again."))
    return before


def _run(asked: Asked, attempt: _Attempt, file: Path, seconds: float) -> Looked | str:
    """What was told; or why pytest did not get that far, in its words."""
    command = [sys.executable, "-m", "pytest", "-p", probe.__name__, f"{probe.FILE}={file}"]
    command += [*attempt.arguments, *_options(asked)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=asked.folder,
            # Not even what Python keeps of a conftest is written.
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **attempt.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        doing = "the sign-ins" if asked.online else "its conftests"
        return f"It did not get through {doing} within {seconds:g} s."
    try:
        return cast(Looked, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        output = b"\n".join((done.stderr, done.stdout)).decode("utf-8", "replace")
        said = _with_place(_said(output), asked.folder)
        return _hidden(said, asked) or f"It ended with status {done.returncode}."


def _options(asked: Asked) -> Sequence[str]:
    options = [f"{probe.REQUIRED}={word}" for word in asked.required]
    if asked.env_file is not None:
        options.append(f"--bill-env-file={asked.env_file}")
    if asked.online:
        options.append(probe.ONLINE)
    if asked.allow_production:
        options.append("--bill-allow-production")
    return options


def _said(output: str) -> str:
    """The lines of an error of pytest's that say what it is."""
    lines = [line.rstrip()[:_LONGEST_LINE] for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return "\n".join(each.removeprefix("E  ").strip() for each in (errors or lines)[-_MOST_SAID:])


def _with_place(said: str, folder: Path) -> str:
    """As pytest says it, with the place where it does not name that."""
    truth = _NO_TRUTH.search(said)
    if truth is None and "No closing quotation" not in said:
        return said
    for path in map(folder.joinpath, INI_FILES):
        for setting in settings_in(path):
            is_it = setting.name == "addopts" if truth is None else setting.value == truth[1]
            if is_it:
                return f"{said}\nLook at {setting.name} in {path.name}:{setting.line}."
    return f"{said}\nLook at PYTEST_ADDOPTS." if truth is None else said


def _hidden(text: str, asked: Asked) -> str:
    """A conftest that raises may show a value."""
    registry = SecretRegistry()
    for placeholder, value in known_secrets(_variables(asked)):
        registry.add(value, placeholder)
    return registry.hide(text)


def _failure(attempt: _Attempt, said: str) -> Finding:
    left_out = f" (without {attempt.without})" if attempt.without else ""
    return wrong(
        f"pytest does not start here{left_out}: {said}",
        "Mend that first: run pytest --collect-only.",
    )


def _variables(asked: Asked) -> Variables:
    return Variables(os.environ, read_env_file(asked.env_file or asked.folder / ".env"))


def _without_pytest(asked: Asked, failures: list[Finding]) -> Looked:
    variables = _variables(asked)
    return Looked(
        project=ProjectSeen(
            rootdir=str(asked.folder),
            ini_file=None,
            env_file=str(variables.env_file.path),
            findings=[*failures, *credentials.of_file(variables)],
        ),
        settings=[],
        credentials=credentials.seen(variables, asked.required),
        online=[],
        cassette_dir=str(asked.folder / "cassettes"),
        plugins=[],
    )
