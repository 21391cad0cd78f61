"""BILL asked with one credential outside of a run: nothing is recorded, nothing asked twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests
import urllib3

from pytest_bill.cassettes.decoding import readable
from pytest_bill.credentials.kinds import Credential, Kind
from pytest_bill.credentials.sign_in import SignedIn, sign_in_request
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.secret import NeverPickled, SecretStr
from pytest_bill.sessions.network_faults import noted
from pytest_bill.sessions.transport import sent_directly

TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and seconds to wait for each part of the answer."""
_MOST_BYTES = 2**20
_HEAD = {"accept": "application/json"}


class Asking(NeverPickled):
    """One credential, asked with; what is said of it goes through ``hide``."""

    def __init__(
        self,
        credential: Credential,
        environment: Environment,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.environment = environment
        self.asked = environment.gateway
        self.credential = credential
        self._timeout = timeout
        self._headers: dict[str, str] = {}
        self._registry = SecretRegistry()
        for variable in credential.variables:
            self._registry.add(credential[variable.role], variable.placeholder.reveal())

    @property
    def kind(self) -> Kind:
        """Which of the six it is."""
        return self.credential.kind

    def hide(self, text: str) -> str:
        """A text without the credential's values: BILL may repeat what it was sent."""
        return self._registry.hide(text)

    def learn(self, value: str, placeholder: str) -> None:
        """Hide another value, too."""
        self._registry.add(value, placeholder)

    def said(self, value: object) -> str | None:
        """What BILL said in one field, if it is a text."""
        return self.hide(value) if isinstance(value, str) and value else None

    def enter(self, session_id: SecretStr | None) -> None:
        """Ask with the session from now on, or with the token alone."""
        if session_id is not None:
            self._registry.add(session_id, self.kind.session_placeholder.reveal())
        signed_in = SignedIn(self.credential, session_id)
        self._headers = {name: each.reveal() for name, each in signed_in.headers().items()}

    def sign_in(self) -> Interaction:
        """The request of the sign-in."""
        return sign_in_request(self.credential, self.environment)

    def get(self, path: str) -> Interaction:
        """A request that reads."""
        return Interaction("GET", self.environment.resolve(path), {**_HEAD, **self._headers}, b"")

    def post(self, path: str, body: Mapping[str, Any]) -> Interaction:
        """A request with a JSON body."""
        headers = {**_HEAD, "content-type": "application/json", **self._headers}
        return Interaction(
            "POST", self.environment.resolve(path), headers, json.dumps(body).encode()
        )

    def sign_out(self) -> Interaction:
        """The request that ends the session."""
        url = self.environment.resolve("/v3/logout")
        return Interaction("POST", url, {**_HEAD, **self._headers}, b"")

    def answer_to(self, request: Interaction) -> Interaction:
        """What BILL answers, asked once, without following a redirect.

        Raises:
            requests.RequestException: nothing, in time; it holds neither request nor frames.
        """
        self.asked = request.url
        failure: requests.RequestException
        try:
            with sent_directly(request) as (prepared, send):
                options: dict[str, Any] = {"stream": True, "timeout": self._timeout}
                if request.url.startswith("http:"):  # this machine: no proxy reads it
                    options["proxies"] = {}
                response = send(prepared, **options)
                body = response.raw.read(_MOST_BYTES, decode_content=False) or b""
                headers = {name: [value] for name, value in response.headers.items()}
                status = response.status_code
                response.close()
        except requests.RequestException as error:
            failure = noted(type(error)(), error)
        except urllib3.exceptions.HTTPError as error:
            failure = noted(requests.ConnectionError(), error)
        else:
            answered = replace(
                request, status=status, answer_headers=headers, answer_body=body, headers={}
            )
            return readable(answered)
        raise failure
