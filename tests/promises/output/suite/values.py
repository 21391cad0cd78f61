"""Asserts that compare containers."""

rows = [f"row {number} of many, and so on" for number in range(60)]


def test_list(secret):
    assert ["a", secret] == ["a", "b"]


def test_list_of_other_length(secret):
    assert [1, 2, secret, 4] == [1, 2]


def test_long_list(secret):
    assert [*rows, secret, *rows] == [*rows, "x", *rows]


def test_nested_list(secret):
    assert [[["a", [secret]]]] == [[["a", []]]]


def test_wide_list(secret):
    assert [secret] * 40 == []


def test_tuple(secret):
    assert (1, secret) == (1, "b")


def test_dict(secret):
    assert {"a": 1, "b": secret} == {"a": 1, "b": "c"}


def test_key_of_a_dict(secret):
    assert {secret: 1} == {"c": 1}


def test_deep_dict(secret):
    assert {"a": {"b": [{"c": secret}]}} == {"a": {"b": [{"c": ""}]}}


def test_wide_dict(secret):
    assert {each: secret for each in rows} == {each: "" for each in rows}


def test_dict_without_a_key(secret):
    assert "x" in {secret: secret}


def test_views_of_a_dict(secret):
    assert {"a": secret}.items() == {("a", "b")}


def test_set(secret):
    assert {secret, "a"} == {"a", "b"}


def test_frozen_set(secret):
    assert frozenset({secret}) <= frozenset({"b"})


def test_bytes(secret):
    assert secret.encode() == b"another"


def test_bytes_that_differ_at_their_end(secret):
    assert secret.encode() + b"1" == secret.encode() + b"2"


def test_bytearray(secret):
    assert bytearray(secret.encode()) == bytearray(b"b")
