"""Requests are prepared as by requests; ``test_session`` compares more settings and options."""

from __future__ import annotations

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_bill.sessions.preparing import Preparing, has_cookies

URL = "https://gateway.stage.bill.com/connect/v3/vendors/00901"
URLS = (
    st.text(alphabet="aZ09-._~/:%?#&=@ü \\[]*!$'(),;+", max_size=20).map(
        lambda text: f"https://gateway.stage.bill.com{text}"
    )
    | st.from_regex(r"https?://[a-zA-Z0-9.:@*-]{1,20}(/[a-zA-Z0-9._~-]{0,5}){0,4}", fullmatch=True)
    | st.just(URL)
)


def result_of(prepare, url):
    session, request = requests.Session(), requests.Request("GET", url)
    session.trust_env = False  # no ~/.netrc
    try:
        return prepare(session, request).url
    except (requests.RequestException, ValueError) as error:
        return type(error), str(error)


@given(URLS)
@example("https://a.example:443/a")
@example("https://a.example:0443/a")
@example("https://a.example:65536/a")
@example("https://a.example:59999/a/")
@example("https://a..example/a")
@example("https://a.example/a/../b")
@example("https://a.example/.a")
@example("https://a.example//a")
@example("https://a.example")
@example("HTTPS://A.example/a")
@example("https://a.example/a\n")
@example("ftp://a.example/a")
def test_a_url_is_written_as_requests_writes_it(url):
    ours = result_of(lambda session, request: Preparing().prepared(session, request), url)
    assert ours == result_of(lambda session, request: session.prepare_request(request), url)


def prepared(preparing, session, method="GET", **options):
    made = preparing.prepared(session, requests.Request(method, URL, **options))
    expected = session.prepare_request(requests.Request(method, URL, **options))
    for each in ("method", "url", "body", "hooks"):
        assert getattr(made, each) == getattr(expected, each)
    assert list(made.headers.items()) == list(expected.headers.items())
    assert made._cookies.items() == expected._cookies.items()
    return made


def test_what_the_session_comes_to_have_counts_from_then_on():
    preparing, session = Preparing(), requests.Session()
    session.trust_env = False
    for change in (
        lambda: None,
        lambda: session.headers.update({"X-Own": "1"}),
        lambda: session.headers.update({"x-own": "2"}),
        lambda: session.headers.update({"Accept": None}),
        lambda: session.headers.pop("X-Own"),
        lambda: setattr(session, "headers", {"Plain": "dict"}),
        lambda: session.params.update(a="1"),
        lambda: session.cookies.set("a", "1"),
        lambda: session.cookies.clear(),
        lambda: setattr(session, "auth", ("someone", "password")),
        lambda: session.hooks["response"].append(print),
    ):
        change()
        for method in ("get", "POST"):
            prepared(preparing, session, method)


def test_each_request_has_headers_and_cookies_of_its_own():
    preparing, session = Preparing(), requests.Session()
    session.trust_env = False
    first = prepared(preparing, session)
    second = prepared(preparing, session)
    first.headers["X"] = "1"
    first._cookies.set("a", "1")
    assert "X" not in second.headers
    assert "X" not in session.headers
    assert not second._cookies
    assert "X" not in prepared(preparing, session).headers


@pytest.mark.parametrize("make", [list, dict, str, bytes, tuple, lambda: None, lambda: iter(())])
def test_what_is_no_body_is_none(make):
    preparing, session = Preparing(), requests.Session()
    session.trust_env = False
    prepared(preparing, session, "POST", data=make(), files=[], json=None)


def test_a_jar_of_another_kind_may_have_cookies():
    assert not has_cookies(requests.Session().cookies)
    assert has_cookies({"a": "1"})
