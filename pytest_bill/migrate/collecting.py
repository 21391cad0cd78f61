"""A pytest plugin that writes down which tests there are, and what another recorder reads of them.

``suite`` has pytest collect with it, in a process of its own: only pytest knows the ids of
parametrized tests, inherited ones, and which marker or fixture is the closest. No test and no
fixture of a suite is run, but those that give the name or the folder of a cassette.
"""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

OUTPUT = "PYTEST_BILL_MIGRATE_OUTPUT"
MARKERS = ("vcr", "default_cassette", "block_network", "allowed_hosts")
_FOLDERS = ("vcr_cassette_dir",)
_NAMES = ("default_cassette_name", "vcr_cassette_name")
_FAILED = pytest.StashKey[list[str]]()
_ITEMS = pytest.StashKey[list[pytest.Item]]()
_FIXTURES = ("vcr", "vcr_cassette", "cassette", "record_mode", "vcr_cassette_dir", "vcr_markers")
"""What tests may ask recorders for."""
_TOOLS = ("pytest_recording", "pytest_vcr", "cassetter")


def pytest_configure(config: pytest.Config) -> None:
    """Know the markers of recorders that are not installed here."""
    for name in MARKERS:
        config.addinivalue_line("markers", f"{name}: another recorder's")
    failed = config.stash[_FAILED] = []
    config.pluginmanager.register(_Failures(failed))


class _Failures:
    """Keeps what cannot be collected, with the last line of why."""

    def __init__(self, found: list[str]) -> None:
        self._found = found

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep it, if it failed."""
        if report.failed:
            lines = [line for line in report.longreprtext.splitlines() if line.strip()]
            why = lines[-1].removeprefix("E").strip() if lines else "no reason was given"
            self._found.append(f"{report.nodeid}: {why}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep all tests, before markers or keywords of ``addopts`` leave some out."""
    config.stash[_ITEMS] = list(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down what was collected."""
    config = session.config
    folder = config.getoption("bill_cassette_dir", None) or _ini(config, "bill_cassette_dir")
    items = config.stash.get(_ITEMS, [])
    about = {
        "rootdir": str(config.rootpath),
        "cassette_dir": str(config.rootpath / (folder or "cassettes")),
        "env_file": str(config.rootpath / (_ini(config, "bill_env_file") or ".env")),
        "inipath": str(config.inipath or ""),
        "failed": config.stash[_FAILED],
        "tests": [_described(item) for item in items if isinstance(item, pytest.Function)],
    }
    Path(os.environ[OUTPUT]).write_text(json.dumps(about), encoding="utf-8")


def _ini(config: pytest.Config, name: str) -> str:
    """An ini setting of ours; empty where this plugin is not loaded."""
    try:
        return str(config.getini(name))
    except ValueError:
        return ""


def _described(item: pytest.Function) -> dict[str, Any]:
    function = inspect.unwrap(item.function)
    problems: list[str] = []
    return {
        "nodeid": item.nodeid,
        "path": str(item.path),
        "class_name": item.cls.__name__ if item.cls is not None else "",
        "name": item.name,
        "qualname": function.__qualname__,
        "defined_in": inspect.getsourcefile(function) or str(item.path),
        "markers": [
            {"args": list(map(_plain, each.args)), "kwargs": sorted(each.kwargs)}
            for each in item.iter_markers("vcr")
        ],
        "default_cassette": _default_cassette(item),
        "is_ours": item.get_closest_marker("bill_cassette") is not None,
        "uses_bill": any(name.startswith("bill_") for name in item.fixturenames),
        "folder": _given(item, _FOLDERS, problems),
        "own_name": _given(item, _NAMES, problems),
        "asks_for": [each for each in inspect.signature(function).parameters if each in _FIXTURES],
        "is_unittest": type(item).__name__ == "TestCaseFunction",
        "problems": problems,
    }


def _default_cassette(item: pytest.Item) -> str:
    marker = item.get_closest_marker("default_cassette")
    return _plain(marker.args[0]) if marker is not None and marker.args else ""


def _plain(value: Any) -> str:
    return os.fspath(value) if isinstance(value, str | os.PathLike) else ""


def _given(item: pytest.Function, names: tuple[str, ...], problems: list[str]) -> str:
    """What a fixture of the suite gives that takes the place of a tool's; empty without one."""
    for name in names:
        found = item.session._fixturemanager.getfixturedefs(name, item)
        own = [each for each in found or () if not each.func.__module__.startswith(_TOOLS)]
        if not own:
            continue
        function = own[-1].func
        try:
            wanted = inspect.signature(function).parameters
            values = {each: _stand_ins(item)[each] for each in wanted if each != "self"}
            given = function(**values)
            if not isinstance(given, str | os.PathLike):
                raise TypeError("it gives no path")  # noqa: TRY301
            return os.fspath(given)
        except Exception as error:  # whatever a suite's code raises
            where = f"{Path(inspect.getfile(function)).name}: {name}"
            problems.append(f"{where} cannot be asked outside a run ({type(error).__name__})")
    return ""


def _stand_ins(item: pytest.Function) -> dict[str, Any]:
    node = SimpleNamespace(
        fspath=getattr(item, "fspath", None), path=item.path, name=item.name, nodeid=item.nodeid
    )
    request = SimpleNamespace(
        node=node,
        path=item.path,
        fspath=node.fspath,
        cls=item.cls,
        module=item.module,
        function=item.function,
        config=item.config,
    )
    return {"request": request, "pytestconfig": item.config}
