"""Secrets in text that people read."""

import json
import pprint
import reprlib

import pytest

from pytest_bill.hiding.text import TextHider
from pytest_bill.hiding.values import hidden_value
from pytest_bill.scrubbing.registry import SecretRegistry

SECRETS = [
    "correct-horse-battery",
    "P\u00e4ss \"word\" \\ 'quoted' & <more>",
    "0123456789abcdefghijklmnopqrstuvwxyz" * 3,
    "emoji \U0001f511 and tab\tand more",
]


@pytest.fixture(params=SECRETS)
def secret(request):
    return request.param


@pytest.fixture
def hide(secret):
    return TextHider(SecretRegistry([("PLACEHOLDER_IT", secret)]))


@pytest.mark.parametrize(
    "shown",
    [
        str,
        repr,
        ascii,
        lambda s: repr(s.encode()),
        lambda s: repr(repr(s)),
        lambda s: repr({"a": [s, "x'y\"z"]}),
        lambda s: repr(f"it's {s}"),
        lambda s: repr(f'it\'s "{s}"'),
        lambda s: repr(f'{{"a": "{s}"}}'.encode()),
        json.dumps,
        lambda s: json.dumps(s, ensure_ascii=False),
        lambda s: json.dumps(json.dumps(s)),
        lambda s: repr(json.dumps({"a": s})),
        lambda s: repr(json.dumps({"a": s}).encode()),
        lambda s: s.encode("ascii", "backslashreplace").decode(),
        lambda s: s.encode("unicode_escape").decode(),
        lambda s: pprint.pformat({"a": ["x" * 60, s.encode() * 2]}),
        lambda s: pprint.pformat([f"words before it {s} and words after it " * 3]),
    ],
)
def test_a_secret_in_a_repr(hide, secret, shown):
    text = f"before {shown(secret)} after"
    hidden = hide(text)
    assert "PLACEHOLDER_IT" in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")
    pieces = [secret[:8], secret[-8:], repr(secret)[1:9], ascii(secret)[-9:-1]]
    assert [piece for piece in pieces if piece in hidden] == []


def test_a_secret_that_was_cut(hide, secret):
    for size in range(20, 120):
        shorten = reprlib.Repr()
        shorten.maxstring = size
        cut = shorten.repr(f"{'x' * 40}{secret}{'y' * 40}")
        hidden = hide(cut)
        for start in range(len(secret) - 6):
            assert secret[start : start + 7] not in hidden, size


def test_dots_that_cut_nothing_change_nothing(hide):
    for text in ("....F...s", "waiting... done", "a…b"):
        assert hide(text) == text


def test_cookies_are_hidden_by_place(hide):
    assert hide("header: Set-Cookie: JSESSIONID=abc123; Path=/") == (
        "header: Set-Cookie: JSESSIONID=PLACEHOLDER_COOKIE; Path=/"
    )
    assert hide("a cookie: sweet") == "a cookie: sweet"


def test_what_becomes_known_is_hidden():
    registry = SecretRegistry()
    hide = TextHider(registry)
    assert hide("session-0123456789") == "session-0123456789"
    registry.add("session-0123456789", "PLACEHOLDER_SESSION")
    assert hide("session-0123456789") == "PLACEHOLDER_SESSION"
    assert hide("'session-0123456789'") == "'PLACEHOLDER_SESSION'"


def test_values_keep_their_shape(hide, secret):
    value = {"a": [secret, 1], secret: (secret.encode(), {secret}), "b": None}
    assert hidden_value(value, hide) == {
        "a": ["PLACEHOLDER_IT", 1],
        "PLACEHOLDER_IT": (b"PLACEHOLDER_IT", {"PLACEHOLDER_IT"}),
        "b": None,
    }
    harmless = {"a": [1, "b"], "c": (b"\xff", {2})}
    assert hidden_value(harmless, hide) is harmless


def test_text_without_secrets_is_cheap(hide):
    text = "an ordinary line of output\n" * 1000
    assert hide(text) is text


def test_of_a_header_that_authorizes_only_the_token_is_secret():
    digest = 'Digest username="ada", uri="/connect/v3/vendors", response="0123456789abcdef"'
    hide = TextHider(
        SecretRegistry(
            [
                ("PLACEHOLDER_AUTHORIZATION", digest),
                ("PLACEHOLDER_AUTHORIZATION_2", "Bearer qwertyuiop12"),
            ]
        )
    )
    assert hide("GET /connect/v3/vendors") == "GET /connect/v3/vendors"
    assert hide(f"header: {digest}") == "header: PLACEHOLDER_AUTHORIZATION"
    assert hide("is qwertyuiop1") == "is PLACEHOLDER_AUTHORIZATION_2"


def test_what_everyone_comes_to_see_is_hidden_no_more():
    registry = SecretRegistry([("PLACEHOLDER_IT", "some-folder-of-mine")])
    hide = TextHider(registry)
    assert hide("in some-folder-of-mine") == "in PLACEHOLDER_IT"
    registry.make_public("tests/some-folder-of-mine/test_a.py")
    assert hide("in some-folder-of-mine") == "in some-folder-of-mine"
    registry.add("another-secret-0123", "PLACEHOLDER_OTHER")
    assert (
        hide("some-folder-of-mine another-secret-0123") == "some-folder-of-mine PLACEHOLDER_OTHER"
    )
