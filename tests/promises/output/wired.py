"""Runs of the second suite: a secret in all that goes over the wire, recorded or refused."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import subprocess
import sys
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from urllib.parse import unquote_to_bytes

import yaml

from tests.promises.output.bill import Bill
from tests.promises.output.pieces import Search
from tests.promises.output.runs import OURS, Run, environ_of
from tests.promises.output.spellings import LINKS, SPELLINGS
from tests.promises.output.values import SHAPES, environment

WIRE = Path(__file__).with_name("wire")
RUN = Run("wire", ())


def loaded(name: str) -> object:
    spec = spec_from_file_location(f"wire_{name}", WIRE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KINDS = list(loaded("kinds").KINDS)
CLIENTS = list(loaded("clients").CLIENTS)
# What may go elsewhere: promise 9 is of credentials.
NO_CREDENTIALS = ("number", "mail")
REDIRECTS = ("301", "302", "303", "307", "308")


def in_turn(shapes: list[str]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Each kind with each client, and alone; one shape of secret after the other."""
    clients = [
        (kind, client, possible(kind, shapes[(at + step) % len(shapes)]))
        for at, kind in enumerate(KINDS)
        for step, client in enumerate(CLIENTS)
    ]
    return clients, [
        (kind, possible(kind, shapes[at % len(shapes)])) for at, kind in enumerate(KINDS)
    ]


def possible(kind: str, shape: str) -> str:
    """No password in a path: they have a backslash, which each server reads otherwise: refused."""
    return "signed" if kind.startswith("path") and shape == "password" else shape


def all_cases() -> dict[str, list[tuple[str, ...]]]:
    """Every test of the suite, with the kind, the client and the shape of each of its cases."""
    turn, alone = in_turn(list(SHAPES))
    turn_elsewhere, alone_elsewhere = in_turn(
        [each for each in SHAPES if each not in NO_CREDENTIALS]
    )
    known = [f"{client}/{name}" for client in CLIENTS for name in ("sessionId", "devKey")]
    return {
        "test_to_bill": turn,
        "test_to_bill_by_the_session": alone,
        "test_elsewhere": turn_elsewhere,
        "test_elsewhere_by_the_session": alone_elsewhere,
        "test_own_credentials_elsewhere": list(product(KINDS, known)),
        "test_innocent_elsewhere": list(product(KINDS, CLIENTS)),
        "test_from_bill": list(product(SPELLINGS, CLIENTS)),
        "test_from_bill_by_the_session": [(each,) for each in SPELLINGS],
        "test_redirected": list(product(REDIRECTS, CLIENTS)),
        "test_followed": list(product(LINKS, CLIENTS)),
        "test_followed_with_a_credential": list(product(LINKS, CLIENTS)),
    }


def sample(each: int, start: int = 0) -> dict[str, list[tuple[str, ...]]]:
    return {test: made[start % len(made) :: each] for test, made in all_cases().items()}


RUNS_OF_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


def unpacked(data: bytes, depth: int = 5) -> Iterator[bytes]:
    """The data, and all that a patient reader gets out of it."""
    yield data
    if not depth:
        return
    for unpack in (gzip.decompress, zlib.decompress, lambda it: zlib.decompress(it, -15)):
        with suppress(Exception):
            yield from unpacked(unpack(data), depth - 1)
    with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield from unpacked(archive.read(name), depth - 1)
    for run in RUNS_OF_BASE64.findall(re.sub(rb"\r\n|\\r\\n", b"", unquote_to_bytes(data))):
        with suppress(ValueError):
            plain = b64decode(run.translate(bytes.maketrans(b"-_", b"+/")) + b"==")
            yield from unpacked(plain, depth - 1)
    if b"\0" in data:
        yield data.replace(b"\0", b"")


def parts_of(node: object) -> Iterator[bytes]:
    if isinstance(node, dict):
        yield from parts_of([*node, *node.values()])
    elif isinstance(node, list):
        for each in node:
            yield from parts_of(each)
    elif isinstance(node, bytes):
        yield node
    else:
        yield str(node).encode("utf-8", "surrogateescape")


def texts_in(node: object) -> Iterator[str]:
    """All that can be read in a cassette, or in what a server got."""
    for part in parts_of(node):
        for data in unpacked(part):
            yield data.decode("utf-8", "replace")
            yield data.decode("latin-1")


@dataclass(frozen=True)
class Wired:
    """What a run of the suite came to."""

    failed: list[str]
    """Tests that did not end as they should: not recorded, not refused, or refused wrongly."""
    recorded: list[str]
    """Which secret is in which cassette."""
    told: list[str]
    """Which secret another host was told, and in which request."""


def run_wire(folder: Path, cases: dict[str, list[tuple[str, ...]]], *args: str) -> Wired:
    """Record the cases; then search the cassettes, and what arrived elsewhere."""
    kept, suite = folder / "kept", folder / "suite"
    kept.mkdir()
    suite.mkdir()
    names = {"for_conftest": "conftest", "interactions": "test_interactions"}
    for path in WIRE.glob("*.py"):
        name = names.get(path.stem, path.stem)
        (suite / f"{name}.py").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (suite / "cases.json").write_text(json.dumps(cases))
    (suite / "pytest.ini").write_text("[pytest]\n")
    variables = environment(random.Random(17))
    other = Bill(folder)
    bill = Bill(kept, elsewhere=other.origin)
    environ = environ_of(RUN, variables, bill, kept) | {"ELSEWHERE": other.origin}
    command = [sys.executable, "-m", "pytest", "-p", OURS, "-rfE", "--tb=no", "-q", *args]
    try:
        done = subprocess.run(
            [*command, "--bill-record-mode=once"],
            cwd=suite,
            env=environ | {"COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    finally:
        bill.close()
        other.close()
    search = Search(variables | bill.handed_out)
    credentials = {
        name: value
        for name, value in variables.items()
        if not re.search("ORGANIZATION|USERNAME|EMAIL|NAME$", name)
    }
    search_elsewhere = Search(credentials | bill.handed_out)
    failed = re.findall(r"^(?:FAILED|ERROR) .*?::(.*)$", done.stdout, re.MULTILINE)
    recorded = [
        f"{name} in {path.stem}"
        for path in sorted((suite / "cassettes").rglob("*.yaml"))
        for name in found_in(search, yaml.load(path.read_bytes(), yaml.CSafeLoader))
    ]
    # A link that BILL handed out has its own signature.
    told = [
        f"{name} in {request[:300]!r}"
        for request in other.received
        for name in found_in(search_elsewhere, request)
        if not (name.partition(" (")[0] in LINKS and request.startswith(b"GET /documents/"))
    ]
    if done.returncode not in (0, 1):
        failed.append(done.stdout + done.stderr)
    return Wired(failed, recorded, told)


def found_in(search: Search, node: object) -> list[str]:
    return sorted({name for text in texts_in(node) for name, _ in search.hits(text)})
