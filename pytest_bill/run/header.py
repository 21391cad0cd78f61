"""The line at a run's start: which BILL is asked, what is recorded, and with whose credentials.

Names of variables and files, never a value.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.exceptions import PytestBillError
from pytest_bill.printable import printable
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.state import RunState
from pytest_bill.settings import Settings, load_settings

if TYPE_CHECKING:
    from pytest_bill.credentials.env_file import Variables


def header(config: pytest.Config, state: RunState) -> str:
    """The line; where the settings cannot be used, why: each test that asks BILL says it, too."""
    try:
        settings = load_settings(config)
        told = [_environment(settings, config, state), *_recording(settings)]
    except PytestBillError as error:
        return f"bill: {printable(' '.join(str(error).split()))}"
    except ImportError as error:
        return f"bill: {error.name} is not installed"
    return "bill: " + ", ".join(map(printable, [*told, _credentials(settings)]))


def _environment(settings: Settings, config: pytest.Config, state: RunState) -> str:
    if settings.base_url is not None:
        return f"environment custom ({settings.remote_environment().origin})"
    if not settings.wants_sandbox(settings.record_mode):
        return f"environment {settings.environment_name}"
    origin = state.workers.sandbox_origin if state.workers is not None else ""
    starts = "the workers" if config.getoption("numprocesses", None) else "the first test of BILL"
    where = f"at {origin}" if origin else f"starts with {starts}"
    return f"environment local (its sandbox {where})"


def _recording(settings: Settings) -> list[str]:
    if settings.live:
        return ["live: no cassettes"]
    told = f"record mode {settings.record_mode}"
    if settings.verify:
        told += " (--bill-verify asks again at the end)"
    max_age = settings.max_age
    if settings.renews and max_age is not None:
        told += f" (what is older than {max_age.said} is recorded anew)"
    return [told, f"cassettes in {_folder(settings.cassette_dir, settings.rootdir)}"]


def _folder(path: Path, root: Path) -> str:
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return f"{shown.as_posix()}/"


def _credentials(settings: Settings) -> str:
    """Where they are; a replay needs none."""
    may_send = settings.live or settings.verify or settings.renews or settings.record_mode.may_send
    if settings.wants_sandbox(settings.record_mode):
        return "credentials of the sandbox"
    places = _places(settings.variables)
    if not places:
        return "no credentials" if may_send else "no credentials (a replay needs none)"
    ways = ", ".join(f"{word}={way}" for word, way in settings.sign_ins if may_send)
    return f"credentials from {' and '.join(places)}" + (f" ({ways})" if ways else "")


def _places(variables: Variables) -> list[str]:
    """What holds values of credentials, the strongest first."""
    names = [each.name for kind in KINDS for each in kind.variables]
    file, places = variables.env_file, []
    if any(variables.environ.get(name, "").strip() for name in names):
        places.append("the environment")
    if file.problem:
        places.append(f"{relative_to_here(file.path)} (which cannot be used)")
    elif any(file.values.get(name, "").strip() for name in names):
        places.append(str(relative_to_here(file.path)))
    return places
