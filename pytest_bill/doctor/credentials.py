"""Which variables of each credential are set and from where, and what is odd about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.kinds import KINDS, Kind, Variable, signed_in_by
from pytest_bill.credentials.lookalikes import KNOWN
from pytest_bill.doctor import values
from pytest_bill.doctor.shape import CredentialSeen, Finding, Level, VariableSeen, hint, told, wrong
from pytest_bill.doctor.where_made import where_made
from pytest_bill.environments import Environment

ENVIRONMENT = "environment"
"""The source of what no file holds."""

BY_WORD = {kind.key.partition("_")[0]: kind for kind in KINDS}
"""The credentials by the words that are typed: developer, sync, console, spend, partner, oauth."""

Ways = Mapping[str, str]
"""How credentials sign in, where that is not the usual way: see ``ways.chosen_ways``."""
_USUAL: Ways = {}


def word_of(kind: Kind) -> str:
    """The word that is typed for a credential."""
    return kind.key.partition("_")[0]


def as_it_signs_in(kind: Kind, ways: Ways) -> Kind:
    """A credential, signing in as the run's settings say."""
    return signed_in_by(kind, ways.get(kind.word) or kind.ways[0])


def seen(
    variables: Variables,
    required: Collection[str] = (),
    ways: Ways = _USUAL,
    environment: Environment | None = None,
) -> list[CredentialSeen]:
    """All six, as these variables give them; ``required`` are the words of those that must be.

    ``environment`` is the BILL that is asked, where there is one.
    """
    kinds = [as_it_signs_in(kind, ways) for kind in KINDS]
    found = [_seen(kind, variables, required) for kind in kinds]
    shared = {
        variable["through"]
        for credential in found
        for variable in credential["variables"]
        if credential["state"] == "complete"
    }
    for kind, credential in zip(kinds, found, strict=True):
        credential["findings"] += _what_is_missing(kind, credential, shared)
        why_not = environment.why_no_tokens if environment is not None and kind.is_oauth else ""
        if why_not and credential["state"] == "complete":
            credential["findings"].append(told(why_not))
    return found


def of_file(variables: Variables) -> list[Finding]:
    """What is odd about the ``.env`` file, and about variables that nothing reads."""
    file = variables.env_file
    findings = [told(file.problem)] if file.problem else []
    findings += [
        hint(
            f"{file.path}:{line} is not NAME=value, and is left out.",
            "Mend it, or make it a comment with #.",
        )
        for line in file.unreadable_lines
    ]
    return [*findings, *values.unread({*variables.environ, *file.values}, KNOWN)]


def source_of(name: str, variables: Variables) -> str | None:
    """Where a variable's value comes from, None where it has none: see ``Variables.get``."""
    if variables.environ.get(name, "").strip():
        return ENVIRONMENT
    return str(variables.env_file.path) if variables.env_file.values.get(name, "").strip() else None


def _seen(kind: Kind, variables: Variables, required: Collection[str]) -> CredentialSeen:
    each = [_variable(kind, variable, variables) for variable in kind.variables]
    own = [one for one in each if one["source"] is not None and one["through"] is None]
    has_all = all(one["source"] is not None for one in each)
    trust = [_variable(kind, variable, variables) for variable in kind.trust]
    each += [one for one in trust if one["source"] is not None]
    by_name = {one["name"]: one for one in each}
    stripped = {
        variable.name: value
        for variable in kind.all_variables
        if (value := variables.get(variable.name)) is not None
    }
    for name, finding in values.compared(kind, stripped):
        by_name[name]["findings"].append(finding)
    return CredentialSeen(
        credential=word_of(kind),
        title=_title_of(kind),
        fixture=kind.fixture,
        state="complete" if has_all and own else "partial" if own else "missing",
        required=word_of(kind) in required,
        variables=each,
        findings=list(_of_trust(kind, stripped)),
    )


def _of_trust(kind: Kind, given: Collection[str]) -> Iterator[Finding]:
    """What is wrong where one of the variables of MFA's trust is set and the other is not."""
    unset = [variable.name for variable in kind.trust if variable.name not in given]
    if len(unset) != 1:
        return
    (name,) = unset
    then = "Run pytest-bill trust, which writes both."
    if name == kind.trust[0].name:
        yield hint(f"No value for {name}: the device is sent with it only.", then)
    else:
        yield wrong(f"No value for {name}, with which alone BILL takes an MFA id.", then)


def _title_of(kind: Kind) -> str:
    usual = BY_WORD[word_of(kind)]
    return f"{usual.title}, by OAuth" if kind.replaced else usual.title


def _variable(kind: Kind, variable: Variable, variables: Variables) -> VariableSeen:
    source, through = source_of(variable.name, variables), None
    findings = []
    if source is not None:
        findings = list(_findings(kind, variable, variables))
    elif variable.default_from is not None:
        source = source_of(variable.default_from, variables)
        if source is not None:
            through = variable.default_from
            # As told of that variable: a sign-in with what is certainly wrong is not tried.
            of_other = _findings(kind, Variable(through, variable.role), variables)
            findings = [each for each in of_other if each["level"] == Level.WRONG]
    names = {*variables.environ, *variables.env_file.values}
    return VariableSeen(
        name=variable.name,
        empty=variable.name in names and (source is None or through is not None),
        source=source,
        through=through,
        findings=findings,
    )


def _findings(kind: Kind, variable: Variable, variables: Variables) -> Iterator[Finding]:
    name, file = variable.name, variables.env_file
    of_environment = variables.environ.get(name, "")
    raw = of_environment if of_environment.strip() else file.values.get(name, "")
    yield from values.looked_at(kind, variable, raw)
    of_file = file.values.get(name, "").strip()
    if of_environment.strip() and of_file and of_file != of_environment.strip():
        yield hint(
            f"{name} has another value in {file.path}, and that of the environment counts.",
            f"Unset it there: unset {name}",
        )


def _what_is_missing(
    kind: Kind, credential: CredentialSeen, shared: Collection[str | None]
) -> Iterable[Finding]:
    unset = [
        one["name"] + (" (which is empty)" if one["empty"] else "")
        for one in credential["variables"]
        if one["source"] is None
    ]
    if credential["state"] == "complete" or not unset:
        return
    own = {one["name"] for one in credential["variables"] if one["source"] and not one["through"]}
    asked_for = credential["required"]
    if credential["state"] == "missing" and not asked_for:
        return
    if not asked_for and own <= set(shared):  # they are there for another credential
        return
    yield wrong(f"No value for {', '.join(unset)}.", where_made(kind))
