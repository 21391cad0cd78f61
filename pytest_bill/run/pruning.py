"""``--bill-prune``: after a run in which all passed, what it left over is dropped.

A file is looked at again under the lock under which cassettes are saved, and is left as it is where
it has changed since. What is no cassette of pytest-bill's, a link, or outside the cassette folder
is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bill import real_files
from pytest_bill.cassettes import store
from pytest_bill.cassettes.saving import about_answerers, exclusive_access
from pytest_bill.counted import counted
from pytest_bill.exceptions import CassetteError, PytestBillError
from pytest_bill.fakes import without_fakes
from pytest_bill.interaction import Interaction
from pytest_bill.run.leftovers import Leftover, is_ours
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.usage import Usage

if TYPE_CHECKING:
    from pytest_bill.cassettes.leak_check import SecretFinder

OPTION = "--bill-prune"
_MOST_TESTS = 3


def why_not(usage: Usage, *, is_green: bool) -> str:
    """Why nothing may be pruned after a run; empty where it may.

    Tests that were skipped, or expected to fail, are no reason: what they use stays.
    """
    if not is_green:
        return "the run did not pass"
    if not usage.tests:
        return "no test uses BILL"
    incomplete = usage.why_not_whole()
    if incomplete:
        return incomplete
    missing = [test for test in usage.tests if test not in usage.outcomes]
    if missing:
        more = f" and {len(missing) - _MOST_TESTS} more" if missing[_MOST_TESTS:] else ""
        return f"not all tests ran: {', '.join(missing[:_MOST_TESTS])}{more}"
    return ""


class Pruning:
    """Drops what is left over from the cassettes of a run."""

    def __init__(
        self, folder: Path, scratch: Callable[[], Path], find_secret: SecretFinder
    ) -> None:
        """``folder`` is that of the cassettes, ``scratch`` what the processes of a run share."""
        self._folder = folder
        self._scratch = scratch
        self._find_secret = find_secret

    def prune(self, found: Iterable[Leftover]) -> list[Notice]:
        """Drop it, and give what is told of it."""
        return [self._pruned(each) for each in found]

    def _pruned(self, left: Leftover) -> Notice:
        path, shown = self._folder / left.file, left.notice.owner
        try:
            with without_fakes(), exclusive_access(self._scratch(), path):
                what = self._drop(path, left)
        except PytestBillError as error:
            return Notice(NoticeKind.UNPRUNED, shown, str(error).partition("\n")[0])
        return Notice(NoticeKind.PRUNED, shown, what)

    def _drop(self, path: Path, left: Leftover) -> str:
        """Drop what is left over of one file, and say what that was.

        Raises:
            CassetteError: it cannot be written, or must not be.
            SecretFound: it holds a secret.
        """
        self._check_place(path)
        recording = store.load(path) or store.Recording()
        held = recording.interactions
        if not left.unplayed:
            _remove(path)
            return f"deleted, with {_answers(len(held))}"
        if len(held) != left.recorded:
            raise CassetteError("it has changed since it was played; run again")
        kept = [each for number, each in enumerate(held) if number not in left.unplayed]
        if not kept:
            _remove(path)
            return f"deleted: none of its {_answers(len(held))} was played"
        about = _about(recording.metadata, kept)
        store.save(path, store.Recording(kept, about), self._find_secret)
        return f"{len(held) - len(kept)} of {_answers(len(held))} dropped"

    def _check_place(self, path: Path) -> None:
        try:
            is_within = path.resolve().is_relative_to(self._folder.resolve())
        except OSError:
            is_within = False
        if not is_within or not is_ours(path):
            raise CassetteError(
                "it is a link, or no cassette that pytest-bill wrote: left as it is"
            )


def _about(metadata: dict[str, object], kept: list[Interaction]) -> dict[str, object]:
    """The metadata of a file, of which fewer may have answered now."""
    about = metadata.get("pytest_bill")
    if not isinstance(about, dict) or not all(each.answered_by for each in kept):
        return metadata
    others = {name: each for name, each in about.items() if name not in ("environment", "note")}
    return {**metadata, "pytest_bill": {**others, **about_answerers(kept)}}


def _remove(path: Path) -> None:
    try:
        real_files.remove(path)
    except OSError as error:
        raise CassetteError(f"it cannot be deleted: {error.strerror}") from None


def _answers(count: int) -> str:
    return counted(count, "answer")
