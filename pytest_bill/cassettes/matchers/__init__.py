"""What two requests are compared by: one module a kind of matcher.

A new one is a function there, of a request as ``compared_request`` describes it, and a line in
``MATCHERS``. Requests are the same where what it gives is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from pytest_bill.cassettes.matchers import body, headers, method, url
from pytest_bill.cassettes.matchers.compared_request import ComparedRequest
from pytest_bill.cassettes.matchers.session import SESSION
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError

MATCHERS: Mapping[str, Callable[[ComparedRequest], Hashable]] = {
    "method": method.method,
    "scheme": url.scheme,
    "host": url.host,
    "port": url.port,
    "path": url.path,
    "query": url.query,
    "uri": url.uri,
    "organizationId": headers.organization_id,
    "headers": headers.headers,
    "raw_body": body.raw_body,
    "body": body.body,
}
"""What may be named in ``match_on``, beside ``SESSION``."""

DEFAULT_MATCH_ON = (
    *("method", "scheme", "host", "port", "path", "query", "organizationId", "body", SESSION),
)
"""VCR's default matchers, plus the body, the partner API's ``organizationId`` header and whose
session asks. A message about a mismatch names what differs in this order."""

CustomMatcher = Callable[[Any, Any], Any]
"""As vcrpy's: called with two requests; says no by returning False or raising AssertionError."""


def check_parts(where: str, parts: Iterable[Any]) -> None:
    """Refuse names of parts that do not exist. ``where`` they stand is for the message.

    Raises:
        SettingsError: there are some.
    """
    known = [*MATCHERS, SESSION]
    unknown = [part for part in parts if isinstance(part, str) and part not in known]
    if unknown:
        raise SettingsError(
            f"{where} has match_on with no part named {', '.join(unknown)}.\n"
            f"{did_you_mean(unknown[0], known)}Use some of: {', '.join(known)}; or a function of "
            "two requests."
        )
