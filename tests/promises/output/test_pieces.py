"""The search of this folder is worth as much as what it finds."""

import base64
import json
import random
from urllib.parse import quote

import pytest

from tests.promises.output.pieces import Search
from tests.promises.output.values import environment

VALUES = environment(random.Random(1))
PASSWORD, SIGNED = VALUES["BILL_PASSWORD"], VALUES["BILL_SPEND_API_TOKEN"]
WAYS = {
    "as it is": f"is {SIGNED}!",
    "a piece": f"'{SIGNED[20:31]}[52 chars]'",
    "its end": f"...{SIGNED[-10:]}",
    "in colours": f"\x1b[32m{SIGNED[:6]}\x1b[1m{SIGNED[6:11]}\x1b[0m...",
    "wrapped": f"E    {SIGNED[:7]}\nE    {SIGNED[7:14]}",
    "wrapped in a message of TeamCity": f"{SIGNED[:7]}|n{SIGNED[7:14]}",
    "in a box": f"│ {SIGNED[:6]} │\n│ {SIGNED[6:20]} │",
    "printed pretty": f"'{SIGNED[:8]}'\n '{SIGNED[8:20]}'",
    "in base64": base64.b64encode(f"a:{SIGNED}".encode()).decode(),
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_a_piece_is_found(text):
    found = Search({"it": SIGNED}, ["test_one", "test_two"]).hits(f"in test_one {text}")
    assert next(found) == ("it", "test_one")


@pytest.mark.parametrize(
    "write",
    [repr, ascii, json.dumps, quote, lambda text: json.dumps(json.dumps(text)), str.encode],
)
def test_a_secret_is_found_as_it_is_escaped(write):
    written = str(write(PASSWORD))
    assert {name for name, _ in Search({"it": PASSWORD}).hits(written)} == {"it"}


def test_other_texts_are_innocent():
    others = "\n".join([*environment(random.Random(2)).values(), SIGNED[:9], SIGNED[9:18]])
    assert list(Search(VALUES).hits(others.replace("\n", " -- "))) == []
