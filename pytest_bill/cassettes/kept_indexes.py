"""What is kept of large cassettes between runs, so that one is not read as a whole to play a bit.

Of a cassette of some size, a file in pytest's cache folder says where each interaction stands, and
which have the same match key, by its checksum. It counts for the very bytes that it was made of,
the same settings, and as long as no secret of the run stands in a recorded request: then each key
is as it was. What is played is read from the cassette and compared first. Where nothing is found,
the whole cassette is read.

No secret is in such a file, nor anything else that the cassette does not hold. One that is damaged
is none.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, overload

from pytest_bill import __version__, real_files
from pytest_bill.cassettes import reader, store
from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matching import Matcher, MatchKey
from pytest_bill.cassettes.partial_index import PartialIndex
from pytest_bill.fakes import without_fakes
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.scrub import ScrubRules

SMALLEST = 2**20
"""So many bytes has a cassette of which something is kept: less is read in no time."""
MOST_KEPT = 128 * 2**20
_MOST_FILES = 64
_MAGIC = b"pytest-bill index 1\n"
_SUFFIX = ".index"
_CHECKSUM = hashlib.sha256().digest_size
_BETWEEN = " \x02 "
_BEGINNING = b"\n- "


class KeptIndexes:
    """The files with what is kept, in a folder that all processes of all runs share."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        """``folder`` makes it, when it is first needed."""
        self._folder = folder

    def look_at(self, file: Path, matcher: Matcher) -> Seen | None:
        """A cassette as it is now, before it is read; None where it is small, or cannot be read."""
        if matcher.custom or real_files.size_of(file) < SMALLEST:
            return None
        try:
            with without_fakes():
                folder = self._folder()
            raw = real_files.read_bytes(file, store.MOST_BYTES)
            digest = hashlib.sha256(raw).hexdigest()
            name = _digest_of([str(file), *_about(matcher)])[:32]
            return Seen(file, raw, digest, folder / f"{name}{_SUFFIX}", matcher)
        except (OSError, ValueError):
            return None


class Seen:
    """A cassette of some size, and what is kept of it, where that is so."""

    def __init__(self, file: Path, raw: bytes, digest: str, place: Path, matcher: Matcher) -> None:
        self._file = file
        self._digest = digest
        self._place = place
        self._matcher = matcher
        self._kept = self._found()
        self._raw = raw if self._kept is not None else b""

    @property
    def recording(self) -> store.Recording | None:
        """What the cassette holds, read when it is asked for; None where nothing is kept."""
        if self._kept is None:
            return None
        interactions = Interactions(self._raw, self._kept.starts)
        return store.Recording(interactions, self._kept.about, may_have_faults=False)

    def index(self, recording: store.Recording, stood_in: frozenset[str]) -> Index:
        """The index of what the cassette holds; of one that is made anew, something is kept."""
        interactions = recording.interactions
        if self._kept is not None:
            self._matcher.know_places(self._kept.places)
            kept = self._kept
            return PartialIndex(
                interactions,
                self._matcher,
                stood_in,
                lambda key: kept.numbers_of(_digest_of_key(key)),
                lambda number: kept.sessions[kept.session_of[number]],
            )
        index = Index(interactions, self._matcher, stood_in)
        with suppress(OSError, ValueError, TypeError, OverflowError), without_fakes():
            self._keep(recording, index)
        return index

    def _found(self) -> _Kept | None:
        try:
            kept = _read(real_files.read_bytes(self._place, MOST_KEPT), self._digest)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if self._matcher.knows_none_in(kept.searched) else None

    def _keep(self, recording: store.Recording, index: Index) -> None:
        interactions = recording.interactions
        raw = real_files.read_bytes(self._file, store.MOST_BYTES)
        if hashlib.sha256(raw).hexdigest() != self._digest or b"\r" in raw:
            return
        starts = array("Q", starts_in(raw))
        texts = _texts_of(interactions)
        if len(starts) != len(interactions) or texts is None:
            return
        searched = _BETWEEN.join(texts).encode("ascii")
        if any(each.fault for each in interactions) or not self._matcher.knows_none_in(searched):
            return
        head = {
            "cassette": self._digest,
            "about": recording.metadata,
            "headers": sorted(self._matcher.places.headers),
            "fields": sorted(self._matcher.places.fields),
        }
        data = _written(head, starts, index, searched)
        if len(data) <= MOST_KEPT // 2:
            _make_room(self._place.parent, len(data))
            real_files.replace_file(self._place, data, 0o600, is_lasting=False)


class Interactions(Sequence[Interaction]):
    """The interactions of a cassette, each read when it is asked for first; it has no faults."""

    def __init__(self, raw: bytes, starts: Sequence[int]) -> None:
        self._raw = raw
        self._starts = starts
        self._read: dict[int, Interaction] = {}
        self._all: list[Interaction] | None = None

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> Interaction: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Interaction]: ...
    def __getitem__(self, number: int | slice) -> Interaction | Sequence[Interaction]:
        if isinstance(number, slice) or self._all is not None:
            return self.all()[number]
        read = self._read.get(number)
        if read is None:
            read = self._read[number] = self._one(number)
        return read

    def __iter__(self) -> Iterator[Interaction]:
        return iter(self.all())

    def all(self) -> list[Interaction]:
        """All of them; those that were read before are the same objects."""
        if self._all is None:
            recording = store.parsed(self._raw)
            assert recording is not None  # it was read before
            interactions = list(recording.interactions)
            for number, read in self._read.items():
                interactions[number] = read
            self._all = interactions
        return self._all

    def _one(self, number: int) -> Interaction:
        number = range(len(self))[number]
        ends = self._starts[number + 1 : number + 2] or [len(self._raw)]
        piece = self._raw[self._starts[number] : ends[0]].decode("utf-8")
        return reader.read_one(piece) or self.all()[number]


class _Kept(NamedTuple):
    """What a file says of a cassette; the ``digests`` of match keys are sorted, with ``numbers``.

    ``searched`` are all texts of its requests.
    """

    about: dict[str, Any]
    places: ScrubRules
    starts: array[int]
    digests: array[int]
    numbers: array[int]
    sessions: list[str]
    session_of: array[int]
    searched: bytes

    def numbers_of(self, digest: int) -> Sequence[int]:
        """The interactions whose match key has a digest, in order."""
        from bisect import bisect_left, bisect_right

        first = bisect_left(self.digests, digest)
        return self.numbers[first : bisect_right(self.digests, digest, first)]


def starts_in(raw: bytes) -> Iterator[int]:
    """Where the interactions of a cassette begin: nothing else stands so far to the left."""
    found = raw.find(_BEGINNING)
    while found >= 0:
        yield found + 1
        found = raw.find(_BEGINNING, found + 1)


def _about(matcher: Matcher) -> Iterable[str]:
    """All that match keys depend on beside the cassette and the secrets of a run."""
    return (__version__, sys.version, sys.byteorder, *matcher.about)


def _digest_of(texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _digest_of_key(key: MatchKey) -> int:
    written = repr(key).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest(), "little")


def _texts_of(interactions: Iterable[Interaction]) -> list[str] | None:
    """All that requests are compared by, each once; None where it cannot be searched in one go."""
    texts: dict[str, None] = {}
    for each in interactions:
        texts[each.method] = texts[each.url] = None
        for name, value in each.headers.items():
            texts[name] = texts[value] = None
        if each.body:
            if not each.body.isascii():
                return None
            texts[each.body.decode("ascii")] = None
    # What is printable does not reach over what is put between.
    return list(texts) if all(each.isascii() and each.isprintable() for each in texts) else None


def _written(head: dict[str, Any], starts: array[int], index: Index, searched: bytes) -> bytes:
    count = len(starts)
    digests = [_digest_of_key(index.key_of(number)) for number in range(count)]
    order = sorted(range(count), key=digests.__getitem__)
    sessions: dict[str, int] = {}
    session_of = array(
        "H", (sessions.setdefault(index.session_of(each), len(sessions)) for each in range(count))
    )
    head = {**head, "count": count, "sessions": list(sessions)}
    written = json.dumps(head).encode()
    if json.loads(written) != head:
        raise ValueError("the metadata is not JSON")
    parts = (
        len(written).to_bytes(8, "little") + written,
        starts.tobytes(),
        array("Q", (digests[number] for number in order)).tobytes(),
        array("I", order).tobytes(),
        session_of.tobytes(),
        searched,
    )
    rest = b"".join(parts)
    return _MAGIC + hashlib.sha256(rest).digest() + rest


def _read(data: bytes, digest: str) -> _Kept:
    """What is kept of a cassette of this digest.

    Raises:
        ValueError, KeyError, TypeError: it is damaged, or of another one.
    """
    begin = len(_MAGIC) + _CHECKSUM
    rest = memoryview(data)[begin:]
    if data[:begin] != _MAGIC + hashlib.sha256(rest).digest():
        raise ValueError("it is damaged")
    size = 8 + int.from_bytes(rest[:8], "little")
    head = json.loads(bytes(rest[8:size]))
    if head["cassette"] != digest:
        raise ValueError("it is of another one")
    arrays = []
    for kind in "QQIH":
        numbers = array(kind)
        end = size + head["count"] * numbers.itemsize
        numbers.frombytes(rest[size:end])
        arrays.append(numbers)
        size = end
    starts, digests, order, session_of = arrays
    places = ScrubRules(frozenset(head["headers"]), frozenset(head["fields"]))
    return _Kept(
        *(head["about"], places, starts, digests, order),
        *(head["sessions"], session_of, bytes(rest[size:])),
    )


def _make_room(folder: Path, size: int) -> None:
    """Remove what was not made for longest, until there is room."""
    files = [(each.stat(), each) for each in folder.glob(f"*{_SUFFIX}")]
    files.sort(key=lambda each: each[0].st_mtime_ns, reverse=True)
    for number, (about, path) in enumerate(files, 2):
        size += about.st_size
        if size > MOST_KEPT or number > _MOST_FILES:
            with suppress(OSError):
                real_files.remove(path)
