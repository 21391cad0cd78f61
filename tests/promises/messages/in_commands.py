"""Mistakes on the command line of ``pytest-bill``."""

from __future__ import annotations

from tests.promises.messages.mistake import Mistake, Run

GROUP = "The command `pytest-bill`"
FILES = (
    ("bad.json", "{\n"),
    ("odd.json", '{"a": 1}\n'),
    ("here.env", ""),
    ("odd.env", "BILL_PASWORD=long-enough\n"),
)


def command(did: str, line: str, *, cause: str, place: str, step: str) -> Mistake:
    run = Run(f"pytest-bill {line}", tuple(line.split()), files=FILES, is_command=True)
    return Mistake(did, run, cause, step, place)


MISTAKES = [
    command(
        "A command misspelt",
        "sandbx",
        cause="invalid choice: 'sandbx'",
        place="COMMAND",
        step="choose from",
    ),
    command(
        "A port that is none",
        "sandbox --port x",
        cause="'x' is not a port",
        place="--port",
        step="(0 to 65535)",
    ),
    command(
        "A host that is not this machine's",
        "sandbox --host nowhere.invalid",
        cause="cannot be used",
        place="nowhere.invalid",
        step="Give another one with --host",
    ),
    command(
        "Records of a file that is not there",
        "sandbox --seed none.json",
        cause="cannot be read",
        place="none.json",
        step="Give another file with --seed",
    ),
    command(
        "Records of a file that is no JSON",
        "sandbox --seed bad.json",
        cause="is no JSON",
        place="bad.json:2",
        step="Write lists of bodies by path",
    ),
    command(
        "The sandbox's variables over a file that is there",
        "sandbox --env-file here.env",
        cause="cannot be created",
        place="here.env",
        step="Give another file with --env-file",
    ),
    command(
        "The sandbox's credentials with a name misspelt",
        "sandbox --credentials odd.env",
        cause="has no credential BILL_PASWORD",
        place="odd.env:1",
        step="Did you mean BILL_PASSWORD?",
    ),
    command(
        "A scan of what is not there",
        "scan nowhere",
        cause="no such file or folder",
        place="nowhere",
        step="Name a file or a folder",
    ),
    command(
        "A scan with variables that are not there",
        "scan --env-file no.env .",
        cause="no such file",
        place="--env-file=no.env",
        step="give another one",
    ),
    command(
        "A scan's findings where no folder is",
        "scan --output nowhere/found.json .",
        cause="cannot be written",
        place="nowhere/found.json",
        step="Give another place with --output",
    ),
    command(
        "A baseline that is none",
        "scan --baseline bad.json odd.json",
        cause="is not a baseline",
        place="bad.json",
        step="Restore it from version control",
    ),
    command(
        "A check of what is not there",
        "check nowhere",
        cause="no such file or folder",
        place="nowhere",
        step="Name a file or a folder",
    ),
    command(
        "A check of what is no cassette",
        "check odd.json",
        cause="damaged or not a cassette",
        place="odd.json:1",
        step="Restore it from version control",
    )._replace(in_summary=True),
    command(
        "A report that is not there",
        "report merge none.json",
        cause="no report of a run",
        place="none.json",
        step="Write one for each run with --bill-report",
    ),
    command(
        "A report that is no report",
        "report merge odd.json",
        cause="it has no notices",
        place="odd.json",
        step="Write one for each run with --bill-report",
    ),
    command(
        "MFA trust where nobody can type a code",
        "trust",
        cause="reads the code that BILL sends from a terminal",
        place="pytest-bill trust",
        step="Run it by hand once",
    ),
]
