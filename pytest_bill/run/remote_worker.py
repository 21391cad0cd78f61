"""pytest-xdist's worker, on another machine than its controller: what they share goes over execnet.

See ``remote_controller``, which has the other end.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from pytest_bill import real_files
from pytest_bill.cassettes.staging import FOLDER, remove_if_unused
from pytest_bill.private_folder import NotTaken, PrivateFolder, RunEnded, share, share_no_more
from pytest_bill.run.remote_controller import GIVE_BACK, HELLO, TAKE, TELL
from pytest_bill.run.remote_files import SANDBOX, Files, SharedFiles
from pytest_bill.secret import MaskedMapping
from pytest_bill.settings import load_settings

CHANNEL = "bill_channel"
"""What the controller gives a remote worker, in place of the folder that they would share."""
_ENDED = object()


def begin(config: pytest.Config) -> RemoteController:
    """Begin to share with the controller; whoever asks for the common folder gets this worker's."""
    given = config.workerinput  # type: ignore[attr-defined]
    controller = RemoteController(config, given.pop(CHANNEL))
    hello = controller.hello()
    given["bill_folder"] = str(controller.folder)
    given["bill_variables"] = MaskedMapping(hello["variables"])
    if config.rootpath.name != hello["rootdir"]:
        # Its tests would have other names there, and other cassettes.
        given["bill_refused"] = (
            f"The rootdir of this worker is {config.rootpath}, that of its controller is named "
            f"{hello['rootdir']}.\nGive the project an ini file (such as pytest.ini), and "
            "send all of it there: --rsyncdir with its full path."
        )
    if hello["sandbox"]:
        real_files.replace_file(controller.folder / SANDBOX, hello["sandbox"], 0o600)
    return controller


class RemoteController:
    """The controller, as this worker has it."""

    def __init__(self, config: pytest.Config, channel: Any) -> None:
        """``channel`` is one of execnet's."""
        self._config = config
        self._channel = channel
        self._own = PrivateFolder()
        self._numbers = count(1)
        self._waiting: dict[int, SimpleQueue[Any]] = {}
        self._sent: dict[str, Files] = {}
        self._has_ended = False
        channel.setcallback(self._receive, endmarker=None)
        share(self.folder, self)

    @property
    def folder(self) -> Path:
        """The private folder of this worker."""
        return self._own.path

    @cached_property
    def _files(self) -> SharedFiles:
        return SharedFiles(self.folder, load_settings(self._config).cassette_dir)

    def hello(self) -> dict[str, Any]:
        """What the controller tells first: where the local sandbox is, and the run's variables."""
        number = next(self._numbers)
        told: dict[str, Any] = self._ask(number, HELLO)
        return told

    @contextmanager
    def held(self, name: str, about: Path | None) -> Iterator[None]:
        """The block in which this worker has a lock of the whole run, and what goes with it.

        Raises:
            RunEnded: the controller is gone.
            NotTaken: it could not write what was given back.
        """
        place = ""
        if about is not None:
            place, name = self._files.place_of(about), name.rpartition(".")[2]
        number = next(self._numbers)
        theirs = self._ask(number, TAKE, name, place)
        if isinstance(theirs, str):
            raise NotTaken(theirs)
        key = place or name
        if theirs != self._sent.get(key):
            self._files.write(name, place, theirs)
        try:
            yield
        finally:
            ours = self._files.read(name, place)
            changed = {each: data for each, data in ours.items() if theirs.get(each) != data}
            self._sent[key] = ours
            refused = self._ask(number, GIVE_BACK, changed)
        if refused is not None:
            raise NotTaken(refused)

    def tell(self, process: str, line: bytes) -> None:
        """Tell the controller what it would read in a file of the common folder."""
        if not self._has_ended:
            self._channel.send((0, TELL, process, line))

    def close(self) -> None:
        """Remove what this worker kept on its machine: the controller has it."""
        share_no_more(self.folder)
        if "_files" in vars(self):
            waiting = self._files.cassette_dir / FOLDER
            shutil.rmtree(waiting / self.folder.name, ignore_errors=True)
            real_files.remove_unfinished(waiting)
            remove_if_unused(self._files.cassette_dir)
        self._own.remove()

    def _ask(self, number: int, what: str, *told: Any) -> Any:
        answers = self._waiting.setdefault(number, SimpleQueue())
        if self._has_ended:
            raise RunEnded
        try:
            self._channel.send((number, what, *told))
        except OSError:
            raise RunEnded from None
        answer = answers.get()
        if answer is _ENDED:
            raise RunEnded
        if what != TAKE:
            del self._waiting[number]
        return answer

    def _receive(self, message: tuple[int, Any] | None) -> None:
        """In execnet's own thread, which must not wait."""
        if message is None:
            self._has_ended = True
            for each in list(self._waiting.values()):
                each.put(_ENDED)
            return
        number, answer = message
        self._waiting[number].put(answer)
