"""Zip archives (also xlsx, docx, ods, jar, epub) within bytes, and writing them again.

A search needs no archive: ``packed`` finds each deflated member by its own header, in one that is
broken, too. To replace something, the whole is written again, because sizes, checksums and offsets
stand all over it: the same members in the same order, packed the same way.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pytest_bill.scrubbing.search.budget import Budget, TooMuch

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_END = b"PK\x05\x06"
_TAIL = struct.Struct("<4xHHHHLLH")
_UNKNOWN = 2**32 - 1
_ZIP64 = 1
_FOR_EACH_BYTE = 8
Replacing = Callable[[bytes], bytes]
"""Gives the same bytes, or others in their place."""


def all_rewritten(
    data: bytes, replace: Replacing, budget: Budget
) -> Iterator[tuple[int, int, bytes]]:
    """Where archives start and end, and what takes their place; the outermost only.

    Raises:
        TooMuch: they make more work than there is a budget for.
    """
    at = data.rfind(_END)
    while at >= 0:
        where = _archive_before(data, at)
        if where is not None:
            start, end = where
            budget.spend(_FOR_EACH_BYTE * (end - start))
            new = rewritten_archive(data[start:end], replace, budget)
            if new is not None:
                yield start, end, new
                at = start + len(_END)
        at = data.rfind(_END, 0, at + len(_END) - 1)


def _archive_before(data: bytes, at: int) -> tuple[int, int] | None:
    """Where an archive may start and end, by the table at its end."""
    if len(data) < at + _TAIL.size:
        return None
    *_, size, offset, comment = _TAIL.unpack_from(data, at)
    # In a zip64, these stand elsewhere: zipfile finds them.
    start = 0 if _UNKNOWN in (size, offset) else at - size - offset
    return (start, min(at + _TAIL.size + comment, len(data))) if 0 <= start < at else None


def rewritten_archive(archive: bytes, replace: Replacing, budget: Budget) -> bytes | None:
    """An archive with all that it holds replaced; None where it cannot be written again.

    It cannot where it is broken, or has an encrypted member: that cannot be copied here.
    What stands before the first member stays in front.

    Raises:
        TooMuch: it unpacks to more than there is a budget for.
    """
    from zipfile import BadZipFile, ZipFile

    out = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(archive)) as old:
            _make_room(old, budget)
            first = min((each.header_offset for each in old.infolist()), default=0)
            out.write(replace(archive[:first]))
            with ZipFile(out, "w") as new:
                is_changed = _copied(old, new, replace)
    # What a broken archive makes of zipfile, in each of its versions.
    except (BadZipFile, ValueError, OSError, EOFError, RuntimeError, KeyError, IndexError):
        return None
    except (NotImplementedError, UnicodeError, OverflowError, struct.error, zlib.error):
        return None
    return out.getvalue() if is_changed else archive


def _make_room(archive: ZipFile, budget: Budget) -> None:
    size = sum(each.file_size for each in archive.infolist())
    if size > budget.most:
        raise TooMuch
    budget.unpack(size)


def _copied(old: ZipFile, new: ZipFile, replace: Replacing) -> bool:
    new.comment = replace(old.comment)
    is_changed = new.comment != old.comment
    for each in old.infolist():
        content = old.read(each)
        info, plain = _info(each, replace), replace(content)
        is_changed |= (info.filename, info.comment) != (each.filename, each.comment)
        is_changed |= plain != content
        new.NameToInfo.clear()  # or two of the same name are warned of
        new.writestr(info, plain)
    return is_changed


def _info(old: ZipInfo, replace: Replacing) -> ZipInfo:
    from zipfile import ZipInfo

    new = ZipInfo(replace(old.filename.encode()).decode(), old.date_time)
    new.compress_type, new.create_system = old.compress_type, old.create_system
    new.external_attr, new.internal_attr = old.external_attr, old.internal_attr
    new.comment = replace(old.comment)
    new.extra = _without_sizes(old.extra)
    return new


def _without_sizes(extra: bytes) -> bytes:
    """The extra fields of a member without that of zip64, which is written anew."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
