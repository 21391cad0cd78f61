"""What the ini file sets."""

from __future__ import annotations

from tests.plugin.suites import ONE, counts


def test_the_ini_file_sets_what_options_set(pytester, run):
    pytester.makeini(
        "[pytest]\nbill_record_mode = once\nbill_environment = local\nbill_cassette_dir = tapes\n"
    )
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run)["recorded"] == 2
    assert (pytester.path / "tapes/test_bill/test_one.yaml").exists()
    assert not (pytester.path / "cassettes").exists()
