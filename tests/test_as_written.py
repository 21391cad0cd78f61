"""The package is imported as it is written, whatever pytest would make of it."""

from __future__ import annotations

import sys

import pytest_bill.as_written as it


def test_its_modules_are_not_rewritten(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            from pytest_bill import urls
            ours = {n for n in sys.modules if n.startswith("pytest_bill.")} - {"pytest_bill.plugin"}
            rewritten = {n for n in ours if "Rewrit" in type(sys.modules[n].__loader__).__name__}
            assert rewritten <= {"pytest_bill.as_written"}, rewritten
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_conftest_that_names_the_plugin_is_warned_of_nothing(pytester):
    pytester.makeconftest('pytest_plugins = ["pytest_bill.plugin"]')
    pytester.makepyfile("def test_one(): pass")
    result = pytester.runpytest_subprocess("-Werror::pytest.PytestAssertRewriteWarning")
    result.assert_outcomes(passed=1)
    assert "cannot be rewritten" not in result.stdout.str()


def test_it_stands_there_once(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", [])
    it.import_as_written()
    it.import_as_written()
    assert len(sys.meta_path) == 1


def test_it_finds_nothing_but_this_package():
    assert it._Finder.find_spec("json") is None
    assert it._Finder.find_spec("pytest_billing.urls") is None
