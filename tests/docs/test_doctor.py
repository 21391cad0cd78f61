"""docs/doctor.md shows what the doctor shows, and has every key of its report."""

from __future__ import annotations

import os
import re
import shlex
import typing
from pathlib import Path

import pytest

from pytest_bill.cli import main
from pytest_bill.doctor import shape
from pytest_bill.sandbox import LocalSandbox
from tests.helpers.steps import commands_of

PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = re.findall(r"<!-- file: (\S+) -->\n```\n(.*?)```", TEXT, re.DOTALL)
SHOWN = re.findall(r"<!-- shown -->\n```\n(.*?)```", TEXT, re.DOTALL)
OF_THE_MACHINE = ("Versions", "Other packages", "Surroundings")
"""Groups that tell what is installed where the page was written."""


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys):
    """Run the doctor in a folder of its own, as the page does."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith("BILL_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def shown(*arguments: str) -> str:
        capsys.readouterr()
        main(["doctor", *arguments])
        return capsys.readouterr().out.replace(str(tmp_path), "/home/ada/shop")

    return shown


def groups(text: str) -> dict[str, str]:
    """The groups by their titles, without line breaks: paths differ in length."""
    parts = [part.partition("\n") for part in re.split(r"\n\n(?! )", text)]
    found = {title: " ".join(rest.split()) for title, _, rest in parts}
    return {
        title: re.sub(r"127\.0\.0\.1:\d+|\d\.\d\d s", "N", rest) for title, rest in found.items()
    }


def test_the_example_is_what_is_shown(shown, tmp_path):
    assert [name for name, _ in FILES] == [".env", "pytest.ini"]
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = shown()
    page, real = groups(SHOWN[0]), groups(text)
    assert list(page) == list(real)
    for title in page.keys() - set(OF_THE_MACHINE):
        assert page[title] == real[title]
    end = "✗ wrong 2 things are wrong, and would stop recording."
    assert end in SHOWN[0]
    assert end in text


def test_the_sign_ins_are_what_is_shown(shown, tmp_path):
    with LocalSandbox() as sandbox:
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
        lines = [f"{name}='{value}'\n" for name, value in variables.items()]
        (tmp_path / ".env").write_text("".join(lines), encoding="utf-8")
        real = groups(shown("--online"))
    assert groups(SHOWN[1]) == {"Sign-ins": real["Sign-ins"]}


@pytest.mark.nightly
def test_its_commands_are_right_where_all_is_complete(shown, tmp_path, monkeypatch):
    """Each shows something, and none finds what would stop recording."""
    commands = commands_of("doctor.md", "complete")
    assert len(commands) == 4
    with LocalSandbox() as sandbox:
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
        lines = [f"{name}='{value}'\n" for name, value in variables.items()]
        (tmp_path / ".env").write_text("".join(lines), encoding="utf-8")
        for command in commands:
            program, word, *arguments = shlex.split(command, comments=True)
            assert (program, word) == ("pytest-bill", "doctor")
            assert "✗ wrong" not in shown(*arguments)


def test_every_key_is_documented():
    keys = set()
    for name in vars(shape):
        kind = getattr(shape, name)
        if typing.is_typeddict(kind) and name != "Looked":
            keys |= set(kind.__annotations__)
    assert len(keys) > 40
    assert [key for key in sorted(keys) if f"`{key}`" not in TEXT] == []


def test_every_option_is_documented(capsys):
    with pytest.raises(SystemExit):
        main(["doctor", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert len(options) == 6
    assert [option for option in sorted(options) if option not in TEXT] == []
