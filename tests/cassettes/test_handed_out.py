"""What BILL hands out in its answers is known from then on."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from pytest_bill.cassettes.bills_urls import BillsUrls
from pytest_bill.cassettes.handed_out import HandedOut
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/login"
SESSION = "session-0123456789"
LINK = "https://files.example.com/export.zip?token=0a1b2c3d4e5f6071"


class Known:
    """What is known of answers."""

    def __init__(self) -> None:
        self.registry, self.urls = SecretRegistry(), BillsUrls(SANDBOX)
        self.cookies = []
        scrubber = Scrubber(self.registry)
        self.handed_out = HandedOut(
            SANDBOX, scrubber, self.urls, lambda *set_: self.cookies.append(set_)
        )

    def learn(self, url: str = URL, body: bytes = b"", **headers: str) -> None:
        answer_headers = {name.replace("_", "-"): [value] for name, value in headers.items()}
        asked = Interaction("POST", url, {}, b"")
        self.handed_out.learn(
            replace(asked, status=200, answer_headers=answer_headers, answer_body=body)
        )


@pytest.fixture
def known() -> Known:
    return Known()


def test_a_session_is_a_secret_from_then_on(known):
    known.learn(body=b'{"sessionId": "%b"}' % SESSION.encode())
    assert SESSION not in known.registry.hide(f"about {SESSION}")


def test_a_packed_answer_is_read(known):
    body = gzip.compress(b'{"sessionId": "%b"}' % SESSION.encode())
    known.learn(body=body, Content_Encoding="gzip")
    assert SESSION not in known.registry.hide(f"about {SESSION}")


def test_a_body_that_cannot_be_unpacked_is_no_error(known):
    known.learn(body=b"\x1f\x8b broken", Content_Encoding="gzip")


def test_a_link_is_bills_from_then_on(known):
    known.learn(body=f'{{"url": "{LINK}"}}'.encode())
    assert LINK in known.urls


def test_it_is_known_who_set_a_cookie(known):
    known.learn(Set_Cookie="a=1")
    known.learn(LINK, Set_Cookie="b=2")
    assert known.cookies == [("", ["a=1"]), ("files.example.com", ["b=2"])]


def test_a_head_alone_is_bills(known):
    known.handed_out.learn_head({"Set-Cookie": ["a=1"]})
    assert known.cookies == [("", ["a=1"])]
