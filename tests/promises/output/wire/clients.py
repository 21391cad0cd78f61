"""Each client sends a method, an address, headers and a body; it gives status and body."""

import asyncio
import http.client
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import urllib3
from yarl import URL


def by_requests(method, url, headers, body):
    answer = requests.request(method, url, headers=headers, data=body or None, timeout=20)
    return answer.status_code, answer.content


def by_httpx(method, url, headers, body):
    with httpx.Client(follow_redirects=True) as client:
        answer = client.request(method, url, headers=headers, content=body or None)
    return answer.status_code, answer.content


def by_async_httpx(method, url, headers, body):
    async def ask():
        async with httpx.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url, headers=headers, content=body or None)

    answer = asyncio.run(ask())
    return answer.status_code, answer.content


def by_aiohttp(method, url, headers, body):
    async def ask():
        async with aiohttp.ClientSession() as session:
            address = URL(url, encoded=True)
            async with session.request(method, address, headers=headers, data=body or None) as it:
                return it.status, await it.read()

    return asyncio.run(ask())


def by_urllib3(method, url, headers, body):
    answer = urllib3.PoolManager().request(method, url, headers=headers, body=body or None)
    return answer.status, answer.data


def by_urllib(method, url, headers, body):
    request = urllib.request.Request(url, body or None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def by_http_client(method, url, headers, body):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    target = parts.path + ("?" + parts.query if parts.query else "")
    connection.request(method, target, body or None, headers)
    answer = connection.getresponse()
    done = answer.status, answer.read()
    connection.close()
    return done


CLIENTS = {
    "requests": by_requests,
    "httpx": by_httpx,
    "async-httpx": by_async_httpx,
    "aiohttp": by_aiohttp,
    "urllib3": by_urllib3,
    "urllib": by_urllib,
    "http-client": by_http_client,
}
