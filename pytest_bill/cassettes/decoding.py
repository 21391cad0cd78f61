"""Taking compression off bodies, so that a cassette holds text that can be searched and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.budget import MOST_UNPACKED

_Value = TypeVar("_Value")
_PLAIN = frozenset({"", "identity"})
_BEGINNINGS = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_LENGTH = len("content-encoding")
_CONTROL = late_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decoded(interaction: Interaction) -> Interaction:
    """The interaction with both bodies uncompressed and without Content-Encoding.

    Raises:
        CassetteError: a body is compressed in a way that cannot be undone here, so nobody can
            tell whether it holds a secret.
    """
    interaction = _with_decoded_request(interaction)
    if not interaction.answer_body:
        return interaction
    answer_encoding = _encoding(interaction.answer_headers)
    if answer_encoding not in _PLAIN:
        from pytest_bill.scrubbing.search.packed import ENCODINGS

        interaction = replace(
            interaction,
            answer_body=_decompressed(interaction.answer_body, answer_encoding, interaction),
            answer_headers=_without_encoding(interaction.answer_headers),
            content_encoding=answer_encoding if answer_encoding in ENCODINGS else "",
        )
    return interaction


def as_sent(interaction: Interaction) -> Interaction:
    """A recorded interaction with its answer packed as it came, where the cassette notes how."""
    encoding = interaction.content_encoding
    if not encoding or not interaction.answer_body:
        return interaction
    from pytest_bill.scrubbing.search.packed import packed

    body = packed(interaction.answer_body, encoding)
    if body is None:
        return interaction
    headers = {**interaction.answer_headers, "Content-Encoding": [encoding]}
    return replace(interaction, answer_body=body, answer_headers=headers, content_encoding="")


def _with_decoded_request(interaction: Interaction) -> Interaction:
    if not interaction.body:
        return interaction
    encoding = _encoding(interaction.headers)
    if encoding in _PLAIN:
        return interaction
    return replace(
        interaction,
        body=_decompressed(interaction.body, encoding, interaction),
        headers=_without_encoding(interaction.headers),
    )


def readable(interaction: Interaction) -> Interaction:
    """As ``decoded``, but a body that cannot be unpacked stays as it is."""
    try:
        return decoded(interaction)
    except CassetteError:
        return interaction


def readable_request(interaction: Interaction) -> Interaction:
    """As ``readable``, for the request alone; the answer stays as it is."""
    try:
        return _with_decoded_request(interaction)
    except CassetteError:
        return interaction


def is_packed(interaction: Interaction) -> bool:
    """Whether the answer's body is packed, as its Content-Encoding says.

    A body that begins as packed ones do is, broken or not: clients refuse it.
    """
    body, encoding = interaction.answer_body, _encoding(interaction.answer_headers)
    if not body or encoding in _PLAIN:
        return False
    if body.startswith(_BEGINNINGS):
        return True
    try:
        return _decompressed(body, encoding, interaction) is not body
    except CassetteError:
        return False


def _encoding(headers: Mapping[str, str] | Mapping[str, list[str]]) -> str:
    for name in headers:
        if len(name) == _LENGTH and name.lower() == "content-encoding":
            value = headers[name]
            return (value if isinstance(value, str) else ", ".join(value)).strip().lower()
    return ""


def _without_encoding(headers: Mapping[str, _Value]) -> dict[str, _Value]:
    return {name: value for name, value in headers.items() if name.lower() != "content-encoding"}


def _decompressed(body: bytes, encoding: str, interaction: Interaction) -> bytes:
    # vcrpy's stubs hand over some clients' bodies unpacked, with the header still there.
    if _is_text(body):
        return body
    from pytest_bill.scrubbing.search.packed import all_unpacked

    plain = all_unpacked(body, encoding)
    if plain is None:
        raise CassetteError(
            f"{interaction.method} has a body in Content-Encoding {encoding!r} that cannot be "
            "unpacked, or not to less than "
            f"{MOST_UNPACKED // 2**20} MiB, so it cannot be searched for secrets: it was not "
            "recorded.\n"
            "Ask BILL for an uncompressed answer (Accept-Encoding: identity), or for br and zstd "
            "install urllib3[brotli,zstd]."
        )
    return plain


def _is_text(body: bytes) -> bool:
    """Whether a body is plain text, which packed bytes never are: those have control characters."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)
