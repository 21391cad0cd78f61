"""The file of an open cassette: it is read when somebody asks for what it holds, and once."""

from __future__ import annotations

import threading
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.kept_indexes import KeptIndexes, Seen
from pytest_bill.cassettes.matching import Matcher


class CassetteFile:
    """What the file of a cassette holds. It is safe to use from several threads."""

    def __init__(
        self, path: Path, file: Path | None, matcher: Matcher, kept: KeptIndexes | None
    ) -> None:
        """It is read from another ``file`` where its recording waits there.

        What is ``kept`` of a large one is used, where it is known to be played only.
        """
        self._path = path
        self._file = file or path
        self._matcher = matcher
        self._kept = kept
        self._seen: Seen | None = None
        self._recording: store.Recording | None = None
        self._is_loaded = False
        self._loading = threading.Lock()

    @property
    def recording(self) -> store.Recording | None:
        """What it holds; None where there is none."""
        if not self._is_loaded:
            with self._loading:
                if not self._is_loaded:
                    if self._kept is not None:
                        self._seen = self._kept.look_at(self._file, self._matcher)
                    self._recording = self._seen.recording if self._seen is not None else None
                    if self._recording is None:
                        self._recording = store.load(self._path, self._file)
                    self._is_loaded = True
        return self._recording

    @property
    def read_so_far(self) -> store.Recording | None:
        """What it held, or nothing; None where nobody has looked."""
        if not self._is_loaded:
            return None
        return self._recording or store.Recording()

    def index(self, stood_in: frozenset[str]) -> Index:
        """A new index of what it holds."""
        recording = self.recording or store.Recording()
        if self._seen is not None:
            return self._seen.index(recording, stood_in)
        return Index(recording.interactions, self._matcher, stood_in)
