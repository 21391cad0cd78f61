"""What commands take that look at a project."""

import argparse

import pytest

from pytest_bill.cli.of_project import add_project_arguments, folder_of
from pytest_bill.exceptions import SettingsError


@pytest.fixture
def parsed():
    parser = argparse.ArgumentParser()
    add_project_arguments(parser, env_file="keys", rootdir="folder", production="also")
    return lambda *argv: parser.parse_args(argv)


def test_the_folder_is_this_one_or_the_one_that_is_given(parsed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    assert folder_of(parsed()) == tmp_path
    assert folder_of(parsed("--rootdir=a")) == tmp_path / "a"


def test_a_folder_that_is_none_is_told(parsed, tmp_path):
    with pytest.raises(SettingsError, match=r"x is no folder\.\nGive the one of your project"):
        folder_of(parsed(f"--rootdir={tmp_path / 'x'}"))


def test_production_is_asked_only_where_it_is_typed(parsed):
    assert not parsed().bill_allow_production
    assert parsed("--bill-allow-production").bill_allow_production
