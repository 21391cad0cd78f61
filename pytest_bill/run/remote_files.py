"""What the processes of one run share in files, where they have no folder in common.

Each has a folder of its own, and the same files in it: those that go with a lock are sent when it
is taken and when it is given back. What is recorded of a cassette is named by its place, since the
cassette folder is another one on each machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pytest_bill import real_files
from pytest_bill.cassettes import set_ups, staging
from pytest_bill.cassettes.staging import Staging, path_digest

SANDBOX = "sandbox.json"
_OF_LOCK = {
    "sign_ins.lock": ("sign_ins.json",),
    "placeholders.lock": ("placeholders.txt",),
    set_ups.LOCK: (set_ups.FILE, set_ups.STOPPED, f"*{set_ups.DONE}"),
}
"""The files, or patterns of names, that go with each lock but those of cassettes."""
_RECORDING, _BEGUN, _SHARED = "recording", "begun", "shared"

Files = dict[str, bytes]


class SharedFiles:
    """Those of one process: in its ``folder``, and where its recordings wait."""

    def __init__(self, folder: Path, cassette_dir: Path) -> None:
        self.folder = folder
        self.cassette_dir = cassette_dir
        self._staging = Staging(cassette_dir, lambda: folder, lambda: folder)

    def lock_of(self, name: str, place: str) -> str:
        """The name of a lock here; ``place`` is that of the cassette that it is about."""
        return f"{path_digest(self._path(place))}.{name}" if place else name

    def read(self, name: str, place: str) -> Files:
        """The files that go with a lock."""
        if place:
            return self._read_cassette(self._path(place))
        found = [each for pattern in _OF_LOCK.get(name, ()) for each in self.folder.glob(pattern)]
        return {each.name: each.read_bytes() for each in found}

    def write(self, name: str, place: str, files: Mapping[str, bytes]) -> None:
        """Have what another process has.

        Raises:
            OSError: the file system refused.
        """
        if place:
            self._write_cassette(self._path(place), files)
            return
        for each, data in files.items():
            if any(PurePosixPath(each).match(pattern) for pattern in _OF_LOCK.get(name, ())):
                real_files.replace_file(self.folder / PurePosixPath(each).name, data, 0o600)

    def append(self, process: str, line: bytes) -> None:
        """Add a line to what a process tells of its tests."""
        with (self.folder / f"{PurePosixPath(process).name}{set_ups.DONE}").open("ab") as file:
            file.write(line)

    def place_of(self, path: Path) -> str:
        """The place of a cassette below the cassette folder."""
        return path.relative_to(self.cassette_dir).as_posix()

    def _path(self, place: str) -> Path:
        parts = PurePosixPath(place)
        if parts.is_absolute() or ".." in parts.parts:
            raise OSError(f"{place} is outside of the cassette folder")
        return self.cassette_dir / parts

    def _read_cassette(self, path: Path) -> Files:
        files: Files = {}
        if staging.is_marked(self.folder, path):
            files[_RECORDING] = real_files.read_bytes(self._staging.place_of(path))
        if staging.has_begun(self.folder, path):
            files[_BEGUN] = b""
        if staging.is_shared(self.folder, path):
            files[_SHARED] = b""
        return files

    def _write_cassette(self, path: Path, files: Mapping[str, bytes]) -> None:
        if _RECORDING in files:
            staging.keep_base(self.folder, path, is_shared=_SHARED in files)
            place = self._staging.begin(path)
            real_files.replace_file(place, files[_RECORDING], real_files.mode_of_new_files())
            staging.mark(self.folder, path)
        if _BEGUN in files:
            staging.mark_begun(self.folder, path)
