"""What a run left over: recorded answers that nobody played, and cassettes that no test uses.

Only what the run could know is said:

- Of a test's cassette, what was not played, if the test passed; of one that several tests share, if
  all tests were collected and all that use it passed; of a fixture's, if no test failed; of a
  sign-in's, if all tests that use BILL passed.
- The cassette of a test that is gone, if its module was collected as a whole; of a module that is
  gone, if its folder was.
- A cassette of any other name that no test uses, if all tests that use BILL were collected and
  passed.

Nothing is said of cassettes that were recorded into, and of files that pytest-bill did not write:
they may be another tool's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pytest_bill import real_files
from pytest_bill.cassettes import store
from pytest_bill.cassettes.naming import FIXTURE, SIGN_INS, folder_of_module
from pytest_bill.cassettes.staging import FOLDER as WAITING
from pytest_bill.exceptions import PytestBillError
from pytest_bill.patterns import late_pattern
from pytest_bill.run.lookalikes import Lookalikes
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.sources import Sources
from pytest_bill.run.usage import Usage

JUDGED = frozenset({NoticeKind.UNPLAYED, NoticeKind.UNUSED, NoticeKind.GONE})
"""What is told of a run as a whole."""
_MOST_REQUESTS = 3
_SUFFIXES = (".yaml", ".yml")
_TEST = late_pattern(r"(?:^|\.)test", re.IGNORECASE)
"""In the name of a test's cassette. Others may be named by markers, from anywhere."""


class Leftover(NamedTuple):
    """A cassette that is not used, or of which some answers are not.

    ``unplayed`` are the numbers of these answers, of so many that it holds.
    """

    notice: Notice
    file: str
    unplayed: frozenset[int] = frozenset()
    recorded: int = 0


def leftovers(usage: Usage, rootdir: Path) -> list[Leftover]:
    """What is left over of what is known of a run; ``rootdir`` is that of its suite."""
    if usage.is_live or not usage.tests:
        return []
    return [*_unplayed(usage, rootdir), *_Unused(usage, rootdir)]


def _unplayed(usage: Usage, rootdir: Path) -> Iterator[Leftover]:
    users: dict[str, list[str]] = {}
    for test, file in usage.tests.items():
        users.setdefault(file, []).append(test)
    for file, answers in sorted(usage.unplayed.items()):
        if not answers or file in usage.changed or not _is_known(usage, file, users.get(file)):
            continue
        count = usage.recorded[file]
        requests = [answers[number] for number in sorted(answers)]
        shown = ", ".join(requests[:_MOST_REQUESTS])
        more = f" and {len(requests) - _MOST_REQUESTS} more" if requests[_MOST_REQUESTS:] else ""
        text = f"{len(requests)} of {count} not played: {shown}{more}"
        notice = Notice(NoticeKind.UNPLAYED, _shown(usage, rootdir, file), text)
        yield Leftover(notice, file, frozenset(answers), count)


def _is_known(usage: Usage, file: str, users: list[str] | None) -> bool:
    """Whether all who may play the answers of a cassette have done what they do."""
    if users is not None:
        return usage.have_passed(users) and (file not in usage.named or usage.is_whole)
    if _is_of_sign_in(file):
        return usage.is_whole and usage.have_passed(usage.tests)
    return "failed" not in usage.outcomes.values()


class _Unused:
    """Looks for the cassettes that no test uses."""

    def __init__(self, usage: Usage, rootdir: Path) -> None:
        self._usage = usage
        self._rootdir = rootdir
        self._folder = rootdir / usage.cassette_dir
        self._is_whole = usage.is_whole
        self._is_complete = self._is_whole and usage.have_passed(usage.tests)
        self._owner_of_idle = {file: test for test, file in usage.idle.items()}
        self._sources = Sources(rootdir)
        self._modules_in: dict[PurePosixPath, list[str]] = {}
        self._lookalikes: Lookalikes | None = None

    def __iter__(self) -> Iterator[Leftover]:
        known = self._usage.used | set(self._usage.tests.values())
        for file in sorted(set(self._files()) - known):
            found = self._why_unused(file)
            if found is not None and is_ours(self._folder / file):
                kind, text = found
                if kind is NoticeKind.GONE:
                    text += self._new_name(file)
                yield Leftover(Notice(kind, _shown(self._usage, self._rootdir, file), text), file)

    def _files(self) -> Iterator[str]:
        """The cassettes in the folders of all that was collected as a whole."""
        if self._is_whole:
            yield from self._files_below(PurePosixPath())
            return
        for folder in self._usage.folders:
            # As the folder of a module in it is named; what is outside of the rootdir is not known.
            if folder != ".." and not folder.startswith("../"):
                yield from self._files_below(folder_of_module(f"{folder}/_").parent)
        for module in self._usage.modules:
            yield from self._files_below(folder_of_module(module), is_deep=False)

    def _files_below(self, place: PurePosixPath, *, is_deep: bool = True) -> Iterator[str]:
        for where, folders, names in os.walk(self._folder / place):
            # What waits to be proven is nobody's cassette yet.
            folders[:] = [name for name in folders if is_deep and name != WAITING]
            below = PurePosixPath(Path(where).relative_to(self._folder).as_posix())
            for name in names:
                if name.endswith(_SUFFIXES) and not name.startswith("."):
                    yield str(below / name)

    def _why_unused(self, file: str) -> tuple[NoticeKind, str] | None:
        """Why no test uses a file; None where one may."""
        test = self._owner_of_idle.get(file)
        if test is not None:
            other = self._usage.tests.get(test)
            if other is not None:
                return NoticeKind.UNUSED, f"{test} uses {other}"
            if self._usage.have_passed([test]):
                return NoticeKind.UNUSED, f"{test} passes without it"
            return None
        path = PurePosixPath(file)
        if _is_of_sign_in(file):
            return self._if_complete("no test signs in with it")
        modules = self._modules_of(path.parent)
        if path.name.startswith(FIXTURE) and (modules or path.parent.name == "conftest"):
            return self._if_complete("no fixture uses it")
        if modules:
            is_named_so = self._is_whole or _TEST.search(path.stem)
            if is_named_so and all(module in self._usage.modules for module in modules):
                return NoticeKind.GONE, f"{' and '.join(modules)} has no such test"
            return None
        if not self._is_below_whole(path.parent):
            return None
        if path.name.startswith(FIXTURE) or _TEST.search(path.stem):
            return NoticeKind.GONE, f"there is no module {path.parent}"
        return self._if_complete("no test names it")

    def _if_complete(self, why: str) -> tuple[NoticeKind, str] | None:
        return (NoticeKind.UNUSED, why) if self._is_complete else None

    def _modules_of(self, folder: PurePosixPath) -> list[str]:
        """The modules whose tests have their cassettes in a folder, collected or not."""
        if folder not in self._modules_in:
            self._modules_in[folder] = self._sources.of(folder)
        return self._modules_in[folder]

    def _is_below_whole(self, folder: PurePosixPath) -> bool:
        """Whether the module that a folder was named for would have been collected."""
        usage = self._usage
        if self._is_whole:
            return True
        if usage.unknown - usage.modules:
            return False
        return any(
            folder_of_module(f"{each}/_").parent in folder.parents
            for each in usage.folders
            if not each.startswith("..")
        )

    def _new_name(self, file: str) -> str:
        if self._lookalikes is None:
            self._lookalikes = Lookalikes(self._usage.tests, self._is_there)
        test = self._lookalikes.of(file)
        if not test:
            return ""
        place = self._usage.tests[test]
        if self._is_there(place):
            return f"; {test} looks like its new name, and has a cassette"
        here = _shown(self._usage, self._rootdir, place)
        return f"; {test} looks like its new name: move it to {here}"

    def _is_there(self, file: str) -> bool:
        return (self._folder / file).is_file()


def is_ours(path: Path) -> bool:
    """Whether a file is a cassette that pytest-bill wrote, and no link to one."""
    if path.is_symlink():
        return False
    try:
        recording = store.load(path)
    except PytestBillError:
        return False
    return recording is not None and isinstance(recording.metadata.get("pytest_bill"), dict)


def _is_of_sign_in(file: str) -> bool:
    return PurePosixPath(file).parts[0] == SIGN_INS


def _shown(usage: Usage, rootdir: Path, file: str) -> str:
    return real_files.relative_to_here(rootdir / usage.cassette_dir / file).as_posix()
