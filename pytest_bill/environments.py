"""Where BILL is: base URLs of sandbox, production, the local sandbox and any other address.

Sources: https://developer.bill.com/docs/bill-keys-tokens (the sandbox's URLs),
https://developer.bill.com/docs/development-environments (production's),
https://developer.bill.com/docs/bill-webhook-api-general-rules (those of the webhook API, which lies
beside the gateway's ``/connect``) and https://developer.bill.com/reference/createaccesstoken (the
token's; production's is not documented).

Files lie at the root of these hosts: https://developer.bill.com/docs/documents-attachments
(``AttachDownload``), https://developer.bill.com/v2/docs/get-invoice-pdf and
https://developer.bill.com/v2/reference/org-basic-getdocumentpages (v2's servlets).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from urllib.parse import SplitResult, unquote

from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern
from pytest_bill.urls import split

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVENTS = "/connect-events"
# Exports and uploads are the local sandbox's own addresses; BILL's are not documented.
_FILES = late_pattern(r"/(AttachDownload|ExportDownload|spend-uploads/[^/]+)")
_SERVLETS = late_pattern(r"/(is/)?[A-Za-z0-9]+Servlet")


_API, _ROOT, _API_ROOT, _TOKENS = 1, 3, 4, 5
"""Places in ``Environment.bases``."""
_ABSOLUTE = late_pattern(r"[A-Za-z][A-Za-z0-9+.-]*://")
# Clients disagree about what these mean, or drop them. Any of them, and it is nobody's URL.
_AMBIGUOUS = late_pattern(r"[\\\s\x00-\x20\x7f]")
_MOST_ENCODINGS = 4
_MOST_KNOWN = 256
_UNSEEN = "[\u034f\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]"
"""Joiners and selectors of variants, which are not of the category of format characters."""


@dataclass(frozen=True)
class Environment:
    """One BILL: its name, the base URL of the v3 gateway and that of the v2 API.

    ``tokens`` is the address where OAuth access tokens are handed out, empty where nobody knows it;
    ``why_no_tokens`` says why none may be asked for; see ``credentials.environ``.
    """

    name: str
    gateway: str
    api: str
    tokens: str = field(default="", compare=False)
    why_no_tokens: str = field(default="", compare=False, repr=False)

    @property
    def events(self) -> str:
        """The base URL of the webhook API."""
        return self.origin + _EVENTS

    @property
    def bases(self) -> tuple[str, ...]:
        """Every base URL, in an order that all environments share.

        Files lie below the fourth and fifth; the last is that of tokens, and nothing lies below it.
        """
        return (
            *(self.gateway, self.api, self.events),
            *(self.gateway.removesuffix("/connect"), self.api.removesuffix("/api")),
            self.tokens,
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port of the gateway, and what stands before ``/connect``."""
        return self.gateway.removesuffix("/connect")

    def resolve(self, path: str) -> str:
        """Give the URL of a path written as in BILL's reference (``/v3/vendors``).

        ``/v2/…`` goes to the v2 API, ``/connect-events/…`` to the webhook API and everything else
        to the gateway; a URL that is already absolute comes back unchanged.
        """
        if _ABSOLUTE.match(path):
            return path
        path = "/" + path.lstrip("/")
        if path.startswith(_EVENTS + "/"):
            return self.events + path.removeprefix(_EVENTS)
        return (self.api if path.startswith("/v2/") else self.gateway) + path

    def owns(self, url: str) -> bool:
        """Whether a session's credential may be sent to this URL: the exact origin, below a base.

        Or a file's at such an origin.
        """
        base = self._base_of(url)
        return base is not None and base != _TOKENS

    def gives_tokens(self, url: str) -> bool:
        """Whether OAuth access tokens are handed out at exactly this URL."""
        return self._base_of(url) == _TOKENS

    def is_at_origin(self, url: str) -> bool:
        """Whether a URL has the origin of one of the bases, whatever its path."""
        try:
            parts = split(url)
            return _origin(parts.scheme, parts.netloc) in self._bases_at
        except ValueError:
            return False

    def is_v2(self, url: str) -> bool:
        """Whether a URL leads to this environment's v2 API."""
        if self._base_of(url) != _API:
            return False
        return split(url).path.startswith(split(self.api).path + "/v2/")

    def moved_to(self, other: Environment, url: str) -> str:
        """The same URL in another environment; a URL that is not this one's stays."""
        base = self._base_of(url)
        if base is None or not other.bases[base]:
            return url
        parts = split(url)
        tail = parts.path[len(split(self.bases[base]).path) :]
        return other.bases[base] + tail + (f"?{parts.query}" if parts.query else "")

    def _base_of(self, url: str) -> int | None:
        """Which of the bases a URL lies below; of each request that is asked several times."""
        known = self._known
        try:
            return known[url]
        except KeyError:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            base = known[url] = self._looked_up(url)
            return base

    @cached_property
    def _known(self) -> dict[str, int | None]:
        return {}

    def _looked_up(self, url: str) -> int | None:
        try:
            parts = split(url)
            # Asked for every request: most URLs are decided by their origin, which is known.
            bases = self._bases_at.get(_origin(parts.scheme, parts.netloc))
        except ValueError:  # a port out of range, a broken IPv6 host
            return None
        if bases is None or _AMBIGUOUS.search(url) or "@" in parts.netloc:
            return None
        path = parts.path
        if not _goes_only_down(path):
            return None
        for base, below in bases:
            if base == _TOKENS:
                if path == below and not (parts.query or parts.fragment):
                    return base
            elif _is_below(path, below) and (base < _ROOT or _is_file(path, below, base)):
                return base
        return None

    @cached_property
    def _bases_at(self) -> dict[_Origin, list[tuple[int, str]]]:
        """Every base, by its place in ``bases``, with its path; by origin."""
        found: dict[_Origin, list[tuple[int, str]]] = {}
        known = [(number, base) for number, base in enumerate(self.bases) if base]
        # That of tokens first: it may lie below another one.
        for number, base in sorted(known, key=lambda each: each[0] != _TOKENS):
            parts = split(base)
            found.setdefault(_origin(parts.scheme, parts.netloc), []).append((number, parts.path))
        return found


def _is_file(path: str, below: str, base: int) -> bool:
    """Whether a path is that of a file of v3 or, at the root of the v2 API, of v2."""
    files = _SERVLETS if base == _API_ROOT else _FILES
    return files.fullmatch(path, len(below)) is not None


def _goes_only_down(path: str) -> bool:
    """Whether no client or server could take the path for one that leads out of its base."""
    if "%" not in path and "/." not in path and path[:1] in ("", "/"):
        return "\\" not in path
    for _ in range(_MOST_ENCODINGS):
        plain = unquote(path)
        if "\\" in plain or {".", ".."} & {part.partition(";")[0] for part in plain.split("/")}:
            return False
        if plain == path:
            return True
        path = plain
    return False


def canonical_host(host: str) -> str:
    """A host as name resolution sees it: lower case, no final dot, compatible forms made one.

    Python looks up full-width letters and dots as the plain ones, and leaves out what is not seen,
    such as a soft hyphen (RFC 3491; UTS 46 of other clients leaves out some more).
    """
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host).replace("\u3002", ".")
        host = "".join(each for each in host if not _is_ignored(each))
    return host.lower().rstrip(".")


def _is_ignored(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or re.match(_UNSEEN, character) is not None


_Origin = tuple[str, str, int | None]


@lru_cache(maxsize=256)
def _origin(scheme: str, netloc: str) -> _Origin:
    """Scheme, host and port.

    Raises:
        ValueError: the port is out of range, the IPv6 host is broken.
    """
    parts = SplitResult(scheme, netloc, "", "", "")
    port = parts.port
    return scheme, parts.hostname or "", _DEFAULT_PORTS.get(scheme) if port is None else port


def _is_below(path: str, base: str) -> bool:
    return path == base or path.startswith(base + "/")


TOKENS_AT = "/authx/token"
OAUTH_URL = "BILL_OAUTH_URL"
"""The variable with the address of OAuth tokens; BILL documents its sandbox's only."""

SANDBOX = Environment(
    "sandbox",
    "https://gateway.stage.bill.com/connect",
    "https://api-stage.bill.com/api",
    tokens=f"https://auth.stage.bill.com{TOKENS_AT}",
)
PRODUCTION = Environment(
    "production",
    "https://gateway.prod.bill.com/connect",
    "https://api.bill.com/api",
    why_no_tokens="The address of OAuth tokens in BILL's production (oauth_url) is not known: BILL "
    f"does not document it.\nSet {OAUTH_URL} to the address that BILL told you.",
)
_NAMED = {"sandbox": SANDBOX, "production": PRODUCTION}
NAMES = ("sandbox", "production", "local")


def hosts_of(environment: Environment) -> frozenset[str]:
    """The hosts of the gateway, of the v2 API and of tokens."""
    bases = (environment.gateway, environment.api, environment.tokens)
    return frozenset(split(base).hostname or "" for base in bases if base)


_DOMAINS = frozenset(
    {
        *("bill.com", "bdccdn.net", "bdc-cdn.com"),
        *("divvy.co", "getdivvy.com", "divvypay.com"),  # Spend & Expense, once Divvy
        *("2go.com", "invoice2go.com", "finmark.com"),
    }
)
"""BILL's domains, as its own pages and those of its security programme name them."""

_OF_SANDBOXES = frozenset({"stage", "stage02", "sandbox", "test", "stg", "staging", "dev"})
"""A whole part of a sandbox's host is one of these: gateway.stage, api-stage, app-dev-bdc-stg."""


@lru_cache(maxsize=1024)
def is_bills_host(host: str) -> bool:
    """Whether a host is below one of BILL's domains: API, files, sign-in, web app, whatever."""
    labels = canonical_host(host).split(".")
    return any(".".join(labels[start:]) in _DOMAINS for start in range(len(labels) - 1))


@lru_cache(maxsize=1024)
def is_production_host(host: str) -> bool:
    """Whether a host of BILL's is not one of its sandboxes: no label says production of all."""
    parts = re.split(r"[.-]", canonical_host(host))
    return is_bills_host(host) and _OF_SANDBOXES.isdisjoint(parts)


def named(name: str) -> Environment:
    """BILL's own environment of that name (``sandbox`` or ``production``)."""
    return _NAMED[name]


_OF_AN_API = late_pattern(r"(/connect)?/(v[23]|api|connect-events|login)(?=/|$).*")
"""What is behind an address of BILL's in the URL of a request."""
_ALIKE = 0.9
# Names with other letters have an ASCII form (xn--…), which shows what they are.
_PLAIN_HOST = r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+"


def at_origin(origin: str, name: str) -> Environment:
    """An environment whose gateway and v2 API share one origin, as the local sandbox's do.

    Raises:
        SettingsError: the address is not an http(s) origin, has a path of an API in it, looks like
            BILL's and is not, or is plain http off loopback.
    """
    origin = origin.strip()
    parts = plain_address(origin)
    wrong = _wrong_with(origin, parts)
    if parts is None or wrong:
        raise SettingsError(f"BILL_BASE_URL {wrong}")
    port, hostname = parts.port, parts.hostname or ""
    host = f"[{hostname}]" if ":" in hostname else hostname
    base = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    base += parts.path.rstrip("/").removesuffix("/connect")
    made = Environment(name, f"{base}/connect", f"{base}/api", f"{base}{TOKENS_AT}")
    if not is_bills_own(base):
        return made
    its = PRODUCTION if is_production(base) else SANDBOX
    return replace(made, tokens=its.tokens, why_no_tokens=its.why_no_tokens)


_EXAMPLES = "Write it as https://bill.example.com or http://127.0.0.1:8080."


def _wrong_with(origin: str, parts: SplitResult | None) -> str:
    """What is wrong with an address, and what to write; nothing is shown that may be a secret."""
    no_address = f"is not an http(s) address without user name, password and query.\n{_EXAMPLES}"
    if "://" not in origin:
        return f"has no scheme, and {no_address}"
    if any(map(str.isspace, origin)):
        return f"has white space in it, and {no_address}"
    if parts is None:
        return no_address
    hostname = parts.hostname or ""
    if is_unencrypted(parts):
        return (
            f"would send credentials unencrypted to {hostname}.\n"
            "Use https, or http on 127.0.0.1 only."
        )
    if (api := _OF_AN_API.search(parts.path)) is not None:
        shorter = f"{parts.scheme}://{parts.netloc}{parts.path[: api.start()]}"
        return (
            f"ends with {api[0]}, which is put behind it for each request.\n"
            f"Write it without: {shorter}"
        )
    if (meant := bills_host_like(hostname)) != "":
        return (
            f"leads to {hostname}, which is not BILL's and looks like {meant}.\n"
            "For BILL itself leave it out, and set BILL_ENVIRONMENT (or --bill-environment)."
        )
    return ""


def bills_host_like(hostname: str) -> str:
    """The host of BILL's that another one was probably meant to be; empty where none is."""
    if is_bills_host(hostname):
        return ""
    from difflib import get_close_matches

    known = sorted(hosts_of(SANDBOX) | hosts_of(PRODUCTION))
    return next(iter(get_close_matches(hostname, known, n=1, cutoff=_ALIKE)), "")


def plain_address(url: str) -> SplitResult | None:
    """An http(s) address in parts; None where it is none, or has more than a path."""
    try:
        parts = split(url)
        _ = parts.port
    except ValueError:  # a port out of range, a broken IPv6 host
        return None
    if (
        parts.scheme not in _DEFAULT_PORTS
        or not re.fullmatch(_PLAIN_HOST, parts.hostname or "")
        or "@" in parts.netloc
        or _AMBIGUOUS.search(url)
        or re.search("[?#]", url)
        or not _goes_only_down(parts.path)
    ):
        return None
    return parts


def is_unencrypted(parts: SplitResult) -> bool:
    """Whether an address sends what it is sent in the clear over a network."""
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def asked_for_by(environment: Environment) -> str:
    """The variable that an environment was asked for by, as messages name it."""
    if environment.name == "custom":
        return "BILL_BASE_URL"
    return f"BILL_ENVIRONMENT={environment.name}"


def is_bill(url: str, environment: Environment) -> bool:
    """Whether a URL leads to BILL: the configured environment, or any of BILL's own hosts."""
    return environment.owns(url) or environment.gives_tokens(url) or is_bills_own(url)


def takes_credentials(url: str, environment: Environment) -> bool:
    """Whether credentials may be sent to a URL: it is the environment's, or that of its tokens."""
    if environment.owns(url) or environment.gives_tokens(url):
        return True
    if environment not in (SANDBOX, PRODUCTION) or not is_bills_own(url):
        return False
    is_of_that = is_production(url) == (environment == PRODUCTION)
    return is_of_that and url.startswith("https:") and gives_tokens(url)


def gives_tokens(url: str) -> bool:
    """Whether OAuth access tokens are handed out at a URL, if that is BILL's."""
    try:
        parts = split(url)
    except ValueError:
        return False
    return parts.path == TOKENS_AT and not parts.query


def is_on_this_machine(url: str) -> bool:
    """Whether an http(s) URL leads to this machine's loopback, whatever its port and path."""
    try:
        parts = split(url)
        _ = parts.port
    except ValueError:  # a port out of range, a broken IPv6 host
        return False
    # Clients disagree about which host these two mean.
    if "@" in parts.netloc or "\\" in url:
        return False
    return parts.scheme in _DEFAULT_PORTS and (parts.hostname or "") in _LOOPBACK


def is_bills_own(url: str) -> bool:
    """Whether a URL leads to one of BILL's own hosts, sandbox or production."""
    return is_bills_host(host_of(url))


def is_production(url: str) -> bool:
    """Whether a URL leads to BILL's production."""
    return is_production_host(host_of(url))


def host_of(url: str) -> str:
    """The host of a URL as name resolution sees it; empty where it has none that is whole."""
    try:
        return _host_at(split(url).netloc)
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _host_at(netloc: str) -> str:
    return canonical_host(SplitResult("", netloc, "", "", "").hostname or "")


def is_host_of(host: str, environment: Environment) -> bool:
    """Whether BILL is at a host: one of its own, or the environment's unless that is loopback."""
    return is_bills_host(host) or host in hosts_of(environment) - _LOOPBACK


def loopback_of(environment: Environment) -> tuple[frozenset[str], int]:
    """The hosts and the port of an environment on this machine; no port where it is elsewhere."""
    parts = split(environment.gateway)
    if (parts.hostname or "") not in _LOOPBACK or parts.port is None:
        return frozenset(), 0
    return _LOOPBACK, parts.port


ANSWERERS = ("sandbox", "production", "local", "other")
"""Who may have answered: BILL's sandbox, its production, this package's sandbox, something else."""

LOCAL_SERVER = "pytest-bill-sandbox"
"""What this package's sandbox says in the header ``Server``, wherever it runs."""


def answerer(url: str, server: str) -> str:
    """Who answered a request to this URL, as its host and the answer's ``Server`` tell."""
    if is_bills_own(url):
        return "production" if is_production(url) else "sandbox"
    return "local" if server == LOCAL_SERVER else "other"


def recorded_url(url: str, environment: Environment) -> str:
    """The URL that a cassette holds: BILL's own, whatever environment answered."""
    is_bills = environment in (SANDBOX, PRODUCTION)
    if is_bills and (not environment.gives_tokens(url) or gives_tokens(url)):
        return url
    return environment.moved_to(SANDBOX, url)


def matching_url(url: str, environment: Environment) -> str:
    """The URL to compare with: sandbox's, so that a cassette of one replays for all."""
    moved = PRODUCTION.moved_to(SANDBOX, recorded_url(url, environment))
    # Whatever host of its production hands them out.
    is_of_tokens = moved.endswith(TOKENS_AT) and is_bills_own(moved) and gives_tokens(moved)
    return SANDBOX.tokens if is_of_tokens else moved
