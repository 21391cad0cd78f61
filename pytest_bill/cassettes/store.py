"""Reading and writing cassette files: vcrpy's format (version 1), whole or not at all."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill import real_files
from pytest_bill.cassettes import faults_in_file, parsing, reader
from pytest_bill.cassettes.damaged import MOST_UNUSUAL, Damaged, check_size
from pytest_bill.cassettes.handed_over import as_bytes, as_text
from pytest_bill.cassettes.not_written import not_written, reason
from pytest_bill.cassettes.stand_ins_comment import kinds_in_comment
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction

if TYPE_CHECKING:
    from vcr.request import Request

    from pytest_bill.cassettes.leak_check import SecretFinder
    from pytest_bill.cassettes.staging import Staging

MOST_BYTES = 256 * 2**20
"""So large may a cassette be."""
_BEGINNING = 2**16
_SAVE_AS_UTF_8 = "Save it as UTF-8."


@dataclass
class Recording:
    """What one cassette file holds."""

    interactions: Sequence[Interaction] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    may_have_faults: bool = field(default=True, compare=False)


def load(path: Path, file: Path | None = None) -> Recording | None:
    """Read a cassette; None where there is no file or an empty one, as vcrpy sees it.

    It is read from another ``file`` where its recording waits there.

    Raises:
        CassetteError: the file is not a cassette that vcrpy could read.
    """
    try:
        return parsed(real_files.read_bytes(file or path, MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CassetteError(
            f"The cassette {path} cannot be read: {reason(error)}.\n{_read_advice(error)}"
        ) from None
    except Damaged as error:
        raise CassetteError(error.told_of(f"The cassette {path}")) from None


def parsed(raw: bytes) -> Recording | None:
    """What a file of this content holds; None for an empty one.

    Raises:
        Damaged: it is no cassette.
    """
    text = _text_of_file(raw)
    return _parsed_recording(text) if text.strip() else None


def _parsed_recording(text: str) -> Recording:
    read = parsing.parse(text)
    try:
        interactions, about = faults_in_file.joined(*read)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged("the faults in its metadata have not the shape of faults") from None
    return Recording(interactions, about or _metadata_in_comment(text))


def _metadata_in_comment(text: str) -> dict[str, Any]:
    kinds = kinds_in_comment(text)
    return {"pytest_bill": {"stand_ins": {"kinds": sorted(kinds)}}} if kinds else {}


def save(
    path: Path,
    recording: Recording,
    find_secret: SecretFinder,
    staging: Staging | None = None,
) -> None:
    """Write a cassette atomically: a crash leaves the old file or the new one.

    With ``staging`` it waits there.

    Raises:
        SecretFound: the text to be written holds a secret; nothing was written.
        CassetteError: the file system refused.
    """
    from pytest_bill.cassettes import leak_check, writer  # nothing that replays needs them

    text = writer.write(recording.interactions, recording.metadata)
    if len(text) > MOST_BYTES:
        raise CassetteError(
            f"The cassette {path} was not written: it would have {len(text):,} bytes, and "
            f"{MOST_BYTES:,} are the most.\nLet its test ask BILL for less, or make two of it."
        )
    written = _parsed_recording(text)
    leak_check.check(path, text, written.interactions, written.metadata, find_secret)
    place = staging.place_of(path) if staging is not None else path
    try:
        if staging is not None:
            staging.begin(path)
        else:
            real_files.make_folders(path.parent)
        # A cassette is as readable as any file of the project.
        real_files.replace_file(place, text.encode("utf-8"), real_files.mode_of_new_files())
    except OSError as error:
        raise not_written(path, error, place) from None


def replace_file(path: Path, text: str, mode: int) -> None:
    """Put a text in a file's place, whole or not at all.

    Raises:
        CassetteError: the file system refused; the file is as it was.
    """
    try:
        real_files.replace_file(path, text.encode("utf-8"), mode)
    except OSError as error:
        raise not_written(path, error) from None


def _text_of_file(raw: bytes) -> str:
    """A file's text, as it is read on every system.

    Raises:
        Damaged: it is none.
    """
    if len(raw) > MOST_UNUSUAL:  # before it takes more memory
        beginning = raw[:_BEGINNING].decode("utf-8-sig", "replace").replace("\r\n", "\n")
        if not reader.begins_as_usual(beginning):
            check_size(len(raw))
    try:
        text = raw.decode("utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Damaged("it is UTF-16, and has to be UTF-8", 1, _SAVE_AS_UTF_8) from None
        line = raw.count(b"\n", 0, error.start) + 1
        raise Damaged("it is not UTF-8", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def to_vcr(interaction: Interaction) -> tuple[Request, dict[str, Any]]:
    """An interaction as vcrpy's request and response, for matchers that are written for it."""
    from vcr.request import Request  # imports all HTTP clients that are installed

    request = Request(
        interaction.method, interaction.url, interaction.body or None, dict(interaction.headers)
    )
    return request, vcr_response(interaction)


def vcr_response(interaction: Interaction) -> dict[str, Any]:
    """The answer of an interaction as vcrpy's response dict; every call gives a fresh one."""
    return {
        "status": {"code": interaction.status, "message": interaction.reason},
        "headers": {name: list(values) for name, values in interaction.answer_headers.items()},
        "body": {"string": interaction.answer_body},
    }


def from_vcr(request: Request, response: Mapping[str, Any] | None = None) -> Interaction:
    """vcrpy's request and response as an interaction."""
    headers = {str(name): as_text(value) for name, value in dict(request.headers).items()}
    interaction = Interaction(request.method, request.uri, headers, as_bytes(request.body))
    if response is None:
        return interaction
    return replace(
        interaction,
        status=int(response["status"]["code"]),
        reason=response["status"]["message"] or "",
        answer_headers={
            str(name): [
                as_text(value) for value in (values if isinstance(values, list) else [values])
            ]
            for name, values in response["headers"].items()
        },
        answer_body=as_bytes(response["body"].get("string")),
    )


def _read_advice(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Give this user leave to read it, and to look into its folder."
    if isinstance(error, NotADirectoryError):
        return "Take away what is no folder and stands where one has to be."
    return "Put a cassette there, or take away what is there and record it again."
