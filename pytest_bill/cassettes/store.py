"""Reading and writing cassette files: vcrpy's format (version 1), whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_bill import real_files
from pytest_bill.cassettes import faults, leak_check, reader, vcr_yaml, writer
from pytest_bill.cassettes.staging import Staging
from pytest_bill.cassettes.stand_ins_comment import kinds_in_comment
from pytest_bill.cassettes.vcr_yaml import as_bytes as as_bytes
from pytest_bill.cassettes.vcr_yaml import as_text as as_text
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction

if TYPE_CHECKING:
    from vcr.request import Request


@dataclass
class Recording:
    """What one cassette file holds."""

    interactions: list[Interaction] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def load(path: Path, file: Path | None = None) -> Recording | None:
    """Read a cassette; None where there is no file or an empty one, as vcrpy sees it.

    It is read from another ``file`` where its recording waits there.

    Raises:
        CassetteError: the file is not a cassette that vcrpy could read.
    """
    try:
        text = _text_of_file(real_files.read_bytes(file or path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CassetteError(
            f"The cassette {path} cannot be read: {_error_reason(error)}."
        ) from None
    if not text.strip():
        return None
    try:
        return _parsed_recording(text)
    except (
        *(yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError),
        RecursionError,  # PyYAML without libyaml, of what is nested deeply
    ) as error:
        raise CassetteError(
            f"The cassette {path} is damaged or not a cassette: {_error_reason(error)}.\n"
            "Restore it from version control, or delete it and record it again."
        ) from None


def _parsed_recording(text: str) -> Recording:
    read = reader.read(text)
    if read is None:
        data = vcr_yaml.load(text)
        read = vcr_yaml.interactions_in(data), dict(data.get("metadata") or {})
    interactions, about = faults.joined(*read)
    return Recording(interactions, about or _metadata_in_comment(text))


def _metadata_in_comment(text: str) -> dict[str, Any]:
    kinds = kinds_in_comment(text)
    return {"pytest_bill": {"stand_ins": {"kinds": sorted(kinds)}}} if kinds else {}


def save(
    path: Path,
    recording: Recording,
    find_secret: leak_check.SecretFinder,
    staging: Staging | None = None,
) -> None:
    """Write a cassette atomically: a crash leaves the old file or the new one.

    With ``staging`` it waits there.

    Raises:
        SecretFound: the text to be written holds a secret; nothing was written.
        CassetteError: the file system refused.
    """
    text = writer.write(recording.interactions, recording.metadata)
    written = _parsed_recording(text)
    leak_check.check(path, text, written.interactions, written.metadata, find_secret)
    place = path
    try:
        if staging is not None:
            place = staging.begin(path)
        else:
            real_files.make_folders(path.parent)
    except OSError as error:
        raise CassetteError(
            f"The cassette {path} cannot be written: {_error_reason(error)}."
        ) from None
    # A cassette is as readable as any file of the project.
    replace_file(place, text, real_files.mode_of_new_files())


def replace_file(path: Path, text: str, mode: int) -> None:
    """Put a text in a file's place, whole or not at all.

    Raises:
        CassetteError: the file system refused; the file is as it was.
    """
    try:
        real_files.replace_file(path, text.encode("utf-8"), mode)
    except OSError as error:
        raise CassetteError(
            f"The cassette {path} cannot be written: {_error_reason(error)}."
        ) from None


def _text_of_file(raw: bytes) -> str:
    """A file's text, as it is read on every system."""
    text = raw.decode("utf-8")
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


def _error_reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
