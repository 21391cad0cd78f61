"""What is kept of a value in its stand-in: clients accept it, and nobody owns it."""

import re
import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.checksums import aba_sum, luhn_sum
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_in_makers import STATES
from pytest_bill.scrubbing.stand_ins import StandIns, derived_key
from tests.helpers.stand_ins import KEY, SAMPLES, digits


@pytest.mark.parametrize(
    "kind",
    [Kind.EMAIL, Kind.EMAIL_DOMAIN, Kind.CARD_NUMBER, Kind.TAX_ID, Kind.ROUTING_NUMBER, Kind.PHONE],
)
def test_what_nobody_can_own_is_recognized_anywhere(kind):
    value = SAMPLES[kind][0]
    made = StandIns(KEY).of(kind, value)
    stranger = StandIns(derived_key("another team's"))
    assert stranger.of(kind, made) == made
    assert not stranger.is_stand_in(kind, value)


@given(st.text(string.digits, min_size=12, max_size=19))
@settings(max_examples=200, deadline=None)
@pytest.mark.nightly
def test_card_numbers_pass_luhn(number):
    made = StandIns(KEY).of(Kind.CARD_NUMBER, number)
    assert luhn_sum(made) % 10 == 0
    assert made[:2] == number[:2]
    assert len(made) == len(number)


@given(st.text(string.digits, min_size=9, max_size=9))
@settings(max_examples=200, deadline=None)
def test_routing_numbers_pass_their_checksum(number):
    made = StandIns(KEY).of(Kind.ROUTING_NUMBER, number)
    assert aba_sum(made) % 10 == 0
    assert made.startswith("80")


def test_the_checksum_of_routing_numbers():
    assert aba_sum("021000021") % 10 == 0
    assert aba_sum("021000012") % 10 != 0


@pytest.mark.parametrize("iban", ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"])
def test_ibans_pass_their_checksum_and_keep_their_country(iban):
    made = StandIns(KEY).of(Kind.ACCOUNT_NUMBER, iban)
    compact = made.replace(" ", "")
    assert compact[:2] == iban[:2]
    moved = compact[4:] + compact[:4]
    assert int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


@pytest.mark.parametrize("value", SAMPLES[Kind.EMAIL])
def test_emails_are_valid_and_nobodys(value):
    made = StandIns(KEY).of(Kind.EMAIL, value)
    assert re.fullmatch(r"[\w.+-]+@[a-z]{6,}\.example\.(com|net|org)", made)


@pytest.mark.parametrize(
    ("value", "fictitious"),
    [
        ("(408) 376-2233", r"\([2-9]\d\d\) 555-01\d\d"),
        ("9998887654", r"[2-9]\d\d55501\d\d"),
        ("+1 408-376-2233", r"\+1 [2-9]\d\d-555-01\d\d"),
        ("14083762233", r"1[2-9]\d\d55501\d\d"),
        ("+447911123456", r"\+447700900\d{3}"),
        ("+33 6 12 34 56 78", r"\+33 1 99 00 \d\d \d\d"),
        ("+49 30 901820", r"\+49 \d\d \d{6}"),
    ],
)
def test_phones_keep_their_form_and_are_nobodys_where_there_are_such(value, fictitious):
    assert re.fullmatch(fictitious, StandIns(KEY).of(Kind.PHONE, value))


def test_tax_ids_are_neither_an_ein_nor_an_ssn_nor_an_itin():
    stand_ins = StandIns(KEY)
    for number in range(200):
        made = digits(stand_ins.of(Kind.TAX_ID, f"12-{number:07}"))
        # No EIN begins with 96 or 97, no SSN with 9; the fourth digit of an ITIN is 5 to 9.
        assert re.fullmatch(r"9[67]\d[0-4]\d{5}", made)


@pytest.mark.parametrize(("state", "code"), [("TX", "77002"), ("CA", "95002"), ("NY", "10001")])
def test_a_zip_lies_in_its_state(state, code):
    stand_ins = StandIns(KEY)
    first, last = STATES[stand_ins.of(Kind.STATE, state)]
    for number in range(20):
        made = stand_ins.of(Kind.ZIP, f"{int(code) + number:05}")
        assert first <= int(made[:3]) <= last


@given(st.dates())
@settings(max_examples=100, deadline=None)
def test_dates_of_birth_are_dates_of_adults(born):
    made = StandIns(KEY).of(Kind.DATE_OF_BIRTH, born.isoformat())
    assert 1940 <= date.fromisoformat(made).year <= 2000
