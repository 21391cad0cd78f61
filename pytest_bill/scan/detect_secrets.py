"""High-entropy strings and other services' keys, by the engine of detect-secrets.

The engine is ``bc-detect-secrets``, the fork of Yelp's detect-secrets that Bridgecrew releases
monthly for Checkov. Compared (November 2026, 10 MB of cassettes, 2 cores):

- Yelp's ``detect-secrets``: the same detectors, but no release since May 2024, and its issue
  tracker asks whether it is abandoned. Where it is installed instead, this module uses it: both
  have the import name ``detect_secrets``.
- ``bc-detect-secrets``: 1.2 MB of pure Python, typed, a class for each detector that takes any text
  (``analyze_string``), entropy limits for base64 and hex, and filters against false alarms.
- ``kingfisher-secret-scanner``: the fastest by far and with the most services, but 36 MB of native
  code, 2.6 s and a cache on disk for its first start, and no rule for high-entropy strings.
- ``credsweeper``: 419 MB with its dependencies.

Only its patterns and entropies are used: what ``verify`` would do, sending a secret to the service
that issued it to see whether it works, never happens.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pytest_bill.patterns import late_pattern
from pytest_bill.scan import false_positives
from pytest_bill.scan.findings import Rule
from pytest_bill.scan.needs import Needs, needs_of
from pytest_bill.scan.random_data import is_random_by_name, is_random_data
from pytest_bill.scan.rules import HIGH_ENTROPY

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.plugins.high_entropy_strings import HighEntropyStringsPlugin

EXTRA = "scan"
# Not: IBM's, SoftLayer's and Artifactory's, whose patterns cost more than all others together, nor
# those of keywords and private keys, which our own rules find.
_DETECTORS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
_ADVICE = "Revoke it where it was issued, then run: pytest-bill scan --fix"

# A pattern of the engine may look at a piece again from each of its characters: pieces are short.
_PIECE, _OVERLAP = 1000, 200
_TOKEN = late_pattern(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_NO_KEY_BEHIND = late_pattern(r"data:|\bboundary=\"?\Z")
"""Data within a URL; and what a client draws to separate the parts of a form."""
_BEHIND = 500
_LONGEST_TOKEN = 512
"""Longer random strings are documents, not keys."""
_HEX = late_pattern(r"[0-9a-fA-F]+")
_DIGIT = late_pattern("[0-9]")


class Engine:
    """The detectors of detect-secrets, on texts in memory."""

    def __init__(self) -> None:
        """Load the detectors.

        Raises:
            ImportError: the extra ``scan`` is not installed.
        """
        entropy: Any = import_module("detect_secrets.plugins.high_entropy_strings")
        self._heuristic: Any = import_module("detect_secrets.filters.heuristic")
        self._base64: HighEntropyStringsPlugin = entropy.Base64HighEntropyString()
        self._hex: HighEntropyStringsPlugin = entropy.HexHighEntropyString()
        self._detectors = list(_detectors())

    def may_find_in(self, text: str, longest_run: int = sys.maxsize) -> bool:
        """Whether a detector may find anything in a text of no longer runs (see ``needs``).

        Random strings are not looked for: they are longer than that.
        """
        lowered = text.lower()
        return any(
            needs.run <= longest_run and needs.are_met_by(lowered) and any(detector.found_in(text))
            for _, detector in self._detectors
            for needs in detector.needs
        )

    def find(
        self, texts: Iterable[tuple[str, str]], *, are_lines: bool = False
    ) -> Iterator[tuple[int, Rule, str]]:
        """The secrets in named texts: the text's number, the rule, the secret.

        ``are_lines`` says that they have no names since they are the lines of a file.
        """
        pairs = list(texts)
        pieces = [(n, piece) for n, (_, text) in enumerate(pairs) for piece in _pieces(text)]
        # One search of all texts is much faster than one of each, and rarely finds anything.
        joined = "\n".join(piece for _, piece in pieces)
        lowered = joined.lower()
        for rule, detector in self._detectors:
            if not detector.may_find_in(lowered) or not any(detector.found_in(joined)):
                continue
            for number, piece in pieces:
                for secret in detector.found_in(piece):
                    if not (false_positives.is_no_secret(secret) or _is_piece(secret, piece)):
                        yield number, rule, secret
        if not any(map(self._may_be_random, _TOKEN.findall("\n".join(text for _, text in pairs)))):
            return
        for number, (name, text) in enumerate(pairs):
            if len(text) >= 20 and not is_random_by_name(name):
                for token in self._random_tokens(text, are_lines):
                    yield number, HIGH_ENTROPY, token

    def _random_tokens(self, text: str, is_line: bool) -> Iterator[str]:
        for match in _TOKEN.finditer(text):
            token = match.group(0)
            if len(token) > _LONGEST_TOKEN or not self._is_random(token):
                continue
            before = text[max(0, match.start() - _BEHIND) : match.start()]
            of_line = len(text) if is_line else 0
            if not (_NO_KEY_BEHIND.search(before[-40:]) or is_random_data(token, before, of_line)):
                yield token

    def _may_be_random(self, token: str) -> bool:
        """Whether a string has a digit, as what a machine made has, or is hexadecimal."""
        return _DIGIT.search(token) is not None or _HEX.fullmatch(token) is not None

    def _is_random(self, token: str) -> bool:
        if not self._may_be_random(token):
            return False
        if false_positives.is_no_secret(token) or false_positives.is_id(token) or _is_path(token):
            return False
        if _HEX.fullmatch(token):
            if len(token) < 32 or self._hex.calculate_shannon_entropy(token) <= 3.0:
                return False
        elif (
            not false_positives.is_generated(token)
            or self._base64.calculate_shannon_entropy(token) <= self._base64.entropy_limit
        ):
            return False
        return not (
            self._heuristic.is_sequential_string(token) or self._heuristic.is_potential_uuid(token)
        )


_SHORTEST_KEY = 16
_CODED = late_pattern(r"[A-Za-z0-9+/]{20,}={0,2}")


def _is_piece(secret: str, text: str) -> bool:
    """Whether what a pattern found is a piece of encoded content, or a digest."""
    secret = secret.strip("\"' ")
    for match in _CODED.finditer(text):
        token = match.group(0)
        if secret in token:
            before = text[max(0, match.start() - _BEHIND) : match.start()]
            return token != secret or is_random_data(token, before, 0)
    return False


def _is_path(token: str) -> bool:
    parts = token.strip("/").split("/")
    return len(parts) > 2 and not any(map(false_positives.is_generated, parts))


def is_installed() -> bool:
    """Whether there is an engine; it is not loaded for that."""
    try:
        return find_spec("detect_secrets") is not None
    except ValueError:
        return False


def load_engine() -> Engine | None:
    """The engine, or None where the extra is not installed."""
    try:
        return Engine()
    except ImportError:
        return None


class _Detector:
    """A detector of the engine, and what its expressions need."""

    def __init__(self, plugin: BasePlugin) -> None:
        self.what = str(plugin.secret_type)
        self._analyze = plugin.analyze_string
        patterns = getattr(plugin, "denylist", None)
        self._patterns = None if patterns is None else list(patterns)
        self.needs = [Needs()] if patterns is None else [needs_of(each) for each in patterns]

    def may_find_in(self, lowered: str) -> bool:
        """Whether it may find anything in a text, which is given in lower case."""
        for needs in self.needs:  # noqa: SIM110 (a generator would take longer than the rest)
            if needs.are_met_by(lowered):
                return True
        return False

    def found_in(self, text: str) -> Iterator[str]:
        """The secrets in a text, whole: some patterns have a group for a key's prefix alone."""
        if self._patterns is None:
            yield from filter(None, self._analyze(text))
            return
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                longest = max((group or "" for group in match.groups()), key=len, default="")
                yield longest if len(longest) >= _SHORTEST_KEY else match.group(0)


def _detectors() -> Iterator[tuple[Rule, _Detector]]:
    for module, name in _DETECTORS.items():
        try:
            plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
        except (ImportError, AttributeError):
            continue  # some are only in one of the two packages
        detector = _Detector(plugin)
        rule_id = re.sub(r"[^a-z0-9]+", "-", detector.what.lower()).strip("-")
        yield Rule(rule_id, detector.what, _ADVICE, fix="SECRET"), detector


def _pieces(text: str) -> Iterator[str]:
    if len(text) <= _PIECE:
        yield text
        return
    for start in range(0, len(text), _PIECE - _OVERLAP):
        yield text[start : start + _PIECE]
