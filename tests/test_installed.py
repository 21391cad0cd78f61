"""What is installed beside this package is refused in words, where it does not work with it."""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from pytest_bill.cli import main
from pytest_bill.exceptions import SettingsError
from pytest_bill.installed import check_installed, missing, missing_of_extras


@pytest.fixture
def put(pytester, monkeypatch):
    """Put the metadata of a package before those of the installed ones."""
    folder = pytester.mkdir("packages")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))

    def put(name: str, version: str) -> None:
        about = folder / f"{name}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n\nVersion: of a readme\n"
        )

    return put


def test_what_this_project_is_tested_with_is_accepted():
    check_installed()


@pytest.mark.parametrize(
    ("name", "version", "needed"),
    [
        ("urllib3", "1.26.13", "urllib3>=1.26.14"),
        ("urllib3", "1.26.14.dev1", ""),  # its numbers count
        ("urllib3", "1.26.14", ""),
        ("urllib3", "2.0", ""),
        ("vcrpy", "9.4.1", "vcrpy<10,>=9.4.2"),
        ("vcrpy", "10.0b1", "vcrpy<10,>=9.4.2"),
        ("vcrpy", "9.99.1", ""),
        ("pytest", "8.2", ""),
        ("PyYAML", "6.0", "pyyaml>=6.0.1"),
        ("python_dotenv", "0.21.1", "python-dotenv>=1.0"),
    ],
)
def test_a_version_is_refused_where_it_is_out_of_bounds(put, name, version, needed):
    put(name, version)
    if not needed:
        check_installed()
        return
    with pytest.raises(SettingsError) as error:
        check_installed()
    told = str(error.value)
    assert f"{version} is installed, and pytest-bill needs {needed}.\n" in told
    assert told.endswith(f"python -m pip install '{needed}'")


def test_a_package_that_is_missing_is_named(monkeypatch):
    real = metadata.distribution

    def distribution(name):
        if name == "filelock":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    with pytest.raises(SettingsError, match=r"^filelock is not installed, and pytest-bill needs "):
        check_installed()


def test_where_only_the_folder_is_on_the_path_nothing_is_known(monkeypatch):
    def distribution(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    check_installed()


def test_an_import_error_of_another_cause_stays_what_it_is():
    error = ImportError("of the user's own")
    assert missing(error) is error


def test_a_command_says_what_is_missing(put, monkeypatch, capsys):
    put("PyYAML", "5.4")
    monkeypatch.setitem(sys.modules, "pytest_bill.cli.scan", None)  # it cannot be imported
    assert main(["scan", "."]) == 2
    assert capsys.readouterr().err.startswith("pytest-bill: pyyaml 5.4 is installed, and")


def test_a_test_that_uses_bill_says_so_and_others_run(pytester, put):
    put("requests", "2.25.1")
    pytester.makepyfile("def test_a(bill_dev_session): pass\ndef test_b(): pass")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "SettingsError",
            "requests 2.25.1 is installed, and pytest-bill needs requests>=2.32.2.",
            "Install what it needs: python -m pip install 'requests>=2.32.2'",
        ]
    )


def test_a_run_that_cannot_hide_the_secrets_in_env_does_not_begin(pytester, put):
    put("python_dotenv", "0.1")
    pytester.path.joinpath("packages/dotenv").mkdir()
    pytester.path.joinpath("packages/dotenv/__init__.py").touch()  # it has no parser
    pytester.path.joinpath(".env").write_text("BILL_DEV_KEY=01KEYKEYKEYKEYKEYKEY\n")
    pytester.makepyfile("def test_b(): pass")
    result = pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: python-dotenv 0.1 is installed, and pytest-bill needs*"])


def test_what_is_missing_of_an_extra(tmp_path, monkeypatch):
    about = tmp_path / "pytest_bill-9.9.dist-info"
    about.mkdir()
    lines = ["Metadata-Version: 2.4", "Name: pytest-bill", "Version: 9.9", "Provides-Extra: empty"]
    lines += ["Provides-Extra: paint", "Requires-Dist: no-such-brush>=2,<3; extra == 'paint'"]
    lines += ["Requires-Dist: pytest<8; extra == 'paint'", "Requires-Dist: vcrpy; extra == 'paint'"]
    lines += ["Provides-Extra: all", 'Requires-Dist: pytest-bill[all,paint] ; extra == "all"']
    (about / "METADATA").write_text("\n".join(lines) + "\n\nProvides-Extra: of-a-readme\n")
    monkeypatch.syspath_prepend(tmp_path)
    missing = ["no-such-brush>=2,<3", "pytest<8"]
    assert missing_of_extras() == {"all": missing, "empty": [], "paint": missing}


def test_extras_have_no_markers_that_would_not_be_understood():
    own = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(own)["project"]["optional-dependencies"]
    assert not [each for extra in extras.values() for each in extra if ";" in each]
