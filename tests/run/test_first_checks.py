"""What is wrong with the settings of a run is told when it begins."""

from __future__ import annotations

import pytest

from pytest_bill.options import OPTIONS, YES_BY_DEFAULT
from pytest_bill.run.first_checks import check, check_ini, place, refuse_unknown_options
from tests.plugin.suites import NO_CACHE

CHOICES = [option for option in OPTIONS if option.has_ini and option.choices]
FLAGS = [option.name for option in OPTIONS if option.has_ini and option.is_flag]


@pytest.mark.parametrize("ini", ["", "bill_fail_on_secrets = true\nbill_scan = false\n"])
@pytest.mark.parametrize("typed", [(), ("--bill-fail-on-secrets", "--bill-no-scan")])
def test_a_run_cannot_fail_for_what_it_does_not_look_for(pytester, ini, typed):
    pytester.makeini(f"[pytest]\n{ini}")
    config = pytester.parseconfig(*typed)
    if not ini and not typed:
        check(config)
        return
    with pytest.raises(pytest.UsageError, match=r"--bill-no-scan .* makes none\.\nLeave one"):
        check(config)


def test_what_is_allowed_of_nothing_is_refused(pytester):
    with pytest.raises(pytest.UsageError, match=r"refuses, and that is not given\.\nGive both"):
        check(pytester.parseconfig("--bill-allow-hosts=example.com"))
    pytester.makeini("[pytest]\nbill_allow_hosts = example.com\n")
    check(pytester.parseconfig())  # a list that is there for runs which block
    check(pytester.parseconfig("--bill-block-network", "--bill-allow-hosts=example.com"))


@pytest.mark.parametrize("option", CHOICES, ids=lambda option: option.name)
def test_a_value_that_is_none_is_refused_with_its_place(pytester, option):
    pytester.makeini(f"[pytest]\n\n{option.name} = {option.choices[0]}x\n")
    with pytest.raises(pytest.UsageError) as refused:
        check_ini(pytester.parseconfig())
    said = str(refused.value)
    assert said.startswith(f"{option.name} (tox.ini:3) is ")
    assert f"Did you mean {option.choices[0]}? It must be one of: {option.choices[0]}" in said


@pytest.mark.parametrize("name", [*FLAGS, *YES_BY_DEFAULT])
def test_what_is_neither_true_nor_false(pytester, monkeypatch, name):
    monkeypatch.delenv("PYTEST_ADDOPTS")
    pytester.makeini(f"[pytest]\n{name} = perhaps\n")
    with pytest.raises(pytest.UsageError, match=rf"^{name} \(tox\.ini:2\) is neither true nor"):
        check_ini(pytester.parseconfig())


@pytest.mark.parametrize("option", CHOICES, ids=lambda option: option.name)
def test_what_is_allowed_is_taken(pytester, option):
    for value in option.choices:
        pytester.makeini(f"[pytest]\n{option.name} = {value}\n")
        check_ini(pytester.parseconfig())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "bill_record_mod = all",
            "is no setting: it does nothing.\nDid you mean bill_record_mode?",
        ),
        ("bill_prune = true", "It is an option of the command line only: type --bill-prune there"),
        (
            "bill_colour = red",
            "is no setting: it does nothing.\nThe settings are: bill_allow_hosts",
        ),
        ("bill_max_age = 90 days", "is '90 days', which is no age"),
        ("bill_cassette_dir = tox.ini", "is tox.ini, which is no folder"),
    ],
)
def test_what_an_ini_file_says_is_refused_with_its_line(pytester, line, says):
    pytester.makeini(f"[pytest]\nbill_environment = local\n{line}\n")
    with pytest.raises(pytest.UsageError) as refused:
        check(pytester.parseconfig())
    name = line.partition(" ")[0]
    assert str(refused.value).startswith(f"{name} (tox.ini:3) ")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("-o", "bill_record_mod=all"), "bill_record_mod (-o bill_record_mod=…) is no setting"),
        (("--bill-max-age=9x",), "--bill-max-age is '9x', which is no age"),
        (("--bill-env-file=no.env",), "--bill-env-file=no.env: there is no file /"),
        (("--bill-cassette-dir=tox.ini",), "--bill-cassette-dir is tox.ini, which is no folder"),
        (("--bill-allow-production-changes=paymnts",), "has no group 'paymnts'"),
        (("--bill-live", "--bill-record-mode=once"), "Give one of the two"),
        (("--bill-verify-unsafe",), "Give it with --bill-verify"),
        (("--bill-stale=fail",), "Give it an age, too"),
    ],
    ids=str,
)
def test_what_is_typed_is_refused(pytester, typed, says):
    pytester.makeini("[pytest]\n")
    with pytest.raises(pytest.UsageError) as refused:
        check(pytester.parseconfig(*typed))
    assert says in str(refused.value)


def test_a_setting_that_another_plugin_declares_is_left_to_it(pytester):
    pytester.makeini("[pytest]\nbill_colour = red\n")
    config = pytester.parseconfig()
    config._parser.addini("bill_colour", "of the suite's own")
    check(config)


def test_an_option_that_is_none_is_refused_unless_another_plugin_declares_it(pytester):
    config = pytester.parseconfig()
    refuse_unknown_options(config, ["--bill-live", "-k", "bill", "--", "--bill-none"])
    with pytest.raises(
        pytest.UsageError, match=r"--bill-recordmode\.\nDid you mean --bill-record-m"
    ):
        refuse_unknown_options(config, ["--bill-recordmode=all"])
    config._parser.getgroup("theirs").addoption("--bill-recordmode")
    refuse_unknown_options(config, ["--bill-recordmode=all"])


def test_the_place_of_a_setting(pytester):
    assert place(pytester.parseconfig(), "bill_max_age") == "bill_max_age (an ini setting)"
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\n"bill_max_age" = "90d"\n')
    assert place(pytester.parseconfig(), "bill_max_age") == "bill_max_age (pyproject.toml:2)"
    assert place(pytester.parseconfig("--bill-max-age=1d"), "bill_max_age") == "--bill-max-age"


@pytest.mark.parametrize("more", [(), ("-n", "1")], ids=["alone", "with a worker"])
def test_a_run_ends_at_once(pytester, more):
    pytester.makeini("[pytest]\nbill_record_mode = al\n")
    pytester.makepyfile("def test_of_something_else(): pass")
    result = pytester.runpytest_inprocess(*NO_CACHE, *more)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = [line for line in result.errlines if line]
    assert said == [
        "ERROR: bill_record_mode (tox.ini:2) is 'al'.",
        "Did you mean all? It must be one of: none, once, new_episodes, all.",
    ]
