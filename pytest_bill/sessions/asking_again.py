"""A request that no test makes, sent with the run's credential past every cassette."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.credentials.kinds import Kind
from pytest_bill.interaction import Interaction
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.transport import exchanged, exchanged_in_session, sent_directly
from pytest_bill.v2_forms import form_in, takes_credential


class AskingAgain:
    """Sends requests to BILL, and knows what it hands out in its answers."""

    def __init__(self, recorder: ClientRequests, access_with: Callable[[Kind], Access]) -> None:
        self._recorder = recorder
        self._access_with = access_with

    def __call__(self, request: Interaction, kind: Kind | None) -> Interaction:
        """The answer to a request without its credential, which is added; None adds none.

        Raises:
            MissingCredentials: a variable of the credential has no value.
            SignInFailed: BILL gave no session, now or before in this run.
            NetworkRefused, PlaceholderSent: it must not be sent.
            requests.RequestException: sending failed.
        """
        recorder = self._recorder
        recorder.check_leaving(request)
        with sent_directly(request) as (prepared, through):
            if kind is None:
                answered = exchanged(recorder, through, prepared, {})
            else:
                form = None
                access = self._access_with(kind)
                if access.kind.has_dev_key and takes_credential(
                    request.method, request.url, recorder.environment
                ):
                    form = form_in(request.headers, request.body)
                answered = exchanged_in_session(
                    recorder, access, through, prepared, form, retries=True
                )
        recorder.learn(answered)
        return answered
