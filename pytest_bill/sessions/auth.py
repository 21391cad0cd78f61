"""A credential for other clients: an auth object that adds it when the request is sent.

requests and httpx both call it with the request and take what it gives back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.handed_over import as_bytes, as_text
from pytest_bill.credentials.kinds import CREDENTIAL_HEADERS
from pytest_bill.secret import NeverPickled
from pytest_bill.sessions.access import Access
from pytest_bill.v2_forms import form_in, takes_credential


class BillAuth(NeverPickled):
    """The credential of a BILL session, for requests and httpx: ``get(url, auth=session.auth)``.

    It adds the header fields, and in the v2 API the fields of the form, to requests that go to the
    configured BILL; others, and those that bring a credential along, stay as they are. What it adds
    is real where something may be sent, and placeholders during replay.
    Source: https://developer.bill.com/docs/bill-keys-tokens.
    """

    def __init__(self, access: Access, recorder: ClientRequests) -> None:
        self._access = access
        self._recorder = recorder

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with the {self._access.kind.title}>"

    def __call__(self, request: Any) -> Any:
        """The request with the credential; for httpx a new one, where the form changes."""
        url = str(request.url)
        self._recorder.ensure_open()
        if not self._recorder.environment.owns(url):
            return request
        credential = {name: str(value) for name, value in self._access.headers().items()}
        present = {name.lower() for name in request.headers}
        if not present.isdisjoint({*CREDENTIAL_HEADERS, *map(str.lower, credential)}):
            return request
        takes_form = self._access.kind.has_dev_key and takes_credential(
            (request.method or "").upper(), url, self._recorder.environment
        )
        form = form_in(_headers_of(request), _content_of(request)) if takes_form else None
        if form is not None and form.has_credential:
            return request
        for name, value in credential.items():
            request.headers[name] = value
        if form is None:
            return request
        request.headers["Content-Type"] = form.content_type
        return _with_content(request, form.with_credential(credential))


def _headers_of(request: Any) -> dict[str, str]:
    return {str(name): as_text(value) for name, value in request.headers.items()}


def _content_of(request: Any) -> bytes:
    """The body, where it is there already, or is a form of httpx's with files."""
    if hasattr(request, "body"):
        body = request.body
    elif isinstance(request.stream, Iterable):
        body = request.read()
    else:
        body = b""
    return as_bytes(body) if isinstance(body, bytes | str) else b""


def _with_content(request: Any, content: bytes) -> Any:
    if hasattr(request, "body"):  # requests' own; it works out the length after this
        request.body = content
        return request
    headers = [
        (name, value) for name, value in request.headers.items() if name.lower() != "content-length"
    ]
    return type(request)(
        request.method, request.url, headers=headers, content=content, extensions=request.extensions
    )
