"""Stand-ins keep the form of what they stand for, and nothing else of it."""

import re
import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.checksums import aba_sum, luhn_sum
from pytest_bill.scrubbing.places import Kind
from pytest_bill.scrubbing.stand_ins import (
    STATES,
    ByValue,
    StandIns,
    derived_key,
    distinctive,
)

KEY = derived_key("a secret that a team shares")
SAMPLES = {
    Kind.PERSON_NAME: ["Agatha Ffringe", "Zoë O'Hara-Müller", "Li"],
    Kind.ORGANIZATION_NAME: ["Happy Music Supplies, LLC", "ACME 24 Inc."],
    Kind.EMAIL: ["agatha.ffringe+b1@paperlessband.org", "A_B@Sub.Company.co.uk"],
    Kind.EMAIL_DOMAIN: ["paperlessband.org"],
    Kind.PHONE: ["(408) 376-2233", "9998887654", "+1 408 376 2233", "+44 20 7946 1234", "1234"],
    Kind.STREET: ["123 Main Street", "P.O. Box 77"],
    Kind.CITY: ["San Jose"],
    Kind.STATE: ["TX", "ON", "Bavaria"],
    Kind.ZIP: ["77002", "95002-1234", "SW1A 1AA", "K1A 0B1"],
    Kind.ACCOUNT_NUMBER: ["111222333", "*****2333", "DE89370400440532013000", "AB-99"],
    Kind.ROUTING_NUMBER: ["074000010", "DEUTDEFF500", "12-34-56"],
    Kind.CARD_NUMBER: ["4111 1111 1111 1111", "378282246310005", "6011111111111117", "1111"],
    Kind.TAX_ID: ["12-3456789", "123-45-6789", "123456789", "*****6789", "DE123456789"],
    Kind.DATE_OF_BIRTH: ["1980-02-29", "2/3/1980", "19800203", "1980-02-03T00:00:00.000+00:00"],
    Kind.PAYMENT_LINK: ["https://app.bill.com/pay/abcDEF123?token=xyz987"],
}
EACH = [(kind, value) for kind, values in SAMPLES.items() for value in values]
# Domains and dates get other lengths; all else keeps its pattern.
OTHER_LENGTH = {Kind.EMAIL, Kind.EMAIL_DOMAIN, Kind.DATE_OF_BIRTH}


def pattern(text: str) -> str:
    shown = []
    for letter in text:
        if letter.isdecimal():
            shown.append("9")
        elif letter.isalpha():
            shown.append("A" if letter.isupper() else "a")
        else:
            shown.append(letter)
    return "".join(shown)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_there_are_samples_of_each_kind():
    assert set(SAMPLES) == set(Kind) - {Kind.SECRET}


@pytest.mark.parametrize(("kind", "value"), EACH)
def test_a_stand_in_is_another_value_of_the_same_form(kind, value):
    made = StandIns(KEY).of(kind, value)
    assert made != value
    if kind not in OTHER_LENGTH:
        assert pattern(made) == pattern(value)


@pytest.mark.parametrize(("kind", "value"), EACH)
def test_a_stand_in_depends_on_key_and_value_alone(kind, value):
    stand_ins = StandIns(KEY)
    for other_kind, other in EACH:
        stand_ins.of(other_kind, other)
    assert stand_ins.of(kind, value) == StandIns(KEY).of(kind, value)


@pytest.mark.parametrize(("kind", "value"), EACH)
@pytest.mark.sampled(4)
def test_another_key_gives_another_stand_in(kind, value):
    others = {StandIns(derived_key(f"team number {n}")).of(kind, value) for n in range(20)}
    assert len(others) > 5


@pytest.mark.parametrize(("kind", "value"), EACH)
def test_a_known_stand_in_is_not_replaced_again(kind, value):
    made = StandIns(KEY).of(kind, value)
    later = StandIns(derived_key("another team's"))
    later.remember(kind, made)
    assert later.of(kind, made) == made


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


@pytest.mark.parametrize("value", ["", " ", "-", "***", "N/A"[1:2]])
def test_what_has_nothing_to_hide_stays(value):
    assert all(StandIns(KEY).of(kind, value) == value for kind in SAMPLES)


def test_a_word_that_is_longer_in_another_case():
    made = StandIns(KEY)
    named = [made.of(Kind.CITY, name) for name in ("Straße", "Strasse", "STRASSE", "STRAßE")]
    assert [len(name) for name in named] == [6, 7, 7, 6]
    assert named[1].upper() == named[2]
    assert named[0].upper() == named[3].upper()


@pytest.mark.parametrize("name", ["Happy Music Supplies {}", "{} Main Street", "vendor{}@acme.org"])
def test_no_two_of_the_same_name_and_other_numbers_have_the_same_stand_in(name):
    kind = Kind.EMAIL if "@" in name else Kind.STREET
    for numbers in (range(1, 10), range(10, 100), range(100, 1000), range(1000, 10_000)):
        written = [name.format(number) for number in numbers]
        alone = [StandIns(KEY).of(kind, each) for each in (written[0], written[-1])]
        stand_ins = StandIns(KEY)
        every = [stand_ins.of(kind, each) for each in written]
        assert [every[0], every[-1]] == alone  # whatever came before
        assert len(set(every)) == len(numbers)
        assert set(map(len, every)) == {len(every[0])}
        assert not any(new == old for new, old in zip(every, written, strict=True))


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.PERSON_NAME, "Ada Lovelace", "Ido Lebabedi"),
        (Kind.STREET, "12 Analytical Way, Apt 4", "21 Ifetowuziz Way, Apt 5"),
        (Kind.EMAIL, "ada99@lovelace-engines.org", "ido40@wodofoga.example.org"),
        (Kind.PHONE, "(408) 376-2233", "(849) 555-0169"),
        (Kind.ACCOUNT_NUMBER, "998877665544", "219870008021"),
        (Kind.ACCOUNT_NUMBER, "DE89 3704 0044 0532 0130 00", "DE92 9543 3942 0576 5900 26"),
        (Kind.ROUTING_NUMBER, "074000010", "803986240"),
        (Kind.CARD_NUMBER, "4111111111111111", "4100001048833411"),  # pytest-bill: allow
        (Kind.TAX_ID, "12-3456789", "96-1005529"),
        (Kind.STATE, "TX", "RI"),
        (Kind.ZIP, "77002-1234", "02930-1416"),
        (Kind.DATE_OF_BIRTH, "1990-02-03", "1996-10-16"),
        (
            Kind.PAYMENT_LINK,
            "https://app.bill.com/pay/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
            "https://app.bill.com/pay/fmhsfmihleocxeyjppliabdlgw8685992271TPBAZFAG",
        ),
    ],
)
def test_what_was_recorded_with_a_key_fits_what_is_recorded_with_it_later(kind, value, expected):
    assert StandIns(b"k" * 32).of(kind, value) == expected


def test_the_repr_shows_nothing():
    stand_ins = StandIns(KEY)
    stand_ins.of(Kind.PERSON_NAME, "Agatha Ffringe")
    assert repr(stand_ins) == "<StandIns: 3 made>"


# --- joins -----------------------------------------------------------------------------------


def test_the_masked_form_of_a_number_stays_that_of_the_number():
    stand_ins = StandIns(KEY)
    for kind in (Kind.ACCOUNT_NUMBER, Kind.CARD_NUMBER, Kind.TAX_ID):
        full = "4111111111111111" if kind is Kind.CARD_NUMBER else "123456789"
        made = stand_ins.of(kind, full)
        assert stand_ins.of(kind, "************" + full[-4:]) == "************" + made[-4:]
        assert stand_ins.of(kind, full[-4:]) == made[-4:]


def test_names_and_addresses_of_one_person_or_company_belong_together():
    stand_ins = StandIns(KEY)
    first = stand_ins.of(Kind.PERSON_NAME, "Agatha")
    last = stand_ins.of(Kind.PERSON_NAME, "Ffringe")
    assert stand_ins.of(Kind.PERSON_NAME, "Agatha Ffringe") == f"{first} {last}"
    assert stand_ins.of(Kind.ORGANIZATION_NAME, "FFRINGE LLC") == f"{last.upper()} LLC"
    mails = [stand_ins.of(Kind.EMAIL, f"{name}@ffringe.org") for name in ("agatha", "zeno")]
    assert mails[0].startswith(first.lower() + "@")
    domain = stand_ins.of(Kind.EMAIL_DOMAIN, "ffringe.org")
    assert all(mail.endswith("@" + domain) for mail in mails)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.ACCOUNT_NUMBER, [f"{n:09}" for n in range(0, 5000, 7)]),
        (Kind.CARD_NUMBER, [f"{n:04}" for n in range(10_000)]),
        (Kind.ROUTING_NUMBER, [f"07{n:07}" for n in range(1000)]),
        (Kind.PHONE, [f"40837{n:05}" for n in range(400)]),
        (Kind.EMAIL, [f"user{n}@company{n % 50}.com" for n in range(500)]),
        (Kind.PERSON_NAME, [a + b + c for a in "BCD" for b in "aeiou" for c in "bcdfghklm"]),
        (Kind.DATE_OF_BIRTH, [f"19{n}-0{m}-11" for n in range(50, 99) for m in range(1, 10)]),
    ],
)
def test_different_values_get_different_stand_ins(kind, values):
    stand_ins = StandIns(KEY)
    assert len({stand_ins.of(kind, value) for value in values}) == len(values)


# --- what clients validate -------------------------------------------------------------------


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


@given(st.sampled_from(list(SAMPLES)), st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_has_a_stand_in_that_stays_one(kind, value):
    stand_ins = StandIns(KEY)
    made = stand_ins.of(kind, value)
    assert stand_ins.of(kind, value) == made
    assert bool(made) is bool(value)
    if kind not in OTHER_LENGTH:
        assert len(made) == len(value)


# --- by value --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.EMAIL, "ada@lovelace.org", True),
        (Kind.EMAIL, "a@b.io", True),
        (Kind.PERSON_NAME, "Ada", False),
        (Kind.PERSON_NAME, "Ada Lovelace", True),
        (Kind.ACCOUNT_NUMBER, "************2333", False),
        (Kind.ACCOUNT_NUMBER, "111222333", True),
        (Kind.CARD_NUMBER, "2333", False),
        (Kind.CITY, "San Francisco", False),
        (Kind.ZIP, "95002-1234", False),
        (Kind.DATE_OF_BIRTH, "1980-02-03", False),
    ],
)
def test_what_is_distinctive_enough_to_look_for(kind, value, expected):
    assert distinctive(kind, value) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For Ada Lovelace.", "For Bob Kowalski."),
        ("Ada Lovelace", "Bob Kowalski"),
        ("Ada Lovelaces and Canada Lovelace", "Ada Lovelaces and Canada Lovelace"),
        ("Ada Lovelace Engines, Ada Lovelace", "Foo Bar, Bob Kowalski"),
        ("no 111222333, but 9111222333 and 1112223334", "no 999, but 9111222333 and 1112223334"),
    ],
)
def test_values_are_found_as_whole_words_longest_first(text, expected):
    values = ByValue(
        [
            ("Ada Lovelace", "Bob Kowalski"),
            ("Ada Lovelace Engines", "Foo Bar"),
            ("111222333", "999"),
        ]
    )
    assert values.may_be_in(text)
    assert values.replaced(text) == expected


def test_a_text_that_held_no_value_may_hold_one_that_is_added():
    values = ByValue([("Ada Lovelace", "Bob Kowalski")])
    for _ in range(2):
        assert values.replaced("Grace Hopper and Ada") == "Grace Hopper and Ada"
    values.add("Grace Hopper", "Foo Barbaz")
    assert values.replaced("Grace Hopper and Ada") == "Foo Barbaz and Ada"


def test_many_values_cost_no_more_than_few():
    many = ByValue((f"Vendor number {n}", f"Made up {n}") for n in range(20_000))
    assert many.replaced("Vendor number 19999 and Vendor number 3") == "Made up 19999 and Made up 3"
    assert not many.may_be_in("nothing of the kind")
    assert not ByValue()


def test_values_may_be_added_while_others_are_looked_for():
    values = ByValue([("Ada Lovelace", "Uda Gobelaco"), ("Grace Hopper", "Gruco Huppur")])

    class Text(str):
        __slots__ = ()

        def __contains__(self, word):
            # As another thread would, in the middle of the search.
            values.add(f"Other {len(values._lengths)}", "x")
            values.add(f"{len(values._lengths)} more", "x")
            return super().__contains__(word)

    assert not values.may_be_in(Text("nobody"))
    assert values.replaced("of Ada Lovelace") == "of Uda Gobelaco"


@pytest.mark.parametrize("others", [0, 100])
@pytest.mark.parametrize("text", ["of Ada Lovelace", "Žižkov, Ada Lovelace", "[Ada Lovelace]"])
def test_a_word_is_found_in_plain_text(others, text):
    values = ByValue([(f"Somebody {n}{n}", "x") for n in range(others)])
    assert not values.may_be_in(text, is_plain=True)
    values.add("Ada Lovelace", "Uda Gobelaco")
    assert values.may_be_in(text, is_plain=True)
    assert values.may_be_in(text)
    assert values.replaced(text) == text.replace("Ada Lovelace", "Uda Gobelaco")
    assert not values.may_be_in(text.replace("Ada", "Adam"), is_plain=True)


def test_a_word_of_other_letters_is_found_in_plain_text():
    values = ByValue([("Žofie Nováková", "Uda Gobelaco")])
    assert values.may_be_in("pro Žofie Nováková", is_plain=True)
    assert not values.may_be_in("ofie Nov", is_plain=True)
