"""What two requests are compared by: one module a kind of matcher.

A new one is a function there, of a request as ``compared_request`` describes it, and a line in
``MATCHERS``. Requests are the same where what it gives is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from pytest_bill.cassettes.matchers import body, headers, method, url
from pytest_bill.cassettes.matchers.compared_request import ComparedRequest
from pytest_bill.cassettes.matchers.session import SESSION

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
