"""What becomes of each setting of another recorder: one table.

Sources: vcrpy's https://vcrpy.readthedocs.io/en/latest/configuration.html and advanced.html,
https://github.com/kiwicom/pytest-recording and cassetter's ``Cassetter``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NAMES = "names"
MATCH_ON = "match_on"
SECRETS = "secrets"
NOT_NEEDED = "not needed"
BY_HAND = "by hand"


class Turned(NamedTuple):
    """What a setting becomes: one of the words above, and what is said of it.

    What is ``NOT_NEEDED`` is so by itself; what is to be done ``BY_HAND`` is told as left to do.
    """

    how: str
    said: str = ""


KEYS: Mapping[str, Turned] = {
    "filter_headers": Turned(NAMES),
    "filter_query_parameters": Turned(NAMES),
    "filter_post_data_parameters": Turned(NAMES),
    "match_on": Turned(MATCH_ON),
    "additional_matchers": Turned(
        BY_HAND, 'put the functions into bill_config["match_on"], after the parts'
    ),
    "filter_sensitive_data": Turned(SECRETS),
    "filter_nested_post_data_parameters": Turned(NOT_NEEDED, "fields are found at any depth"),
    "decode_compressed_response": Turned(NOT_NEEDED, "bodies are always recorded unpacked"),
    "serializer": Turned(NOT_NEEDED, "cassettes are YAML; JSON ones are turned into it"),
    "ignore_hosts": Turned(NOT_NEEDED, "only BILL's hosts are recorded"),
    "ignore_localhost": Turned(NOT_NEEDED, "only BILL's hosts are recorded"),
    "intercept": Turned(NOT_NEEDED, "each HTTP client is recorded"),
    "skip_patchers": Turned(NOT_NEEDED, "each HTTP client is recorded"),
    "custom_patches": Turned(
        BY_HAND,
        "a client that is not recorded by itself cannot be patched in; see docs/own-clients.md",
    ),
    "cassette_library_dir": Turned(
        NOT_NEEDED, "bill_cassette_dir names the folder, and docs/migration.md the files in it"
    ),
    "cassette_dir": Turned(NOT_NEEDED, "bill_cassette_dir names the folder of all cassettes"),
    "path_transformer": Turned(NOT_NEEDED, "docs/migration.md has the rule for names"),
    "func_path_generator": Turned(NOT_NEEDED, "docs/migration.md has the rule for names"),
    "record_mode": Turned(
        BY_HAND,
        "a mode that records is typed where it is meant: pytest --bill-record-mode=once (CI "
        "refuses one that is not typed); without it a run replays",
    ),
    "before_record_request": Turned(
        BY_HAND,
        'what it hides goes into bill_config: names into "filter_headers" and '
        '"filter_post_data_parameters", values into "secrets"; what it left out is recorded',
    ),
    "before_record": Turned(BY_HAND, "as before_record_request"),
    "before_record_response": Turned(
        BY_HAND,
        'fields it hides go into bill_config["filter_post_data_parameters"], which answers are '
        'kept into "keep"; other changes of an answer are not made: a replay shows what BILL said',
    ),
    "before_save_interaction": Turned(BY_HAND, "as before_record_response"),
    "after_load_interaction": Turned(BY_HAND, "no code runs between a cassette and its replay"),
    "before_record_ws_frame": Turned(BY_HAND, "BILL has no web sockets: take it out"),
    "allow_playback_repeats": Turned(
        BY_HAND,
        "each answer is played once, in the order recorded: record the test anew, or let it ask "
        "as often as it was recorded",
    ),
    "record_on_exception": Turned(NOT_NEEDED, "a test that fails saves nothing"),
    "drop_unused_requests": Turned(
        BY_HAND, "pytest --bill-prune drops what is not played, after a run in which all passed"
    ),
    "inject_cassette": Turned(BY_HAND, "there is no cassette object: take the argument out"),
    "persister": Turned(BY_HAND, "cassettes are files: see bill_cassette_dir"),
    "allowed_hosts": Turned(
        BY_HAND, "pytest --bill-block-network --bill-allow-hosts=…, or the ini settings of the name"
    ),
    "block_network": Turned(BY_HAND, "pytest --bill-block-network, or bill_block_network = true"),
    "body_scrub_patterns": Turned(
        BY_HAND, 'name the fields in bill_config["filter_post_data_parameters"]'
    ),
    "filter_replacement": Turned(NOT_NEEDED, "placeholders say what they stand for"),
    "ignore_json_paths": Turned(
        BY_HAND, 'leave "body" out of bill_config["match_on"], or give a function of two requests'
    ),
    "uri_normalizer": Turned(BY_HAND, 'give bill_config["match_on"] a function of two requests'),
    "max_age": Turned(BY_HAND, "pytest --bill-max-age=90d, or bill_max_age"),
    "on_expiry": Turned(BY_HAND, "pytest --bill-stale=warn, fail or record, or bill_stale"),
    "on_unplayed": Turned(BY_HAND, "what is not played is told at the end; --bill-strict fails it"),
    "compare": Turned(BY_HAND, "pytest --bill-verify asks again and tells what has drifted"),
    "before_compare_response": Turned(BY_HAND, "pytest --bill-verify compares shapes, not values"),
    "observe_compare": Turned(BY_HAND, "pytest --bill-verify asks again and tells what drifted"),
    "observe_timeout": Turned(NOT_NEEDED, "nothing is observed beside a replay"),
}

UNKNOWN = Turned(BY_HAND, "it is no setting that is known here: look whether it is still needed")
