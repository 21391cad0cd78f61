"""When a request is the recorded one, and how two requests differ.

A request is compared by its match key, a tuple that is computed once per request, so a lookup is
one dict access. Both sides are scrubbed before: see ``same_in_all_places`` in the scrubber. What is
compared, and in which order, stands in ``matchers``. Where a cassette holds stand-ins, any value of
the same kind matches them; among recorded requests that match so, ``index`` prefers one that is the
same in these places, too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill import environments
from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable_request
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON, MATCHERS, CustomMatcher, check_parts
from pytest_bill.cassettes.matchers.compared_request import (
    ComparedRequest,
    Content,
    UrlParts,
    url_parts,
)
from pytest_bill.cassettes.matchers.session import (
    SESSION,
    SESSION_HEADERS,
    are_different,
    session_in_form,
    session_in_headers,
)
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import NO_VALUES, ByValue
from pytest_bill.scrubbing.noted_places import places_in
from pytest_bill.scrubbing.personal import Personal
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.scrub import Scrubber, ScrubRules
from pytest_bill.v2_forms import form_in, takes_credential

if TYPE_CHECKING:
    from pytest_bill.cassettes.differences import Difference

_MOST_URLS = 1024

_OPERATION = frozenset({"method", "path"})
_SENT = frozenset({"query", "body", "raw_body"})

MatchKey = tuple[Hashable, ...]


class Compared(NamedTuple):
    """A request as it is compared: its match key, and the data that the key leaves open."""

    key: MatchKey
    personal: tuple[tuple[Kind, str], ...]
    session: str = ""
    """The placeholder of the session or token that asks; empty where that is not known."""
    had_secret: bool = False
    """Whether something in its URL or body is compared as a placeholder that it did not have."""


class Matcher:
    """Computes match keys by the parts to compare, and explains differences."""

    def __init__(
        self,
        environment: Environment,
        scrubber: Scrubber,
        match_on: Sequence[str | CustomMatcher] = DEFAULT_MATCH_ON,
    ) -> None:
        """Compare by these parts.

        Raises:
            SettingsError: ``match_on`` names a part that does not exist.
        """
        self._environment = environment
        self._scrubber = scrubber
        named = [part for part in match_on if isinstance(part, str)]
        self.compares_sessions = SESSION in named
        self.parts = [part for part in named if part != SESSION]
        self.custom = [part for part in match_on if not isinstance(part, str)]
        check_parts("The cassette", named)
        self._matchers = [MATCHERS[part] for part in self.parts]
        self._compares_body = "body" in self.parts or "raw_body" in self.parts
        # As bytes a body cannot be compared after it was parsed.
        self._compares_bytes = "raw_body" in self.parts
        self._deciding_headers = frozenset(
            {"content-type", "content-encoding"}
            | ({"organizationid"} if "organizationId" in self.parts else set())
        )
        self._compares_headers = "headers" in self.parts
        self._urls: dict[str, UrlParts] = {}
        self.places = ScrubRules()
        """Those that were secret when what is compared was recorded."""

    def custom_agree(self, request: Interaction, recorded: Interaction) -> bool:
        """Whether the functions that were given in ``match_on`` take two requests for the same."""
        if not self.custom:
            return True
        left, right = store.to_vcr(request)[0], store.to_vcr(recorded)[0]
        for matcher in self.custom:
            try:
                if matcher(left, right) is False:
                    return False
            except AssertionError:
                return False
        return True

    def know_places_of(self, interactions: Iterable[Interaction]) -> None:
        """Take what stands in places that were secret when it was recorded for equal."""
        self.know_places(places_in(interactions))

    def know_places(self, places: ScrubRules) -> None:
        """The same, of places that are known."""
        self.places = places
        self._scrubber = self._scrubber.with_places(places)

    @property
    def about(self) -> list[str]:
        """What match keys depend on beside the requests and the secrets of the run."""
        rules, environment = self._scrubber.rules, self._environment
        return [
            *(
                "parts",
                *self.parts,
                "environment",
                environment.name,
                *environment.bases,
                str(self.compares_sessions),
            ),
            *("headers", *sorted(rules.headers), "fields", *sorted(rules.fields)),
        ]

    def knows_none_in(self, texts: bytes) -> bool:
        """Whether no secret of the run is in texts, wherever and however it is replaced."""
        return self._scrubber.registry.knows_none_in(texts)

    def search_urls_of(self, interactions: Iterable[Interaction]) -> None:
        """Search requests for secrets in one go, before their match keys are asked for."""
        self._scrubber.registry.look_at(interaction.url for interaction in interactions)

    def key(self, interaction: Interaction) -> MatchKey:
        """The match key of a request."""
        return self.compared(interaction).key

    def compared(
        self,
        interaction: Interaction,
        stood_in: frozenset[str] = frozenset(),
        to_stand_ins: ByValue = NO_VALUES,
    ) -> Compared:
        """A request as it is compared, with kinds of data for which there are stand-ins.

        ``to_stand_ins`` replaces the values whose stand-ins are known where they stand by chance.
        """
        request, personal, session, had_secret = self._seen(interaction, stood_in, to_stand_ins)
        key = tuple([matcher(request) for matcher in self._matchers])
        return Compared(key, personal, session, had_secret)

    def seen(
        self, interaction: Interaction, stood_in: frozenset[str]
    ) -> tuple[ComparedRequest, str]:
        """A request as matchers see it, and the session that asks."""
        request, _, session, _ = self._seen(interaction, stood_in, NO_VALUES)
        return request, session

    def _seen(
        self, interaction: Interaction, stood_in: frozenset[str], to_stand_ins: ByValue
    ) -> tuple[ComparedRequest, Personal, str, bool]:
        interaction = readable_request(interaction)
        scrubber, url, body = self._scrubber, interaction.url, interaction.body
        content_type = interaction.content_type
        if body and (self._compares_body or stood_in):
            body = scrubber.scrubbed_body(body, content_type, url)
        url = scrubber.scrubbed_url(url)
        had_secret = url != interaction.url or body != interaction.body
        content = Content(body, content_type, as_bytes=self._compares_bytes)
        personal: Personal = ()
        if stood_in:
            from pytest_bill.cassettes.any_value import with_any_value

            url, personal = with_any_value(url, content, stood_in, to_stand_ins)
        parts = self._parts_of(url)
        session = session_in_headers(interaction, scrubber.registry)
        if body and takes_credential(interaction.method.upper(), parts.url, environments.SANDBOX):
            session = session or session_in_form(interaction, scrubber.registry)
            content.bytes = _without_credential(interaction.headers, content.bytes)
        request = ComparedRequest(interaction, scrubber, parts, content)
        return request, personal, session, had_secret

    @property
    def has_sent(self) -> bool:
        """Whether a test sent secrets of its own, which recorded answers may hold."""
        return self._scrubber.has_sent

    def restored(self, recorded: Interaction) -> Interaction:
        """A recorded interaction, its answer with the secrets that the test has sent itself."""
        return self._scrubber.restored(recorded)

    def session_difference(self, now: str, recorded: str) -> list[Difference]:
        """The difference that two sessions make; none where they may be the same."""
        if not self.compares_sessions or not are_different(now, recorded):
            return []
        from pytest_bill.cassettes.differences import Difference

        return [Difference(SESSION, now, recorded)]

    def _parts_of(self, url: str) -> UrlParts:
        """The parts of a scrubbed URL; requests with a body often have the same."""
        parts = self._urls.get(url)
        if parts is None:
            parts = url_parts(environments.matching_url(url, self._environment))
            if len(self._urls) < _MOST_URLS:
                self._urls[url] = parts
        return parts

    def deciding(self, interaction: Interaction) -> Hashable:
        """All of a request that its match key depends on: where it is equal, so is the key.

        So is the session, if the request has a body; see ``as_asked``.
        """
        headers = interaction.headers.items()
        if not self._compares_headers:
            deciding = self._deciding_headers
            if interaction.body:
                deciding = deciding | SESSION_HEADERS
            headers = [each for each in headers if each[0].lower() in deciding]  # type: ignore[assignment]
        return interaction.method, interaction.url, interaction.body, *headers

    def as_asked(self, known: Compared, request: Interaction) -> Compared:
        """A request of which is known how the same one is compared, whichever session asked it.

        A recording that another tool made has no session.
        """
        if request.body:
            return known
        session = session_in_headers(request, self._scrubber.registry)
        return known if session == known.session else known._replace(session=session)

    def differences(
        self, now: Interaction, recorded: Interaction, stood_in: frozenset[str] = frozenset()
    ) -> list[Difference]:
        """The parts in which a request differs from a recorded one, scrubbed."""
        return self.differences_of(
            self.compared(now, stood_in).key, self.compared(recorded, stood_in).key
        )

    def differences_of(self, now: MatchKey, recorded: MatchKey) -> list[Difference]:
        """The parts in which a request's match key differs from that of a recorded one.

        What is sent to another path, or by another method, is something else: it is not compared.
        """
        from pytest_bill.cassettes.differences import difference, differences_in

        found = []
        is_another = any(
            left != right
            for part, left, right in zip(self.parts, now, recorded, strict=True)
            if part in _OPERATION
        )
        for part, left, right in zip(self.parts, now, recorded, strict=True):
            if left != right and not (is_another and part in _SENT):
                found += differences_in(part, left, right) or [difference(part, left, right)]
        return found


def _without_credential(headers: Mapping[str, str], body: bytes) -> bytes:
    """The body less the credential in v2's forms, which matters as little as that in headers.

    A test may leave it to the session or put it in itself, and vcrpy's filters take it out.
    """
    form = form_in(headers, body)
    if form is not None and form.has_credential:
        return form.without_credential()
    return body
