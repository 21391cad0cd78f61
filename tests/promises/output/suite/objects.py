"""Asserts that compare objects."""

import collections
import dataclasses
import enum
import functools
import json
import pathlib
import types
import typing
import urllib.parse
from http import cookies

import attrs
import httpx
import requests

rows = [f"row {number} of many, and so on" for number in range(60)]


@dataclasses.dataclass
class Grant:
    name: str
    value: object
    when: int = 0


@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    value: str
    inner: object = None


@attrs.define
class Attrs:
    name: str
    value: object


class Named(typing.NamedTuple):
    name: str
    value: object


Pair = collections.namedtuple("Pair", "left right")


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


class Failing:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        raise ValueError(self.value)


def test_dataclass(secret):
    assert Grant("a", secret, 1) == Grant("a", "b", 1)


def test_dataclass_with_much(secret):
    assert Grant("a", [*rows, secret]) == Grant("a", rows, 2)


def test_dataclass_in_dataclass(secret):
    assert Frozen("a", Grant("b", {"c": secret})) == Frozen("a", Grant("b", {"c": 1}))


def test_dataclasses_in_a_list(secret):
    assert [Grant("a", secret)] == [Grant("a", "b")]


def test_attrs(secret):
    assert Attrs("a", secret) == Attrs("a", "b")


def test_attrs_in_attrs(secret):
    assert Attrs("a", Attrs("b", [secret])) == Attrs("a", Attrs("b", []))


def test_named_tuple(secret):
    assert Named("a", secret) == Named("a", "b")


def test_other_named_tuple(secret):
    assert Pair([secret], "b") == Pair([], "b")


def test_mapping_proxy(secret):
    assert types.MappingProxyType({"a": secret}) == types.MappingProxyType({"a": 1})


def test_ordered_dict(secret):
    assert collections.OrderedDict(a=secret) == collections.OrderedDict(a=1)


def test_user_dict(secret):
    assert collections.UserDict(a=secret) == {"a": 1}


def test_chain_map(secret):
    assert collections.ChainMap({"a": secret}, {"b": 1}) == {"a": 1}


def test_counter(secret):
    assert collections.Counter([secret]) == collections.Counter(["a"])


def test_default_dict(secret):
    assert collections.defaultdict(list, a=[secret]) == {"a": []}


def test_deque(secret):
    assert collections.deque([secret, 1]) == collections.deque([1])


def test_namespace(secret):
    assert types.SimpleNamespace(a=secret) == types.SimpleNamespace(a=1)


def test_enum(secret):
    assert enum.Enum("Kind", {"A": secret}).A == "x"


def test_path(secret):
    assert pathlib.PurePosixPath("a", secret) == pathlib.PurePosixPath("a")


def test_exception_as_value(secret):
    assert ValueError(secret) == ValueError("x")


def test_object(secret):
    assert Plain(secret) == Plain("x")


def test_object_that_cannot_be_shown(secret):
    assert Failing(secret) == 1


def test_partial(secret):
    assert functools.partial(print, secret) == print


def test_parsed_address(secret):
    assert urllib.parse.urlsplit(f"https://a.example/?key={urllib.parse.quote(secret)}") == ()


def test_cookies(secret):
    jar = cookies.SimpleCookie()
    jar["acct"] = secret
    assert jar == cookies.SimpleCookie()


def test_cookies_of_httpx(secret):
    assert httpx.Cookies({"acct": secret}) == {}


def test_headers_of_httpx(secret):
    assert httpx.Headers({"X-Acct": secret.encode()}) == {}


def test_address_of_httpx(secret):
    assert httpx.URL("https://a.example", params={"a": secret}) == ""


def test_headers_of_requests(secret):
    assert requests.structures.CaseInsensitiveDict(acct=secret) == {}


def test_prepared_request(secret):
    made = requests.Request("GET", "https://a.example", params={"a": secret}).prepare()
    assert made.url == "https://a.example"


def test_json(secret):
    assert json.dumps({"a": [secret]}) == "{}"


def test_json_in_json(secret):
    assert json.dumps({"a": json.dumps({"b": secret})}) == "{}"
