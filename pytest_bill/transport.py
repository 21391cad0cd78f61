"""How requests of BILL sessions travel: from a cassette without a socket, or over the network.

Credentials are put into a copy of the request at the last moment, and only for the configured
BILL: into the headers, and for the v2 API into the form as well. Nothing that a test can see
(``response.request``, a traceback, a redirect) holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pytest_bill import environments
from pytest_bill.access import Access, Network
from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.recorder import Recorder
from pytest_bill.errors import (
    SessionRefused,
    SignInFailed,
    error_with,
    is_session_invalid,
    problems_in,
)
from pytest_bill.exchange import Exchange
from pytest_bill.response import response_of
from pytest_bill.sign_in import CREDENTIAL_HEADERS, has_dev_key, signs_in
from pytest_bill.v2_forms import Form, form_in, takes_credential

DEFAULT_TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and seconds to wait for each part of the answer."""


class _DirectHTTPPool(HTTPConnectionPool):
    # Named here, so that vcrpy's patches of the base class do not reach these pools.
    ConnectionCls = HTTPConnection


class _DirectHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = HTTPSConnection


_DIRECT_POOLS = {"http": _DirectHTTPPool, "https": _DirectHTTPSPool}


class DirectAdapter(HTTPAdapter):
    """Sends past vcrpy's patches, and says nothing secret when sending fails."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use connection pools that vcrpy does not patch."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _DIRECT_POOLS

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Use a proxy for https alone, which it only tunnels.

        BILL by plain http is on this machine: a proxy would read the credentials, and is not BILL.
        """
        if self._recorder.environment.owns(request.url or "") and _is_plain(request.url or ""):
            proxies = None
        return super().get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """The path alone where no proxy is used, see above."""
        if self._recorder.environment.owns(request.url or "") and _is_plain(request.url or ""):
            proxies = {}
        return super().request_url(request, proxies)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> urllib3.ProxyManager:
        """Use connection pools that vcrpy does not patch, through a proxy too."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _DIRECT_POOLS
        return manager

    def exchange(
        self,
        request: PreparedRequest,
        credential_headers: Mapping[str, str],
        form: Form | None = None,
        **options: Any,
    ) -> Exchange:
        """Send a request with a credential's headers and read the whole answer.

        The credential is put into the ``form``, too, if the request's body is one that takes it.

        Raises:
            requests.RequestException: sending failed; the error holds neither the request nor
                the frames in which it was sent.
        """
        __tracebackhide__ = True
        # Sent from a copy: the caller's request never holds a credential.
        sent = request.copy()
        sent.headers.update(credential_headers)
        if form is not None:
            _fill(sent, form, credential_headers)
        failure: requests.RequestException
        try:
            with self._recorder.sending():
                response = super().send(sent, **(options | {"stream": True}))
                answer = response.raw.read(decode_content=False)
        except requests.RequestException as error:
            failure = type(error)(self._recorder.registry.hide(str(error)))
        except urllib3.exceptions.HTTPError as error:
            failure = requests.ConnectionError(self._recorder.registry.hide(str(error)))
        else:
            return replace(
                _as_exchange(sent),
                status=response.status_code,
                reason=response.reason or "",
                answer_headers={
                    name: response.raw.headers.getlist(name) for name in response.raw.headers
                },
                answer_body=answer,
            )
        del sent
        # Raised out here: within `except` the error would drag urllib3's frames along, and with
        # them, under --showlocals, the headers.
        raise failure


def sign_in_network(recorder: Recorder) -> Network:
    """How sign-ins are sent: straight to BILL, without following a redirect."""

    def send(request: Exchange) -> Exchange:
        adapter = DirectAdapter(recorder)
        with requests.Session() as session:
            prepared = requests.Request(
                request.method, request.url, dict(request.headers), data=request.body
            ).prepare()
            options = session.merge_environment_settings(request.url, {}, None, None, None)
            try:
                return adapter.exchange(prepared, {}, timeout=DEFAULT_TIMEOUT, **options)
            except requests.RequestException as error:
                reason = str(error)
            finally:
                adapter.close()
        raise SignInFailed(
            f"The sign-in did not reach {recorder.described(request)}: {reason}\n"
            "Check the network and BILL_ENVIRONMENT, or replay with --bill-record-mode=none."
        )

    return send


class BillAdapter(DirectAdapter):
    """The transport of one BILL session."""

    def __init__(self, recorder: Recorder, access: Access) -> None:
        super().__init__(recorder)
        self._access = access
        # Without a sign-in there is no session: a refused token is an answer like any other.
        self._has_session = signs_in(access.kind)
        self._cookies: set[tuple[str, str]] = set()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Answer from the cassette, or send with the credential.

        Raises:
            NotInCassette: no recorded answer, and the record mode forbids sending.
            SessionRefused: BILL refused the session, and a new one as well.
        """
        __tracebackhide__ = True
        options = {
            "timeout": timeout or DEFAULT_TIMEOUT,
            "verify": verify,
            "cert": cert,
            "proxies": proxies,
        }
        url = request.url or ""
        ours = self._recorder.environment.owns(url)
        if not ours:
            _remove_credentials(request)
            self._remove_cookies(request)
        _read_body(request)
        asked = _as_exchange(request)
        if not ours:
            self._recorder.check_elsewhere(asked)
            if not environments.is_bills_own(url):
                return super().send(request, stream=stream, **options)
        form = self._form_of(asked)
        # A test that sends its own sessionId wants BILL's answer to that one.
        uses_access = ours and not (
            _has_credentials(request) or (form is not None and form.has_credential)
        )
        if uses_access and form is not None:
            as_recorded = request.copy()
            _fill(as_recorded, form, self._access.placeholder_headers())
            asked = _as_exchange(as_recorded)
        answered = self._recorder.serve(
            asked, lambda: self._send(request, uses_access, form, options)
        )
        # A hook may want to read the body by itself.
        read = not stream and not request.hooks.get("response")
        response = response_of(answered, request, self, read=read)
        response.hide = self._recorder.registry.hide
        if ours and response.cookies:
            self._cookies |= {(cookie.name, cookie.value or "") for cookie in response.cookies}
        if uses_access and self._is_session_invalid(answered):
            problems = problems_in(answered.status, response.content)
            raise error_with(response, problems, SessionRefused)
        return response

    def _send(
        self,
        request: PreparedRequest,
        uses_access: bool,
        form: Form | None,
        options: dict[str, Any],
    ) -> Exchange:
        __tracebackhide__ = True
        self._recorder.check_sendable(_as_exchange(request))
        if not uses_access:
            return self.exchange(request, {}, **options)
        headers = self._access.real_headers()
        answered = self.exchange(request, headers, form, **options)
        if self._is_session_invalid(answered):
            renewed = self._access.renewed_headers(headers)
            if renewed != headers:
                answered = self.exchange(request, renewed, form, **options)
        return answered

    def _form_of(self, request: Exchange) -> Form | None:
        """The form of a request that v2 wants this credential in."""
        if not takes_credential(request.method, request.url, self._recorder.environment):
            return None
        if not has_dev_key(self._access.kind):
            return None
        return form_in(request.headers, request.body)

    def _remove_cookies(self, request: PreparedRequest) -> None:
        """Take out what BILL set: a cookie knows no port, and not every domain's owner is one."""
        sent = request.headers.get("Cookie")
        if not sent or not self._cookies:
            return
        pairs = [pair.strip() for pair in store.as_text(sent).split(";")]
        kept = [
            pair
            for pair in pairs
            if (pair.partition("=")[0], pair.partition("=")[2].strip('"')) not in self._cookies
            and (pair.partition("=")[0], pair.partition("=")[2]) not in self._cookies
        ]
        del request.headers["Cookie"]
        if kept:
            request.headers["Cookie"] = "; ".join(kept)

    def _is_session_invalid(self, answered: Exchange) -> bool:
        return self._has_session and is_session_invalid(
            answered.status, readable(answered).answer_body
        )


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http:")


def _read_body(request: PreparedRequest) -> None:
    """Read a body into the request as a whole, so that it can be matched and sent again."""
    if request.body is None or isinstance(request.body, bytes | str):
        return
    request.body = store.as_bytes(request.body)
    if request.headers.pop("Transfer-Encoding", None) is not None:
        request.headers["Content-Length"] = str(len(request.body))


def _fill(request: PreparedRequest, form: Form, credential: Mapping[str, str]) -> None:
    """Send the form with the credential in it."""
    body = request.body = form.with_credential(credential)
    request.headers["Content-Type"] = form.content_type
    request.headers["Content-Length"] = str(len(body))


def _as_exchange(request: PreparedRequest) -> Exchange:
    return Exchange(
        request.method or "GET",
        request.url or "",
        {name: store.as_text(value) for name, value in request.headers.items()},
        store.as_bytes(request.body),
    )


def _has_credentials(request: PreparedRequest) -> bool:
    return any(name.lower() in CREDENTIAL_HEADERS for name in request.headers)


def _remove_credentials(request: PreparedRequest) -> None:
    for name in [name for name in request.headers if name.lower() in CREDENTIAL_HEADERS]:
        del request.headers[name]
