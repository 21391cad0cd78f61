"""`make matrix`: what a team's suite does, with the versions of `tests/versions/combinations.py`.

A Python that is not on this machine is skipped, and named in the summary at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from tests.versions.combinations import (  # noqa: E402
    COMBINATIONS,
    EXTRAS,
    Combination,
    interpreter,
)

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"

DOWNSTREAM = ROOT / "tests/versions/downstream.py"


@nox.session
@nox.parametrize(
    ("python", "combination"),
    [
        nox.param(interpreter(each.python) or f"python{each.python}", each, id=each.name)
        for each in COMBINATIONS
    ],
)
def versions(session: nox.Session, combination: Combination) -> None:
    """Record and replay the suite in `tests/versions`, with these versions."""
    session.install(
        *("--reinstall-package", "pytest-bill", f"{ROOT}[{','.join(EXTRAS)}]"),
        *combination.requirements,
    )
    suite = "beside" if combination.beside else "suite"
    plugin = combination.beside[:1]
    session.run("python", str(DOWNSTREAM), suite, *plugin)
