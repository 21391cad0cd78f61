"""What was seen to hold no secret in base64 is not decoded again, and nothing else is left out."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search import known_clean
from pytest_bill.scrubbing.search.base64 import base64_runs
from pytest_bill.scrubbing.search.known_clean import KnownClean, decoded_words

SHORTEST = len(base64.b64encode(b"8 bytes!").rstrip(b"="))
BETWEEN = [" ", "  ", "\n", "\r\n", " \n  ", "\n--", ".", ": ", "=", "==", '"', "\t", "\n\n", ""]
PIECES = st.text("AZaz09+/-_", max_size=24) | st.sampled_from(BETWEEN)
DATA = st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode())


def compact(written: bytes) -> bytes:
    return bytes(byte for byte in written if byte not in b" \t\r\n=")


@given(DATA)
@settings(max_examples=500, deadline=None)
def test_all_that_may_be_base64_is_in_a_word(data):
    """Whatever is decoded where a secret is replaced was looked at where one is searched."""
    words = KnownClean().others_in(data)
    for run in base64_runs(data):
        letters = compact(run.written)
        # A run of short lines may hold fewer letters than the shortest secret has.
        assert len(letters) < SHORTEST or any(letters in word for word in words)


@given(DATA, st.integers(1, 40))
@settings(max_examples=300, deadline=None)
def test_large_data_is_looked_through_in_blocks(data, size):
    whole = KnownClean().others_in(data + b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_clean, "_BLOCK", size)
        assert KnownClean().others_in(data + b"\n") == whole


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("behind", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("others", [[], [b"paymentInformation"], [b"stateOrProvince"] * 3])
def test_what_a_word_means_is_decoded_wherever_it_begins(before, behind, others):
    for secret in (b"a secret", b"another secret", bytes(range(200, 230))):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            written = encode(secret).rstrip(b"=")
            word = before.encode() + written + behind.encode()
            assert secret in decoded_words([*others, word, *others])


def test_what_is_known_is_left_out():
    it = KnownClean()
    data = b'{"paymentInformation": "009KS2BA6H52JJWYML2A", "short": "paymentInformation"}'
    words = it.others_in(data)
    assert set(words) == {b"paymentInformation", b"009KS2BA6H52JJWYML2A"}
    it.add(words)
    assert len(it) == 2
    assert it.others_in(data) == []
    assert it.others_in(data + b" something-else") == [b"something-else"]
    assert it.others_in(b"paymentInformation\n  and") == [b"paymentInformationand"]


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(known_clean, "_MOST_KEPT", 100)
    it = KnownClean()
    it.add([b"x" * 1000])
    assert len(it) == 0
    for number in range(250):
        it.add([b"number%05d" % number])
        assert 0 < len(it) <= 100


def test_a_word_is_innocent_until_another_secret_is_known():
    registry = SecretRegistry([("PLACEHOLDER_A", "the first secret")])
    text = "Basic " + base64.b64encode(b"user:the second secret").decode()
    for _ in range(2):
        assert registry.find(text) is None
        assert registry.find(text.encode()) is None
    registry.add("the second secret", "PLACEHOLDER_B")
    assert registry.find(text) == registry.find(text.encode()) == "PLACEHOLDER_B"
    scheme, _, hidden = registry.hide(text).partition(" ")
    assert (scheme, base64.b64decode(hidden)) == ("Basic", b"user:PLACEHOLDER_B")
