"""The report as text, at 80 columns: what is fine in one line, what is not with what to do.

Marks have words beside them, so that neither colour nor the sign alone says anything.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from pytest_bill.doctor.online import NOT_TRIED, SIGNED_IN, TAKEN
from pytest_bill.doctor.report import findings_in
from pytest_bill.doctor.shape import (
    CredentialSeen,
    Finding,
    Level,
    Report,
    SignInTried,
    VariableSeen,
)
from pytest_bill.patterns import late_pattern

WIDTH = 80
_OK, _NOTE = "ok", "note"
_MARKS = {
    _OK: ("✓", "+", "32"),
    Level.HINT.value: ("!", "!", "33"),
    Level.WRONG.value: ("✗", "x", "31"),
    _NOTE: ("-", "-", ""),
}
"""Each with its plain sign, for terminals that cannot show it, and its colour."""
_LONGEST_WORD = max(map(len, _MARKS))
_UNSHOWABLE = late_pattern(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_MINUTES_A_DAY = 24 * 60


class Look:
    """How it may look: in colours or not, with any sign or with plain ones."""

    def __init__(self, *, colours: bool = False, plain: bool = False) -> None:
        self._colours = colours
        self._plain = plain

    def mark(self, kind: str) -> str:
        """The sign and the word of a line, all of one width."""
        sign, plain, colour = _MARKS[kind]
        text = f"{plain if self._plain else sign} {kind:<{_LONGEST_WORD}}"
        return f"\033[{colour}m{text}\033[0m" if self._colours and colour else text

    def title(self, text: str) -> str:
        """The title of a group."""
        return f"\033[1m{text}\033[0m" if self._colours else text

    def own(self, text: str) -> str:
        """A text without what would steer a terminal, or what it cannot show."""
        shown = _UNSHOWABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        return shown.encode("ascii", "replace").decode() if self._plain else shown


def as_text(report: Report, look: Look) -> str:
    """All of it, with a line at the end that says what it comes to."""
    groups: Sequence[tuple[str, Iterable[str]]] = (
        ("Project", _project(report, look)),
        ("Credentials", _credentials(report, look)),
        ("Sign-ins", _online(report, look)),
        ("Settings", _settings(report, look)),
        ("Versions", _versions(report, look)),
        ("Cassettes", _cassettes(report, look)),
        ("Other packages", _plugins(report, look)),
        ("Surroundings", _surroundings(report, look)),
    )
    lines = [f"pytest-bill {report['pytest_bill']}: doctor"]
    for title, of_group in groups:
        lines += ["", look.title(title), *of_group]
    return "\n".join([*lines, "", *_end(report, look)]) + "\n"


def _project(report: Report, look: Look) -> Iterator[str]:
    project = report["project"]
    yield from _line(look, _worst(project["findings"]), f"folder: {project['rootdir']}")
    for what, value in (("ini file", project["ini_file"]), ("variables", project["env_file"])):
        yield from _plain(look, f"{what}: {value or 'none'}")
    yield from _told(look, project["findings"])


def _credentials(report: Report, look: Look) -> Iterator[str]:
    for credential in report["credentials"]:
        of_variables = [f for each in credential["variables"] for f in each["findings"]]
        findings = [*of_variables, *credential["findings"]]
        mark = _worst(findings) if findings else _NOTE if _is_missing(credential) else _OK
        state = {"missing": "not set", "partial": "not complete"}.get(credential["state"], "set")
        required = ", asked for" if credential["required"] else ""
        title = f"{credential['title']} ({credential['fixture']}): {state}{required}"
        yield from _line(look, mark, title)
        if not _is_missing(credential):
            rows = [_source(each, report) for each in credential["variables"]]
            yield from _table(look, rows)
        yield from _told(look, findings)


def _is_missing(credential: CredentialSeen) -> bool:
    return credential["state"] == "missing"


def _source(variable: VariableSeen, report: Report) -> tuple[str, str]:
    source, through = variable["source"], variable["through"]
    text = "empty" if variable["empty"] else "not set"
    text = _near(source, report) if source is not None else text
    return variable["name"], f"{text}, as {through}" if through else text


def _near(path: str, report: Report) -> str:
    """A path as it is written in the project."""
    folder = report["project"]["rootdir"]
    return path.removeprefix(folder).lstrip("/\\") if path.startswith(folder) else path


def _online(report: Report, look: Look) -> Iterator[str]:
    if report["online"] is None:
        yield from _line(look, _NOTE, "not tried; pytest-bill doctor --online tries each once")
        return
    if not report["online"]:
        yield from _line(look, _NOTE, "no credential to try")
    titles = {each["credential"]: each["title"] for each in report["credentials"]}
    for tried in report["online"]:
        is_taken = tried["result"] in (SIGNED_IN, TAKEN)
        mark = _worst(tried["findings"], _OK if is_taken else _NOTE)
        address = f" at {tried['address']}" if tried["address"] else ""
        took = f" in {tried['seconds']:.2f} s" if tried["seconds"] is not None else ""
        text = f"{titles[tried['credential']]}: {tried['result']}{took}{address}"
        yield from _line(look, mark, text)
        if tried["result"] != NOT_TRIED and is_taken:
            yield from _table(look, list(_told_by_bill(tried)))
        yield from _told(look, tried["findings"])


def _told_by_bill(tried: SignInTried) -> Iterator[tuple[str, str]]:
    told = {each: tried.get(each) for each in ("organization", "user", "role", "rights")}
    if tried["result"] != TAKEN:
        trust = {True: "a trusted session", False: "no trusted session", None: None}
        status = f"status {tried['mfa']}" if tried["mfa"] else None
        told["MFA"] = ", ".join(filter(None, (trust[tried["trusted"]], status)))
    yield from ((what, str(text)) for what, text in told.items() if text)
    untold = [what for what, text in told.items() if not text and what != "rights"]
    if untold:
        yield "not told", ", ".join(untold)
    if tried["result"] == TAKEN:
        yield "expires", "never by itself: it has no session"
        return
    if tried["idle_minutes"] is None:
        seconds = tried["lifetime_seconds"]
        yield "expires", f"after {seconds / 60:g} min, used or not" if seconds else "not told"
        yield "signed out", "no: a token has no sign-out"
        return
    minutes = tried["idle_minutes"]
    idle = f"{minutes:g} min" if minutes < _MINUTES_A_DAY else f"{minutes / 60:g} h"
    yield "expires", f"after {idle} unused"
    yield "signed out", "yes" if tried["signed_out"] else "no"


def _settings(report: Report, look: Look) -> Iterator[str]:
    width = max((len(each["name"]) for each in report["settings"]), default=0)
    for setting in report["settings"]:
        mark = _worst(setting["findings"])
        text = (
            f"{setting['name']:<{width}}  {setting['value']}  ({_near(setting['source'], report)})"
        )
        yield from _line(look, mark, text)
        yield from _told(look, setting["findings"])
    if not report["settings"]:
        yield from _line(look, _NOTE, "not known: pytest did not start, or without pytest-bill")


def _versions(report: Report, look: Look) -> Iterator[str]:
    seen = report["versions"]
    found = [f"{each['name']} {each['version'] or 'missing'}" for each in seen["packages"]]
    text = ", ".join([f"Python {seen['python']}", *found])
    yield from _line(look, _worst(seen["findings"]), text)
    for extra in seen["extras"]:
        if extra["missing"]:
            missing = ", ".join(extra["missing"])
            text = f"extra {extra['name']} lacks {missing}"
            yield from _line(look, _NOTE, text)
    complete = [each["name"] for each in seen["extras"] if not each["missing"]]
    if complete:
        yield from _line(look, _OK, f"extras that are there: {', '.join(complete)}")
    yield from _told(look, seen["findings"])


def _cassettes(report: Report, look: Look) -> Iterator[str]:
    seen = report["cassettes"]
    files = f"{seen['files']} cassette{'' if seen['files'] == 1 else 's'}"
    mark = _worst(seen["findings"], _OK if seen["files"] else _NOTE)
    yield from _line(look, mark, f"{files}, {_size(seen['bytes'])}, in {seen['folder']}")
    if seen["answered_by"]:
        answered = ", ".join(f"{who} {count}" for who, count in seen["answered_by"].items())
        yield from _plain(look, f"answered by: {answered}; oldest: {seen['oldest'] or 'unknown'}")
    if seen["others"]:
        yield from _plain(look, f"other YAML files there: {seen['others']}")
    yield from _told(look, seen["findings"])


def _plugins(report: Report, look: Look) -> Iterator[str]:
    for plugin in report["plugins"]:
        text = f"{plugin['name']} {plugin['version']}: {plugin['means']}"
        yield from _line(look, _worst(plugin["findings"], _NOTE), text)
        yield from _told(look, plugin["findings"])
    if not report["plugins"]:
        yield from _line(look, _NOTE, "none that matters to tests of BILL")


def _surroundings(report: Report, look: Look) -> Iterator[str]:
    seen = report["surroundings"]
    proxies = ", ".join(seen["proxies"]) or "none"
    ci = "yes: a record mode counts only where it is typed" if seen["ci"] else "no"
    yield from _line(look, _worst(seen["findings"]), f"CI: {ci}")
    yield from _plain(look, f"proxies: {proxies}")
    if seen["certificates"]:
        names = ", ".join(seen["certificates"])
        yield from _plain(look, f"certificates that are trusted: those of {names}")
    yield from _told(look, seen["findings"])


def _end(report: Report, look: Look) -> Iterator[str]:
    # What is wrong with a variable is told of each credential that it belongs to.
    different = {(finding["what"], finding["level"]) for finding in findings_in(report)}
    levels = [level for _, level in different]
    wrong, hints = levels.count(Level.WRONG), levels.count(Level.HINT)
    if report["status"] == "could not look":
        text = "pytest did not start here, so not all of it could be looked at."
        yield from _line(look, Level.WRONG.value, text)
        return
    if wrong:
        text = f"{_count(wrong, 'thing is', 'things are')} wrong, and would stop recording."
        yield from _line(look, Level.WRONG.value, text)
    if hints:
        text = f"{_count(hints, 'thing looks', 'things look')} odd, and may be meant."
        yield from _line(look, Level.HINT.value, text)
    if not wrong and not hints:
        yield from _line(look, _OK, "Nothing is wrong.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _worst(findings: Iterable[Finding], otherwise: str = _OK) -> str:
    levels = {finding["level"] for finding in findings}
    return next((each.value for each in Level if each in levels), otherwise)


def _told(look: Look, findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from _plain(look, finding["what"], f"{finding['level']}: ")
        if finding["then"]:
            yield from _plain(look, finding["then"], " " * (len(finding["level"]) + 2))


_INDENT = " " * (len("✓ ") + _LONGEST_WORD + 3)


def _line(look: Look, mark: str, text: str) -> Iterator[str]:
    first, *others = _wrapped(look.own(text), WIDTH - len(_INDENT))
    yield f"  {look.mark(mark)} {first}"
    yield from (f"{_INDENT}{each}" for each in others)


def _plain(look: Look, text: str, before: str = "") -> Iterator[str]:
    lines = [
        line
        for part in text.split("\n")
        for line in _wrapped(look.own(part), WIDTH - len(_INDENT) - len(before))
    ]
    for number, line in enumerate(lines):
        yield f"{_INDENT}{before if not number else ' ' * len(before)}{line}"


def _table(look: Look, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        yield from _plain(look, text, f"{name:<{width}}  ")


def _wrapped(text: str, width: int) -> list[str]:
    """Never broken within an address or a path."""
    wrap: Callable[..., list[str]] = textwrap.wrap
    return wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} bytes"
    return f"{count / 1024:.0f} KiB" if count < 2**20 else f"{count / 2**20:.1f} MiB"
