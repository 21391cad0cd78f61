"""What ``pytest-bill init`` writes: the texts in ``templates/``, filled for a project.

Where BILL's keys and tokens are made is from https://developer.bill.com/docs/bill-keys-tokens and
the pages that it names; how OAuth tokens are asked for is from
https://developer.bill.com/reference/createaccesstoken, and their field from RFC 6749.
"""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Collection, Sequence
from pathlib import Path
from string import Template

from pytest_bill.cli.init.answers import CREDENTIALS, Answers
from pytest_bill.cli.init.project import Project
from pytest_bill.credentials.kinds import OAUTH, Kind

_V3_SIGN_IN = """\
login = {{
{fields}
}}
url = self.url + "{path}"
signed_in = {client}.post(url, json=login, timeout=60)
signed_in.raise_for_status()
session_id = signed_in.json()["sessionId"]
self.headers = {{"{key_header}": login["{key_field}"], "sessionId": session_id}}"""
_V2_SIGN_IN = """\
login = {{
{fields}
}}
url = os.environ["APP_BILL_V2_URL"] + "{path}"
signed_in = {client}.post(url, data=login, timeout=60)
signed_in.raise_for_status()
session_id = signed_in.json()["response_data"]["sessionId"]
self.headers = {{"{key_header}": login["{key_field}"], "sessionId": session_id}}"""
_OAUTH_SIGN_IN = """\
login = {{
{fields}
}}
url = os.environ["APP_BILL_OAUTH_URL"]
signed_in = {client}.post(url, data=login, timeout=60)
signed_in.raise_for_status()
self.headers = {{"Authorization": "Bearer " + signed_in.json()["access_token"]}}"""
_SIGN_INS = {"v3": _V3_SIGN_IN, "v2": _V2_SIGN_IN, OAUTH: _OAUTH_SIGN_IN}
_NO_SIGN_IN = 'self.headers = {{"{key_header}": os.environ["{key}"]}}'

_PATHS = {
    "developer": "/v3/vendors",
    "sync": "/v3/bills",
    "console": "/v3/vendors",
    "spend": "/v3/spend/budgets",
    "partner": "/v3/partner/organizations",
    "oauth": "/v3/vendors",
}
"""A list that each credential may read."""


class _Text(Template):
    """Its delimiter is in no Python, no shell and no YAML of ours."""

    delimiter = "§"


def template(name: str, **values: str) -> str:
    """A text of ``templates/``, filled."""
    path = Path(__file__).parent / "templates" / f"{name}.txt"
    return _Text(path.read_text(encoding="utf-8")).substitute(values)


def env_comments() -> dict[str, str]:
    """The comment of each variable in ``.env.example``."""
    lines = template("env.example").splitlines()
    return {
        name.rstrip("="): comment for comment, name in zip(lines[::2], lines[1::2], strict=True)
    }


def env_lines(credentials: Sequence[str], known: Collection[str] = ()) -> list[str]:
    """Lines of ``.env.example``: what each variable of the credentials is, but of those known."""
    lines, comments = [], env_comments()
    for name in credentials:
        kind = CREDENTIALS[name]
        new = [each for each in kind.variables if each.name not in known]
        if new:
            lines += ["", f"# {kind.title[0].upper()}{kind.title[1:]} ({kind.fixture})"]
        for variable in new:
            lines += [comments[variable.name], f"{variable.name}="]
    if lines and not known:
        lines.insert(0, "# Copy to .env, which git ignores, and fill in. Only recording needs it.")
    return lines


def first_test(credential: str) -> str:
    """The first test with a credential's fixture."""
    return template(f"test_{credential}.py")


def environ(credentials: Sequence[str]) -> dict[str, str]:
    """Which names a client of its own reads, and the names of ``bill_environ`` for them.

    It is the client of the first of these credentials.
    """
    kind = CREDENTIALS[credentials[0]]
    names = {"APP_BILL_URL": "v3_url"}
    if kind.signs_in and kind.sign_in_form().api == "v2":
        names["APP_BILL_V2_URL"] = "v2_url"
    if kind.is_oauth:
        names["APP_BILL_OAUTH_URL"] = "oauth_url"
    return names | {_own_name(each.name): _known_name(each.name) for each in kind.variables}


def bill_config(credentials: Sequence[str]) -> str:
    """The fixture that sets these variables."""
    pairs = environ(credentials).items()
    lines = "\n".join(f'{" " * 12}"{name}": "{known}",' for name, known in pairs)
    return template("bill_config.py", environ=lines)


def conftest(credentials: Sequence[str]) -> str:
    """A ``conftest.py`` with that fixture alone."""
    return f"import pytest\n\n\n{bill_config(credentials)}"


def own_client_test(credentials: Sequence[str], client: str, *, has_conftest: bool) -> str:
    """The first test of a client of its own; with the fixture, where no conftest has it."""
    return template(
        "own_client.py",
        imports="\n".join(f"import {name}" for name in sorted((client, "pytest"))),
        bill_config="" if has_conftest else f"{bill_config(credentials)}\n\n",
        client=client,
        sign_in=textwrap.indent(_sign_in(CREDENTIALS[credentials[0]], client), " " * 8),
        path=_PATHS[credentials[0]],
    )


def ci_files(answers: Answers, project: Project) -> dict[str, str]:
    """The CI jobs, by the names of their files."""
    values = {
        "python": project.python,
        "install": " ".join(project.install),
        "cassettes": shlex.quote(project.cassettes),
    }
    names = _variables(answers.credentials)
    if answers.ci == "github":
        lines = "\n".join(f"{' ' * 10}{name}: ${{{{ secrets.{name} }}}}" for name in names)
        return {
            ".github/workflows/bill-replay.yml": _job("github-replay.yml", values),
            ".github/workflows/bill-record.yml": _job("github-record.yml", values, secrets=lines),
        }
    if answers.ci == "gitlab":
        listed = textwrap.fill(", ".join(names), 92).replace("\n", "\n# ")
        return {".gitlab/pytest-bill.yml": _job("gitlab.yml", values, variables=listed)}
    return {}


def _job(name: str, values: dict[str, str], **more: str) -> str:
    return template(name, **values, **more).replace("pip install  ", "pip install ")


def _variables(credentials: Sequence[str]) -> list[str]:
    return [each.name for name in credentials for each in CREDENTIALS[name].variables]


def _sign_in(kind: Kind, client: str) -> str:
    """How a client signs in with a credential, as BILL's page shows it."""
    names = {each.role: _own_name(each.name) for each in kind.variables}
    if not kind.signs_in:
        return _NO_SIGN_IN.format(key_header=kind.key_header, key=names["key"])
    form = kind.sign_in_form()
    fields = [f'    "{name}": "{value}",' for name, value in form.constants.items()]
    fields += [f'    "{form.fields[role]}": os.environ["{name}"],' for role, name in names.items()]
    return _SIGN_INS[form.api].format(
        fields="\n".join(fields),
        client=client,
        path=form.path,
        key_header=kind.key_header,
        key_field=form.fields.get("key", ""),
    )


def _own_name(variable: str) -> str:
    return f"APP_{variable}"


def _known_name(variable: str) -> str:
    """As ``bill_environ`` calls it."""
    return variable.removeprefix("BILL_").lower()
