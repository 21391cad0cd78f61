"""``pytest-bill trust``: a person answers BILL's MFA challenge once, and sign-ins are trusted then.

Without that BILL refuses payments, and the other operations that
https://developer.bill.com/reference/validatechallenge lists, in each session of a developer key.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pytest_bill import environments
from pytest_bill.cli import tell
from pytest_bill.cli.of_project import add_project_arguments, folder_of
from pytest_bill.credentials.env_file import Variables, read_env_file
from pytest_bill.credentials.env_writing import write_values
from pytest_bill.credentials.kinds import DEVELOPER_KEY, Credential, load_credential
from pytest_bill.doctor.project import Asked, looked_at
from pytest_bill.doctor.shape import NO_FILE, Level, Looked
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError, SignInFailed
from pytest_bill.real_files import relative_to_here
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.trusting import Trusting
from pytest_bill.urls import origin_of

_ID, _DEVICE = (variable.name for variable in DEVELOPER_KEY.trust)
_LONGEST_DEVICE = 48
_MOST_CODES = 3
_COMMENT = "MFA trust of the developer key, for 30 days: pytest-bill trust"

Ask = Callable[[str], str]
"""Show a question and give the line that is typed."""


class _Wanted(NamedTuple):
    """Who is asked, as whom, and the file that is written."""

    credential: Credential
    environment: Environment
    env_file: Path
    device: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--device",
        metavar="NAME",
        help=f"the name that BILL remembers (default: that of {_DEVICE}, or one that is made up)",
    )
    add_project_arguments(
        parser,
        env_file="file with the developer key, which is written",
        rootdir="folder of the project",
        production="also",
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask BILL and the person; gives the exit status: 0 trusted, 1 BILL said no.

    Raises:
        SettingsError: it cannot be done so, and BILL was not asked.
        MissingCredentials: the developer key is not complete.
        OSError: the file cannot be written.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError(
            "pytest-bill trust reads the code that BILL sends from a terminal, and this is none.\n"
            f"Run it by hand once; what it writes ({_ID}, {_DEVICE}) can be copied to where no "
            "terminal is, as to CI's secrets."
        )
    wanted = _wanted(arguments)
    write_values(wanted.env_file, {})  # before BILL sends a code that would be for nothing
    try:
        return _trusted(wanted, Trusting(wanted.credential, wanted.environment))
    except SignInFailed as error:
        tell(str(error))
        return 1


def _trusted(wanted: _Wanted, trusting: Trusting) -> int:
    _show(f"Signing in to {origin_of(wanted.environment.gateway)} with the developer key …")
    trusting.sign_in()
    trusting.send_code()
    _show("BILL has sent a code to the phone that this user has set up for MFA.")
    remember_me_id = _validated(trusting, wanted.device)
    if remember_me_id is None:
        tell(f"BILL took none of {_MOST_CODES} codes: nothing was written.\nRun it again.")
        return 1
    until = trusting.until()
    values = {_ID: remember_me_id.reveal(), _DEVICE: wanted.device}
    write_values(wanted.env_file, values, _COMMENT)
    _show(f"{_ID} and {_DEVICE} are in {relative_to_here(wanted.env_file)}.")
    if not trusting.is_trusted(remember_me_id, wanted.device):
        tell(
            "BILL took the code, and does not trust a new sign-in with what it gave for it.\n"
            f"Look whether {_DEVICE} is a name that BILL takes, and run it again."
        )
        return 1
    _show(
        f"Sign-ins are trusted until {until:%Y-%m-%d %H:%M} (30 days, by BILL's pages); then run "
        "pytest-bill trust again."
    )
    return 0


def _validated(trusting: Trusting, device: str, ask: Ask = input) -> SecretStr | None:
    """The MFA id for the code that is typed; None where BILL took none."""
    left = _MOST_CODES
    while left:
        try:
            code = re.sub(r"[\s-]", "", ask("Code: "))
        except EOFError:
            _show("")
            raise SettingsError("There was no code: nothing was written.\nRun it again.") from None
        if re.fullmatch(r"[0-9]{6}", code) is None:
            _show("BILL's codes have six digits.")
            continue
        validated = trusting.validate(code, device)
        if validated.remember_me_id is not None:
            return validated.remember_me_id
        left -= 1
        _show(f"BILL did not take it ({validated.refusal}); {left} left.")
    return None


def _wanted(arguments: argparse.Namespace) -> _Wanted:
    folder, given = folder_of(arguments), arguments.env_file
    if given is not None and not given.exists():
        raise SettingsError(
            f"{given}: no such file.\nName the one with the developer key, or leave --env-file out."
        )
    looked, could_look = looked_at(Asked(folder, given.absolute() if given else None))
    settings = {each["name"]: each for each in looked["settings"]}
    if not could_look or "environment" not in settings:
        raise SettingsError(
            f"pytest cannot tell what the settings of {folder} are.\nMend what pytest-bill doctor "
            "finds there first."
        )
    for name in ("environment", "base_url", "sign_in"):
        for finding in settings[name]["findings"]:
            if finding["level"] == Level.WRONG:
                raise SettingsError(f"{finding['what']}\n{finding['then']}")
    if "developer=oauth" in settings["sign_in"]["value"].replace(" ", ""):
        raise SettingsError(
            "The developer key signs in by OAuth here (bill_sign_in), and OAuth has no such trust: "
            "a developer app with Full access may pay.\n"
            "https://developer.bill.com/docs/oauth-api-scope-capabilities"
        )
    variables = Variables(os.environ, read_env_file(_env_file(looked)))
    variables.env_file.check()
    _refuse_of_environment()
    environment = _environment(settings["environment"]["value"], variables)
    if environments.is_production(environment.gateway) and not arguments.bill_allow_production:
        raise SettingsError(
            "It is BILL's production; allow it with --bill-allow-production.\nBILL asks there for "
            "trusted sessions; type the option if that is meant."
        )
    # Without what is over, maybe: BILL is asked for a new one.
    credential = load_credential(DEVELOPER_KEY._replace(trust=()), variables)
    return _Wanted(
        Credential(DEVELOPER_KEY, credential.values),
        environment,
        variables.env_file.path,
        _device(arguments.device, variables),
    )


def _env_file(looked: Looked) -> Path:
    return Path(looked["project"]["env_file"].removesuffix(NO_FILE))


def _refuse_of_environment() -> None:
    """What is written would not count."""
    for name in (_ID, _DEVICE):
        if os.environ.get(name, "").strip():
            raise SettingsError(
                f"{name} is set in the environment, which goes before the .env file.\n"
                f"Unset it there first: unset {name}"
            )


def _environment(name: str, variables: Variables) -> Environment:
    address = variables.get("BILL_BASE_URL")
    if name == "custom" and address is not None:
        return environments.at_origin(address.reveal(), name)
    if name == "local":
        raise SettingsError(
            "BILL_ENVIRONMENT is local: that sandbox begins and ends with a run of pytest.\n"
            "Start one with pytest-bill sandbox --mfa --env-file FILE, and name that file: "
            "pytest-bill trust --env-file FILE."
        )
    return environments.named(name)


def _device(given: str | None, variables: Variables) -> str:
    """The name of this device: as BILL takes it, and, where it is made up, not to be guessed."""
    known = variables.get(_DEVICE)
    name = given if given is not None else known.reveal() if known is not None else None
    if name is None:
        return f"pytest-bill-{secrets.token_hex(8)}"
    where = "--device" if given is not None else _DEVICE
    if not name.strip() or not name.isprintable() or name != name.strip():
        raise SettingsError(
            f"{where} is no name: it is empty, or has white space around it, or characters that "
            "cannot be printed.\nGive another one, or leave it out."
        )
    if len(name) > _LONGEST_DEVICE:
        raise SettingsError(
            f"{where} has over {_LONGEST_DEVICE} characters, which public clients see BILL refuse "
            "(BDC_1143).\nGive a shorter one, or leave it out."
        )
    return name


def _show(line: str) -> None:
    print(line, flush=True)  # noqa: T201
