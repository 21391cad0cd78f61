"""What a command says where the packages that it needs are not installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        ("sandbox", "uvicorn", "sandbox"),
        ("demo", "rich", "demo"),
        ("sandbox", "httptools", "sandbox"),
        ("show", "rich", "show"),
    ],
)
def test_a_missing_extra_is_explained(command, package, extra):
    code = (
        f"import sys; sys.modules[{package!r}] = None; from pytest_bill.cli import main; "
        f"sys.exit(main([{command!r}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 2
    assert f"pip install 'pytest-bill[{extra}]'" in result.stderr
    assert "Traceback" not in result.stderr


def brought_by(name: str, extra: str, seen: set[str]) -> Iterator[str]:
    """The distributions that an extra of one brings, and what these bring."""
    try:
        requirements = distribution(name).requires or []
    except PackageNotFoundError:
        return  # for another system or Python
    for requirement in map(Requirement, requirements):
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        key = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if wanted and key not in seen:
            seen.add(key)
            yield key
            for each in requirement.extras or {""}:
                yield from brought_by(key, each, seen)


@pytest.mark.parametrize(
    ("extra", "plugins"),
    # time-machine has one of its own, which its users know.
    [
        ("", set()),
        ("sandbox", set()),
        ("scan", set()),
        ("completion", set()),
        ("show", set()),
        ("proof", {"time-machine"}),
    ],
)
def test_an_extra_brings_no_other_pytest_plugin(extra, plugins):
    brought = set(brought_by("pytest-bill", extra, set()))
    assert {"": "vcrpy", "sandbox": "httptools", "show": "rich"}.get(extra, "requests") in brought
    with_plugin = {
        name
        for name in brought
        if any(each.group == "pytest11" for each in distribution(name).entry_points)
    }
    assert with_plugin == plugins
