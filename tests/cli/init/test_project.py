"""What is in the folder already decides on where things go."""

from __future__ import annotations

import subprocess

import pytest

from pytest_bill import SettingsError
from pytest_bill.cli.init import project as looked_at
from pytest_bill.cli.init.project import is_tracked, project_in


def test_an_empty_folder(tmp_path):
    found = project_in(tmp_path, 9)
    assert found.repository is None
    assert found.is_root
    assert (found.tests, found.cassettes, found.install) == ("tests", "cassettes", ())
    assert found.test_file == "test_{}.py"


@pytest.mark.parametrize("name", ["gone", "file"])
def test_what_is_no_folder_is_refused(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=f"{name} is no folder"):
        project_in(tmp_path / name, 9)


def test_the_repository_is_the_closest_one(tmp_path):
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "inner"
    (inner / "deep").mkdir(parents=True)
    assert project_in(tmp_path, 9).is_root
    assert not project_in(inner / "deep", 9).is_root
    (inner / ".git").write_text("gitdir: elsewhere\n")  # a worktree, or a submodule
    assert project_in(inner / "deep", 9).repository == inner


@pytest.mark.parametrize(
    ("settings", "folders", "tests"),
    [
        ("", ["test"], "test"),
        ("", ["test", "tests"], "tests"),
        ("testpaths = checks", ["checks", "tests"], "checks"),
        ("testpaths = src/**/tests gone ./unit/bill", ["unit/bill"], "unit/bill"),
        ("testpaths = src/**/tests unit", ["unit", "src/a/b/tests"], "src/a/b/tests"),
        ("testpaths = 'my tests'", ["my tests"], "my tests"),
        ("testpaths = gone", [], "tests"),
    ],
)
def test_tests_go_where_pytest_looks(tmp_path, settings, folders, tests):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    for name in folders:
        (tmp_path / name).mkdir(parents=True)
    assert project_in(tmp_path, 9).tests == tests


@pytest.mark.parametrize("paths", ["only.py", "only.py ..", "/"])
def test_where_pytest_would_look_in_no_folder_it_is_told(tmp_path, paths):
    (tmp_path / "only.py").touch()
    (tmp_path / "pytest.ini").write_text(f"[pytest]\ntestpaths = {paths}\n")
    with pytest.raises(SettingsError, match=f"testpaths is {paths}") as told:
        project_in(tmp_path, 9)
    assert "Add a folder to it" in str(told.value)


def test_lists_of_toml_are_read_too(tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest]\ntestpaths = ["checks"]\npython_files = ["*_test.py"]\n'
        'bill_cassette_dir = "recorded/"\n'
    )
    found = project_in(tmp_path, 9)
    assert (found.tests, found.test_file, found.cassettes) == ("checks", "{}_test.py", "recorded")


@pytest.mark.parametrize(
    ("patterns", "form"),
    [
        ("check_*.py test_*.py", "test_{}.py"),
        ("*_test.py", "{}_test.py"),
        ("tests/*.py", "test_{}.py"),
        ("*.py", "test_{}.py"),
    ],
)
def test_modules_are_named_so_that_pytest_finds_them(tmp_path, patterns, form):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npython_files = {patterns}\n")
    assert project_in(tmp_path, 9).test_file == form


@pytest.mark.parametrize("patterns", ["check_*.py", "unit/test_*.py"])
def test_where_pytest_would_find_no_module_it_is_told(tmp_path, patterns):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npython_files = {patterns}\n")
    with pytest.raises(SettingsError, match=r"Add test_\*\.py to it"):
        project_in(tmp_path, 9)


@pytest.mark.parametrize(
    ("files", "install"),
    [
        ({"requirements.txt": "", "test-requirements.txt": ""}, 2 * ("-r",)),
        ({"pyproject.toml": "[project]\nname = 'a'\n"}, ("-e",)),
        ({"pyproject.toml": "[build-system]\nrequires = []\n"}, ("-e",)),
        ({"pyproject.toml": "[tool.ruff]\n"}, ()),
        ({"setup.py": "", "requirements.txt": ""}, ("-r", "-e")),
    ],
)
def test_ci_installs_what_is_there(tmp_path, files, install):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert tuple(each.split()[0] for each in project_in(tmp_path, 9).install) == install


@pytest.mark.parametrize(("spec", "client"), [(object(), "httpx"), (None, "requests")])
def test_the_client_is_one_that_is_installed(tmp_path, monkeypatch, spec, client):
    monkeypatch.setattr(looked_at, "find_spec", lambda _: spec)
    assert project_in(tmp_path, 9).client == client


def test_git_is_asked_whether_it_has_a_file(tmp_path, monkeypatch):
    (tmp_path / ".env").touch()
    assert not is_tracked(project_in(tmp_path, 9), ".env")
    for command in (["init", "--quiet"], ["add", ".env"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert is_tracked(project_in(tmp_path, 9), ".env")
    assert not is_tracked(project_in(tmp_path, 9), "other")
    monkeypatch.setenv("PATH", "")
    assert not is_tracked(project_in(tmp_path, 9), ".env")
