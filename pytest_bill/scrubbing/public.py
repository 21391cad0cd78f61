"""What everyone can see: BILL's addresses, the words of its API, of HTTP and of cassettes.

A secret whose value is part of that cannot be replaced wherever it occurs: it would be found in
each URL and in each body. Such a value is handled by place only, as a short one is.

This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pytest_bill.scrubbing.public_words import WORDS

_ADDRESSES = """
https://gateway.stage.bill.com/connect/v3/ https://gateway.prod.bill.com/connect/v3/
https://gateway.stage.bill.com/connect-events/v3/ https://gateway.prod.bill.com/connect-events/v3/
https://api-stage.bill.com/api/v2/ https://api-sandbox.bill.com/api/v2/
https://api.bill.com/api/v2/ https://developer.bill.com/reference
http://127.0.0.1 http://localhost
https://auth.stage.bill.com/authx/token
/v3/login /v3/partner/login /v2/login.json /v3/spend/
"""
_HTTP = """
accept accept-encoding accept-language age allow authorization cache-control content-disposition
content-encoding content-language content-length content-location content-range
content-security-policy content-type cookie date etag expires forwarded host if-match
if-modified-since if-none-match keep-alive last-modified location origin pragma
proxy-authorization range referer refresh retry-after server set-cookie
strict-transport-security transfer-encoding upgrade user-agent vary via www-authenticate
x-content-type-options x-forwarded-for x-forwarded-host x-forwarded-proto x-frame-options
x-request-id x-requested-with x-correlation-id connection close chunked max-age=0, no-cache,
no-store, must-revalidate, private, public, immutable samesite=strict samesite=lax httponly
secure path=/ gzip, deflate, br, zstd identity bearer basic digest application/json;
charset=utf-8 application/x-www-form-urlencoded application/octet-stream application/xml
application/pdf application/zip application/vnd.api+json application/problem+json
multipart/form-data; boundary= text/plain; charset=utf-8 text/html; charset=utf-8 text/csv
text/xml text/event-stream image/png image/jpeg iso-8859-1 windows-1252 python-requests
python-httpx python-urllib aiohttp uvicorn uploaded filename= form-data; name= get post put
patch delete head options trace connect continue switching protocols accepted non-authoritative
information no content partial content multiple choices moved permanently found see other not
modified temporary redirect bad request unauthorized payment required forbidden not found method
not allowed not acceptable request timeout conflict gone length required precondition failed
content too large unsupported media type unprocessable entity too many requests internal server
error not implemented bad gateway service unavailable gateway timeout
"""
_CASSETTE = """
pytest-bill pytest_bill cassettes sign_in developer_key sync_token console_api_token
spend_api_token partner_app_key oauth_client
fixture. interactions: request: response: headers: method: body:
status: message: string: base64_string encoding: protocol version: recorded_at recorded_with
http_interactions answered_by: content_encoding: http_version: environment: sandbox production local
custom mixed stand_ins kinds choice fingerprint note: placeholder_bill_ !!binary
answered by pytest-bill's local sandbox, not by bill.
some were answered by pytest-bill's local sandbox, not by bill.
answered by the address in bill_base_url, not by bill's own.
username password organizationid devkey sessionid apitoken appkey consoleapitoken securitykey
grant_type=client_credentials client_id client_secret access_token id_token assertion
client_assertion
"""


# One line is one text: what is found in two of them is part of neither.
_EVERYTHING = "\n".join([*_ADDRESSES.split(), _HTTP, _CASSETTE, WORDS])


@lru_cache(maxsize=4096)
def is_public(value: str) -> bool:
    """Whether a value is part of what everyone can see, whatever the case of its letters."""
    return value.casefold() in _EVERYTHING


def parts_of(values: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The values that are part of one of the texts, whatever the case of their letters."""
    folded = [text.casefold() for text in texts]
    return {value for value in values if any(value.casefold() in text for text in folded)}
