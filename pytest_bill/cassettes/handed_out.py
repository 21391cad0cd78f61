"""What BILL hands out in its answers is known from then on: secrets, cookies and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pytest_bill import environments
from pytest_bill.cassettes.bills_urls import BillsUrls
from pytest_bill.cassettes.decoding import readable
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.scrub import Scrubber


class HandedOut:
    """Learns from answers; ``set_cookies`` is given who set cookies, empty for BILL, and them."""

    def __init__(
        self,
        environment: Environment,
        scrubber: Scrubber,
        urls: BillsUrls,
        set_cookies: Callable[[str, Iterable[str]], None],
    ) -> None:
        self._environment = environment
        self._scrubber = scrubber
        self._urls = urls
        self._set_cookies = set_cookies

    def learn(self, interaction: Interaction) -> None:
        """What BILL handed out is a secret of the run, and may be a link."""
        # A body that cannot be unpacked is refused when it is to be saved.
        plain = readable(interaction)
        self._scrubber.learn(plain)
        self._urls.add_links_in(plain)
        is_bill = environments.is_bill(plain.url, self._environment)
        host = "" if is_bill else _host_and_port(plain.url)
        for name, values in plain.answer_headers.items():
            if name.lower() == "set-cookie":
                self._set_cookies(host, values)

    def learn_head(self, headers: dict[str, list[str]]) -> None:
        """Know what BILL hands out in the head of an answer before it is logged."""
        self.learn(Interaction("GET", self._environment.gateway, {}, b"", answer_headers=headers))


def _host_and_port(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()
