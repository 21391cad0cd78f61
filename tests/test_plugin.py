"""What pytest says of the plugin; tests/plugin has whole runs with it."""

from __future__ import annotations

import re

import pytest


def test_the_fixtures_and_the_marker_are_documented(pytester):
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--fixtures", "--markers")
    text = result.stdout.str()
    assert "@pytest.mark.bill_cassette" in text


FIXTURES = (
    *("bill_config", "bill_dev_session", "bill_sync_session", "bill_console_session"),
    *("bill_spend_client", "bill_partner_session", "bill_oauth_session", "bill_environ"),
    *("bill_secrets", "bill_webhook", "bill_sandbox"),
)


def test_each_fixture_says_what_it_gives_with_an_example(pytester):
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--fixtures")
    told = dict(
        re.findall(r"(?m)^(bill_\w+)(?: \[.*\])? -- \S+\n((?: {4}.+\n)+)", result.stdout.str())
    )
    assert sorted(told) == sorted(FIXTURES)
    examples = {name: re.findall(r"``([^`]+)``", text) for name, text in told.items()}
    lacking = [
        name
        for name in FIXTURES
        if name != "bill_config" and not any(name in each for each in examples[name])
    ]
    assert lacking == []
    assert examples["bill_config"] == ['{"keep": [429, "timeout"]}']


@pytest.fixture
def help_text(pytester, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "--help").stdout.str()


def test_each_ini_setting_says_what_it_does(help_text):
    told = dict(re.findall(r"(?m)^  (bill_\w+) \(\w+\):\s+(.+)$", help_text))
    assert len(told) > 12
    assert not [name for name, text in told.items() if text.startswith("As --")]
    assert "One of: sandbox, production, local." in told["bill_environment"]
    assert "--bill-environment counts before it." in told["bill_environment"]
    places = [help_text.index(f"  {name} (") for name in told]
    between = help_text[min(places) : max(places)]
    assert not re.findall(r"(?m)^  (?!bill_)\w+ \(", between)


def test_options_say_that_they_are_settings_too(help_text):
    options = help_text.partition("BILL sessions and cassettes ([ini]:")[2].partition("\n\n")[0]
    settings = set(re.findall(r"(?m)^  (bill_\w+) \(", help_text)) - {"bill_prove", "bill_scan"}
    marked = [each for each in options.split("\n  --")[1:] if each.endswith("[ini]")]
    names = {re.split("[= ]", each)[0].strip().replace("-", "_") for each in marked}
    assert names == settings
