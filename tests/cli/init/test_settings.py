"""Settings: in the file that pytest takes, in its form, and nothing else changes."""

from __future__ import annotations

import configparser
import tomllib
from pathlib import Path

import pytest

from pytest_bill import SettingsError
from pytest_bill.cli.init.files import write
from pytest_bill.cli.init.settings import installed_pytest, setting_added, settings_of

LINE = "bill_fail_on_secrets = true\n"


@pytest.fixture
def added(tmp_path):
    """Put the setting into a project with these files; what is told, and what changed."""

    def added(major: int = 9, **files: str) -> tuple[str, dict[str, str]]:
        names = {name.replace("__", "."): text for name, text in files.items()}
        for name, text in names.items():
            (tmp_path / name).write_bytes(text.encode())
        step = setting_added(tmp_path, settings_of(tmp_path, major))
        write([step])
        after = {path.name: path.read_bytes().decode() for path in tmp_path.iterdir()}
        changed = {name: text for name, text in after.items() if names.get(name) != text}
        return f"{step.name}: {step.told}", changed

    return added


def test_where_there_is_nothing_it_is_a_pytest_ini(added):
    assert added() == ("pytest.ini: written", {"pytest.ini": f"[pytest]\n{LINE}"})


@pytest.mark.parametrize(
    ("major", "header"),
    [(8, "[tool.pytest.ini_options]"), (9, "[tool.pytest]"), (10, "[tool.pytest]")],
)
def test_a_pyproject_gets_the_table_that_this_pytest_reads(added, major, header):
    before = '[project]\nname = "a"\n'
    told, changed = added(major, pyproject__toml=before)
    assert changed == {"pyproject.toml": f"{before}\n{header}\n{LINE}"}
    assert told == "pyproject.toml: added 3 lines"


@pytest.mark.parametrize("major", [8, 9])
def test_the_table_that_is_used_stays_the_one(added, major):
    before = '[tool.pytest.ini_options]\naddopts = "-ra"\n\n[tool.other]\na = 1\n'
    told, changed = added(major, pyproject__toml=before)
    header, rest = before.split("\n", 1)
    assert changed == {"pyproject.toml": f"{header}\n{LINE}{rest}"}
    assert told == "pyproject.toml: added 1 line"


@pytest.mark.parametrize(
    "before",
    [
        '[tool.pytest]\naddopts = ["-ra"]\n',
        '[ tool . pytest ] # ours\naddopts = ["-ra"]\n',
        '[tool.pytest]\naddopts = ["-ra"]',
        '[tool.pytest]\r\naddopts = ["-ra"]\r\n',
        'text = """\n[tool.pytest]\n"""\n[tool.pytest]\naddopts = ["-ra"]\n',
        "[tool.pytest]",
        '[project]\nname = "a"',
        '[project]\r\nname = "a"\r\n',
        "",
    ],
)
def test_toml_says_one_setting_more_and_nothing_else(added, before):
    _, changed = added(9, pyproject__toml=before)
    wanted = tomllib.loads(before)
    wanted.setdefault("tool", {}).setdefault("pytest", {})["bill_fail_on_secrets"] = True
    after = changed["pyproject.toml"]
    assert tomllib.loads(after) == wanted
    assert after.replace("\r\n", "").count("\r") == 0
    if "\r\n" in before:
        assert "\n" not in after.replace("\r\n", "")
    remaining = iter(after)
    assert all(character in remaining for character in before)


@pytest.mark.parametrize(
    "before",
    [
        'tool.pytest.ini_options.addopts = "-ra"\n',
        'tool = { pytest = { ini_options = { addopts = "-ra" } } }\n',
        '[tool]\npytest.ini_options = { addopts = "-ra" }\n',
    ],
)
def test_a_table_in_a_form_of_its_own_is_kept_and_the_line_told(added, before):
    told, changed = added(9, pyproject__toml=before)
    assert changed == {}
    assert told == (
        "pyproject.toml: kept, its table is written in a form of its own; below "
        "[tool.pytest.ini_options], add: bill_fail_on_secrets = true"
    )


@pytest.mark.parametrize(
    ("file", "before", "header"),
    [
        ("pytest__ini", "", "[pytest]"),
        ("pytest__ini", "[pytest]\naddopts = -ra\n    -q\n", "[pytest]"),
        ("tox__ini", "[tox]\nenvlist = py\n", "[pytest]"),
        ("tox__ini", "[tox]\nenvlist = py\n[pytest]\naddopts = -ra", "[pytest]"),
        ("setup__cfg", "[metadata]\nname = a\n[tool:pytest]\naddopts = -ra %%s\n", "[tool:pytest]"),
    ],
)
def test_ini_files_get_it_in_their_section(added, file, before, header):
    name = file.replace("__", ".")
    told, changed = added(9, **{file: before})
    assert told.startswith(f"{name}: added ")
    after = configparser.RawConfigParser()
    after.read_string(changed[name])
    assert after[header[1:-1]]["bill_fail_on_secrets"] == "true"
    after.remove_option(header[1:-1], "bill_fail_on_secrets")
    wanted = configparser.RawConfigParser()
    wanted.read_string(before)
    if header not in before:
        wanted.add_section(header[1:-1])
    assert after == wanted


@pytest.mark.parametrize("name", ["pytest__toml", "_pytest__toml"])
def test_pytest_9_has_a_toml_of_its_own(added, tmp_path, name):
    told, changed = added(9, **{name.replace("_pytest", "__pytest"): "[pytest]\n"})
    (file,) = changed
    assert told == f"{file}: added 1 line"
    assert changed[file] == f"[pytest]\n{LINE}"
    # An older one does not read it.
    assert settings_of(tmp_path, 8).table.file == "pytest.ini"


def test_the_file_that_pytest_takes_is_the_one(added):
    files = {"pytest__ini": "[pytest]\n", "tox__ini": "[pytest]\n"}
    _, changed = added(9, **files, pyproject__toml='[tool.pytest]\naddopts = ["-q"]\n')
    assert list(changed) == ["pytest.ini"]


def test_a_setup_cfg_without_pytests_section_is_left_alone(added):
    _, changed = added(9, setup__cfg="[metadata]\nname = a\n")
    assert list(changed) == ["pytest.ini"]


@pytest.mark.parametrize("value", ["true", "false"])
def test_what_is_set_is_not_set_again(added, value):
    told, changed = added(9, pytest__ini=f"[pytest]\nbill_fail_on_secrets = {value}\n")
    assert (told, changed) == ("pytest.ini: kept, it sets bill_fail_on_secrets", {})


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("pyproject.toml", b"[tool.pytest\n", "at line 1"),
        ("pyproject.toml", b'a = "\xff"\n', "it is not UTF-8"),
        ("pyproject.toml", b"\xef\xbb\xbf[tool]\n", "line 1"),
        ("pytest.ini", b"addopts = -q\n", "no section headers"),
        ("pytest.ini", b"[pytest]\n\x1b[2Jnonsense\n", "parsing errors"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, file, text, why):
    (tmp_path / file).write_bytes(text)
    with pytest.raises(SettingsError, match=why) as told:
        settings_of(tmp_path, 9)
    assert str(told.value).startswith(f"{tmp_path / file} cannot be read: ")
    assert "\x1b" not in str(told.value)
    assert len(str(told.value).splitlines()) == 2


def test_the_settings_of_a_folder_above_are_told(tmp_path):
    (tmp_path / "pytest.ini").touch()
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(SettingsError, match="those of") as told:
        settings_of(inner, 9)
    assert f"{tmp_path / 'pytest.ini'}.\n" in str(told.value)
    assert f"Run: pytest-bill init {tmp_path};" in str(told.value)
    (inner / "pytest.ini").touch()
    assert settings_of(inner, 9).table.file == "pytest.ini"


def test_a_pyproject_above_that_says_nothing_of_pytest_does_not_count(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    assert not settings_of(inner, 9).is_there


def test_a_link_is_kept_and_the_line_told(tmp_path):
    (tmp_path / "shared\x1b[2J.ini").write_text("[pytest]\n")
    (tmp_path / "pytest.ini").symlink_to("shared\x1b[2J.ini")
    step = setting_added(tmp_path, settings_of(tmp_path, 9))
    assert step.data is None
    assert step.told.startswith("kept, it is a link to shared")
    assert step.told.endswith("; below [pytest], add: bill_fail_on_secrets = true")


def test_the_installed_pytest_is_this_one():
    assert installed_pytest() == pytest.version_tuple[0]


def test_pytest_itself_reads_what_was_added(pytester, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    write([setting_added(tmp_path, settings_of(Path(tmp_path), installed_pytest()))])
    config = pytester.parseconfig(
        "--rootdir", str(tmp_path), "-c", str(tmp_path / "pyproject.toml")
    )
    assert config.getini("bill_fail_on_secrets") is True
