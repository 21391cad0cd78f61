"""Asserts with messages and conditions."""

import re


class Text(str):
    __slots__ = ()


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


def test_message(secret):
    assert False, secret  # noqa: B011


def test_message_of_many(secret):
    assert 1 == 2, {"said": [secret, secret.encode()]}


def test_all_of_some(secret):
    assert all(each == "x" for each in [secret, secret])


def test_attribute(secret):
    assert Plain(secret).value == ""


def test_subclass_of_text(secret):
    assert Text(secret) == "x"


def test_text_and_bytes(secret):
    assert f"é{secret}".encode("utf-16") == b""


def test_regular_expression(secret):
    assert re.fullmatch(r"\d", secret)


def test_joined(secret):
    assert "/".join(["a", secret, "b"]) == "a/b"


def test_walrus(secret):
    assert (value := secret) == "" or value == "x"


def test_conditions(secret):
    assert (secret and len(secret) < 3) or secret in ("a", "b")
