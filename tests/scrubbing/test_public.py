"""What everyone can see: BILL's addresses and words, and those of HTTP and cassettes."""

import pytest

from pytest_bill import environments
from pytest_bill.cassettes import store
from pytest_bill.credentials.kinds import KINDS
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import PERSONAL_PLACES
from pytest_bill.scrubbing.public import is_public, parts_of
from pytest_bill.scrubbing.secret_places import SECRET_PLACES


@pytest.mark.parametrize("environment", [environments.SANDBOX, environments.PRODUCTION])
def test_the_addresses_of_bill_are_public(environment):
    assert all(is_public(base) for base in environment.bases)


def test_the_names_of_bills_places_are_public():
    names = {place.field.strip(".") for place in (*SECRET_PLACES, *PERSONAL_PLACES)}
    assert {name for name in names if "." not in name and not is_public(name)} == set()


def test_the_words_of_a_cassette_are_public(tmp_path):
    interaction = Interaction("GET", "https://a.example/", {}, b"", 200, "OK", answered_by="local")
    path = tmp_path / "a.yaml"
    store.save(path, store.Recording([interaction]), lambda _: None)
    words = path.read_text().replace("https://a.example/", "").split()
    assert [word for word in words if len(word) >= 8 and not is_public(word)] == []
    assert all(is_public(f"sign_in {kind.key}".split()[1]) for kind in KINDS)


@pytest.mark.parametrize("value", ["vendors-4711", "Kq7ZpX2mWd", "sunshine", "bill.com.example"])
def test_others_are_not(value):
    assert not is_public(value)


def test_parts_of_texts_whatever_the_case():
    assert parts_of(["ADA", "bob"], ["/home/ada", "c"]) == {"ADA"}
