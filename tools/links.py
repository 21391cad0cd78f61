"""Asks each address elsewhere that a page links to: ``make links``.

Sphinx asks, from many threads; here it is found out first which hosts can be found at all, so that
a machine without a network says so at once, and in a line for each host. Links between pages, and
to headings, are held by tests/docs/test_links.py, without a network.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "site-links"
_PAGES = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md", "docs/**/*.md")
_ADDRESS = re.compile(r"\]\((https?://[^)\s]+)\)")
_LEADS = ("working", "redirected")
_NOT_ASKED = ("unchecked", "local", "ignored")


def main(
    find: Callable[[str], object] = socket.gethostbyname,
    ask: Callable[[Iterable[str]], list[dict[str, object]]] | None = None,
) -> int:
    """Ask, and tell; gives the exit status: 0 if every address leads somewhere.

    ``find`` raises OSError for a host that cannot be found; ``ask`` gives Sphinx's findings, and
    leaves out the hosts that it is given.
    """
    links = Counter(urlsplit(address).hostname or "" for address in addresses())
    unknown = {host: why for host in links if (why := _not_found(host, find)) is not None}
    if len(unknown) == len(links):
        print(f"No link was looked at: none of {len(links)} hosts can be found from here.")
        print("make links needs a network; links between pages: pytest tests/docs/test_links.py")
        return 1
    lines = list(told((ask or _asked)(unknown), {host: links[host] for host in unknown}))
    print("\n".join(lines))
    return 0 if len(lines) == 1 else 1


def addresses() -> Iterator[str]:
    """Every address elsewhere that a page of the site links to, as often as it does."""
    for pattern in _PAGES:
        for page in ROOT.glob(pattern):
            yield from _ADDRESS.findall(page.read_text(encoding="utf-8"))


def told(findings: Iterable[Mapping[str, object]], unknown: Mapping[str, int]) -> Iterator[str]:
    """What was found, in lines: each link that leads nowhere, hosts that are unknown, a sum."""
    asked = [each for each in findings if each["status"] not in _NOT_ASKED]
    lost = [each for each in asked if each["status"] not in _LEADS]
    for each in lost:
        why = str(each["info"])[:120] or each["status"]
        yield f"{each['filename']}:{each['lineno']}: {each['uri']}: {why}"
    for host, count in sorted(unknown.items()):
        yield f"{host} cannot be found from here: links to it that were not looked at: {count}"
    if lost or unknown:
        yield f"{len(asked)} links looked at, {len(lost)} of them lead nowhere; " + (
            f"{sum(unknown.values())} not looked at." if unknown else "all were looked at."
        )
    else:
        yield f"All {len(asked)} links to other sites lead somewhere."


def _not_found(host: str, find: Callable[[str], object]) -> str | None:
    try:
        find(host)
    except OSError as error:
        return str(error)
    return None


def _asked(unknown: Iterable[str]) -> list[dict[str, object]]:
    ignored = ",".join(rf"https?://{re.escape(host)}([/?#]|$)" for host in unknown)
    options = [f"-Dlinkcheck_ignore={ignored}"] if ignored else []
    arguments = ("-q", "-b", "linkcheck", *options, "-c", "docs", "-d", "build/site-doctrees")
    findings = FOLDER / "output.json"
    findings.unlink(missing_ok=True)
    # It fails where a link leads nowhere, and names each: that is told here.
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "sphinx", *arguments, ".", str(FOLDER)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if not findings.exists():
        sys.exit(f"Sphinx ended with {done.returncode}, and looked at no link:\n{done.stderr}")
    return [json.loads(line) for line in findings.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main())
