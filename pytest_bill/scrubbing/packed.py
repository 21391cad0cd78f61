"""Packed bytes (gzip, zlib, zstd, brotli, raw deflate): finding, unpacking, packing again.

A stream that is broken or cut off gives what comes out of it; one that grows beyond
:data:`MOST_UNPACKED` gives None. Brotli and zstd need their packages (``urllib3[brotli,zstd]``), as
they do for any client that reads such an answer.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

MOST_UNPACKED = 256 * 2**20
"""A stream that unpacks to more bytes is not searched."""

_CHUNK = 16 * 1024
_PIECE = 2**20
_LONGEST_HEADER = 24
_FAILED_TRY = 1024
_LEAST_BUDGET = 2**20
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
MAGIC = (_GZIP, _ZSTD, b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""What the streams that are found by themselves begin with."""
_START = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x78[\x01\x5e\x9c\xda]", re.DOTALL)


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
        return False
    # Looking for the first bytes is quicker than the pattern.
    return _GZIP in data or _ZSTD in data or (b"x" in data and _START.search(data) is not None)


def streams_in(data: bytes) -> Iterator[Stream]:
    """Every packed stream that begins with its own magic bytes, wherever it stands."""
    if data.isascii():
        return
    position = end = 0
    # Together, all tries may read the data a few times over; beyond that it is made to be slow.
    budget = 8 * len(data) + _LEAST_BUDGET
    while (match := _START.search(data, position)) is not None:
        start = match.start()
        found = _stream_at(data, start) if budget > 0 else Stream(start, len(data), None, bytes)
        position = start + 1
        if found is None:
            budget -= _FAILED_TRY
            continue
        budget -= found.end - start
        yield replace(found, is_within=start < end)
        # One that broke off may have swallowed the beginning of another.
        end = max(end, found.end)
        if found.is_certain:
            position = max(found.end, position)


def whole_streams(data: bytes) -> Iterator[tuple[Stream, bool]]:
    """The data as raw deflate and as brotli, which have no magic bytes.

    With each, whether the data is such a stream from its first to its last byte. It is tried for
    whole bodies only.

    Where it is not, it may be such a stream that broke off, or anything else.
    """
    # A header that was damaged, gzip's for one, hides nothing from a reader who skips it.
    for start in range(min(_LONGEST_HEADER, len(data))):
        found = _inflated(data, start)
        if found is not None:
            whole = not start and found.end == len(data)
            yield Stream(start, found.end, found.plain, _raw_deflate), whole
    plain, is_whole = _brotli(data)
    if plain != b"":
        yield Stream(0, len(data), plain, _brotli_again), is_whole


def unpacked(data: bytes, encoding: str) -> bytes | None:
    """A body with one Content-Encoding taken off; None where that cannot be done safely.

    Of a body that was cut off, what a client would see is given.
    """
    if encoding in ("gzip", "x-gzip"):
        return _joined(data, _GZIP)
    if encoding == "zstd":
        return _joined(data, _ZSTD)
    if encoding == "deflate":
        # As browsers and clients do: with zlib's header or, wrongly, without.
        found = _zlib(data, 0) or _inflated(data, 0)
        return found.plain if found is not None and found.end == len(data) else None
    if encoding == "br":
        plain, is_whole = _brotli(data)
        return plain if is_whole else None
    return None


def packed(plain: bytes, encoding: str) -> bytes | None:
    """A body with one Content-Encoding put on; None where that cannot be done here."""
    try:
        pack = _PACKING[encoding]
        return pack(plain)
    except (KeyError, ImportError, AttributeError):  # a package is not installed
        return None


def _joined(data: bytes, magic: bytes) -> bytes | None:
    plain, position = b"", 0
    while position < len(data):
        if not data.startswith(magic, position):
            # Zeros pad some files; anything else may hide something.
            return plain if position and not data[position:].strip(b"\0") else None
        found = _stream_at(data, position)
        if found is None or found.plain is None:
            return None
        plain += found.plain
        position = found.end
        if len(plain) > MOST_UNPACKED:
            return None
    return plain


def _stream_at(data: bytes, start: int) -> Stream | None:
    found: _Found | None
    pack: Callable[[bytes], bytes]
    if data.startswith(_GZIP, start):
        found, pack = _gzip(data, start), _gzip_again
    elif data.startswith(_ZSTD, start):
        found, pack = _zstd(data, start), _zstd_again
    else:
        found, pack = _zlib(data, start), zlib.compress
    return found and Stream(start, found.end, found.plain, pack, found.is_certain)


class _Found(NamedTuple):
    """What came out of a stream, None if too much, and where it ended or broke off."""

    plain: bytes | None
    end: int
    is_certain: bool
    """Whether it ended, and with the right checksum where it has one."""


def _gzip(data: bytes, start: int) -> _Found | None:
    position = start + 10
    flags = data[start + 3] if len(data) > start + 3 else 0
    if flags & 4 and len(data) >= position + 2:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (8, 16):  # file name, comment
        if flags & flag:
            end = data.find(b"\0", position)
            position = end + 1 if end >= 0 else len(data)
    if flags & 2:
        position += 2
    return _with_trailer(
        data,
        _inflated(data, position),
        lambda plain: (
            zlib.crc32(plain).to_bytes(4, "little") + (len(plain) % 2**32).to_bytes(4, "little")
        ),
    )


def _zlib(data: bytes, start: int) -> _Found | None:
    if len(data) < start + 2 or int.from_bytes(data[start : start + 2], "big") % 31:
        return None
    if data[start] & 15 != 8:
        return None
    return _with_trailer(
        data, _inflated(data, start + 2), lambda plain: zlib.adler32(plain).to_bytes(4, "big")
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


def _inflated(data: bytes, start: int) -> _Found | None:
    """What a raw deflate stream holds, and where it ends; None where nothing came out of it."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    view = memoryview(data)
    plain: list[bytes] = []
    size, position = 0, start
    while position < len(data) and not unpacker.eof:
        chunk = view[position : position + _CHUNK]
        before = unpacker.copy()
        try:
            out = unpacker.decompress(chunk, MOST_UNPACKED + 1 - size)
        except zlib.error:
            out, read = _byte_by_byte(before, chunk)
            plain.append(out)
            return _Found(b"".join(plain), position + read, False) if any(plain) else None
        plain.append(out)
        size += len(out)
        if size > MOST_UNPACKED:
            return _Found(None, len(data), True)
        position += len(chunk) - len(unpacker.unused_data)
    if not unpacker.eof and not any(plain):
        return None
    return _Found(b"".join(plain), position, unpacker.eof)


def _byte_by_byte(unpacker: Any, chunk: memoryview) -> tuple[bytes, int]:
    """What comes out of a chunk before it breaks, and how much of it was read."""
    plain: list[bytes] = []
    for index in range(len(chunk)):
        try:
            plain.append(unpacker.decompress(chunk[index : index + 1]))
        except zlib.error:
            return b"".join(plain), index
    return b"".join(plain), len(chunk)


def _zstd(data: bytes, start: int) -> _Found | None:
    zstd = _zstd_module()
    if zstd is None:
        return _Found(None, len(data), True)  # nobody can tell what it holds

    def unpacker() -> tuple[Callable[[bytes], bytes], Callable[[], int | None]]:
        made = zstd.ZstdDecompressor()
        return (
            lambda chunk: made.decompress(chunk, MOST_UNPACKED + 1),
            lambda: len(made.unused_data) if made.eof else None,
        )

    plain, end, is_whole = _read_by(unpacker, zstd.ZstdError, data, start)
    if plain == b"" and not is_whole:
        return None
    has_checksum = data[start + 4 : start + 5] and data[start + 4] & 4
    return _Found(plain, end, plain is None or bool(is_whole and has_checksum))


def _read_by(
    unpacker: Callable[[], tuple[Callable[[bytes], bytes], Callable[[], int | None]]],
    error: type[Exception],
    data: bytes,
    start: int,
) -> tuple[bytes | None, int, bool]:
    """What comes out of a stream, where it ends, and whether it came to its end there.

    ``unpacker`` gives a function that takes a chunk, and one that says at the end of the stream how
    many bytes were too many.
    """
    plain: list[bytes] = []
    size, position, step = 0, start, _CHUNK
    read, rest = unpacker()
    while position < len(data):
        chunk = data[position : position + step]
        try:
            out = read(chunk)
        except error:
            if step == 1:
                return b"".join(plain), position, False
            # Once more, and then byte by byte to where it breaks.
            read, rest = unpacker()
            for again in range(start, position, _CHUNK):
                read(data[again : again + _CHUNK])
            step = 1
            continue
        plain.append(out)
        size += len(out)
        if size > MOST_UNPACKED:
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


def _brotli(data: bytes) -> tuple[bytes | None, bool]:
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
            while not made.can_accept_more_data() and len(out) * _PIECE <= MOST_UNPACKED:
                out.append(made.process(b"", output_buffer_limit=_PIECE))
            return b"".join(out)

        return read, lambda: 0 if made.is_finished() else None

    plain, end, is_whole = _read_by(unpacker, brotli.error, data, 0)
    return plain, is_whole and end == len(data)


def _brotli_again(plain: bytes) -> bytes:
    import brotli

    return bytes(brotli.compress(plain))


def _gzip_again(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _zstd_again(plain: bytes) -> bytes:
    return bytes(_zstd_module().compress(plain))


def _raw_deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(plain) + packer.flush()


_PACKING: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip_again,
    "deflate": zlib.compress,
    "br": _brotli_again,
    "zstd": _zstd_again,
}
ENCODINGS = frozenset(_PACKING)
"""What :func:`packed` can put on."""
