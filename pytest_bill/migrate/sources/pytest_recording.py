"""pytest-recording 0.14: ``cassettes/<module>/<class>.<test>.yaml`` beside the module.

``vcr_cassette_dir`` and ``default_cassette_name`` may be other fixtures, the marker
``default_cassette`` names another file there, and the arguments of ``vcr`` more files to play from.
Characters that a file name cannot hold are hyphens, and too long a name ends in its MD5.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from pytest_bill.migrate.sources.base import Found, folder_beside, node_name, own_file, with_suffix
from pytest_bill.migrate.suite import Collected

_FORBIDDEN = r"<>?%*:|\"'/\\"
"""As its source has it: the backslash before the quote is one of them."""
_LONGEST = 255
_LENGTH_OF_SUFFIX = 5


class PytestRecording:
    """Finds the cassettes of pytest-recording."""

    def find(self, test: Collected) -> Found | None:
        """The test's own cassette, and those that its markers add."""
        if not test.markers:
            return None
        folder = self._folder(test)
        own = own_file(folder, _short(test.default_cassette or test.own_name or safe_name(test)))
        extra = [with_suffix(folder / name) for each in test.markers for name in each.args if name]
        there = [each for each in extra if each.is_file()]
        missing = [*own.missing, *(each for each in extra if not each.is_file())]
        return Found([*own.files, *there], bool(test.default_cassette), missing)

    def folders(self, test: Collected) -> Iterable[Path]:
        """Where cassettes of a test's module would lie."""
        return [self._folder(test)] if test.markers else []

    def _folder(self, test: Collected) -> Path:
        return folder_beside(test, "cassettes", test.path.stem)


def safe_name(test: Collected) -> str:
    """The name that it makes of a test's."""
    return re.sub(f"[{re.escape(_FORBIDDEN)}]", "-", node_name(test))


def _short(name: str) -> str:
    if len(name) + _LENGTH_OF_SUFFIX <= _LONGEST:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: _LONGEST - _LENGTH_OF_SUFFIX - len(digest) - 3]}...{digest}"
