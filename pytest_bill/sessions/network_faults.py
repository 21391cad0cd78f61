"""Why a request had no answer, in words that say what to look at."""

from __future__ import annotations

import requests
import urllib3

from pytest_bill.cassettes.faults import causes_of
from pytest_bill.environments import OAUTH_URL, Environment, asked_for_by
from pytest_bill.urls import origin_of

_NEVER_SENT = "pytest_bill_never_sent"
_IN_WORDS = "pytest_bill_in_words"

_NO_CONNECTION = (
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)
_WORDS: tuple[tuple[str, str], ...] = (
    ("NameResolutionError", "its name was not found (DNS)"),
    ("gaierror", "its name was not found (DNS)"),
    ("ReadTimeoutError", "it did not answer in time"),
    ("ProxyError", "the proxy did not let it through"),
    ("SSLError", "its TLS certificate or handshake was not accepted"),
    ("SSLCertVerificationError", "its TLS certificate was not accepted"),
    ("ConnectionRefusedError", "the connection was refused"),
    ("NewConnectionError", "there was no way to it"),
    ("ConnectTimeoutError", "there was no connection in time"),
    ("IncompleteRead", "the answer was cut off"),
    ("RemoteDisconnected", "the connection was cut before the answer"),
    ("ConnectionResetError", "the connection was reset"),
    ("ConnectionAbortedError", "the connection was cut"),
    ("BadStatusLine", "what answered does not speak HTTP"),
    ("InvalidChunkLength", "the answer was cut off"),
)
"""By the name of an exception: what says most stands first."""


def noted(failure: requests.RequestException, error: BaseException) -> requests.RequestException:
    """A failure without secrets and frames, with what its first cause says."""
    causes = list(causes_of(error))
    vars(failure)[_NEVER_SENT] = any(isinstance(each, _NO_CONNECTION) for each in causes)
    vars(failure)[_IN_WORDS] = _words(causes)
    return failure


def said(failure: requests.RequestException, what: str, url: str, environment: Environment) -> str:
    """What a test is shown that asked for it: ``what`` is the request, without secrets."""
    return (
        f"{what} had no answer from {origin_of(url)}: {in_words(failure)}.\n"
        f"{_advice(failure, url, environment)}, or replay with --bill-record-mode=none."
    )


def was_never_sent(error: requests.RequestException) -> bool:
    """Whether there was not even a connection: whoever was asked saw nothing."""
    return bool(vars(error).get(_NEVER_SENT))


def in_words(error: requests.RequestException) -> str:
    """What happened, in a few words."""
    words: str = vars(error).get(_IN_WORDS) or str(error)
    return words


def unreached(
    error: requests.RequestException, url: str, environment: Environment, tried: str
) -> str:
    """What to say where a sign-in had no answer: three lines. ``tried`` says how often."""
    arrived = "did not reach" if was_never_sent(error) else "had no answer from"
    advice = _advice(error, url, environment)
    advice = advice[0].lower() + advice[1:]
    return (
        f"the sign-in {arrived} {origin_of(url)}, tried {tried}: {in_words(error)}.\n"
        f"The credential is not the cause: {advice}, or replay with --bill-record-mode=none.\n"
        "It is not tried again in this run."
    )


def _advice(error: requests.RequestException, url: str, environment: Environment) -> str:
    asked = asked_for_by(environment)
    if environment.gives_tokens(url):
        asked += f", or {OAUTH_URL}"
    advice = f"Check the address ({asked}) and the network"
    if isinstance(error, requests.exceptions.SSLError):
        advice += ", and the certificates that are trusted (REQUESTS_CA_BUNDLE)"
    if isinstance(error, requests.exceptions.ProxyError):
        advice += ", and the proxy (HTTPS_PROXY, NO_PROXY)"
    if isinstance(error, requests.exceptions.ReadTimeout):
        advice += ", give it more time (session.timeout)"
    return advice


def _words(causes: list[BaseException]) -> str:
    names = {base.__name__ for each in causes for base in type(each).__mro__}
    return next((words for name, words in _WORDS if name in names), "")
