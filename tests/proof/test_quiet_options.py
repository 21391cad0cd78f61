"""What a second run leaves out."""

from __future__ import annotations

from types import SimpleNamespace

from pytest_bill.proof.quiet_options import forget_results, make_quiet, quiet_arguments


def test_what_spreads_repeats_picks_and_reports_is_switched_off(tmp_path):
    option = SimpleNamespace(
        numprocesses=4, dist="load", tx=["popen"], lf=True, xmlpath="a.xml", keyword="one", own=1
    )
    make_quiet(SimpleNamespace(option=option), tmp_path / "tmp")
    assert vars(option) == {
        "numprocesses": None,
        "dist": "no",
        "tx": [],
        "lf": False,
        "xmlpath": None,
        "keyword": "one",
        "own": 1,
        "basetemp": str(tmp_path / "tmp"),
    }


def test_an_option_that_is_not_there_is_not_made(tmp_path):
    option = SimpleNamespace()
    make_quiet(SimpleNamespace(option=option), tmp_path)
    assert list(vars(option)) == ["basetemp"]


def test_arguments_stay_but_for_the_plugins_of_editors():
    given = ["-p", "vscode_pytest", "-pteamcity", "-p", "no:randomly", "--own=1", "tests"]
    assert quiet_arguments(given, []) == ["-p", "no:randomly", "--own=1", "tests"]
    assert quiet_arguments(["-p"], []) == ["-p", ""]


def test_coverage_is_not_measured_a_second_time():
    assert quiet_arguments(["--cov"], ["pytest_cov"]) == ["--cov", "--no-cov"]


def test_pytests_cache_stays_as_it_is(pytester):
    config = pytester.parseconfigure("--lf")
    assert config.pluginmanager.hasplugin("lfplugin")
    forget_results(config)
    assert not config.pluginmanager.hasplugin("lfplugin")
    forget_results(config)
