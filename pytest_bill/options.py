"""Every option, ini setting and key of ``bill_config``: its name, its type, its default, its help.

pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from pytest_bill.record_modes import RECORD_MODES

OLDEST_PYTEST = (8, 2)
_ALSO_INI = "[ini]"
_MOST_ENV_FILE = 2**20
"""As ``env_file.MOST_BYTES``, which is not imported where there are no variables."""


class Option:
    """One option of the command line, and the ini setting of the same name where it has one."""

    def __init__(
        self,
        name: str,
        help_text: str,
        *,
        metavar: str | None = None,
        choices: tuple[str, ...] | None = None,
        is_flag: bool = False,
        is_repeated: bool = False,
        has_ini: bool = False,
    ) -> None:
        """It takes a text, one of some ``choices``, several texts, or none: a flag."""
        self.name = name
        self.help = help_text
        self.metavar = metavar
        self.choices = choices
        self.is_flag = is_flag
        self.is_repeated = is_repeated
        self.has_ini = has_ini

    @property
    def typed(self) -> str:
        """What is typed on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def _of_ini(self) -> str:
        """What is said of the setting: pytest does not show what it may be."""
        is_all = all(each in self.help for each in self.choices or ())
        return self.help if is_all else f"{self.help} One of: {', '.join(self.choices or ())}."

    def add(self, parser: pytest.Parser, group: pytest.OptionGroup) -> None:
        """Declare it."""
        also = f" {_ALSO_INI}" if self.has_ini else ""
        about: dict[str, Any] = {"help": self.help + also}
        if self.is_flag:
            about |= {"action": "store_true", "default": False}
        elif self.is_repeated:
            about |= {"action": "append", "metavar": self.metavar}
        else:
            about |= {"choices": self.choices, "metavar": self.metavar}
        group.addoption(self.typed, **about)
        if self.has_ini and self.is_flag:
            parser.addini(self.name, f"{self.help} As {self.typed}.", type="bool", default=False)
        elif self.has_ini:
            told = f"{self._of_ini} {self.typed} counts before it."
            parser.addini(self.name, told, default="")


OPTIONS = (
    Option(
        "bill_record_mode",
        "none (default): replay only; once: record where there is no cassette; "
        "new_episodes: also record what a cassette lacks; all: record anew.",
        choices=tuple(mode.value for mode in RECORD_MODES),
        has_ini=True,
    ),
    Option("bill_live", "Use no cassettes: ask BILL.", is_flag=True, has_ini=True),
    Option(
        "bill_environment",
        "Which BILL to ask (default: sandbox); local starts the local sandbox in the run.",
        choices=("sandbox", "production", "local"),
        has_ini=True,
    ),
    Option(
        "bill_cassette_dir", "Cassette folder (default: cassettes).", metavar="DIR", has_ini=True
    ),
    Option(
        "bill_env_file",
        "File with the credentials (default: .env).",
        metavar="FILE",
        has_ini=True,
    ),
    Option(
        "bill_sign_in",
        "How credentials sign in, with commas: developer=v3 (default) or oauth, spend=token or "
        "oauth, console=v2 or v3, sync=v3 or v2.",
        metavar="CREDENTIAL=WAY",
        is_repeated=True,
        has_ini=True,
    ),
    Option(
        "bill_sync_sign_in",
        "The older word for --bill-sign-in sync=v3 or sync=v2.",
        choices=("v3", "v2"),
        has_ini=True,
    ),
    Option(
        "bill_allow_production",
        "Allow recording from, or going live against, BILL's production.",
        is_flag=True,
    ),
    Option(
        "bill_allow_production_changes",
        "Also allow, in production: payments, approvals, bank-accounts, cards, "
        "reimbursements, people, network, messages, organizations, unknown; name each, with "
        "commas.",
        metavar="GROUPS",
        is_repeated=True,
    ),
    Option(
        "bill_verify",
        "Replay, record nothing, and at the end ask BILL again what was played: tells what has "
        "drifted.",
        is_flag=True,
    ),
    Option(
        "bill_verify_unsafe",
        "With --bill-verify: also ask again what changes something at BILL.",
        is_flag=True,
    ),
    Option(
        "bill_block_network",
        "Refuse each socket of a test that leads to another machine.",
        is_flag=True,
        has_ini=True,
    ),
    Option(
        "bill_allow_hosts",
        "What --bill-block-network does not refuse: names, addresses, networks, with commas.",
        metavar="HOSTS",
        is_repeated=True,
        has_ini=True,
    ),
    Option("bill_report", "Write the counts of the run to a JSON file.", metavar="FILE"),
    Option("bill_html", "Write a page of what the run did, to look at.", metavar="FILE"),
    Option(
        "bill_no_prove",
        "Keep what is recorded without replaying it once first.",
        is_flag=True,
    ),
    Option(
        "bill_strict",
        "Fail the run for what is told at its end: what was not recorded, not played, not saved.",
        is_flag=True,
        has_ini=True,
    ),
    Option(
        "bill_prune",
        "After a run of all tests in which all passed: drop recorded answers that were not played, "
        "and cassettes that no test uses.",
        is_flag=True,
    ),
    Option(
        "bill_fail_on_secrets",
        "Fail the run for secrets in the cassettes that it used.",
        is_flag=True,
        has_ini=True,
    ),
    Option(
        "bill_max_age",
        "How old a recording may be that is played: a number and w, d or h, as in 90d.",
        metavar="AGE",
        has_ini=True,
    ),
    Option(
        "bill_stale",
        "What is done where one is older: warn (default), fail the run, or record it anew.",
        choices=("warn", "fail", "record"),
        has_ini=True,
    ),
    Option(
        "bill_no_scan",
        "Do not look for secrets in the cassettes that the run used.",
        is_flag=True,
    ),
)


YES_BY_DEFAULT = {
    "bill_prove": "Replay what was recorded once, at the end of the run, and keep it only if it "
    "replays (default: true). --bill-no-prove says no.",
    "bill_scan": "Look for secrets in the cassettes that the run used (default: true). "
    "--bill-no-scan says no.",
}
"""Ini settings that an option of another name says no to."""


def refuse_old_pytest(version: tuple[int | str, ...]) -> None:
    """Refuse a pytest that cannot run the plugin's hooks: nothing else would say so in words.

    Raises:
        pytest.UsageError: it is such.
    """
    if version[:2] < OLDEST_PYTEST:
        oldest = ".".join(map(str, OLDEST_PYTEST))
        raise pytest.UsageError(
            f"pytest {pytest.__version__} is installed, and pytest-bill needs pytest>={oldest}.\n"
            f"Install one with: python -m pip install 'pytest>={oldest}'; or leave the plugin out: "
            "-p no:bill"
        )


def add_options(parser: pytest.Parser) -> None:
    """Declare each option and the ini setting of the same name."""
    # pytest has groups for options only: its settings are one list, in which ours stand together.
    group = parser.getgroup(
        "bill", f"BILL sessions and cassettes ({_ALSO_INI}: also an ini setting, bill_…, see below)"
    )
    for option in OPTIONS:
        option.add(parser, group)
    for name, what in YES_BY_DEFAULT.items():
        parser.addini(name, what, type="bool", default=True)


def is_on(config: pytest.Config, name: str) -> bool:
    """Whether a flag is given, by its option or its ini setting."""
    return bool(config.getoption(name) or config.getini(name))


def is_any_set(config: pytest.Config) -> bool:
    """Whether an ini setting has another value than its default."""
    return any(config.getini(option.name) for option in OPTIONS if option.has_ini)


CONFIG_KEYS = {
    "environ": "which environment variables bill_environ sets, and to what: a dict of names",
    "filter_headers": "headers that hold secrets: a list of names; vcrpy's word for it",
    "filter_post_data_parameters": "fields that hold secrets: a list of names; vcrpy's word for it",
    "filter_query_parameters": "fields that hold secrets: a list of names; vcrpy's word for it",
    "keep": "answers to record that say 'come again', and faults: a list of statuses and words",
    "match_on": "what is compared: a list of parts, or of functions of two requests",
    "record_mode": "the record mode, where the command line gives none",
    "scrub_fields": "fields that hold secrets: a list of names",
    "scrub_headers": "headers that hold secrets: a list of names",
    "secrets": "values to hide as BILL's are: a list, or a dict of them by name",
    "stand_ins": "whether data is recorded as stand-ins: True, False, or a dict of kinds and these",
    "unchanged": "what does not count where a cassette is recorded anew: a dict of rows and names",
}
"""What the fixture ``bill_config`` may hold, all of it optional."""

MARKER = (
    "bill_cassette(name, *, record_mode, match_on, keep): record and replay this test's requests "
    "to BILL; the name, below the cassette folder, replaces the automatic one."
)
"""What ``pytest --markers`` says of it."""

MARKER_KEYS = ("keep", "match_on", "record_mode")
"""What the marker ``bill_cassette`` takes by keyword, as ``bill_config`` does."""

KEEP_WORDS = ("timeout", "cut", "refused", "tls", "cancelled", "garbled", "html", "redirect")
"""What ``keep`` takes beside statuses and BILL's codes: see ``cassettes.keeping``."""


def has_variables(config: pytest.Config) -> bool:
    """Whether there are variables of BILL's, in the environment or in ``.env``."""
    if any(name.startswith("BILL_") for name in os.environ):
        return True
    # Before the options are read to their end, and where a conftest brings this plugin.
    option = getattr(config.known_args_namespace, "bill_env_file", None)
    path = config.rootpath / (option or config.getini("bill_env_file") or ".env")
    try:
        # Neither what is no file, nor what is too large to be one of variables.
        is_read = path.is_file() and path.stat().st_size <= _MOST_ENV_FILE
        return is_read and b"BILL_" in path.read_bytes()
    except OSError:  # it is told of where something is sent
        return False
