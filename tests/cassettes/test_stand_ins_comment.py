"""The comment line that says which kinds of data in a cassette are stand-ins."""

import pytest

from pytest_bill.cassettes.stand_ins_comment import comment_for, kinds_in_comment
from pytest_bill.scrubbing.personal_places import CHOICES

CASSETTE = "interactions: []\nversion: 1\n"


def test_what_is_noted_is_read():
    assert comment_for(["card", "bank"]) == "# pytest-bill: stand-ins for bank, card\n"
    assert kinds_in_comment(comment_for(CHOICES) + CASSETTE) == set(CHOICES)
    assert kinds_in_comment(comment_for(["bank"]) + comment_for(["card", "bank"])) == {
        "bank",
        "card",
    }
    assert kinds_in_comment("# by hand\n\n" + comment_for(["email"]) + CASSETTE) == {"email"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        CASSETTE,
        "#pytest-bill: stand-ins for bank\n",
        "# pytest-bill: stand-ins for \n",
        "# pytest-bill: stand-ins for BANK\n",
        "# pytest-bill: stand-ins for bank, \n",
        "x # pytest-bill: stand-ins for bank\n",
        f"# pytest-bill: stand-ins for {'a' * 41}\n",
        "#" * 2000 + "\n# pytest-bill: stand-ins for bank\n",  # not in the head
    ],
)
def test_what_is_no_note(text):
    assert kinds_in_comment(text) == frozenset()
