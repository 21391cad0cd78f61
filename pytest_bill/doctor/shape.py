"""What the doctor finds, as one JSON object: its keys are documented in ``docs/doctor.md``.

The text is made of the same object, so that neither says more than the other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

NO_FILE = " (no such file)"
"""What stands behind the path of a ``.env`` file that is not there."""

REPORT_VERSION = 1
"""Of the keys: a key that changes its meaning gives a new one, a new key does not."""


class Level(StrEnum):
    """How much a finding matters. Each equals its plain word."""

    WRONG = "wrong"
    """It stops recording."""

    HINT = "hint"
    """It is odd, and may be meant."""


class Finding(TypedDict):
    """One thing to tell: ``what`` is so, and what to do ``then``; ``level`` is a ``Level``."""

    level: str
    what: str
    then: str


class VariableSeen(TypedDict):
    """A variable of a credential.

    ``source`` is ``environment`` or the path of the ``.env`` file, None where it has no value.
    ``through`` is the variable that it defaults to, where its value is that one's. ``empty`` says
    that it is there, and nothing stands in it.
    """

    name: str
    empty: bool
    source: str | None
    through: str | None
    findings: list[Finding]


class CredentialSeen(TypedDict):
    """One of the six. ``state`` is ``complete``, ``partial`` or ``missing``."""

    credential: str
    title: str
    fixture: str
    state: str
    required: bool
    variables: list[VariableSeen]
    findings: list[Finding]


class SignInTried(TypedDict):
    """What came of a sign-in. ``result`` is one of ``online.RESULTS``.

    ``seconds`` is the time that it took. The rest is what BILL told, None where it did not:
    ``trusted`` is that of the sign-in, ``mfa`` BILL's own word for the session. ``rights`` and
    ``idle_minutes`` are those of BILL's page on the credential. An OAuth access token has
    ``lifetime_seconds``, used or not; its ``signed_out`` is None, since it has no sign-out.
    """

    credential: str
    result: str
    address: str
    seconds: float | None
    organization: str | None
    user: str | None
    role: str | None
    rights: str | None
    trusted: bool | None
    mfa: str | None
    idle_minutes: float | None
    lifetime_seconds: float | None
    signed_out: bool | None
    findings: list[Finding]


class SettingSeen(TypedDict):
    """A setting in force, as it is written, and its ``source``."""

    name: str
    value: str
    source: str
    findings: list[Finding]


class ProjectSeen(TypedDict):
    """What pytest makes of the folder; ``ini_file`` is None where there is none."""

    rootdir: str
    ini_file: str | None
    env_file: str
    findings: list[Finding]


class PluginSeen(TypedDict):
    """Another package that matters to tests of BILL, and what it means for them."""

    name: str
    version: str
    means: str
    findings: list[Finding]


class Looked(TypedDict):
    """What only a run of pytest can tell: see ``probe``."""

    project: ProjectSeen
    settings: list[SettingSeen]
    credentials: list[CredentialSeen]
    online: list[SignInTried]
    cassette_dir: str
    plugins: list[str]


class PackageSeen(TypedDict):
    """A package that pytest-bill needs; ``version`` is None where it is not installed."""

    name: str
    version: str | None


class ExtraSeen(TypedDict):
    """An extra of pytest-bill, and what of it is not installed."""

    name: str
    missing: list[str]


class VersionsSeen(TypedDict):
    """What is installed."""

    python: str
    packages: list[PackageSeen]
    extras: list[ExtraSeen]
    findings: list[Finding]


class CassettesSeen(TypedDict):
    """What lies in the folder of cassettes.

    ``answered_by`` counts files by who gave their answers; ``oldest`` is a time in UTC.
    """

    folder: str
    files: int
    bytes: int
    answered_by: dict[str, int]
    oldest: str | None
    others: int
    findings: list[Finding]


class SurroundingsSeen(TypedDict):
    """What of the environment changes how BILL is reached.

    ``proxies`` and ``certificates`` are names of variables that are set.
    """

    ci: bool
    proxies: list[str]
    certificates: list[str]
    findings: list[Finding]


class Report(TypedDict):
    """All of it. ``status`` is ``fine``, ``wrong`` or ``could not look``."""

    report: int
    pytest_bill: str
    status: str
    exit_status: int
    project: ProjectSeen
    credentials: list[CredentialSeen]
    online: list[SignInTried] | None
    settings: list[SettingSeen]
    versions: VersionsSeen
    cassettes: CassettesSeen
    plugins: list[PluginSeen]
    surroundings: SurroundingsSeen


def wrong(what: str, then: str = "") -> Finding:
    """What stops recording."""
    return Finding(level=Level.WRONG.value, what=what, then=then)


def hint(what: str, then: str = "") -> Finding:
    """What is odd, and may be meant."""
    return Finding(level=Level.HINT.value, what=what, then=then)


def told(message: str) -> Finding:
    """An error of the package, whose first line says what happened and whose others what to do."""
    what, _, then = message.partition("\n")
    return wrong(what, " ".join(then.split("\n")))
