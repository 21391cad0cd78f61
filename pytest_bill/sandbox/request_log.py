"""A request in one line, as ``pytest-bill sandbox --log-requests`` tells it on the terminal.

What anybody sends may hold a credential, and what steers a terminal: of a query only that is shown
which a list is asked for with, of a path that is nobody's the short parts, of bodies and headers
nothing.
"""

from __future__ import annotations

from pytest_bill.patterns import late_pattern
from pytest_bill.printable import printable
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.http import NOBODY, Dropped, Request, Response
from pytest_bill.sandbox.core.received import without_secrets

_FIELD = r"[A-Za-z][A-Za-z.]{0,60}"
_SHOWN = {
    "max": late_pattern(r"\d{1,9}"),
    "sort": late_pattern(rf"{_FIELD}(:(asc|desc))?(,{_FIELD}(:(asc|desc))?)*"),
    "filters": late_pattern(rf"{_FIELD}:[a-z]{{1,4}}:"),
}
"""What lists are asked with, and how much of it: https://developer.bill.com/docs/search-op-with-lists.
"""
_LONGEST_WORD = 20
"""No part of BILL's own paths is longer, but ids, which lead somewhere."""
_HIDDEN, _MORE = "***", "…"
_CODE = late_pattern(rb'"(?:code|error_code)":"(BDC_\d+)"')
_MOST_READ = 4096


def request_line(request: Request, response: Response | None) -> str:
    """``GET /connect/v3/vendors?max=2 200 listVendors``; behind a refusal are BILL's codes."""
    found = request.handled_by != NOBODY
    path = request.path if found else _short(request.path)
    told = [request.method, path + _query(request)]
    if response is None or isinstance(response, Dropped):
        told.append("no answer")
    else:
        told += [str(response.status), *bill_codes(request.path, response.status, response.body)]
    if found:
        told.append(request.handled_by)
    line: str = without_secrets(" ".join(told), request.state.secrets())
    return printable(line)


def _short(path: str) -> str:
    return "/".join(each if len(each) <= _LONGEST_WORD else _HIDDEN for each in path.split("/"))


def _query(request: Request) -> str:
    shown = []
    for name, value in request.query.items():
        pattern = _SHOWN.get(name)
        found = None if pattern is None else pattern.match(value)
        if found is not None:
            rest = "" if found.end() == len(value) else _MORE
            shown.append(f"{name}={found[0]}{rest}")
        elif _MORE not in shown:
            shown.append(_MORE)
    return "?" + "&".join(shown) if shown else ""


def bill_codes(path: str, status: int, body: bytes) -> list[str]:
    """BILL's codes in the answer of a refusal; v2 answers them with HTTP 200."""
    if status < 400 and not path.startswith(V2_PREFIX):
        return []
    found = _CODE.findall(body[:_MOST_READ])
    return [each.decode() for each in dict.fromkeys(found)]
