"""Values are found in running text, as whole words, however many there are."""

import pytest

from pytest_bill.scrubbing.by_value import ByValue


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
