"""Sign-ins that clients of the code under test make by themselves, with no fixture of ours.

A client often signs in once and asks for a whole run. So its sign-in is not in the cassette of the
test that happened to come first, but in one of its own, beside those of the fixtures; it answers
any test, as often as it is asked. A sign-in that BILL refused is in the test's own cassette.

Who signs in is told by the run's variables. A user, an organization or a developer app (its client
ID) that stands in the code under test has a placeholder with a fingerprint of it, 24 bits of a
hash: too little to find the value by, and enough to tell two apart. Passwords and keys have none.

Sources: https://developer.bill.com/docs/bill-keys-tokens and
https://developer.bill.com/reference/createaccesstoken.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.matchers.session import are_same
from pytest_bill.cassettes.recorder import Recorder
from pytest_bill.cassettes.use import OpenCassette, Use
from pytest_bill.credentials.kinds import (
    KINDS,
    PLACEHOLDER_PREFIX,
    Kind,
    Variable,
    with_fingerprint,
)
from pytest_bill.environments import (
    SANDBOX,
    TOKENS_AT,
    Environment,
    gives_tokens,
    recorded_url,
)
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.secret_places import SIGN_IN_FIELDS, SIGN_IN_PATH
from pytest_bill.urls import split

_ORGANIZATIONS = "/v2/ListOrgs.json"
_WHO = {**SIGN_IN_FIELDS, "client_id": "BILL_CLIENT_ID"}
"""The fields of a sign-in that tell who it is, with their placeholders: a developer app, too."""
OTHERS = "own"
"""The cassette of sign-ins with none of the run's credentials."""


def is_sign_in(request: Interaction, environment: Environment = SANDBOX) -> bool:
    """Whether a request to BILL signs in, at the addresses of that one or as cassettes have it."""
    if request.method.upper() != "POST":
        return False
    if gives_tokens(request.url) or environment.gives_tokens(request.url):
        return True
    return SIGN_IN_PATH.search(split(request.url).path) is not None


def tells_who(request: Interaction) -> bool:
    """Whether a request names who signs in, and does not sign in: v2's list of organizations.

    Source: https://developer.bill.com/v2/reference/search-listorgs.
    """
    return request.method.upper() == "POST" and split(request.url).path.endswith(_ORGANIZATIONS)


def is_accepted_sign_in(interaction: Interaction, environment: Environment = SANDBOX) -> bool:
    """Whether it is a sign-in that BILL took."""
    return is_sign_in(interaction, environment) and bool(session_in(interaction))


def session_in(interaction: Interaction) -> str:
    """The sessionId, or the access token, of a sign-in that BILL took; empty for any other."""
    if not 200 <= interaction.status < 300:
        return ""
    try:
        data = json.loads(readable(interaction).answer_body)
        found = data.get("sessionId") or data.get("access_token")
        found = found or (data.get("response_data") or {}).get("sessionId")
    except (ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) else ""


def is_same_by_fixture(one: Interaction, other: Interaction) -> bool:
    """Whether two recorded sign-ins are those of one fixture, by whatever way each was made.

    A fixture writes the names of its headers so; a client of the code under test that does, too,
    and now signs in by another way, would be answered by the other one.
    """
    are_fixtures = all(each.headers.get("accept") == "application/json" for each in (one, other))
    are_sign_ins = all(map(is_accepted_sign_in, (one, other)))
    return are_fixtures and are_sign_ins and are_same(session_in(one), session_in(other))


Identity = tuple[str, tuple[tuple[str, str], ...]]
"""Where a request signs in, and the fields that tell who."""


def who_signs_in(request: Interaction, registry: SecretRegistry) -> Identity:
    """Who signs in where: equal for the same credential, recorded or not.

    The request is one with the address that a cassette has for it.
    """
    fields = _hidden_fields(request, registry)
    who = {name: value for name, value in fields.items() if name.lower() in _WHO}
    return _path_of(request.url), tuple(sorted((who or fields).items()))


def name_users(request: Interaction, registry: SecretRegistry) -> None:
    """Give users, organizations and apps that no variable has placeholders that tell them apart."""
    known = registry.known()
    for name, value in _sent_fields(request).items():
        placeholder = _WHO.get(name.lower())
        if placeholder is not None and value not in known and not is_placeholder(value):
            registry.add(value, PLACEHOLDER_PREFIX + with_fingerprint(placeholder, value))


def _path_of(url: str) -> str:
    path = split(url).path
    return TOKENS_AT if gives_tokens(url) else path[path.find("/v") :]


def credential_of(request: Interaction, registry: SecretRegistry) -> Kind | None:
    """The run's credential that a request signs in with, if it is all of one."""
    given = set(_hidden_fields(request, registry).values())
    for kind in KINDS:
        wanted = [_placeholders_of(variable) for variable in kind.variables]
        if len(wanted) > 1 and all(given & each for each in wanted):
            return kind
    return None


def _placeholders_of(variable: Variable) -> set[str]:
    names = {variable.name, variable.default_from or variable.name}
    return {PLACEHOLDER_PREFIX + name for name in names}


def _hidden_fields(request: Interaction, registry: SecretRegistry) -> dict[str, str]:
    """The fields of a sign-in by name, their secrets hidden."""
    known = registry.known()
    return {name: known.get(value, value) for name, value in _sent_fields(request).items()}


def _sent_fields(request: Interaction) -> dict[str, str]:
    body = readable(request).body.decode("utf-8", "replace")
    try:
        data = json.loads(body)
    except ValueError:
        data = dict(parse_qsl(body, keep_blank_values=True))
    if not isinstance(data, dict):
        return {}
    return {str(name): str(value) for name, value in data.items()}


class ClientSignIns:
    """The sign-ins of clients in a run: which cassette each is in, and what it is answered."""

    def __init__(
        self,
        recorder: Recorder,
        use_of: Callable[[str], Use | None],
        test_now: Callable[[], str] = str,
    ) -> None:
        """``use_of`` gives the use of a sign-in cassette by its name; None where there is none."""
        self._test_now = test_now
        self._recorder = recorder
        self._registry = recorder.registry
        self._use_of = use_of
        self._loaded: dict[Path, Sequence[Interaction]] = {}
        self.refused: list[tuple[str, str]] = []
        """What BILL refused when it was asked in this run, and who asked."""

    def play(self, request: Interaction) -> tuple[Interaction | None, OpenCassette | None]:
        """As ``Recorder.play``.

        Where anything may be sent, it is made for real: what follows may need the session.

        Raises:
            NotInCassette: see there.
        """
        recorder = self._recorder
        recorder.asked += 1
        if recorder.live:
            recorder.count_request()
            return None, None
        opened = recorder.cassette_for(request)
        if opened.may_record:
            recorder.count_request()
            return None, opened
        recorded = self._recorded_answer(request, opened.cassette)
        if recorded is None:
            recorder.count_request()
            raise recorder.miss(request, opened)
        path = self._path_of_file(recorded) or opened.use.path
        recorder.count_played(recorded, opened, path)
        recorder.count_sign_in()
        return recorded, opened

    def record(self, interaction: Interaction) -> None:
        """Keep a sign-in that BILL took, in the cassette that it belongs to."""
        recorder = self._recorder
        recorder.count_sign_in()
        self._name_session(interaction)
        recorder.learn(interaction)
        use = self._use_of(self._name_of(interaction))
        if use is None:
            return
        self._loaded.pop(use.path, None)
        if not recorder.live:
            with recorder.aside(use) as opened:
                recorder.record(interaction, opened)

    def name_who(self, request: Interaction) -> None:
        """Know who is named in a request that ``tells_who``, before a sign-in does."""
        if tells_who(request):
            name_users(request, self._registry)

    def note_refused(self, interaction: Interaction, opened: OpenCassette | None) -> None:
        """Know that BILL refused a client, which its test may not look at; nothing else follows.

        The client is its test's own: it may sign in again, and a test may want the refusal.
        """
        if not is_sign_in(interaction, self._recorder.environment):
            return
        from pytest_bill.bill_errors import problems_in  # with requests

        answered = readable(interaction)
        said = "; ".join(map(" ".join, problems_in(answered.status, answered.answer_body)))
        line = f"{self._recorder.described(interaction)}: HTTP {interaction.status} {said}".rstrip()
        owner = opened.use.owner if opened is not None else self._test_now()
        self.refused.append((owner, self._registry.hide(line)))

    def _recorded_answer(self, request: Interaction, own: Cassette) -> Interaction | None:
        """The recorded answer to a sign-in: from the test's own cassette, or from a shared one.

        Where the same credential was recorded, its answer; else that of any, as secrets do not
        matter in what is compared.
        """
        name_users(request, self._registry)
        who = self._who(request)

        def is_the_same(recorded: Interaction) -> bool:
            return who_signs_in(recorded, self._registry) == who

        shared = self._shared_sign_ins(request)
        found = own.play(request, is_the_same)
        if found is None:
            found = self._note_played(next(filter(is_the_same, reversed(shared)), None))
        if found is None:
            found = own.play(request)
        if found is None:
            at_the_same = (each for each in reversed(shared) if _path_of(each.url) == who[0])
            found = self._note_played(next(at_the_same, None))
        return found

    def _who(self, request: Interaction) -> Identity:
        url = recorded_url(request.url, self._recorder.environment)
        return who_signs_in(replace(request, url=url), self._registry)

    def _note_played(self, found: Interaction | None) -> Interaction | None:
        """A sign-in of a cassette that is looked at and not opened was played."""
        for path, interactions in self._loaded.items():
            for number, each in enumerate(interactions):
                if each is found:
                    self._recorder.plays.add_answered(path, number, len(interactions))
                    self._recorder.cassette_files.add(path)
        return found

    def _path_of_file(self, recorded: Interaction) -> Path | None:
        """The shared cassette that a sign-in was played from; None for a test's own."""
        loaded = self._loaded.items()
        return next((path for path, each in loaded if any(recorded is one for one in each)), None)

    def _name_session(self, interaction: Interaction) -> None:
        """Let the session that was handed out have the name that it has in its cassette.

        That of the credential; where that is none of the run's, the one that was recorded before.
        """
        name_users(interaction, self._registry)
        session = session_in(interaction)
        kind = credential_of(interaction, self._registry)
        if kind is not None:
            self._registry.add(session, kind.session_placeholder.reveal())
            return
        who = self._who(interaction)
        for recorded in reversed(self._shared_sign_ins(interaction)):
            if who_signs_in(recorded, self._registry) == who and is_placeholder(
                session_in(recorded)
            ):
                self._registry.add(session, session_in(recorded))
                return

    def _name_of(self, request: Interaction) -> str:
        kind = credential_of(request, self._registry)
        return kind.key if kind is not None else OTHERS

    def _shared_sign_ins(self, request: Interaction) -> list[Interaction]:
        """What the sign-in cassettes hold, that of the request's own credential last."""
        names = [kind.key for kind in KINDS if len(kind.variables) > 1] + [OTHERS]
        own = self._name_of(request)
        names.sort(key=lambda name: name == own)
        return [interaction for name in names for interaction in self._interactions_named(name)]

    def _interactions_named(self, name: str) -> Sequence[Interaction]:
        use = self._use_of(name)
        if use is None:
            return []
        if use.path not in self._loaded:
            recording = store.load(use.path, self._recorder.file_of(use.path))
            self._loaded[use.path] = recording.interactions if recording is not None else []
        return self._loaded[use.path]
