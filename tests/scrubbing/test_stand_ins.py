"""Stand-ins keep the form of what they stand for, and nothing else of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import StandIns, derived_key, is_distinctive
from tests.helpers.stand_ins import KEY, SAMPLES, pattern

EACH = [(kind, value) for kind, values in SAMPLES.items() for value in values]
# Domains and dates get other lengths; all else keeps its pattern.
OTHER_LENGTH = {Kind.EMAIL, Kind.EMAIL_DOMAIN, Kind.DATE_OF_BIRTH}


def test_there_are_samples_of_each_kind():
    assert set(SAMPLES) == set(Kind)


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
    assert is_distinctive(kind, value) is expected
