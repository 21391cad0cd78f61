"""What pytest says of the plugin; tests/plugin has whole runs with it."""

from __future__ import annotations


def test_the_fixtures_and_the_marker_are_documented(pytester):
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--fixtures", "--markers")
    text = result.stdout.str()
    assert "@pytest.mark.bill_cassette" in text
