"""The two sides of a comparison: files, folders, and what git has of an earlier revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pytest_bill.exceptions import CassetteError, PytestBillError, SettingsError
from pytest_bill.scan.files import read_file
from pytest_bill.viewing import git
from pytest_bill.viewing.differing import Pair
from pytest_bill.viewing.files import candidates, is_cassette, recording_in

Contents = Mapping[str, bytes]
"""What files hold, by their names."""


class Sides:
    """The cassettes to compare, by their names, and what is told of those that cannot be."""

    def __init__(self, look_at: Callable[[str, bytes], None] | None = None) -> None:
        """``look_at`` is called with the name and content of each cassette that differs."""
        self._look_at = look_at
        self.pairs: dict[str, Pair] = {}
        self.errors: list[str] = []
        self.compared = 0
        """How many cassettes there were, those that are the same to the byte among them."""

    def add_files(self, old: Path, new: Path) -> None:
        """Two files, or all cassettes of two folders, by their places below these.

        Raises:
            SettingsError: one is a file and the other a folder.
            CannotScan: one cannot be read.
        """
        if old.is_dir() != new.is_dir():
            raise SettingsError(
                f"{old} is a {_kind(old)}, and {new} is a {_kind(new)}.\n"
                "Name two files, or two folders: pytest-bill diff OLD NEW"
            )
        if not old.is_dir():
            self._add(new.as_posix(), read_file(old), read_file(new), is_named=True)
            return
        before, now = (_in_folder(each) for each in (old, new))
        self._add_all(before, now)

    def add_since(self, revision: str, paths: Sequence[Path]) -> None:
        """What is at these paths now, and what git has of it.

        Raises:
            SettingsError: git has no such revision, or is not there.
        """
        for path in paths:
            before = dict(git.files_at(revision, path))
            now = {each.as_posix(): read_file(each) for each in _candidates_at(path)}
            if not before and not now:
                raise SettingsError(
                    f"{path}: no such file or folder, neither here nor at {revision}.\n"
                    f"Name cassettes or a folder of them: pytest-bill diff --since {revision} PATH"
                )
            self._add_all(before, now)

    def _add_all(self, before: Contents, now: Contents) -> None:
        for name in sorted(before.keys() | now.keys()):
            self._add(name, before.get(name), now.get(name))

    def _add(
        self, name: str, old: bytes | None, new: bytes | None, *, is_named: bool = False
    ) -> None:
        if not is_named and not any(each and is_cassette(each) for each in (old, new)):
            return
        self.compared += 1
        if old == new:
            return  # nothing differs, whatever it holds
        for each in (old, new):
            if each is not None and self._look_at is not None:
                self._look_at(name, each)
        try:
            self.pairs[name] = Pair(
                *(each if each is None else recording_in(Path(name), each) for each in (old, new))
            )
        except CassetteError as error:
            which = "" if new is None or _is_broken(new) else "Before: "
            self.errors.append(f"{which}{error}")


def _is_broken(raw: bytes) -> bool:
    try:
        recording_in(Path(), raw)
    except PytestBillError:
        return True
    return False


def _in_folder(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): read_file(each) for each in candidates([folder])}


def _candidates_at(path: Path) -> list[Path]:
    return list(candidates([path])) if path.exists() else []


def _kind(path: Path) -> str:
    return "folder" if path.is_dir() else "file"
