"""Every option, ini setting and key of ``bill_config`` is in one table."""

from __future__ import annotations

import os

import pytest

from pytest_bill.credentials.kinds import BY_WORD, SYNC_TOKEN
from pytest_bill.environments import NAMES
from pytest_bill.guards.production_groups import GROUPS
from pytest_bill.options import OPTIONS, has_variables, is_any_set, refuse_old_pytest


def option(name: str):
    return next(option for option in OPTIONS if option.name == name)


def test_the_choices_are_those_of_the_settings():
    assert option("bill_environment").choices == NAMES
    assert option("bill_sync_sign_in").choices == SYNC_TOKEN.ways
    for word, kind in BY_WORD.items():
        first, *others = (f"{word}={kind.ways[0]}", *kind.ways[1:])
        assert first in option("bill_sign_in").help
        assert all(way in option("bill_sign_in").help for way in others)
    assert all(group in option("bill_allow_production_changes").help for group in GROUPS)


def test_every_option_can_be_typed_and_has_a_default(pytester):
    config = pytester.parseconfig()
    flags = {option.name for option in OPTIONS if option.is_flag}
    assert {name for name in flags if config.getoption(name) is not False} == set()
    texts = {option.name for option in OPTIONS} - flags
    assert {name for name in texts if config.getoption(name) is not None} == set()


@pytest.mark.parametrize("name", [option.name for option in OPTIONS if option.has_ini])
def test_an_ini_setting_of_the_same_name(pytester, name):
    assert not is_any_set(pytester.parseconfig())
    value = (option(name).choices or ("true",))[-1]
    pytester.makeini(f"[pytest]\n{name} = {value}\n")
    config = pytester.parseconfig()
    assert config.getini(name) == (True if option(name).is_flag else value)
    assert is_any_set(config)


def test_no_file_can_agree_to_production():
    assert not [each.name for each in OPTIONS if "allow_production" in each.name and each.has_ini]


@pytest.mark.parametrize("version", [(8, 2, 0), (8, 4, 2), (9, 2, 0), (10, 0, 0, "dev1")])
def test_a_pytest_that_can_run_the_hooks_is_taken(version):
    refuse_old_pytest(version)


@pytest.mark.parametrize("version", [(7, 4, 4), (8, 1, 2)])
def test_an_older_pytest_is_refused_in_words(version):
    with pytest.raises(pytest.UsageError, match=r"and pytest-bill needs pytest>=8\.2\.\n"):
        refuse_old_pytest(version)


@pytest.mark.parametrize(
    ("text", "has_some"),
    [
        ("BILL_DEV_KEY=a\n", True),
        ("OTHER=a\n", False),
        (None, False),
        ("BILL_DEV_KEY=a\n" + "#" * 2**20, False),  # it is too large to be used
    ],
)
def test_variables_are_seen_without_reading_what_is_none(
    pytester, tmp_path, monkeypatch, text, has_some
):
    path = tmp_path / "variables"
    if text is None:
        os.mkfifo(path)
    else:
        path.write_text(text)
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    config = pytester.parseconfig("-o", f"bill_env_file={path}")
    assert has_variables(config) is has_some
