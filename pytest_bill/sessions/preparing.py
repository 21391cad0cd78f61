"""A request of a session is prepared as by requests, without what it has nothing of.

Most have a plain URL, the session's own headers and no cookie: to find out that there is nothing
to be encoded, checked and merged takes requests longer than a recorded answer takes in all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any

import requests
from requests.cookies import RequestsCookieJar, cookiejar_from_dict, merge_cookies
from requests.sessions import merge_hooks, merge_setting
from requests.structures import CaseInsensitiveDict

from pytest_bill.clients import header_dicts
from pytest_bill.patterns import late_pattern
from pytest_bill.sessions.auth import BillAuth

# Nothing here that requests, or urllib3, writes in another way.
_PLAIN = late_pattern(
    r"https?://[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*(?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?"
    r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?"
)

# requests' own, where types-requests says nothing of them.
merged: Callable[..., Any] = merge_setting
_merged_hooks: Callable[..., Any] = merge_hooks
_with_cookies: Callable[..., Any] = merge_cookies
_cookies_from: Callable[..., Any] = cookiejar_from_dict
_Headers = OrderedDict[str, tuple[str, Any]]


def has_cookies(jar: Any) -> bool:
    """Whether there may be a cookie in a jar, without looking at each."""
    return bool(getattr(jar, "_cookies", True))


class Preparing:
    """Prepares the requests of one session, and knows what became of its headers before."""

    def __init__(self) -> None:
        self._known: tuple[_Headers, _Headers] | None = None

    def prepared(
        self, session: requests.Session, request: requests.Request
    ) -> requests.PreparedRequest:
        """The request with the session's settings; ``~/.netrc`` is never read."""
        prepared: Any = requests.PreparedRequest()
        prepared.prepare_method(request.method or "")
        params: Any = request.params or None
        if session.params:
            params = merged(request.params, session.params)
        _put_url(prepared, request.url, params)
        self._put_headers(prepared, session.headers, request.headers)
        _put_cookies(prepared, session.cookies, request.cookies)
        if type(request.data) is list and not (
            request.data or request.files or request.json is not None
        ):
            prepared.prepare_content_length(None)
        else:
            prepared.prepare_body(request.data, request.files, request.json)
        auth = merged(request.auth, session.auth)
        # A session adds its credential when the request leaves; what a URL says is none.
        if not isinstance(auth, BillAuth):
            prepared.prepare_auth(auth, request.url)
        # At the end: who signs a request may add one.
        hooks = _merged_hooks(request.hooks, session.hooks)
        if hooks and any(hooks.values()):
            prepared.prepare_hooks(hooks)
        return prepared  # type: ignore[no-any-return]

    def _put_headers(self, prepared: Any, own: Any, of_request: Any) -> None:
        if of_request:
            prepared.prepare_headers(merged(of_request, own, dict_class=CaseInsensitiveDict))
            return
        kept, known = header_dicts.kept_by(own), self._known
        if kept is not None and known is not None and known[0] == kept:
            prepared.headers = header_dicts.keeping(known[1].copy())
            return
        prepared.prepare_headers({name: each for name, each in own.items() if each is not None})
        ready = header_dicts.kept_by(prepared.headers)
        if kept is not None and ready is not None:
            self._known = kept.copy(), ready.copy()


def _put_url(prepared: Any, url: Any, params: Any) -> None:
    if params is None and type(url) is str and _PLAIN.fullmatch(url):
        prepared.url = url
    else:
        prepared.prepare_url(url, params)


def _put_cookies(prepared: Any, of_session: Any, of_request: Any) -> None:
    jar: Any = RequestsCookieJar()
    if not of_request and not has_cookies(of_session):
        prepared._cookies = jar
        return
    own: Any = of_request or {}
    if not isinstance(own, CookieJar):
        own = _cookies_from(own)
    prepared.prepare_cookies(_with_cookies(_with_cookies(jar, of_session), own))
