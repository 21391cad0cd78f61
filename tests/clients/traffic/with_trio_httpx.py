"""httpx, asynchronous, under trio: those kinds of ``with_async_httpx`` in which it takes part.

Connecting, reading, ending and giving up; what httpx does above that is the same code.
"""

from __future__ import annotations

from tests.clients.traffic import with_async_httpx
from tests.clients.traffic.common import TROUBLE
from tests.clients.traffic.kinds import Kinds

_NAMES = (
    *("get_json", "head", "no_content", "gzip", "chunked", "until_close", *TROUBLE),
    *("redirect_301", "redirect_to_another_host", "content_of_generator", "large_upload"),
    *("stream_raw", "stream_as_it_comes", "kept_alive", "pool_timeout"),
    *("many_at_once", "cancelled", "cancelled_in_the_body", "trace_extension", "nobody_listens"),
    *("by_proxy", "by_proxy_with_tls", "own_authority", "unknown_authority"),
    *("http2_by_alpn", "http2_many_at_once"),
)
KINDS = Kinds({name: with_async_httpx.KINDS[name] for name in _NAMES})
