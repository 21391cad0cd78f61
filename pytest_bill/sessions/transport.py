"""How requests of BILL sessions travel: from a cassette without a socket, or over the network.

A session's requests go through whatever adapter is mounted; at its end, the seam of requests hands
them over to ``Travel``. To an adapter that answers by itself, as one that fakes BILL, they are
left. Credentials are put into a copy of the request at the last moment, and only for the configured
BILL: into the headers, and for the v2 API into the form as well. Nothing that a test can see
(``response.request``, a traceback, a redirect) holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pytest_bill import environments
from pytest_bill.bill_errors import (
    BillResponse,
    error_with,
    is_session_invalid,
    problems_in,
)
from pytest_bill.cassettes.client_requests import Asked, ClientRequests
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.handed_over import as_bytes, as_text
from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.clients import header_dicts
from pytest_bill.clients.base import passing
from pytest_bill.clients.http_client import IS_CUT
from pytest_bill.clients.response import response_of
from pytest_bill.credentials.kinds import AUTHORIZATION, CREDENTIAL_HEADERS
from pytest_bill.exceptions import SAID, SessionRefused
from pytest_bill.interaction import Interaction
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.preparing import has_cookies
from pytest_bill.sessions.retrying import is_repeatable
from pytest_bill.sessions.signing_in import Network
from pytest_bill.v2_forms import Form, form_in, takes_credential

DEFAULT_TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and seconds to wait for each part of the answer."""

_MOST_RENEWALS = 2


class _DirectHTTPPool(HTTPConnectionPool):
    # Named here, so that vcrpy's patches of the base class do not reach these pools.
    ConnectionCls = HTTPConnection


class _DirectHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = HTTPSConnection


_DIRECT_POOLS = {"http": _DirectHTTPPool, "https": _DirectHTTPSPool}


class DirectAdapter(HTTPAdapter):
    """Sends past vcrpy's patches: another tool's cassette is no place for a BILL session."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use connection pools that vcrpy does not patch."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _DIRECT_POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> urllib3.ProxyManager:
        """Use connection pools that vcrpy does not patch, through a proxy too."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _DIRECT_POOLS
        return manager


Send = Callable[..., requests.Response]
"""``HTTPAdapter.send`` of an adapter, as it sends over the network."""


def exchanged(
    recorder: ClientRequests,
    send: Send,
    request: PreparedRequest,
    credential_headers: Mapping[str, str],
    form: Form | None = None,
    **options: Any,
) -> Interaction:
    """Send a request with a credential's headers and read the whole answer.

    The credential is put into the ``form``, too, if the request's body is one that takes it. BILL
    by plain http is on this machine: it is asked without a proxy, which would read the credential.

    Raises:
        requests.RequestException: sending failed; the error holds neither the request nor the
            frames in which it was sent.
    """
    __tracebackhide__ = True
    from pytest_bill.cassettes.faults import Fault, fault_of
    from pytest_bill.sessions import recorded_faults as faults
    from pytest_bill.sessions.network_faults import noted, said

    # Sent from a copy: the caller's request never holds a credential.
    sent = request.copy()
    sent.headers.update(credential_headers)
    if form is not None:
        _fill(sent, form, credential_headers)
    url, environment = request.url or "", recorder.environment
    if _is_plain(url) and (environment.owns(url) or environment.gives_tokens(url)):
        options["proxies"] = {}
    failure: requests.RequestException
    head = Interaction("", "", {}, b"")
    try:
        on_way = recorder.on_way.asking(request.method or "GET", request.url or "")
        with passing(), recorder.sending(), on_way as status:
            response = send(sent, **(options | {"stream": True}))
            status.append(response.status_code)
            raw: Any = response.raw
            head = faults.with_head(head, response)
            if vars(raw._original_response or raw).get(IS_CUT):
                response.close()
                raise requests.ConnectionError(faults.CUT)
            answer = raw.read(decode_content=False)
    except requests.RequestException as error:
        failure = type(error)(recorder.registry.hide(str(error)))
        fault = Fault.HEAD if str(error) == faults.CUT else fault_of(error)
        faults.note(noted(failure, error), fault, head)
    except urllib3.exceptions.HTTPError as error:
        failure = requests.ConnectionError(recorder.registry.hide(str(error)))
        faults.note(noted(failure, error), fault_of(error, head), head)
    else:
        return replace(
            faults.with_head(_as_interaction(sent), response),
            answer_body=answer,
            http_version="HTTP/1.0" if raw.version == 10 else "",
        )
    del sent
    asked = recorder.described(_as_interaction(request))
    vars(failure)[SAID] = said(failure, asked, request.url or "", recorder.environment)
    # Raised out here: within `except` the error would drag urllib3's frames along, and with
    # them, under --showlocals, the headers.
    raise failure


@contextmanager
def sent_directly(request: Interaction) -> Iterator[tuple[PreparedRequest, Send]]:
    """The block in which a request can be sent straight to BILL, without following a redirect."""
    adapter = DirectAdapter()
    with requests.Session() as session:
        prepared = requests.Request(
            request.method, request.url, dict(request.headers), data=request.body
        ).prepare()
        merged = session.merge_environment_settings(request.url, {}, None, None, None)
        try:
            options: dict[str, Any] = {**merged, "timeout": DEFAULT_TIMEOUT}
            yield prepared, partial(adapter.send, **options)
        finally:
            adapter.close()


def sign_in_network(recorder: ClientRequests) -> Network:
    """How sign-ins are sent: straight to BILL, without following a redirect."""

    def send(request: Interaction) -> Interaction:
        with sent_directly(request) as (prepared, through):
            return exchanged(recorder, through, prepared, {})

    return send


def exchanged_in_session(
    recorder: ClientRequests,
    access: Access,
    send: Send,
    request: PreparedRequest,
    form: Form | None,
    *,
    retries: bool = False,
    **options: Any,
) -> Interaction:
    """As ``exchanged``, with the headers of an access; once more where its session has expired.

    With ``retries`` what may be repeated is asked again where BILL says so, see ``retrying``.

    Raises:
        SignInFailed: there is no session, or BILL refused a token that has none.
    """
    __tracebackhide__ = True

    def answer() -> Interaction:
        return exchanged(recorder, send, request, headers, form, **options)

    def answer_in_the_end() -> Interaction:
        if not (retries and _may_be_repeated(request, recorder)):
            return answer()
        return access.retrying.answer(
            recorder.described(_as_interaction(request)),
            answer,
            is_near=environments.is_on_this_machine(request.url or ""),
        )

    headers = access.real_headers()
    answered = answer_in_the_end()
    # The first may be a session that another one has renewed, and that has expired as well.
    for _ in range(_MOST_RENEWALS):
        if not refuses_session(access, answered):
            break
        renewed = access.renewed_headers(headers)
        if renewed == headers:
            break
        headers = renewed
        answered = answer_in_the_end()
    if refuses_session(access, answered):
        access.refused_again()
    else:
        access.accepted(answered)
    return answered


def _may_be_repeated(request: PreparedRequest, recorder: ClientRequests) -> bool:
    """Whether a request may be sent twice; the local sandbox answers what it was told to."""
    environment = recorder.environment
    if environment.name == "local":
        return False
    asked = _as_interaction(request)
    return is_repeatable(asked.method, asked.url, asked.headers, environment)


def refuses_session(access: Access, answered: Interaction) -> bool:
    """Whether BILL says that the session is invalid.

    Without a sign-in there is no session: a refused token is an answer like any other. So is what
    another credential's path answers, which a new session would not change.
    """
    if not access.kind.signs_in or answered.status not in (200, 401):
        return False
    body = readable(answered).answer_body
    if not (
        is_session_invalid(answered.status, body)
        or (access.kind.is_oauth and _refuses_token(answered.status, body))
    ):
        return False
    from pytest_bill.bill_advice import wanted_instead  # few sessions are refused

    return not wanted_instead(answered.url, access.kind)


def _refuses_token(status: int, body: bytes) -> bool:
    """Whether BILL says so of an access token, in other words than of a session.

    How it does is not documented: with HTTP 401 and no code of BILL's (RFC 6750), as is taken here.
    Another code says that the operation is not for it.
    """
    return status == 401 and not any(
        code.startswith("BDC_") for code, _ in problems_in(status, body)
    )


class Travel:
    """How the requests of one BILL session travel, through any adapter."""

    def __init__(self, recorder: ClientRequests, access: Access) -> None:
        self._recorder = recorder
        self._access = access
        self._is_oauth = access.kind.is_oauth
        self._cookies: set[tuple[str, str]] = set()

    def __call__(
        self,
        adapter: HTTPAdapter,
        send: Callable[..., requests.Response],
        request: PreparedRequest,
        options: dict[str, Any],
    ) -> requests.Response:
        """Answer from the cassette, or send with the credential; ``send`` is the adapter's own.

        Raises:
            NotInCassette: no recorded answer, and the record mode forbids sending.
            SessionRefused: BILL refused the session, and a new one as well.
        """
        __tracebackhide__ = True
        stream = options["stream"]
        options = {**options, "timeout": options["timeout"] or DEFAULT_TIMEOUT}
        through = partial(send, adapter)
        recorder, url = self._recorder, request.url or ""
        ours = recorder.environment.owns(url)
        if not ours:
            _remove_credentials(request)
            self._remove_cookies(request)
            if not (recorder.takes(url) or environments.is_bills_own(url)):
                return self._elsewhere(through, request, options)
        _read_body(request)
        asked = _as_interaction(request)
        form = self._form_of(asked)
        # A test that sends its own sessionId wants BILL's answer to that one.
        uses_access = ours and not (
            _has_credentials(asked, is_oauth=self._is_oauth)
            or (form is not None and form.has_credential)
        )
        if uses_access:
            allowed = self._ask(asked, self._with_placeholders(request, asked, form))
        else:
            allowed = recorder.ask(asked)
        answered = allowed.recorded
        if answered is None:
            try:
                told = _told(request, allowed.interaction)
                # A form in which stand-ins were replaced is another one.
                form = form if told is request else self._form_of(allowed.interaction)
                # Where nothing is recorded, or such answers are, a test sees each as it came.
                retries = allowed.opened is not None and not _keeps_answers(allowed.opened)
                answered = self._send(through, told, uses_access, form, retries, options)
            except requests.RequestException as error:
                from pytest_bill.sessions.recorded_faults import noted_in

                fault, head = noted_in(error)
                recorder.unanswered(allowed, fault or error, _told_head(allowed, head))
                raise
            answered = recorder.answered(allowed, answered)
        if answered.fault:
            from pytest_bill.sessions.recorded_faults import error_of

            raise error_of(answered)
        # A hook may want to read the body by itself.
        read = not stream and not request.hooks.get("response")
        made: Any = response_of(answered, request, adapter, read=read)
        made.__class__ = BillResponse
        response: BillResponse = made
        response.hide = recorder.registry.hide
        response.asked_with = self._access.kind if uses_access else None
        if ours and has_cookies(response.cookies):
            self._cookies |= {(cookie.name, cookie.value or "") for cookie in response.cookies}
        if uses_access and refuses_session(self._access, answered):
            problems = problems_in(answered.status, response.content)
            note = self._note() if allowed.recorded is None else ""
            raise error_with(response, problems, SessionRefused, note)
        return response

    def _elsewhere(
        self, through: Send, request: PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        """Send to another host, without what is BILL's; ``http.client``'s seam looks on."""
        if not isinstance(request.body, bytes | str | None):
            return through(request, **options)
        self._recorder.check_foreign(_as_interaction(request))
        return through(request, **options)

    def _with_placeholders(
        self, request: PreparedRequest, asked: Interaction, form: Form | None
    ) -> Interaction:
        """The request as its recording has it: with what stands for the credential."""
        placeholders = self._access.placeholder_headers()
        if form is not None:
            as_recorded = request.copy()
            _fill(as_recorded, form, placeholders)
            asked = _as_interaction(as_recorded)
        return Interaction.asked(
            asked.method, asked.url, {**asked.headers, **placeholders}, asked.body
        )

    def _ask(self, plain: Interaction, asked: Interaction) -> Asked:
        """Ask for the recorded answer; what would be sent is looked at without placeholders."""
        recorder = self._recorder
        recorded, opened = recorder.ask_recorded(asked)
        told = plain
        if recorded is None:
            recorder.check_leaving(plain)
            told = recorder.told(plain, opened)
            if told is not plain:
                recorder.check_leaving(told)
        return Asked(told, recorded, opened, by_test=asked, since=monotonic())

    def _send(
        self,
        through: Send,
        request: PreparedRequest,
        uses_access: bool,
        form: Form | None,
        retries: bool,
        options: dict[str, Any],
    ) -> Interaction:
        __tracebackhide__ = True
        if not uses_access:
            return exchanged(self._recorder, through, request, {}, **options)
        return exchanged_in_session(
            self._recorder, self._access, through, request, form, retries=retries, **options
        )

    def _note(self) -> str:
        access = self._access
        return (
            f"A new session did not help: BILL saw {access.seen_by_bill} sign-ins with the "
            f"{access.kind.title} in this run, and no refused session is renewed any more.\n"
            "The credential is not the cause, BILL takes it: run again later, or ask its support."
        )

    def _form_of(self, request: Interaction) -> Form | None:
        """The form of a request that v2 wants this credential in."""
        if not takes_credential(request.method, request.url, self._recorder.environment):
            return None
        if not self._access.kind.has_dev_key:
            return None
        return form_in(request.headers, request.body)

    def _remove_cookies(self, request: PreparedRequest) -> None:
        """Take out what BILL set: a cookie knows no port, and not every domain's owner is one."""
        sent = request.headers.get("Cookie")
        if not sent or not self._cookies:
            return
        pairs = [pair.strip() for pair in as_text(sent).split(";")]
        kept = [
            pair
            for pair in pairs
            if (pair.partition("=")[0], pair.partition("=")[2].strip('"')) not in self._cookies
            and (pair.partition("=")[0], pair.partition("=")[2]) not in self._cookies
        ]
        del request.headers["Cookie"]
        if kept:
            request.headers["Cookie"] = "; ".join(kept)


def _told_head(asked: Asked, head: Interaction | None) -> Interaction:
    """What came of an answer, if anything, as that to the request that is recorded."""
    told = asked.interaction
    credential = {
        name: str.__str__(value)  # placeholders
        for name, value in (asked.by_test or told).headers.items()
        if name.lower() in CREDENTIAL_HEADERS or name.lower() == AUTHORIZATION
    }
    headers = {**told.headers, **credential}
    head = head or Interaction("", "", {}, b"")
    return replace(head, method=told.method, url=told.url, headers=headers, body=told.body)


def _keeps_answers(opened: Any) -> bool:
    """Whether a test keeps answers that say "come again"; a process that it started cannot know."""
    return isinstance(opened, OpenCassette) and bool(opened.use.keep)


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http:")


def _read_body(request: PreparedRequest) -> None:
    """Read a body into the request as a whole, so that it can be matched and sent again."""
    if request.body is None or isinstance(request.body, bytes | str):
        return
    request.body = as_bytes(request.body)
    if request.headers.pop("Transfer-Encoding", None) is not None:
        request.headers["Content-Length"] = str(len(request.body))


def _told(request: PreparedRequest, told: Interaction) -> PreparedRequest:
    """The request as it is to be sent; the very one where that is the same."""
    body = as_bytes(request.body)
    if (told.url, told.body) == (request.url, body):
        return request
    changed = request.copy()
    changed.url = told.url
    if told.body != body:
        changed.body = told.body
        for name in [each for each in changed.headers if each not in told.headers]:
            del changed.headers[name]
        changed.headers["Content-Length"] = str(len(told.body))
    return changed


def _fill(request: PreparedRequest, form: Form, credential: Mapping[str, str]) -> None:
    """Send the form with the credential in it."""
    body = request.body = form.with_credential(credential)
    request.headers["Content-Type"] = form.content_type
    request.headers["Content-Length"] = str(len(body))


def _as_interaction(request: PreparedRequest) -> Interaction:
    headers = header_dicts.pairs_of(request.headers)
    return Interaction.asked(
        request.method or "GET",
        request.url or "",
        {name: value if type(value) is str else as_text(value) for name, value in headers.items()},
        as_bytes(request.body),
    )


def _has_credentials(request: Interaction, *, is_oauth: bool) -> bool:
    """Whether a test put one in; beside a key, ``Authorization`` may be for what stands before."""
    if not CREDENTIAL_HEADERS.isdisjoint(map(str.lower, request.headers)):
        return True
    return is_oauth and AUTHORIZATION in map(str.lower, request.headers)


def _remove_credentials(request: PreparedRequest) -> None:
    for name in [name for name in request.headers if name.lower() in CREDENTIAL_HEADERS]:
        del request.headers[name]
