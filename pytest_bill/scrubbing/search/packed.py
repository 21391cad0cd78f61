"""Packed bytes (gzip, zlib, zstd, brotli, raw deflate, zip): finding, unpacking, packing again.

A stream that is broken or cut off gives what comes out of it; one that grows beyond what a
``Budget`` leaves gives None. Brotli and zstd need their packages (``urllib3[brotli,zstd]``), as
they do for any client that reads such an answer.
"""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.budget import Budget, TooMuch

_FIRST_CHUNK, _CHUNK = 512, 16 * 1024
_PIECE = 2**20
_LONGEST_HEADER = 24
_SHORT_TRY, _TRY = 128, 1024
_SHORT = 1024
_BYTE_BY_BYTE, _FEW_BYTES = 64, 256
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
# The last three with a smaller window, as old programs that write PDF do.
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"H\x89", b"X\x85", b"h\x81")
MAGIC = (_GZIP, _ZSTD, _ZIP, *_ZLIB)
"""What the streams that are found by themselves begin with."""
_START = late_pattern(b"|".join(map(re.escape, MAGIC)), re.DOTALL)


@dataclass(frozen=True, repr=False)
class Stream:
    """A packed stream from ``start`` to ``end``; ``plain`` is None where it cannot be searched."""

    start: int
    end: int
    plain: bytes | None
    pack: Callable[[bytes], bytes]
    is_certain: bool = True
    """Whether it came to its end with the right checksum: then nothing else begins within it."""
    is_within: bool = False
    """Whether it begins within another, or in what that one took for its own."""


def may_hold_streams(data: bytes) -> bool:
    """Whether something begins as a packed stream does."""
    if data.isascii():
        return _ZIP in data
    # Looking for the first bytes is quicker than the pattern in what is long.
    if len(data) < _SHORT:
        return _START.search(data) is not None
    return any(magic in data for magic in MAGIC)


def streams_in(data: bytes, budget: Budget | None = None) -> Iterator[Stream]:
    """Every packed stream that begins with its own magic bytes, wherever it stands.

    Raises:
        TooMuch: the data is made of more beginnings than there is a budget for.
    """
    if not may_hold_streams(data):
        return
    budget = budget or Budget(len(data))
    position = end = 0
    room = budget.most
    while (match := _START.search(data, position)) is not None:
        start = match.start()
        budget.spend(_TRY)
        found = _stream_at(data, start, budget)
        position = start + 1
        if found is None:
            continue
        room -= len(found.plain or b"")
        yield replace(found, is_within=start < end, plain=None if room < 0 else found.plain)
        # One that broke off may have swallowed the beginning of another.
        end = max(end, found.end)
        if found.is_certain:
            position = max(found.end, position)


def whole_streams(data: bytes, budget: Budget) -> Iterator[tuple[Stream, bool]]:
    """The data as raw deflate and as brotli, which have no magic bytes.

    With each, whether the data is such a stream from its first to its last byte. It is tried for
    whole bodies only.

    Where it is not, it may be such a stream that broke off, or anything else.
    """
    # A header that was damaged, gzip's for one, hides nothing from a reader who skips it.
    for start in range(min(_LONGEST_HEADER, len(data))):
        found = _inflated(data, start, budget)
        if found is not None:
            whole = not start and found.end == len(data)
            yield Stream(start, found.end, found.plain, deflate), whole
    plain, is_whole = _brotli(data, budget)
    if plain != b"":
        yield Stream(0, len(data), plain, _brotli_again), is_whole


def deflate(plain: bytes) -> bytes:
    """Raw deflate, for what ``whole_deflate`` unpacks."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


_COMPRESSED = frozenset({2, 4})
"""The kind of a first block, in the second and third bit, where it is not stored as it is."""


def whole_deflate(data: bytes, budget: Budget) -> bytes | None:
    """What a raw deflate stream holds that spans the data; None for any other data.

    Raises:
        TooMuch: it holds more than may be unpacked.
    """
    if not data[:1] or data[0] & 6 not in _COMPRESSED:
        return None
    budget.spend(len(data) + _SHORT_TRY)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(data, budget.most + 1)
    except zlib.error:
        return None
    budget.unpack(len(plain))
    if len(plain) > budget.most:
        raise TooMuch
    return plain if unpacker.eof and not unpacker.unused_data else None


def unpacked(data: bytes, encoding: str, budget: Budget | None = None) -> bytes | None:
    """A body with one Content-Encoding taken off; None where that cannot be done safely.

    Of a body that was cut off, what a client would see is given.
    """
    budget = budget or Budget(len(data))
    try:
        return _unpacked(data, encoding, budget)
    except TooMuch:
        return None


def _unpacked(data: bytes, encoding: str, budget: Budget) -> bytes | None:
    if encoding in ("gzip", "x-gzip"):
        return _joined(data, _GZIP, budget)
    if encoding == "zstd":
        return _joined(data, _ZSTD, budget)
    if encoding == "deflate":
        # As browsers and clients do: with zlib's header or, wrongly, without.
        found = _zlib(data, 0, budget) or _inflated(data, 0, budget)
        return found.plain if found is not None and found.end == len(data) else None
    if encoding == "br":
        plain, is_whole = _brotli(data, budget)
        return plain if is_whole else None
    return None


_NONE = frozenset({"", "identity"})


def all_unpacked(data: bytes, encodings: str) -> bytes | None:
    """A body with all that a Content-Encoding lists taken off, with one budget for all of it."""
    names = [each.strip() for each in encodings.lower().split(",")]
    budget, plain = Budget(len(data)), data
    for name in reversed([each for each in names if each not in _NONE]):
        unpacked_body = unpacked(plain, name, budget)
        if unpacked_body is None:
            return None
        plain = unpacked_body
    return plain


def _brotli_again(plain: bytes) -> bytes:
    import brotli

    return bytes(brotli.compress(plain))


def _gzip_again(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _zstd_again(plain: bytes) -> bytes:
    return bytes(_zstd_module().compress(plain))


_PACKING: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip_again,
    "deflate": zlib.compress,
    "br": _brotli_again,
    "zstd": _zstd_again,
}
ENCODINGS = frozenset(_PACKING)
"""What ``packed`` can put on."""


def packed(plain: bytes, encoding: str) -> bytes | None:
    """A body with one Content-Encoding put on; None where that cannot be done here."""
    try:
        pack = _PACKING[encoding]
        return pack(plain)
    except (KeyError, ImportError, AttributeError):  # a package is not installed
        return None


def _joined(data: bytes, magic: bytes, budget: Budget) -> bytes | None:
    plain: list[bytes] = []
    size = position = 0
    while position < len(data):
        if not data.startswith(magic, position):
            # Zeros pad some files; anything else may hide something.
            return b"".join(plain) if position and not data[position:].strip(b"\0") else None
        budget.spend(_TRY)
        found = _stream_at(data, position, budget)
        if found is None or found.plain is None:
            return None
        plain.append(found.plain)
        size += len(found.plain)
        if size > budget.most:
            return None
        position = found.end
    return b"".join(plain)


def _stream_at(data: bytes, start: int, budget: Budget) -> Stream | None:
    found: _Found | None
    pack: Callable[[bytes], bytes]
    if data.startswith(_ZIP, start):
        return _member(data, start, budget)
    if data.startswith(_GZIP, start):
        found, pack = _gzip(data, start, budget), _gzip_again
    elif data.startswith(_ZSTD, start):
        budget.spend(_TRY)  # making what unpacks it takes longer
        found, pack = _zstd(data, start, budget), _zstd_again
    else:
        found, pack = _zlib(data, start, budget), zlib.compress
    return found and Stream(start, found.end, found.plain, pack, found.is_certain)


class _Found(NamedTuple):
    """What came out of a stream, None if too much, and where it ended or broke off."""

    plain: bytes | None
    end: int
    is_certain: bool
    """Whether it ended, and with the right checksum where it has one."""


def _gzip(data: bytes, start: int, budget: Budget) -> _Found | None:
    position = start + 10
    flags = data[start + 3] if len(data) > start + 3 else 0
    if flags & 4 and len(data) >= position + 2:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (8, 16):  # file name, comment
        if flags & flag:
            end = data.find(b"\0", position)
            budget.spend((end if end >= 0 else len(data)) - position)
            position = end + 1 if end >= 0 else len(data)
    if flags & 2:
        position += 2
    return _with_trailer(
        data,
        _inflated(data, position, budget),
        lambda plain: (
            zlib.crc32(plain).to_bytes(4, "little") + (len(plain) % 2**32).to_bytes(4, "little")
        ),
    )


def _zlib(data: bytes, start: int, budget: Budget) -> _Found | None:
    if len(data) < start + 2 or int.from_bytes(data[start : start + 2], "big") % 31:
        return None
    if data[start] & 15 != 8:
        return None
    return _with_trailer(
        data,
        _inflated(data, start + 2, budget),
        lambda plain: zlib.adler32(plain).to_bytes(4, "big"),
    )


def _with_trailer(
    data: bytes, found: _Found | None, trailer: Callable[[bytes], bytes]
) -> _Found | None:
    """A stream with its checksum, if that follows. A wrong one hides nothing, or something else."""
    if found is None or found.plain is None or not found.is_certain:
        return found
    expected = trailer(found.plain)
    is_certain = data.startswith(expected, found.end)
    return _Found(found.plain, min(found.end + len(expected), len(data)), is_certain)


def _inflated(data: bytes, start: int, budget: Budget) -> _Found | None:
    """What a raw deflate stream holds, and where it ends; None where nothing came out of it."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    view = memoryview(data)
    plain: list[bytes] = []
    size, position = 0, start
    while position < len(data) and not unpacker.eof:
        chunk = view[position : position + _CHUNK]
        before, room = unpacker.copy(), budget.most + 1 - size
        try:
            out = unpacker.decompress(chunk, room)
        except zlib.error:
            out, read = _to_where_it_breaks(before, chunk, room)
            plain.append(out)
            budget.spend(len(chunk))
            budget.unpack(len(out))
            return _Found(b"".join(plain), position + read, False) if any(plain) else None
        plain.append(out)
        budget.spend(len(chunk) - len(unpacker.unused_data))
        budget.unpack(len(out))
        size += len(out)
        if size > budget.most:
            return _Found(None, len(data), True)
        position += len(chunk) - len(unpacker.unused_data)
    if not unpacker.eof and not any(plain):
        return None
    return _Found(b"".join(plain), position, unpacker.eof)


def _to_where_it_breaks(unpacker: Any, chunk: memoryview, room: int) -> tuple[bytes, int]:
    """What comes out of a chunk before it breaks, and how much of it was read."""
    plain: list[bytes] = []
    read, end = 0, len(chunk)
    # Halves of it, until what is left is quickly read byte by byte.
    while end - read > _FEW_BYTES:
        half = (end - read) // 2
        trying = unpacker.copy()
        try:
            plain.append(trying.decompress(chunk[read : read + half], room))
        except zlib.error:
            end = read + half
        else:
            unpacker, read = trying, read + half
    for index in range(read, end):
        try:
            plain.append(unpacker.decompress(chunk[index : index + 1], room))
        except zlib.error:
            return b"".join(plain), index
    return b"".join(plain), end


class _ZipMember(NamedTuple):
    """What the header of a file in a zip archive says."""

    method: int
    flags: int
    crc: int
    size: int
    """Packed; zero or all ones where it stands elsewhere."""
    begins: int
    """Where its content does."""

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody can read it who has no password."""
        return bool(self.flags & 1)


_MEMBER = struct.Struct("<4xBxHHxxxxLLLHH")
# Of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.5, without those that begin
# with their own magic bytes.
_DEFLATED = 8
_UNREADABLE = frozenset({1, 2, 3, 4, 5, 6, 9, 10, 12, 14, 16, 18, 19, 95, 97, 98})
_NEWEST = 63


def _zip_member(data: bytes, start: int) -> _ZipMember | None:
    """The header of a zip's member that begins there; None where there is none."""
    if len(data) < start + _MEMBER.size or not data.startswith(_ZIP, start):
        return None
    version, flags, method, crc, size, _, name, extra = _MEMBER.unpack_from(data, start)
    if version > _NEWEST:
        return None
    return _ZipMember(method, flags, crc, size, start + _MEMBER.size + name + extra)


def _member(data: bytes, start: int, budget: Budget) -> Stream | None:
    """The deflated content of a zip's member, whatever the rest of the archive says.

    What is stored needs no unpacking, and what is encrypted is out of reach of any reader.
    """
    member = _zip_member(data, start)
    if member is None or member.is_encrypted or member.begins >= len(data):
        return None
    if member.method in _UNREADABLE:
        return Stream(start, min(member.begins + member.size, len(data)), None, bytes)
    if member.method != _DEFLATED:
        return None
    found = _inflated(data, member.begins, budget)
    if found is None:
        return None
    crc = zlib.crc32(found.plain or b"")
    # Behind it stands the checksum where the header has none.
    is_right = crc == member.crc or crc.to_bytes(4, "little") in data[found.end : found.end + 8]
    return Stream(member.begins, found.end, found.plain, deflate, found.is_certain and is_right)


def _zstd(data: bytes, start: int, budget: Budget) -> _Found | None:
    zstd = _zstd_module()
    if zstd is None:
        return _Found(None, len(data), True)  # what it holds cannot be known

    def unpacker() -> tuple[Callable[[bytes], bytes], Callable[[], int | None]]:
        made = zstd.ZstdDecompressor()
        return (
            lambda chunk: made.decompress(chunk, budget.most + 1),
            lambda: len(made.unused_data) if made.eof else None,
        )

    plain, end, is_whole = _read_by(unpacker, zstd.ZstdError, data, start, budget)
    if plain == b"" and not is_whole:
        return None
    has_checksum = data[start + 4 : start + 5] and data[start + 4] & 4
    return _Found(plain, end, plain is None or bool(is_whole and has_checksum))


def _read_by(
    unpacker: Callable[[], tuple[Callable[[bytes], bytes], Callable[[], int | None]]],
    error: type[Exception],
    data: bytes,
    start: int,
    budget: Budget,
) -> tuple[bytes | None, int, bool]:
    """What comes out of a stream, where it ends, and whether it came to its end there.

    ``unpacker`` gives a function that takes a chunk, and one that says at the end of the stream how
    many bytes were too many.
    """
    plain: list[bytes] = []
    size, position, step = 0, start, _FIRST_CHUNK
    read, rest = unpacker()
    while position < len(data):
        chunk = data[position : position + step]
        budget.spend(len(chunk))
        try:
            out = read(chunk)
        except error:
            if step == 1:
                return b"".join(plain), position, False
            # Once more, and then byte by byte to where it breaks.
            budget.spend(position - start + _BYTE_BY_BYTE * len(chunk))
            read, rest = unpacker()
            for again in range(start, position, _CHUNK):
                read(data[again : min(again + _CHUNK, position)])
            step = 1
            continue
        step = _CHUNK if step > 1 else 1
        plain.append(out)
        budget.unpack(len(out))
        size += len(out)
        if size > budget.most:
            return None, len(data), False
        position += len(chunk)
        left = rest()
        if left is not None:
            return b"".join(plain), position - left, True
    return b"".join(plain), len(data), False


def _zstd_module() -> Any:
    try:
        from backports import zstd
    except ImportError:
        try:
            from compression import zstd  # type: ignore[import-not-found, no-redef]
        except ImportError:
            return None
    return zstd


def _brotli(data: bytes, budget: Budget) -> tuple[bytes | None, bool]:
    """What comes out of the data as brotli, and whether it came to its end with the data's."""
    try:
        import brotli
    except ImportError:
        return b"", False

    def unpacker() -> tuple[Callable[[bytes], bytes], Callable[[], int | None]]:
        made = brotli.Decompressor()

        def read(chunk: bytes) -> bytes:
            # A small chunk may hold a lot: its output is taken in pieces.
            out = [made.process(chunk, output_buffer_limit=_PIECE)]
            while not made.can_accept_more_data() and len(out) * _PIECE <= budget.most:
                out.append(made.process(b"", output_buffer_limit=_PIECE))
            return b"".join(out)

        return read, lambda: 0 if made.is_finished() else None

    plain, end, is_whole = _read_by(unpacker, brotli.error, data, 0, budget)
    return plain, is_whole and end == len(data)
