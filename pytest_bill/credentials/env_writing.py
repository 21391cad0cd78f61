"""Puts values into a ``.env`` file. Only their lines change, and nobody else may read it then."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.credentials.env_file import MOST_BYTES
from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern

_PRIVATE = 0o600
_BOM = b"\xef\xbb\xbf"
_PLAIN = late_pattern(r"[A-Za-z0-9._~+/=:@-]+")
_EXPORT = late_pattern(r"export\s+")


def write_values(path: Path, values: Mapping[str, str], comment: str = "") -> None:
    """Put values into the file, whole or not at all; without any, make sure that it can be done.

    A file that is not there is made. Where it is a link, what that leads to is written. ``comment``
    stands above what is new.

    Raises:
        OSError: the file system refused; the file is as it was.
        SettingsError: a value cannot stand there, or the file is not UTF-8.
    """
    place = path.resolve()
    try:
        raw = real_files.read_bytes(place, MOST_BYTES)
    except FileNotFoundError:
        raw = b""
        if not values:
            real_files.replace_file(place, raw, _PRIVATE)
            real_files.remove(place)
            return
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        # `from None`: the decoding error carries the file's bytes.
        raise SettingsError(f"{path} is not UTF-8.\nMend it, or name another one.") from None
    written = with_values(text, values, comment).encode()
    real_files.replace_file(place, (_BOM if raw.startswith(_BOM) else b"") + written, _PRIVATE)


def with_values(text: str, values: Mapping[str, str], comment: str = "") -> str:
    """The text of a ``.env`` file with these values: in their lines, or at its end.

    Raises:
        SettingsError: one cannot stand there, such as one of two lines.
    """
    from dotenv.parser import parse_stream

    line_end = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    missing = dict(values)
    for binding in parse_stream(io.StringIO(text)):
        written, name = binding.original.string, binding.key
        if binding.error or name is None or name not in values:
            pieces.append(written)
            continue
        missing.pop(name, None)
        line = written.lstrip()
        export = _EXPORT.match(line)
        pieces.append(written[: len(written) - len(line)] + (export[0] if export else ""))
        pieces.append(f"{name}={_quoted(values[name])}")
        pieces.append(line_end if written.endswith(("\n", "\r")) else "")
    if missing and text and not text.endswith("\n"):
        pieces.append(line_end)
    lines = [f"# {comment}"] if missing and comment else []
    lines += [f"{name}={_quoted(value)}" for name, value in missing.items()]
    pieces += [line + line_end for line in lines]
    result = "".join(pieces)
    found = {each.key: each.value for each in parse_stream(io.StringIO(result))}
    for name, value in values.items():
        if found.get(name) != value or any(ord(each) < 32 or ord(each) == 127 for each in value):
            raise SettingsError(
                f"The value of {name} cannot stand in a .env file.\nSet it in the environment."
            )
    return result


def _quoted(value: str) -> str:
    """Without quotes where none are needed: not all tools that read the file know them."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"
