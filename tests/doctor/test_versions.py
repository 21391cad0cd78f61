"""What is installed, and what of an extra is not: other distributions stand on the path."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from pathlib import Path

import pytest

from pytest_bill.doctor.versions import version_of, versions


@pytest.fixture(autouse=True)
def _one_environment(monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def test_what_is_here():
    seen = versions()
    assert seen["python"] == platform.python_version()
    found = {each["name"]: each["version"] for each in seen["packages"]}
    assert found["pytest"] == pytest.__version__
    assert found["vcrpy"] == metadata.version("vcrpy")
    assert not seen["findings"]
    extras = {each["name"]: each["missing"] for each in seen["extras"]}
    assert extras["sandbox"] == extras["demo"] == []
    assert not {"pytest-bill", "", None} & set(extras)


def test_a_package_that_is_not_there():
    assert version_of("no-such-package-at-all") is None


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Put a distribution before all others."""

    def distribution(name: str, version: str, *more: str) -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        head = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *more]
        (folder / "METADATA").write_text("\n".join(head) + "\n\n")

    monkeypatch.syspath_prepend(tmp_path)
    return distribution


def test_what_an_extra_lacks(distribution):
    distribution(
        "pytest-bill",
        "9.9",
        "Requires-Dist: pytest>=8.2",
        "Requires-Dist: vcrpy<2",
        "Provides-Extra: paint",
        "Provides-Extra: house",
        "Requires-Dist: no-such-brush>=2; extra == 'paint'",
        "Requires-Dist: rich>=9999; extra == 'paint'",
        "Requires-Dist: pytest-bill[paint]; extra == 'house'",
        "Requires-Dist: pytest>=8; extra == 'house'",
    )
    seen = versions()
    extras = {each["name"]: each["missing"] for each in seen["extras"]}
    assert extras == {
        "house": ["no-such-brush>=2", "rich>=9999"],
        "paint": ["no-such-brush>=2", "rich>=9999"],
    }
    (finding,) = seen["findings"]
    assert "pytest-bill needs vcrpy<2" in finding["what"]
    assert finding["level"] == "wrong"
    assert "python -m pip install" in finding["then"]


@pytest.mark.skipif(sys.platform == "win32", reason="commands have other names")
def test_a_command_of_another_python(tmp_path, monkeypatch):
    command = tmp_path / "pytest"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = versions()["findings"]
    assert finding["what"].startswith(f"The command pytest is {command}, and pytest-bill runs with")
    assert finding["level"] == "hint"
    command.unlink()
    assert not versions()["findings"]  # there is none
    (tmp_path / "bin").symlink_to(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert not versions()["findings"]
