"""What ``bill_config`` and the marker hold is checked, all of it."""

from __future__ import annotations

import pytest

from pytest_bill.bill_config import BillConfig
from pytest_bill.exceptions import SettingsError
from pytest_bill.options import CONFIG_KEYS


def bill_config(**given) -> BillConfig:
    return BillConfig.of(given)


def test_vcrpys_names_say_which_places_are_secret():
    config = bill_config(
        filter_headers=["X-Acme-Key", ("X-Acme-Token", None)],
        filter_post_data_parameters=["pin"],
        filter_query_parameters=["api_key"],
    )
    assert config.secret_headers == {"X-Acme-Key", "X-Acme-Token"}
    assert config.secret_fields == {"pin", "api_key"}
    ours = bill_config(
        scrub_headers=["X-Acme-Key", "X-Acme-Token"], scrub_fields=["pin", "api_key"]
    )
    assert config == ours


def test_vcrpys_names_and_ours_add_up():
    config = bill_config(scrub_fields=("iban",), filter_query_parameters={"token"})
    assert config.secret_fields == {"iban", "token"}


@pytest.mark.parametrize(
    "key", ["filter_headers", "filter_post_data_parameters", "filter_query_parameters"]
)
@pytest.mark.parametrize(
    "replacement", ["XXX", "", lambda key, value, request: None], ids=["text", "empty", "function"]
)
def test_a_replacement_that_is_not_put_there_is_refused(key, replacement):
    with pytest.raises(SettingsError, match=f"{key} with a replacement of its own for 'Name'"):
        bill_config(**{key: ["other", ("Name", replacement)]})


@pytest.mark.parametrize(
    "key", ["scrub_headers", "scrub_fields", "filter_headers", "filter_query_parameters"]
)
@pytest.mark.parametrize(
    "value",
    [
        *("X-Acme-Key", 7, {"X-Acme-Key": None}, b"pin", True),
        *([7], [("a", None, "b")], [b"pin"], [None], ["pin", ""], [" "], ["pin "]),
    ],
    ids=repr,
)
def test_what_is_no_list_of_names_is_refused(key, value):
    with pytest.raises(SettingsError, match=f"has {key} that is no list of names") as refused:
        bill_config(**{key: value})
    assert f'\nWrite it as {{"{key}": ["' in str(refused.value)


def test_a_name_is_shown_as_it_is_to_be_written():
    with pytest.raises(SettingsError, match=r'Write it as \{"scrub_headers": \["X-Acme-Key"\]\}'):
        bill_config(scrub_headers="X-Acme-Key")


@pytest.mark.parametrize("value", ["X-Acme-Key: Correct-Horse-9", "Correct Horse", "Schlüssel"])
def test_what_no_header_is_called_is_refused_and_not_shown(value):
    with pytest.raises(SettingsError, match="number 2 is none that a header can have") as refused:
        bill_config(filter_headers=["X-Other", value])
    assert value not in str(refused.value)


@pytest.mark.parametrize("value", [None, ["scrub_headers"], "scrub_headers", False])
def test_what_is_no_dict_is_refused(value):
    with pytest.raises(SettingsError, match=r"where a dict belongs\.\nLet it return one"):
        BillConfig.of(value)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"filter_header": ["X"]}, "Did you mean filter_headers"),
        ({"Record-Mode": "once"}, "Did you mean record_mode"),
        ({"record_mode": "onec"}, "Did you mean once"),
        ({"keep": ["timeuot"]}, "Did you mean timeout"),
        ({7: 1, "matchon": []}, "no setting matchon, something of type int"),
        ({"Correct-Horse-9": 1}, "no setting something else"),
    ],
    ids=str,
)
def test_what_was_probably_meant_is_said(given, hint):
    with pytest.raises(SettingsError, match=hint):
        BillConfig.of(given)


@pytest.mark.parametrize("value", ["uri", len, 7], ids=["text", "function", "number"])
def test_match_on_is_a_list(value):
    with pytest.raises(SettingsError, match=r"match_on that is no list, but something of type"):
        bill_config(match_on=value)


def test_keep_takes_statuses_codes_and_words():
    keep = [429, 503, "BDC_1144", "timeout", "cut", "refused", "tls", "html", "redirect"]
    assert bill_config(keep=keep).keep == set(keep)


@pytest.mark.parametrize("value", [[], [None], ["method", 7]])
def test_match_on_has_names_and_functions(value):
    with pytest.raises(SettingsError, match=r"match_on.*\nWrite it as match_on="):
        bill_config(match_on=value)


@pytest.mark.parametrize("value", [["once"], 1, "", "Once"])
def test_a_record_mode_is_one_of_vcrs(value):
    with pytest.raises(SettingsError, match=r"has record_mode .*\n.*Use one of: none, once"):
        bill_config(record_mode=value)


@pytest.mark.parametrize(
    "value", [429, "timeout", [200], [True], ["later"], [None], [b"cut"], {429: True}]
)
def test_keep_is_a_list_of_these(value):
    with pytest.raises(SettingsError, match=r"The bill_config fixture has .*keep"):
        bill_config(keep=value)


def test_every_key_of_bill_config_is_known_and_may_be_left_out():
    assert bill_config() == bill_config(**dict.fromkeys(CONFIG_KEYS)) == BillConfig()
