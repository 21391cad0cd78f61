"""What a test can do to a sandbox besides calling it, wherever the sandbox runs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_bill.sandbox import control_paths

_TIMEOUT_SECONDS = 60


_SEE = "See docs/sandbox.md for what it takes."
_HOW = {
    control_paths.FAULTS_PATH: "Name an operation by BILL's operationId, and what is to happen: "
    'fail("listVendors", status=503).',
    control_paths.CLEAR_FAULTS_PATH: "Name an operation by BILL's operationId: "
    'clear_faults("listVendors"), or none for all of them.',
    control_paths.OAUTH_PATH: "Name operations by BILL's operationId: "
    'set_developer_app(refused=["billApproveDenyActions"]).',
    control_paths.CLOCK_PATH: "Its clock goes forward only: advance(timedelta(minutes=36)).",
    control_paths.SEED_PATH: "Give lists of whole bodies by BILL's path: "
    'seed_from({"/v3/vendors": [{"name": …, "address": …}]}).',
}
"""What is written instead of what is refused, by path."""


class SandboxRefused(RuntimeError):
    """A running sandbox refused what it was told; the message has what to write instead."""


class BillSandbox(ABC):
    """A running sandbox, in this process or in another one; the fixture ``bill_sandbox`` gives it.

    The methods control it over its own paths (``/__sandbox__/…``). Every one raises RuntimeError if
    the sandbox refuses, with what it said, and OSError if it does not answer.
    """

    was_told_to_fail = False
    """Whether it was told here to cut a connection, or to be slow."""
    steered: Callable[[str], None] | None = None
    """Called with the path of each call that changes something, before it is made."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """Scheme, host and port, as in "http://127.0.0.1:8080"."""

    @property
    @abstractmethod
    def variables(self) -> dict[str, str]:
        """The credentials that this sandbox accepts, by name of their environment variable."""

    def advance(self, by: timedelta) -> None:
        """Move the sandbox's clock forward.

        Raises:
            TypeError: it is no timedelta.
        """
        __tracebackhide__ = True
        if not isinstance(by, timedelta):
            raise TypeError(
                f"advance takes a timedelta, not {by!r}, as in advance(timedelta(minutes=36))"
            )
        self._control("POST", control_paths.CLOCK_PATH, {"advance_seconds": by.total_seconds()})

    def deliver(self) -> list[dict[str, Any]]:
        """Wait until every webhook notification that is due is sent, and give those sent.

        They are those since this was last asked, oldest first: ``eventId``, ``eventType``,
        ``subscriptionId``, ``notificationUrl``, ``attempt``, ``statusCode`` (None if nothing
        answered, and ``error`` says why) and ``nextAttemptTime`` of one that is sent again when
        ``advance`` gets there.
        """
        sent: list[dict[str, Any]] = self._control("POST", control_paths.DELIVER_PATH)
        return sent

    def expire_sessions(self) -> None:
        """End every session now, as if all had idled too long, and every OAuth access token."""
        self._control("POST", control_paths.EXPIRE_SESSIONS_PATH)

    def require_mfa(self, required: bool = True) -> None:
        """Ask for MFA-trusted sessions where BILL's production does, or no longer.

        The code of every challenge is 123456.
        """
        self._control("POST", control_paths.MFA_PATH, {"required": required})

    def require_account_verification(self, required: bool = True) -> None:
        """Verify a vendor's new bank account for two business days, as BILL's production does.

        A payment to it on an earlier day is refused with BDC_1402; without a ``processDate``, too.
        Source: https://developer.bill.com/reference/createvendor.
        """
        self._control("POST", control_paths.ACCOUNTS_PATH, {"required": required})

    def set_developer_app(
        self,
        scope: str | None = None,
        lifetime: timedelta | None = None,
        refused: Collection[str] | None = None,
    ) -> None:
        """What the OAuth access tokens may do that are handed out from now on, and how long.

        ``scope`` is ``full`` (Full access, as at the start) or ``accounting`` (Accounting data
        access). ``lifetime``, in whole seconds, is an hour at the start: BILL does not document it.
        ``refused`` are operations, by BILL's operationId, that the scope leaves out beside what it
        does here: the whole of BILL's table of rights was not visible.
        """
        wanted: dict[str, Any] = {}
        if scope is not None:
            wanted["scope"] = scope
        if lifetime is not None:
            wanted["lifetime_seconds"] = int(lifetime.total_seconds())
        if refused is not None:
            wanted["refused"] = list(refused)
        self._control("POST", control_paths.OAUTH_PATH, wanted)

    def request_counts(self) -> dict[str, int]:
        """How many requests came in so far, by "METHOD path"."""
        counts: dict[str, int] = self._control("GET", control_paths.REQUESTS_PATH)
        return counts

    def received_requests(self) -> list[dict[str, Any]]:
        """The latest requests, oldest first: method, path, query, headers, body.

        At most 1,000 of them. Credentials are replaced by asterisks.
        """
        requests: list[dict[str, Any]] = self._control("GET", control_paths.RECEIVED_PATH)
        return requests

    def fail(
        self,
        operation: str,
        times: int = 1,
        *,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        delay_seconds: float = 0,
        drop: bool = False,
        truncate: bool = False,
    ) -> None:
        """Let the next ``times`` calls of an operation fail; ``operation`` is BILL's operationId.

        ``status`` (400 to 599), ``code`` and ``message`` make a refusal; a ``body`` is sent instead
        of it, with any status from 200, as a proxy's page or a redirect is; ``headers`` come with
        either (``{"Retry-After": "7"}``). ``drop`` cuts the connection before the call is looked
        at, ``truncate`` cuts the answer in half after it was done; a delay (in seconds) comes
        before any of them, or makes a good call slow.
        """
        fault = {
            "operation": operation,
            "times": times,
            "status": status,
            "code": code,
            "message": message,
            "body": body,
            "headers": [{"name": name, "value": each} for name, each in (headers or {}).items()],
            "delay_seconds": delay_seconds,
            "drop": drop,
            "truncate": truncate,
        }
        given = {name: value for name, value in fault.items() if value not in (None, False, 0, [])}
        self._control("POST", control_paths.FAULTS_PATH, given)
        # What has no answer cannot say so by itself.
        self.was_told_to_fail |= bool(drop or truncate or delay_seconds)

    def faults_to_come(self) -> list[dict[str, Any]]:
        """The faults that ``fail`` asked for and that no call has met yet, oldest first.

        Each has ``number``, ``operation``, how many ``times`` it comes yet, and what ``fail`` was
        told: a test can see that its code has met one.
        """
        faults: list[dict[str, Any]] = self._control("GET", control_paths.FAULTS_PATH)
        return faults

    def clear_faults(self, operation: str | None = None) -> None:
        """Let no more calls fail: of an operation, by BILL's operationId, or of any."""
        wanted = {} if operation is None else {"operation": operation}
        self._control("POST", control_paths.CLEAR_FAULTS_PATH, wanted)

    def reset(self) -> None:
        """Records as at the start, no faults, no requests, no locked user names.

        Sessions stay signed in.
        """
        self._control("POST", control_paths.RESET_PATH)

    def seed_from(self, records: Path | Mapping[str, Any]) -> dict[str, Any]:
        """Create records, from a JSON file or a mapping: lists of bodies by path.

        Gives the created records by path. See docs/sandbox.md for an example.

        Raises:
            ValueError: the file is no JSON.
        """
        if isinstance(records, Path):
            records = _records_in(records)
        made: dict[str, Any] = self._control("POST", control_paths.SEED_PATH, records)
        return made

    def purchase(
        self,
        card_id: str,
        amount: float,
        *,
        merchant: str | None = None,
        kind: str = "AUTHORIZATION",
        authorization: str | None = None,
    ) -> dict[str, Any]:
        """Buy something with a card of Spend & Expense; gives the transaction.

        It counts in the card, its member and its budget, and its webhook notification is sent.
        ``kind`` is AUTHORIZATION; CLEAR for a purchase that has cleared at once, or for one whose
        ``authorization``, an id, was made before; REFUND for money back; CHALLENGE for a purchase
        that waits for the answer to its 3D Secure challenge, whose ``acsTransactionId`` is given
        too. The transaction is a DECLINE if the card is frozen, or the amount is beyond what is
        left.
        """
        body = {
            "cardId": card_id,
            "amount": amount,
            "merchant": merchant,
            "kind": kind,
            "authorization": authorization,
        }
        made: dict[str, Any] = self._control("POST", control_paths.PURCHASES_PATH, body)
        return made

    def snapshot(self) -> str:
        """Keep the records as they are; gives the snapshot's id for ``restore``."""
        number: str = self._control("POST", control_paths.SNAPSHOTS_PATH)["id"]
        return number

    def restore(self, snapshot: str) -> None:
        """The records as they were at a snapshot; sessions, clock and requests stay."""
        self._control("POST", f"{control_paths.SNAPSHOTS_PATH}/{snapshot}/restore")

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        import http.client

        __tracebackhide__ = True
        if self.steered is not None and method == "POST":
            self.steered(path)
        address = urlsplit(self.origin)
        # http.client, because it ignores the proxies that the environment names.
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=_TIMEOUT_SECONDS
        )
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {control_paths.HEADER: "1"})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            reasons = "; ".join(problem["message"] for problem in json.loads(content))
            what = f"{method} {path} answered HTTP {response.status}: {reasons}"
            raise SandboxRefused(f"The sandbox refused it: {what}\n{_HOW.get(path, _SEE)}")
        return json.loads(content) if content else None


def _records_in(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8.\nSave it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path}:{error.lineno} is no JSON: {error.msg}.\nWrite lists of bodies by path."
        ) from None
