"""Each test asks BILL for a secret that nobody has seen; what the clients tell of it is shown."""

import asyncio
import http.client
import logging
import os
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3


def address(bill, spelling):
    return f"{bill.base_url}/v3/hand-out/{quote(spelling)}"


@pytest.fixture
def chatty():
    names = ("httpx", "httpcore", "urllib3", "aiohttp.client", "requests", "http.client")
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    http.client.HTTPConnection.debuglevel = 1
    yield
    http.client.HTTPConnection.debuglevel = 0


def test_by_requests(bill_dev_session, chatty, spelling):
    answer = requests.get(address(bill_dev_session, spelling))
    assert (answer.text, dict(answer.headers), answer.cookies.get_dict()) == ()


def test_by_the_session(bill_dev_session, chatty, spelling):
    answer = bill_dev_session.get(f"/v3/hand-out/{quote(spelling)}")
    print(answer.text, answer.headers)
    assert answer.content == b""


def test_by_httpx(bill_dev_session, chatty, spelling):
    answer = httpx.get(address(bill_dev_session, spelling))
    assert [answer.text, answer.headers.raw] == []


def test_by_urllib3(bill_dev_session, chatty, spelling):
    answer = urllib3.PoolManager().request("GET", address(bill_dev_session, spelling))
    assert {"body": answer.data, "headers": answer.headers} == {}


def test_by_urllib(bill_dev_session, chatty, spelling):
    with urllib.request.urlopen(address(bill_dev_session, spelling)) as answer:
        raise ValueError(answer.read(), answer.getheaders())


def test_by_http_client(bill_dev_session, chatty, spelling):
    parts = urlsplit(address(bill_dev_session, spelling))
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    print(answer.getheaders())
    assert answer.read() is None


def test_by_aiohttp(bill_dev_session, chatty, spelling):
    async def ask():
        tracing = aiohttp.TraceConfig()

        async def tell(session, context, params):
            logging.getLogger("own").warning("%s", params)
            logging.getLogger("own").warning("%s", getattr(params, "chunk", ""))

        tracing.on_request_end.append(tell)
        tracing.on_response_chunk_received.append(tell)
        async with aiohttp.ClientSession(trace_configs=[tracing]) as session:
            async with session.get(address(bill_dev_session, spelling)) as answer:
                return await answer.read(), answer.raw_headers

    assert asyncio.run(ask(), debug=True) is None


def test_by_a_hook(bill_dev_session, chatty, spelling):
    seen = []

    def look(answer):
        logging.getLogger("own").warning("%r %r", answer, answer.headers.raw)
        seen.append(answer.headers)

    with httpx.Client(event_hooks={"response": [look]}) as client:
        client.get(address(bill_dev_session, spelling))
    pytest.fail(f"{seen}", pytrace=False)


def test_by_value(bill_dev_session, spelling):
    answer = httpx.get(address(bill_dev_session, spelling))
    value = (Path(os.environ["KEPT"]) / answer.headers["X-Number"]).read_text()
    assert value == "another"
