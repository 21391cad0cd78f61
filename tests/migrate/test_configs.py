"""A `vcr_config` becomes a `bill_config`; what cannot be turned is told, with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_bill.bill_config import BillConfig
from pytest_bill.migrate.config_keys import BY_HAND, KEYS
from pytest_bill.migrate.configs import turned

HEAD = "import os, re\nimport pytest\n\n\n@pytest.fixture(scope='module')\ndef vcr_config():\n"
VCRPYS = re.findall(
    r"^        (\w+)=", Path(__import__("vcr.config").config.__file__).read_text(), re.M
)


@pytest.fixture
def turn(tmp_path):
    """Turn a fixture that returns this; gives the rows of ours, what is done, and what is left."""

    def turn(returned: str, head: str = HEAD):
        path = tmp_path / f"conftest_{abs(hash(returned + head))}.py"
        path.write_text(f"{head}    return {returned}\n")
        (found,) = turned(path, "conftest.py")
        space = {"pytest": pytest, "os": __import__("os")}
        made = {}
        if found.lines:
            exec(found.lines.replace('@pytest.fixture(scope="session")\n', ""), space)
            made = space["bill_config"]()
            BillConfig.of(made)  # raises what pytest-bill would refuse
        left = {each.setting: each.text for each in found.said if each.is_left}
        done = {each.setting: each.text for each in found.said if not each.is_left}
        return made, done, left

    return turn


@pytest.mark.parametrize(
    ("returned", "made"),
    [
        (
            '{"filter_headers": ["X-Key", ("X-Other", "no")]}',
            {"filter_headers": ["X-Key", "X-Other"]},
        ),
        ('dict(filter_headers=("X-Key",))', {"filter_headers": ["X-Key"]}),
        ('{"filter_headers": [("X-Key", lambda **_: "x")]}', {"filter_headers": ["X-Key"]}),
        ('{"filter_query_parameters": ["trace"]}', {"filter_query_parameters": ["trace"]}),
        (
            '{"filter_post_data_parameters": ["iban", "a\\"b"]}',
            {"filter_post_data_parameters": ["iban", 'a"b']},
        ),
        ('{"match_on": ["method", "url", "body"]}', {"match_on": ["method", "uri", "body"]}),
        (
            '{"filter_sensitive_data": [("<VAULT>", os.environ.get("VAULT"))]}',
            {"secrets": {"VAULT": None}},
        ),
    ],
)
def test_what_can_be_turned(turn, returned, made):
    assert turn(returned) == (made, {}, {})


@pytest.mark.parametrize(
    ("returned", "setting", "said"),
    [
        (
            '{"filter_headers": ["DevKey", "cookie", "authorization"]}',
            "filter_headers",
            "DevKey, c",
        ),
        (
            '{"filter_post_data_parameters": ["password"]}',
            "filter_post_data_parameters",
            "hidden alw",
        ),
        (
            '{"filter_headers": ["organizationId"]}',
            "filter_headers",
            "two organizations stay apart",
        ),
        ('{"serializer": "json"}', "serializer", "YAML"),
        ('{"ignore_hosts": ["x"]}', "ignore_hosts", "only BILL's hosts"),
        (
            '{"filter_sensitive_data": [("<K>", os.environ["BILL_DEV_KEY"])]}',
            *("filter_sensitive_data", "<K>: hidden always"),
        ),
    ],
)
def test_what_is_not_needed_any_more(turn, returned, setting, said):
    made, done, left = turn(returned)
    assert (made, left) == ({}, {})
    assert said in done[setting]


@pytest.mark.parametrize(
    ("returned", "setting", "said"),
    [
        ('{"record_mode": "once"}', "record_mode", "pytest --bill-record-mode=once"),
        ('{"before_record_request": print}', "before_record_request", '"filter_headers"'),
        ('{"allow_playback_repeats": True}', "allow_playback_repeats", "played once"),
        ('{"filter_headers": NAMES}', "filter_headers", "no plain list"),
        ('{"filter_headers": [NAME]}', "filter_headers", "NAME is no plain name"),
        ('{"match_on": ["ours"]}', "match_on", "'ours' is no part of ours"),
        ('{"match_on": PARTS}', "match_on", "no plain list"),
        ('{"filter_sensitive_data": [("<K>", key)]}', "filter_sensitive_data", '"secrets"'),
        ('{"filter_sensitive_data": [("<K>", "clear")]}', "filter_sensitive_data", '"secrets"'),
        ('{"filter_sensitive_data": PAIRS}', "filter_sensitive_data", '"secrets"'),
        ('{"of_tomorrow": 1}', "of_tomorrow", "no setting that is known"),
        ("CONFIG", "vcr_config", "no plain dict"),
        ("{**CONFIG}", "vcr_config", "no plain dict"),
        ("{NAME: 1}", "vcr_config", "no plain dict"),
        ("make(filter_headers=[])", "vcr_config", "no plain dict"),
    ],
)
def test_what_is_left_to_do(turn, returned, setting, said):
    _, done, left = turn(returned)
    assert done == {}
    assert said in left[setting]


def test_a_value_in_clear_is_never_copied(turn):
    *_, left = turn('{"filter_sensitive_data": [("<K>", "hunter2-and-more")]}')
    assert "hunter2" not in str(left)


def test_a_dict_that_has_a_name(turn):
    head = HEAD + '    settings = {"filter_headers": ["X-Key"]}\n'
    assert turn("settings", head)[0] == {"filter_headers": ["X-Key"]}


def test_each_setting_of_vcrpy_is_known():
    assert len(VCRPYS) > 20
    assert set(VCRPYS) - {"with_current_defaults"} <= set(KEYS)


@pytest.mark.parametrize("key", [name for name, each in KEYS.items() if each.how == BY_HAND])
def test_what_is_to_be_done_by_hand_is_said(key):
    assert len(KEYS[key].said) > 10


def test_one_in_a_class_is_told_with_its_lines(tmp_path):
    path = tmp_path / "test_a.py"
    path.write_text(
        "import pytest\nclass TestA:\n    @pytest.fixture\n    def vcr_config(self):\n"
        "        return {'filter_headers': ['X-Key']}\n"
    )
    (found,) = turned(path, "test_a.py")
    assert found.edit is None
    assert (
        'def bill_config():\n    return {\n        "filter_headers": ["X-Key"],'
        in found.said[-1].text
    )


def test_what_was_turned_before_is_not_turned_again(tmp_path):
    path = tmp_path / "conftest.py"
    ours = "\n\ndef bill_config():\n    return {'filter_headers': ['X']}\n"
    path.write_text(f"{HEAD}    return {{'filter_headers': ['X'], 'record_mode': 'once'}}\n{ours}")
    assert list(turned(path, "conftest.py")) == []


def test_what_one_of_ours_lacks_is_told(tmp_path):
    path = tmp_path / "conftest.py"
    ours = "\n\ndef bill_config():\n    return {'match_on': ['path']}\n"
    path.write_text(f"{HEAD}    return {{'filter_headers': ['X'], 'match_on': ['uri']}}\n{ours}")
    (found,) = turned(path, "conftest.py")
    assert found.edit is None
    assert [each.text for each in found.said] == [
        'there is a bill_config: add "filter_headers": ["X"] to it'
    ]
