"""What a user types to record one test."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.run.record_command import RecordCommands
from tests.helpers.settings_of_run import settings_in


@pytest.fixture
def command(tmp_path):
    """The command for a test of a project in a folder, for who stands in another."""

    def command(nodeid: str = "tests/test_a.py::test_b", *, stands: str = ".", **changes) -> str:
        folder = tmp_path / "project"
        (folder / "tests").mkdir(parents=True, exist_ok=True)
        changes |= {"invocation_dir": Path(folder, stands).resolve()}
        return RecordCommands(settings_in(folder, **changes)).of_test(nodeid)

    return command


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        (".", "pytest tests/test_a.py::test_b"),
        ("tests", "pytest --rootdir=.. test_a.py::test_b"),
        ("..", "pytest --rootdir=project project/tests/test_a.py::test_b"),
        ("../other", "pytest --rootdir=../project ../project/tests/test_a.py::test_b"),
    ],
)
def test_the_path_is_that_from_where_the_user_stands(command, stands, expected):
    assert command(stands=stands) == expected


def test_a_shell_takes_it_as_it_is(command):
    assert command("t.py::a[1 2]") == "pytest 't.py::a[1 2]'"
    assert command("t.py::a[x::y/z]") == "pytest 't.py::a[x::y/z]'"
    options = ("-m", "not slow", "--bill-cassette-dir=my tapes")
    told = "pytest t.py::a -m 'not slow' '--bill-cassette-dir=my tapes'"
    assert command("t.py::a", repeated_options=options) == told


def test_the_local_sandbox_is_asked_again(command):
    local = "--bill-environment=local"
    assert command("t.py", environment_name="local") == f"pytest t.py {local}"
    assert command("t.py", environment_name="local", repeated_options=(local,)).count(local) == 1
    assert command("t.py") == "pytest t.py"


def test_the_rootdir_is_named_where_pytest_would_find_another(command, tmp_path):
    project = tmp_path / "project"
    (project / "tests/inner").mkdir(parents=True)
    (project / "tests/inner/pytest.ini").touch()
    assert command("tests/test_a.py") == "pytest tests/test_a.py"
    inner = "tests/inner/test_a.py"
    assert command(inner) == f"pytest --rootdir=. {inner}"
    ini = project / "pyproject.toml"
    assert command(inner, inipath=ini) == f"pytest --rootdir=. -c pyproject.toml {inner}"
    given = ("-c", "pyproject.toml", "--rootdir=.")
    told = f"pytest {inner} -c pyproject.toml --rootdir=."
    assert command(inner, inipath=ini, repeated_options=given) == told


def test_without_a_test_it_is_all(tmp_path):
    assert RecordCommands(settings_in(tmp_path)).of_all() == "pytest"
    stands = settings_in(tmp_path, invocation_dir=tmp_path / "tests")
    assert RecordCommands(stands).of_all() == "pytest --rootdir=.."
