"""Mistakes in the ini file and in the options."""

from __future__ import annotations

from tests.promises.messages.mistake import Mistake, Run

GROUP = "Options and the ini file"


def ini(line: str, *args: str) -> Run:
    return Run(line, args, ini=f"[pytest]\nbill_environment = local\n{line}\n")


def typed(*args: str) -> Run:
    return Run(" ".join(["pytest", *args]), args)


MISTAKES = [
    Mistake(
        "A record mode that is none, in the ini file",
        ini("bill_record_mode = al"),
        cause="is 'al'",
        place="pytest.ini:3",
        step="Did you mean all?",
    ),
    Mistake(
        "An environment that is none, in the ini file",
        Run("bill_environment = prod", ini="[pytest]\nbill_environment = prod\n"),
        cause="is 'prod'",
        place="pytest.ini:2",
        step="Did you mean production?",
    ),
    Mistake(
        "An age that is none, in the ini file",
        ini("bill_max_age = 90 days"),
        cause="which is no age",
        place="pytest.ini:3",
        step="Write a number and w, d or h",
    ),
    Mistake(
        "A word for stale cassettes that is none, in the ini file",
        ini("bill_stale = fial"),
        cause="is 'fial'",
        place="pytest.ini:3",
        step="Did you mean fail?",
    ),
    Mistake(
        "A sign-in of the sync token that is none, in the ini file",
        ini("bill_sync_sign_in = v4"),
        cause="is something else",
        place="pytest.ini:3",
        step="It must be one of: v3, v2",
    ),
    Mistake(
        "A way to sign in that is none, in the ini file",
        ini("bill_sign_in = developr=oauth"),
        cause="that it does not know",
        place="pytest.ini:3",
        step="Did you mean developer=oauth?",
    ),
    Mistake(
        "A flag that is neither true nor false, in the ini file",
        ini("bill_strict = perhaps"),
        cause="neither true nor false",
        place="pytest.ini:3",
        step="Write it as bill_strict = true",
    ),
    Mistake(
        "The name of a setting misspelt, in the ini file",
        ini("bill_record_mod = all"),
        cause="it does nothing",
        place="pytest.ini:3",
        step="Did you mean bill_record_mode?",
    ),
    Mistake(
        "An option of the command line, in the ini file",
        ini("bill_prune = true"),
        cause="it does nothing",
        place="pytest.ini:3",
        step="type --bill-prune there",
    ),
    Mistake(
        "A URL where a host belongs, in the ini file",
        ini("bill_allow_hosts = http://api.example.com/", "--bill-block-network"),
        cause="which is no host",
        place="pytest.ini:3",
        step="without scheme and port",
    ),
    Mistake(
        "A setting misspelt behind -o",
        typed("-o", "bill_scann=false"),
        cause="it does nothing",
        place="-o bill_scann",
        step="Did you mean bill_scan?",
    ),
    Mistake(
        "The name of an option misspelt",
        typed("--bill-recordmode=once"),
        cause="There is no option",
        place="--bill-recordmode",
        step="Did you mean --bill-record-mode?",
    ),
    Mistake(
        "A record mode that is none, typed",
        typed("--bill-record-mode=al"),
        cause="invalid choice: 'al'",
        place="--bill-record-mode",
        step="choose from",
    ),
    Mistake(
        "An age that is none, typed",
        typed("--bill-max-age=3months"),
        cause="which is no age",
        place="--bill-max-age",
        step="Write a number and w, d or h",
    ),
    Mistake(
        "Live, and a record mode",
        typed("--bill-live", "--bill-record-mode=once"),
        cause="uses no cassettes",
        place="--bill-live",
        step="Give one of the two",
    ),
    Mistake(
        "What to do with old cassettes, and not how old they may be",
        typed("--bill-stale=fail"),
        cause="nothing says how old that is",
        place="--bill-stale=fail",
        step="--bill-max-age=90d",
    ),
    Mistake(
        "Verify and record at once",
        typed("--bill-verify", "--bill-record-mode=once"),
        cause="records nothing",
        place="--bill-verify",
        step="Give one of the two",
    ),
    Mistake(
        "Ask again what changes something, without verifying",
        typed("--bill-verify-unsafe"),
        cause="nothing is asked again",
        place="--bill-verify-unsafe",
        step="Give it with --bill-verify",
    ),
    Mistake(
        "Allowed hosts, and no network that is blocked",
        typed("--bill-allow-hosts=api.example.com"),
        cause="that is not given",
        place="--bill-allow-hosts",
        step="Give both, or neither",
    ),
    Mistake(
        "Fail for secrets, without a scan",
        typed("--bill-fail-on-secrets", "--bill-no-scan"),
        cause="makes none",
        place="--bill-fail-on-secrets",
        step="Leave one of the two out",
    ),
    Mistake(
        "An env file that is not there",
        typed("--bill-env-file=secrets.env"),
        cause="there is no file",
        place="--bill-env-file=secrets.env",
        step="give another one",
    ),
    Mistake(
        "A file where the cassette folder belongs",
        typed("--bill-cassette-dir=pytest.ini"),
        cause="which is no folder",
        place="--bill-cassette-dir",
        step="--bill-cassette-dir=cassettes",
    ),
    Mistake(
        "A group of production's changes that is none",
        typed("--bill-allow-production", "--bill-allow-production-changes=paymnts"),
        cause="has no group 'paymnts'",
        place="--bill-allow-production-changes",
        step="Name what may be done there",
    ),
]
