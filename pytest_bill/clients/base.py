"""What the seams of all clients share: where they are put, and whom they ask.

A seam is one attribute of a client's class, replaced by a function that asks first and then calls
what was there. It is put in place once a run, when the client's module is there or when it is
imported later, and it is never lifted while something is sent.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Protocol, cast

from pytest_bill.interaction import Interaction

_PROCESSES = "pytest_bill.processes.starting"
CLIENTS = {
    "http.client": "pytest_bill.clients.http_client",
    "requests.sessions": "pytest_bill.clients.requests",
    "responses": "pytest_bill.clients.requests",
    "httpcore": "pytest_bill.clients.httpcore",
    "httpcore2": "pytest_bill.clients.httpcore",
    "httpx": "pytest_bill.clients.httpx",
    "httpx2": "pytest_bill.clients.httpx",
    "aiohttp.connector": "pytest_bill.clients.aiohttp",
    "tornado.simple_httpclient": "pytest_bill.clients.by_vcrpy",
    "tornado.curl_httpclient": "pytest_bill.clients.by_vcrpy",
    "httpx_curl_cffi": "pytest_bill.clients.by_vcrpy",
    "pyreqwest.compatibility.httpx": "pytest_bill.clients.by_vcrpy",
    "os": _PROCESSES,
    "subprocess": _PROCESSES,
    "multiprocessing.process": _PROCESSES,
    "multiprocessing.pool": _PROCESSES,
    "concurrent.futures.process": _PROCESSES,
}
"""The modules in which something is replaced, and the module of ours that knows how."""
_NOTHING = nullcontext()


class Asked(Protocol):
    """A request that may go on: with its recorded answer, or to be sent."""

    @property
    def interaction(self) -> Interaction:
        """The request as it is to be sent: the very one that was asked for, or one instead."""

    @property
    def recorded(self) -> Interaction | None:
        """The recorded interaction; None where the request is to be sent."""


class Serving(Protocol):
    """Whom the seams ask: the recorder of the run."""

    @property
    def is_run(self) -> bool:
        """Whether tests use BILL; else only production is refused."""

    @property
    def may_play(self) -> bool:
        """Whether an answer may be recorded."""

    @property
    def may_send(self) -> bool:
        """Whether a request may be sent that is not recorded."""

    @property
    def fails_early(self) -> bool:
        """Whether a recorded fault may come while its client connects."""

    def may_connect(self, url: str) -> bool:
        """Whether it is sure, before a request is known, that it may be sent."""

    def takes(self, url: str) -> bool:
        """Whether a URL is BILL's, and a BILL test is running."""

    def takes_at(self, url: str) -> bool:
        """Whether some URL of that origin is taken, for who has to connect before it is known."""

    def ask(self, request: Interaction) -> Asked:
        """The recorded answer of a request to BILL, or the leave to send it.

        Raises:
            PytestBillError: neither; it says why.
        """

    def recorded_for(self, request: Interaction) -> Interaction | None:
        """The recorded answer of a request to BILL, taken; where there is none, nothing happens."""

    def answered(self, asked: Any, interaction: Interaction) -> Interaction:
        """Keep the answer of a request that was sent, and give what its client is to see of it.

        That is the very interaction, or another instead.
        """

    def learn_head(self, headers: dict[str, list[str]]) -> None:
        """Know what BILL hands out in the head of an answer before it is logged."""

    def unanswered(
        self, asked: Any, error: BaseException | str | None, head: Interaction | None = None
    ) -> None:
        """A request that was sent has no whole answer; ``head`` has its status, where that came."""

    def abandoned(self, request: Interaction) -> None:
        """A request was begun, and its answer never asked for."""

    def check_elsewhere(self, where: str, sent: bytes) -> None:
        """Stop what would carry a credential to another host, or to where a URL leads.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in it.
        """

    def is_in_test(self) -> bool:
        """Whether a BILL test is running."""

    def may_go_on(self, content: bytes) -> bool:
        """Whether what goes to another host may be sent up to the end of this content."""

    def sending(self) -> Any:
        """The block in which a request that was asked for is sent."""


class _Now(threading.local):
    """What this thread does now."""

    passing = 0


_now = _Now()
_serving: tuple[Serving, ...] = ()


def serving() -> Serving | None:
    """Whom to ask; None where no run needs to know, or what is sent was asked for already."""
    return _serving[-1] if _serving and not _now.passing else None


def asked_above() -> Serving | None:
    """Who was asked already for what this thread sends; None where nobody was."""
    return _serving[-1] if _serving and _now.passing else None


@contextmanager
def passing() -> Iterator[None]:
    """The block in which the seams let pass what this thread sends: it was asked for above."""
    _now.passing += 1
    try:
        yield
    finally:
        _now.passing -= 1


def sending_elsewhere(run: Serving, url: str) -> Any:
    """The block in which a request is sent that is not BILL's, though its origin may be."""
    return run.sending() if run.takes_at(url) else _NOTHING


@contextmanager
def served_by(run: Serving) -> Iterator[None]:
    """The block in which all clients ask this run."""
    global _serving
    _serving = (*_serving, run)
    _watch_imports()
    _put_all_seams()
    try:
        yield
    finally:
        _serving = tuple(each for each in _serving if each is not run)
        stop_watching()


def watch_processes() -> None:
    """Put the seams of what starts processes, before there is a run that clients ask."""
    _watch_imports()
    for name in CLIENTS:
        module = sys.modules.get(name)
        if module is not None and _starts_processes(name):
            _put_seams_of(name, module)
    for seam in _early:
        seam.put()


def _watch_imports() -> None:
    if _finder not in sys.meta_path:
        # Right before the one that looks into folders: other tools count on their places in front.
        places = [place for place, each in enumerate(sys.meta_path) if each is PathFinder]
        sys.meta_path.insert(places[0] if places else len(sys.meta_path), _finder)


def _starts_processes(name: str) -> bool:
    return CLIENTS[name] == _PROCESSES


def stop_watching() -> None:
    """Put back what was there, where no run needs it."""
    if not _serving:
        _lift_all_seams()
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)


def ensure_put() -> None:
    """Put the seams again that another tool has taken away, and those that it kept out."""
    for seam in _seams:
        if seam.there.get(seam.name) is not seam.ours:
            seam.put()


@dataclass(eq=False)
class Seam:
    """One attribute of a class, and how it is made of what was there."""

    owner: Any
    name: str
    make: Callable[[Any], Any]
    original: Any = field(default=None, init=False)
    ours: Any = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.there = vars(self.owner)
        """What stands there now."""

    def put(self) -> None:
        """Replace the attribute, unless that is done, or a fake stands there.

        What another tool has put over ours stays; it calls ours, or it answers by itself.
        """
        now = self.there.get(self.name)
        if now is self.ours or now is None:
            return
        if self.ours is not None and now is not self.original:
            return
        if is_fake(now):
            return
        if self.ours is None:
            self.original, self.ours = now, self.make(now)
        setattr(self.owner, self.name, self.ours)

    def lift(self) -> None:
        """Put back what was there, where nothing else stands over it.

        The next run may find another there.
        """
        if self.ours is not None and vars(self.owner).get(self.name) is self.ours:
            setattr(self.owner, self.name, self.original)
            self.original = self.ours = None


_FAKES = frozenset(
    {
        *("aioresponses", "betamax", "cassetter", "httpretty", "mocket", "mock", "pook"),
        *("pytest_httpx", "requests_mock", "responses", "respx", "unittest", "vcr"),
    }
)


def is_fake(thing: Any) -> bool:
    """Whether a tool that answers requests by itself made this."""
    module = getattr(thing, "__module__", None) or type(thing).__module__
    return str(module).partition(".")[0] in _FAKES


def takes_cookies_as_is(jar: Any) -> bool:
    """Whether a jar takes the cookies of an answer as Python's own does."""
    kind, python = type(jar), sys.modules["http.cookiejar"].CookieJar
    return bool(
        isinstance(jar, python)
        and kind.extract_cookies is python.extract_cookies
        and kind.make_cookies is python.make_cookies
    )


def sockets_are_fake() -> bool:
    """Whether another tool answers below all clients.

    What only looks at sockets derives from Python's own, and hands over to them.
    """
    socket = sys.modules.get("socket")
    return socket is not None and not issubclass(socket.socket, sys.modules["_socket"].socket)


_seams: list[Seam] = []
_early: list[Seam] = []
_modules_with_seams: dict[str, ModuleType] = {}


def put_seams(seams: Iterable[Seam], *, early: bool = False) -> None:
    """Put further seams, for as long as those of the run; one in each place.

    ``early`` ones are put though there is no run yet.
    """
    for seam in seams:
        if any(each.owner is seam.owner and each.name == seam.name for each in _seams):
            continue
        _seams.append(seam)
        if early:
            _early.append(seam)
        if early or _serving:
            seam.put()


def _put_all_seams() -> None:
    for name in CLIENTS:
        module = sys.modules.get(name)
        if module is not None:
            _put_seams_of(name, module)
    ensure_put()


def _put_seams_of(name: str, module: ModuleType) -> None:
    """Put the seams of a client's module; one that was imported again is another one."""
    if _modules_with_seams.get(name) is module:
        return
    _modules_with_seams[name] = module
    client = import_module(CLIENTS[name])
    seams: Sequence[Seam] = client.seams(module)
    put_seams(seams, early=_starts_processes(name))


def _lift_all_seams() -> None:
    for seam in reversed(_seams):
        seam.lift()


class _Finder:
    """Sees the import of a client, and puts its seams when it is there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that the finders behind this one give, with a loader that puts seams."""
        if fullname not in CLIENTS:
            return None
        behind = sys.meta_path[sys.meta_path.index(self) + 1 :]
        for finder in behind:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(fullname, path, target) if find is not None else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = cast(Any, _LoaderPuttingSeams(spec.loader))
                return spec
        return None


class _LoaderPuttingSeams:
    """A loader that puts the seams when the module is there."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the loader behind."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """As the loader behind; then the seams."""
        spec = module.__spec__
        if spec is not None:
            # What asks the module for its loader gets the real one.
            spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        name = module.__name__
        _modules_with_seams.pop(name, None)  # loaded again, it has other classes
        if _serving or _starts_processes(name):
            _put_seams_of(name, module)


_finder = _Finder()
