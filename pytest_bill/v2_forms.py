"""The forms of BILL's v2 API: where the credential is in them, putting it in, taking it out.

v3 takes ``devKey`` and ``sessionId`` as headers. v2 takes them as fields of the form, beside
``data`` (https://developer.bill.com/v2/docs/api-request-format), and beside ``file`` where a file
is uploaded (https://developer.bill.com/v2/docs/upload-documents). Each of its operations is a POST
(https://developer.bill.com/docs/whats-different-in-v3). The form that signs in
(https://developer.bill.com/v2/reference/auth-login) is all the test's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus, urlencode

from pytest_bill.environments import Environment
from pytest_bill.scrubbing.secret_places import SIGN_IN_PATH
from pytest_bill.urls import split

_URL_ENCODED = "application/x-www-form-urlencoded"
_CREDENTIAL = frozenset({"devkey", "sessionid"})


_PART = b'\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s'


def takes_credential(method: str, url: str, environment: Environment) -> bool:
    """Whether a request is one to the environment's v2 API, other than a sign-in."""
    return (
        method == "POST"
        # All else is spared the rest.
        and "/v2/" in url
        and environment.is_v2(url)
        and not SIGN_IN_PATH.search(split(url).path)
    )


@dataclass(frozen=True, repr=False)
class Form:
    """A form as it is sent: its fields' names in lower case, and each field as it is written.

    ``content_type`` is what its request declares, or has to where it declared nothing.
    """

    content_type: str
    fields: Sequence[tuple[str, bytes]]
    _read: Callable[[bytes], str]
    _write: Callable[[str, str], bytes]
    _join: Callable[[Sequence[bytes]], bytes]

    def __repr__(self) -> str:
        return f"<Form of {len(self.fields)} fields>"

    @property
    def has_credential(self) -> bool:
        """Whether one of the credential's fields is there, be it empty."""
        return any(name in _CREDENTIAL for name, _ in self.fields)

    @property
    def session_id(self) -> str:
        """The value of the field ``sessionId``; empty where there is none."""
        for name, written in self.fields:
            if name == "sessionid":
                return self._read(written)
        return ""

    def with_credential(self, credential: Mapping[str, str]) -> bytes:
        """The body with these fields in front, where BILL's examples have them."""
        put_in = [self._write(name, value) for name, value in credential.items()]
        return self._join(put_in + [written for _, written in self.fields])

    def without_credential(self) -> bytes:
        """The body without the credential's fields; what else is in it stays byte for byte."""
        return self._join([written for name, written in self.fields if name not in _CREDENTIAL])


def form_in(headers: Mapping[str, str], body: bytes) -> Form | None:
    """The form that a request sends, be it empty; None where its body is something else.

    A form is what is declared as one: a body without ``Content-Type`` may be anything.
    """
    declared = {name.lower(): value for name, value in headers.items()}
    if "content-encoding" in declared:
        return None
    content_type = declared.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == _URL_ENCODED or not (content_type or body):
        return _url_encoded(content_type or _URL_ENCODED, body)
    if media_type.startswith("multipart/"):
        return _multipart(media_type, content_type, body)
    return None


def _url_encoded(content_type: str, body: bytes) -> Form:
    pieces = body.split(b"&") if body else []
    return Form(
        content_type,
        [(_name_before_equals(piece), piece) for piece in pieces],
        lambda piece: unquote_plus(piece.partition(b"=")[2].decode("latin-1")),
        lambda name, value: urlencode({name: value}).encode(),
        b"&".join,
    )


def _name_before_equals(piece: bytes) -> str:
    return unquote_plus(piece.partition(b"=")[0].decode("latin-1")).lower()


def _multipart(media_type: str, content_type: str, body: bytes) -> Form | None:
    from pytest_bill.multipart import MEDIA_TYPE, Part, multipart_in

    found = multipart_in(content_type, body) if media_type == MEDIA_TYPE else None
    if found is None or not found.is_whole:
        return None
    return Form(
        content_type,
        [(part.name.lower(), part.written) for part in found.parts],
        lambda written: Part(written).content.decode("latin-1"),
        lambda name, value: _PART % (name.encode(), value.encode()),
        found.joined,
    )
