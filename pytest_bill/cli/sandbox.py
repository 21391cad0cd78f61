"""``pytest-bill sandbox``: the local sandbox, until it is asked to stop."""

from __future__ import annotations

import argparse
import ipaddress
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bill.cli.sandbox_files import private_file, quoted_names, read_credentials
from pytest_bill.command_line import as_typed
from pytest_bill.environments import is_on_this_machine
from pytest_bill.exceptions import SettingsError
from pytest_bill.installed import missing_extra
from pytest_bill.sandbox.core.limits import OVERLAP_SECONDS

if TYPE_CHECKING:
    from pytest_bill.sandbox import LocalSandbox

_LONGEST_OVERLAP = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)"
    )
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help="where to write its variables; the file is removed at the end (default: a private "
        "temporary file)",
    )
    parser.add_argument(
        "--credentials",
        type=Path,
        metavar="FILE",
        help="take the credentials of this file, the same in each run; those that it does not "
        "have are made up (default: all are)",
    )
    parser.add_argument(
        "--log-requests",
        action="store_true",
        help="show each request in a line, without what may be a credential",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: 127.0.0.1, this machine alone)",
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name that it may be called by, such as that of its container",
    )
    parser.add_argument(
        "--vendors", type=_count, default=0, metavar="N", help="start with N more vendors"
    )
    parser.add_argument(
        "--bills", type=_count, default=0, metavar="N", help="start with N more bills"
    )
    parser.add_argument(
        "--random-seed",
        type=_count,
        default=0,
        metavar="N",
        help="ids and records follow from it (default: 0)",
    )
    parser.add_argument(
        "--seed",
        type=Path,
        metavar="FILE",
        help="also create the records of this JSON file: lists of bodies by path",
    )
    parser.add_argument(
        "--mfa", action="store_true", help="ask for MFA-trusted sessions, as BILL's production does"
    )
    parser.add_argument(
        "--no-rate-limits", action="store_true", help="do not count calls, for load tests"
    )
    parser.add_argument(
        "--overlap-seconds",
        type=_seconds,
        default=OVERLAP_SECONDS,
        metavar="S",
        help="how long no further call must come before one is answered that may be one of several "
        f"at once (default: {OVERLAP_SECONDS}; 0: answer all at once)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the sandbox until it is asked to stop; gives the exit status.

    Raises:
        SettingsError: the extra is not installed, or what an option names cannot be used.
    """
    from pytest_bill.sandbox import LocalSandbox

    given = {} if arguments.credentials is None else read_credentials(arguments.credentials)
    # Before there is a file: a signal must not leave it behind.
    stopped = _stop_signals()
    sandbox = LocalSandbox(
        arguments.port,
        seed=arguments.random_seed,
        variables=given,
        host=arguments.host,
        vendors=arguments.vendors,
        bills=arguments.bills,
        mfa_required=arguments.mfa,
        rate_limits=not arguments.no_rate_limits,
        overlap_seconds=arguments.overlap_seconds,
        allowed_hosts=arguments.allowed_host,
        log=_show if arguments.log_requests else None,
    )
    try:
        sandbox.start()
    except ImportError as error:
        raise missing_extra("sandbox", error) from None
    except OSError as error:
        raise SettingsError(
            f"{arguments.host} port {arguments.port} cannot be used: {error.strerror}.\n"
            "Give another one with --host or --port."
        ) from None
    try:
        if arguments.seed is not None:
            _create_records(sandbox, arguments.seed)
        if not _is_loopback(arguments.host):
            print(  # noqa: T201
                f"Warning: {arguments.host or 'every address'} is not loopback. Other machines can "
                f"reach this sandbox at port {urlsplit(sandbox.origin).port}, by a name with "
                "--allowed-host NAME, and its control paths ask for no credential.",
                file=sys.stderr,
            )
        variables = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables}
        if quoted := quoted_names(variables):
            print(  # noqa: T201
                f"Warning: {', '.join(quoted)} can only be written with quotes, which `docker "
                "--env-file` takes for a part of the value.",
                file=sys.stderr,
            )
        with private_file(arguments.env_file, variables) as path:
            # Flushed, so that whoever started this process sees that it is ready.
            print(f"The local sandbox (not BILL) answers at {sandbox.origin}")  # noqa: T201
            print(f"Its credentials are in {path}, until it stops")  # noqa: T201
            option = as_typed([f"--bill-env-file={path}"])
            if is_on_this_machine(sandbox.origin):
                use = f"Use it: pytest {option} --bill-record-mode=once"
                use += f"\nLook into it: {sandbox.origin} in a browser of this machine"
            else:
                # Credentials go to this machine, or by https: pytest would refuse that address.
                use = "To use it from pytest, start it with --host 0.0.0.0 or without --host"
                use += "\nTo look into it with a browser of this machine, too"
            print(use, flush=True)  # noqa: T201
            stopped.wait()
    finally:
        sandbox.stop()
    return 0


def _show(line: str) -> None:
    with suppress(OSError):  # whoever read it is gone
        print(line, flush=True)  # noqa: T201


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _create_records(sandbox: LocalSandbox, path: Path) -> None:
    try:
        sandbox.seed_from(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.\nGive another file with --seed."
        ) from None
    except ValueError as error:
        raise SettingsError(str(error)) from None
    except RuntimeError as error:
        raise SettingsError(f"{path} was refused.\n{error}") from None


def _stop_signals() -> threading.Event:
    """What is set when the user or the system asks this process to end."""
    stopped = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        # nohup ignores SIGHUP, so that the process outlives its terminal.
        if number is not None and (name != "SIGHUP" or signal.getsignal(number) != signal.SIG_IGN):
            signal.signal(number, lambda *_: stopped.set())
    return stopped


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return port


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _LONGEST_OVERLAP:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds, 0 to {_LONGEST_OVERLAP}"
        )
    return seconds


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
