"""Other packages that matter to tests of BILL, and what each means for them.

What is said of them is seen in ``tests/plugin/test_other_plugins.py``, ``tests/versions/`` and
``docs/reliability.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from importlib import metadata

from pytest_bill.doctor.shape import Finding, PluginSeen, wrong
from pytest_bill.doctor.versions import version_of

_FAKE = (
    "A fake answers by itself: what a test asks while it is on is neither recorded nor replayed."
)
MEANS: Mapping[str, str] = {
    "pytest-recording": (
        "Its marks and cassettes are its own (--record-mode); BILL sessions go past it. Its "
        "cassettes replay here, moved to where ours are looked for."
    ),
    "pytest-vcr": (
        "Its marks and cassettes are its own (--vcr-record); BILL sessions go past it. Its "
        "cassettes replay here, moved to where ours are looked for."
    ),
    "cassetter": "Its cassettes are its own; BILL sessions go past it.",
    "pytest-socket": (
        "Replay opens no socket, so --disable-socket goes with it. Recording needs "
        "--allow-hosts with BILL's hosts or 127.0.0.1."
    ),
    "pytest-randomly": "The order of tests does not matter to replay; it seeds random numbers.",
    "pytest-xdist": "All workers share one sign-in for each credential, and one local sandbox.",
    "pytest-rerunfailures": (
        "A test that passes at a later try is saved as that try was. A refused sign-in is not "
        "made again."
    ),
    "pytest-retry": "A test that passes at a later try is saved as that try was.",
    "pytest-httpx": _FAKE,
    "responses": _FAKE,
    "respx": _FAKE,
    "requests-mock": _FAKE,
    "pyfakefs": "Cassettes lie in the real file system, whatever a test puts in its place.",
}
"""By the name of the distribution."""

_REFUSE_EACH_OTHER = ("pytest-recording", "pytest-vcr", "cassetter")
"""Each declares an option or a fixture of the others: two of them, and pytest does not start."""


def neighbours(loaded: Collection[str] | None = None) -> list[PluginSeen]:
    """Those that are installed; of plugins of pytest, those that a run loads.

    ``loaded`` are the distributions that pytest named, None where it could not.
    """
    named = None if loaded is None else {_plain(name) for name in loaded}
    plugins = _plugins()
    seen = []
    for name, means in MEANS.items():
        version = version_of(name)
        if version is None or (named is not None and name in plugins and name not in named):
            continue
        seen.append(PluginSeen(name=name, version=version, means=means, findings=[]))
    both = [each for each in seen if each["name"] in _REFUSE_EACH_OTHER]
    for each in both[1:]:
        each["findings"] = list(_clash(both[0], each))
    return seen


def _clash(first: PluginSeen, other: PluginSeen) -> Iterator[Finding]:
    yield wrong(
        f"{first['name']} and {other['name']} refuse each other: pytest does not start with both.",
        f"Uninstall one of them: python -m pip uninstall {other['name']}",
    )


def _plugins() -> frozenset[str]:
    """The distributions that bring a plugin of pytest's."""
    found = metadata.entry_points(group="pytest11")
    return frozenset(_plain(each.dist.name) for each in found if each.dist is not None)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
