"""What of the environment changes how BILL is reached: proxies, and whether this is CI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bill.doctor.shape import Finding, SurroundingsSeen, hint
from pytest_bill.settings import is_ci

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_NO_PROXY = "no_proxy"
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Those that requests reads, in its order."""
_LOOPBACK = ("127.0.0.1", "localhost", "*")


def surroundings(environ: Mapping[str, str]) -> SurroundingsSeen:
    """Look at the environment; of addresses nothing is shown, which may hold a password."""
    proxies = [name for name in sorted(environ) if name.lower() in _PROXIES and environ[name]]
    return SurroundingsSeen(
        ci=is_ci(environ),
        proxies=proxies,
        certificates=[name for name in _CERTIFICATES if environ.get(name)],
        findings=list(_findings(environ, proxies)),
    )


def _findings(environ: Mapping[str, str], proxies: list[str]) -> Iterator[Finding]:
    names = [name for name in proxies if name.lower() != "https_proxy"]
    excepted = [value for name, value in environ.items() if name.lower() == _NO_PROXY]
    if names and not any(each in value for value in excepted for each in _LOOPBACK):
        yield hint(
            f"{names[0]} is set, and NO_PROXY does not name 127.0.0.1, where a local sandbox is.",
            "Put it there for clients of your own: export NO_PROXY=127.0.0.1",
        )
