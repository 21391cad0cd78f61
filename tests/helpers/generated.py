"""Generated interactions, awkward for YAML, and what vcrpy writes for them."""

import json

from hypothesis import strategies as st
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

PIECES = [
    *("a", "yes", "No", "null", "~", "1", "0x1F", "1.5e3", "2026-01-01", "1:30", "0", "08", "on"),
    *(".inf", "1_000", "+1", ".", "_", "---", "...", "é", "ü", "😀", "<", "=", "-", "?", ":", ","),
    *("'", '"', "''", "{", "[", "]", "}", "&", "*", "!", "|", ">", "%", "@", "`", "#", "\\"),
    *("https://a.b/c?d=e&f=g", "text/plain;charset=utf-8"),
]
SPACES = [" ", "  ", "\n", "\t", "\r", ": ", " #", "- ", "\x7f", "\x85", "\u2028", "\ufeff"]
LONG = ["word " * 20, "x" * 100, "it's " * 30, "a  b " * 20]
TEXTS = st.lists(st.sampled_from([*PIECES, *SPACES, *LONG]), max_size=12).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)
BODIES = st.one_of(
    TEXTS.map(str.encode),
    st.binary(max_size=60),
    JSON.map(lambda data: json.dumps(data).encode()),
    JSON.map(lambda data: json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()),
    JSON.map(lambda data: json.dumps(data, indent=2).encode()),
)
NAMES = TEXTS | st.sampled_from(
    ["Accept", "X-A", "on", "Yes", "null", "content-type", "1", "X-B_c", "a", "é", "~", "?", "x:y"]
)
INTERACTIONS = st.builds(
    Interaction,
    TEXTS,
    TEXTS,
    # vcrpy takes names that are equal but for their case as one.
    st.dictionaries(NAMES, TEXTS, max_size=1) | st.just({"X-B": "b", "Accept": "a"}),
    BODIES,
    st.integers(100, 599),
    TEXTS,
    st.dictionaries(NAMES, st.lists(TEXTS, max_size=3), max_size=4),
    BODIES,
)


def text_of_vcrpy(interactions, metadata):
    pairs = [store.to_vcr(interaction) for interaction in interactions]
    return serialize(
        {
            "requests": [request for request, _ in pairs],
            "responses": [response for _, response in pairs],
            "metadata": metadata,
        },
        yamlserializer,
    )
