"""Which file a test's, a fixture's or a sign-in's cassette is.

cassettes/sign_in/<credential>.yaml
cassettes/<path of the test module>/<test name>.yaml
cassettes/<path of the module or conftest>/fixture.<class, if any>.<fixture name>.yaml
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import PurePath, PurePosixPath
from types import FunctionType
from uuid import UUID

from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern

SUFFIX = ".yaml"
SIGN_INS = "sign_in"
"""The folder of the sign-ins' cassettes."""
FIXTURE = "fixture."
"""How the name of a fixture's cassette begins."""
_LONGEST_NAME = 120
_UNSAFE = late_pattern(r"[^A-Za-z0-9_.-]+")
# Names that Windows keeps for devices, with any extension.
_RESERVED = late_pattern(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def sign_in_cassette(credential_key: str) -> PurePosixPath:
    """The cassette of one credential's sign-in."""
    return PurePosixPath(SIGN_INS, credential_key + SUFFIX)


def cassette_of_test(nodeid: str) -> PurePosixPath:
    """The cassette of the test with this pytest node id."""
    folder, name = place_of_test(nodeid)
    return folder / name


def place_of_test(nodeid: str) -> tuple[PurePosixPath, str]:
    """The folder and the file's name of the cassette of the test with this pytest node id.

    Parameters may be any text: what a file name cannot hold (or what a disk that ignores case
    could confuse) is left out and a hash of the whole name is added, so no two tests share one.
    """
    module, _, rest = nodeid.partition("::")
    name, bracket, parameters = rest.partition("[")
    name = name.replace("::", ".")
    safe = _safe_text(name)
    must_hash = safe != name
    if bracket:
        parameters = parameters.removesuffix("]")
        safe_parameters = _safe_text(parameters).strip("_.").lower()
        # An upper-case letter in a parameter is told apart by the hash, not by the disk.
        must_hash = must_hash or safe_parameters != parameters
        safe = f"{safe}-{safe_parameters}" if safe_parameters else safe
        must_hash = must_hash or not safe_parameters
        # `test_a[b]` must not meet a test named `test_a-b`: no Python name holds a hyphen.
    return folder_of_module(module), _file_name(safe, rest, must_hash)


def parameter_label(index: int, value: object, own: Sequence[object] | None, nodeid: str) -> str:
    """What tells the parameters of a fixture apart in the name of its cassette.

    ``own`` are the fixture's own parameters, which are told apart by their place. Tests may give it
    others (``indirect``), which are told apart by their values, as pytest does: two tests that give
    it the same one share it. What cannot be told by its value is told by the test's node id.
    """
    if own is not None and index < len(own) and own[index] is value:
        return str(index)
    text = _stable_text(value)
    for number, each in enumerate(own or ()) if text else ():
        if _stable_text(each) == text:
            return str(number)
    return _short_digest(text) if text else f"{index}-{_short_digest(nodeid.partition('[')[0])}"


def _stable_text(value: object) -> str:
    """A text that is the same for the same value in each run; empty where there is none."""
    if value is None or isinstance(value, str | int | float | bool | complex | bytes):
        return repr(value)
    if isinstance(value, type | FunctionType):
        name = f"{value.__module__}.{value.__qualname__}"
        return "" if "<" in name else name  # there may be several lambdas in one function
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name}"
    if isinstance(value, date | time | timedelta | Decimal | UUID | PurePath):
        return repr(value)
    if isinstance(value, Mapping):
        return _joined(value, [part for pair in value.items() for part in pair])
    if isinstance(value, list | tuple):
        return _joined(value, value)
    if isinstance(value, set | frozenset):
        texts = sorted(map(_stable_text, value))
        return f"{type(value).__qualname__}({','.join(texts)})" if all(texts) else ""
    if is_dataclass(value):
        return _joined(value, [getattr(value, each.name) for each in fields(value)])
    return ""


def _joined(value: object, parts: Iterable[object]) -> str:
    texts = list(map(_stable_text, parts))
    return f"{type(value).__qualname__}({','.join(texts)})" if all(texts) else ""


def cassette_of_fixture(
    baseid: str,
    name: str,
    parameter: str | int | None,
    scope_id: str | None = None,
    overridden: str = "",
) -> PurePosixPath:
    """The cassette of a fixture with a wider scope than one test.

    ``baseid`` is where pytest found it: a module's path, a class in it, or the folder of a
    ``conftest.py``. ``scope_id`` is the module or class that it is set up for, where that can be
    several: each has data of its own. ``overridden`` names the function of one that another one
    of the same place overrides.
    """
    place, _, classes = (baseid if scope_id is None else scope_id).partition("::")
    module = place if place.endswith(".py") else str(PurePosixPath(place, "conftest.py"))
    owner = classes.replace("::", ".") + "." if classes else ""
    label = f"{FIXTURE}{owner}{name}" + (f"-{parameter}" if parameter is not None else "")
    if scope_id is not None and place != baseid.partition("::")[0]:
        # The module may have a fixture of that name, too, which overrides this one.
        label += f"-{_short_digest(baseid)}"
    if overridden:
        label += f"-{_short_digest(overridden)}"
    return folder_of_module(module) / _file_name(
        _safe_text(label), label, _safe_text(label) != label
    )


def cassette_by_name(name: str, where: str = "@pytest.mark.bill_cassette") -> PurePosixPath:
    """The cassette that a marker names, relative to the cassette folder.

    ``where`` the marker stands is for the message.

    Raises:
        SettingsError: the name is empty, absolute, or leads out of the folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if not name.strip() or path.is_absolute() or ".." in path.parts or ":" in name:
        raise SettingsError(
            f"{where} has the name {name!r}, which is not a file name below the cassette folder.\n"
            'Give a relative name, such as bill_cassette("vendors/onboarding"), or none at all.'
        )
    return path if path.suffix in (".yaml", ".yml") else path.with_name(path.name + SUFFIX)


@lru_cache(maxsize=1024)  # a module has many tests
def folder_of_module(module: str) -> PurePosixPath:
    """The folder with the cassettes of a test module, or of a ``conftest.py``."""
    path = PurePosixPath(module).with_suffix("")
    # A test module outside the rootdir has a node id with `..` in it.
    parts = [_safe_text(part) if part != ".." else "parent" for part in path.parts]
    if any(_UNSAFE.search(part) for part in path.parts):
        # Two folders in another script must not become one.
        parts[-1] += f"-{_short_digest(module)}"
    return PurePosixPath(*parts)


def _safe_text(text: str) -> str:
    return _UNSAFE.sub("_", text)


def _file_name(safe: str, exact: str, must_hash: bool) -> str:
    too_long = len(safe) > _LONGEST_NAME
    if must_hash or too_long or safe.startswith(".") or _RESERVED.fullmatch(safe):
        safe = f"{safe[:_LONGEST_NAME].rstrip('_.-')}-{_short_digest(exact)}"
    return safe + SUFFIX


def _short_digest(exact: str) -> str:
    return hashlib.sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()[:10]
