"""Sign-ins as a page sends them: with names of variables, in whose place the values are sent.

No page gets a credential, and what signs in takes one in its body. So a field that is
``BILL_PASSWORD``, say, is sent with the value of that variable, in sign-ins alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode


def with_values(body: bytes, variables: Mapping[str, str]) -> bytes:
    """A JSON object, or a form, with values in the place of names; anything else as it is."""
    try:
        text = body.decode()
        if text.lstrip().startswith("{"):
            given = json.loads(text)
            filled = _filled(given, variables)
            return body if filled == given else json.dumps(filled).encode()
        fields = parse_qsl(text, keep_blank_values=True)
    except (ValueError, RecursionError):
        return body
    filled_fields = [(name, variables.get(value, value)) for name, value in fields]
    return body if filled_fields == fields else urlencode(filled_fields).encode()


def _filled(given: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: variables.get(value, value) if isinstance(value, str) else value
        for name, value in given.items()
    }
