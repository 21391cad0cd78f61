"""The stand-ins that were shown, and what is real."""

import pytest

from pytest_bill.cassettes.shown_stand_ins import ShownStandIns
from pytest_bill.scrubbing.personal_places import Kind

REAL = (
    (Kind.ORGANIZATION_NAME, "Happy Music Supplies LLC"),
    (Kind.EMAIL, "agatha.ffringe@paperlessband.org"),
    (Kind.ACCOUNT_NUMBER, "998877665544"),
    (Kind.ZIP, "85701"),
    (Kind.CITY, "Reno"),
)
SHOWN = (
    (Kind.ORGANIZATION_NAME, "Husoj Lenuk Wojusufo LLC"),
    (Kind.EMAIL, "bofera.muretos@zifonako.example.org"),
    (Kind.ACCOUNT_NUMBER, "120000001234"),
    (Kind.ZIP, "77002"),
    (Kind.CITY, "Reno"),
)


@pytest.fixture
def shown():
    shown = ShownStandIns()
    shown.learn(REAL, SHOWN)
    return shown


@pytest.mark.parametrize(
    ("kind", "stand_in", "real"),
    [
        *(
            (kind, stand_in, real)
            for (kind, stand_in), (_, real) in zip(SHOWN[:4], REAL, strict=False)
        ),
        (Kind.PERSON_NAME, "Husoj Lenuk Wojusufo LLC", "Happy Music Supplies LLC"),
        (Kind.EMAIL_DOMAIN, "zifonako.example.org", "paperlessband.org"),
        (
            Kind.PERSON_NAME,
            "bofera.muretos@zifonako.example.org",
            "agatha.ffringe@paperlessband.org",
        ),
    ],
)
def test_a_whole_value_is_known(shown, kind, stand_in, real):
    assert shown.whole(kind, stand_in) == real


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.CITY, "Reno"),
        (Kind.ZIP, "120000001234"[:5]),
        (Kind.CITY, "77002"),
        (Kind.PERSON_NAME, "Happy Music Supplies LLC"),
    ],
)
def test_another_value_is_not(shown, kind, value):
    assert shown.whole(kind, value) is None


@pytest.mark.parametrize(
    ("kind", "sent", "real"),
    [
        (Kind.PERSON_NAME, "Lenuk", "Music"),
        (Kind.PERSON_NAME, "LENUK husoj", "MUSIC happy"),
        (Kind.PERSON_NAME, "Bofera", "Agatha"),
        (Kind.PERSON_NAME, "bofera.muretos", "agatha.ffringe"),
        (Kind.STREET, "12 Wojusufo", "12 Supplies"),
        (Kind.STREET, "12 Lenuk", "12 Lenuk"),  # five letters among others may be by chance
        (Kind.EMAIL, "sales@zifonako.example.org", "sales@paperlessband.org"),
        (Kind.EMAIL, "bofera@zifonako.example.org", "agatha@paperlessband.org"),
        (Kind.EMAIL, "bofera@other.org", "bofera@other.org"),
        (Kind.CARD_NUMBER, "1234", "5544"),
        (Kind.PHONE, "ext. 1234", "ext. 5544"),
        (Kind.ACCOUNT_NUMBER, "****1234", "****5544"),
        (Kind.ACCOUNT_NUMBER, "991234", "991234"),
        (Kind.ZIP, "7002", "7002"),
        (Kind.ZIP, "1234", "1234"),
    ],
)
def test_parts_are_known(shown, kind, sent, real):
    assert shown.by_parts(kind, sent) == real


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("for Husoj Lenuk Wojusufo LLC!", "for Happy Music Supplies LLC!"),
        ("all Wojusufo", "all Supplies"),
        ("all Lenuk", "all Lenuk"),
        ("of bofera.muretos@zifonako.example.org", "of agatha.ffringe@paperlessband.org"),
        ("to 120000001234", "to 998877665544"),
        ("1200000012345", "1200000012345"),
        ("in 77002", "in 77002"),
    ],
)
def test_what_would_not_stand_there_by_chance_is_found_in_running_text(shown, text, real):
    assert shown.to_real.replaced(text) == real
    found = list(shown.found_anywhere(text))
    assert [each for each in found if each[1] in real] or text == real


def test_a_test_knows_what_its_fixtures_were_shown(shown):
    of_test = ShownStandIns()
    assert not of_test
    of_test.add_fixture(shown)
    shown.add(Kind.CITY, "Rome", "Bofa")
    assert of_test
    assert of_test.whole(Kind.ZIP, "77002") == "85701"
    assert of_test.by_parts(Kind.PERSON_NAME, "Lenuk") == "Music"
    assert of_test.by_parts(Kind.CARD_NUMBER, "1234") == "5544"
    assert of_test.to_real.replaced("all Wojusufo") == "all Supplies"
    assert of_test.stand_in_of(Kind.CITY, "Rome") == "Bofa"
    assert of_test.stand_in_of(Kind.CITY, "Bonn") is None


def test_answers_that_do_not_go_together_teach_nothing():
    shown = ShownStandIns()
    shown.learn(REAL, SHOWN[:2])
    assert not shown


def test_the_repr_shows_nothing(shown):
    assert repr(shown) == "<ShownStandIns: 5>"
