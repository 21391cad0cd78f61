"""The tools, each with what it is told, and how each records the cases."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.others.cases import KEY, PASSWORD, Case
from pytest_bill.exceptions import CassetteError
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.promises import test_secrets_property as harness

PINNED = {
    "vcrpy": "9.4.2",
    "pytest-recording": "0.14.1",
    "cassetter": "0.16.1",
    "pytest": "9.2.0",
    "PyYAML": "6.0.3",
    "brotli": "1.2.0",
}
PEERS = Path(__file__).with_name("peers.py")
CASSETTER = Path(__file__).with_name("by_cassetter.py")

NAMES = ["devKey", "sessionId", "apiToken", "appKey", "userName", "password"]
BY_NAME = {
    "filter_headers": ["authorization", "cookie", *NAMES],
    "filter_query_parameters": NAMES,
    "filter_post_data_parameters": NAMES,
}
BY_NAME_IN_CASSETTER = {
    "filter_headers": NAMES,
    "filter_query_parameters": NAMES,
    "body_scrub_patterns": NAMES,
}
BY_NAME_AND_VALUE = {
    **BY_NAME,
    "filter_nested_post_data_parameters": True,
    "filter_sensitive_data": {"<KEY>": KEY, "<PASSWORD>": PASSWORD},
    "decode_compressed_response": True,
}
LOADED = [("PLACEHOLDER_BILL_DEV_KEY", KEY), ("PLACEHOLDER_BILL_PASSWORD", PASSWORD)]

HEADERS = ("devKey", "Authorization", "Cookie", "Set-Cookie", "Location", "Content-Length")
HEADERS += ("X-Echo", "X-Long", "X-Trace")

Recorded = list[str | None]
"""The text of each case's cassette; None where the tool wrote none, but raised an error."""


def with_pytest_bill(made: list[Case], folder: Path, _: Any, loaded: list) -> Recorded:
    recorded: Recorded = []
    for number, case in enumerate(made):
        place = folder / str(number)
        place.mkdir(parents=True)
        try:
            path = harness.recorded(place, SecretRegistry(loaded), case.put.interaction)
        except CassetteError:
            recorded.append(None)
        else:
            recorded.append(path.read_text(encoding="utf-8"))
    return recorded


def with_vcrpy(made: list[Case], folder: Path, python: str | Path, settings: dict) -> Recorded:
    run_peers(made, folder, settings, python, PEERS.name)
    return cassettes(folder, (f"{number}.yaml" for number in range(len(made))))


def with_pytest_recording(
    made: list[Case], folder: Path, python: str | Path, settings: dict
) -> Recorded:
    # cassetter has the same mark and options.
    options = ("--record-mode=once", "--rootdir=.", "-p", "no:cacheprovider", "-p", "no:cassetter")
    run_peers(made, folder, settings, python, "-m", "pytest", *options, PEERS.name)
    names = (f"cassettes/{PEERS.stem}/test_case[{number}].yaml" for number in range(len(made)))
    return cassettes(folder, names)


def with_cassetter(made: list[Case], folder: Path, python: str | Path, settings: dict) -> Recorded:
    run_peers(made, folder, settings, python, CASSETTER.name)
    recorded = cassettes(folder, (f"{number}.yaml" for number in range(len(made))))
    return [text and as_vcrpy_writes(text) for text in recorded]


def as_vcrpy_writes(text: str) -> str:
    """A cassette of cassetter in the form that the others have."""
    document = yaml.load(text, yaml.CSafeLoader)
    for interaction in document["interactions"]:
        asked, answered = interaction["request"], interaction["response"]
        asked["body"] = body_of(asked.get("body"))
        answered["body"] = {"string": body_of(answered.get("body"))}
        # cassetter keeps no reason, and header names in lower case.
        answered["status"] = {"code": answered["status"], "message": ""}
        for side in (asked, answered):
            side["headers"] = with_names(side.get("headers") or {})
    return yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, width=10**9)


def body_of(body: dict[str, Any] | None) -> str | bytes | None:
    """A body of cassetter's as bytes or text."""
    kind, content = (body or {}).get("type"), (body or {}).get("content")
    if kind == "json":
        return json.dumps(content)
    return bytes.fromhex(content) if kind == "binary" else content


def with_names(headers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Headers under the names that the cases look for, and under their own."""
    known = {name.lower(): name for name in HEADERS}
    return {known.get(name, name): values for name, values in headers.items()}


def run_peers(made: list[Case], folder: Path, settings: dict, *command: Any) -> None:
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "cases.json").write_text(json.dumps([as_json(case) for case in made]))
    for script in (PEERS, CASSETTER):
        shutil.copy(script, folder)
    # Nothing of our own pytest and packages.
    ours = ("PYTEST", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


def as_json(case: Case) -> dict[str, Any]:
    interaction = case.put.interaction
    return {
        "method": interaction.method,
        "url": interaction.url,
        "headers": dict(interaction.headers),
        "body": base64.b64encode(interaction.body).decode(),
        "status": interaction.status,
        "reason": interaction.reason,
        "answer_headers": dict(interaction.answer_headers),
        "answer_body": base64.b64encode(interaction.answer_body).decode(),
    }


def cassettes(folder: Path, names: Iterable[str]) -> Recorded:
    recorded: Recorded = []
    for number, name in enumerate(names):
        path = folder / name
        is_refused = (folder / f"{number}.error").exists()
        if path.exists() is is_refused:  # else a run that did nothing would count as held back
            raise SystemExit(f"{path}: neither a cassette nor an error, or both")
        recorded.append(None if is_refused else path.read_text(encoding="utf-8"))
    return recorded


@dataclass(frozen=True)
class Tool:
    record: Callable[..., Recorded]
    told: Any
    """Its settings; for pytest-bill, the credentials that are loaded."""
    described: str


CONTROL, BY_NAME_ONLY, WITH_VALUE = (
    "vcrpy, no filters",
    "vcrpy, by name",
    "vcrpy, by name and value",
)
CASSETTER_ALONE = "cassetter, as it is"
CASSETTER_BY_NAME = "cassetter, by name"
BLIND, OURS = "pytest-bill, no credential loaded", "pytest-bill"
TOOLS = {
    CONTROL: Tool(with_vcrpy, {}, "control: none"),
    BY_NAME_ONLY: Tool(
        with_vcrpy,
        BY_NAME,
        "`filter_headers`, `filter_query_parameters`, `filter_post_data_parameters`",
    ),
    WITH_VALUE: Tool(
        with_vcrpy,
        BY_NAME_AND_VALUE,
        "the same, `filter_nested_post_data_parameters`, `decode_compressed_response`, "
        "`filter_sensitive_data` with both secrets",
    ),
    "pytest-recording, by name": Tool(
        with_pytest_recording, BY_NAME, "`vcr_config` with the first of these"
    ),
    "pytest-recording, by name and value": Tool(
        with_pytest_recording, BY_NAME_AND_VALUE, "`vcr_config` with all of these"
    ),
    CASSETTER_ALONE: Tool(
        with_cassetter, {}, "none: headers, query parameters and JSON fields of its own lists"
    ),
    CASSETTER_BY_NAME: Tool(
        with_cassetter,
        BY_NAME_IN_CASSETTER,
        "`filter_headers`, `filter_query_parameters`, `body_scrub_patterns`",
    ),
    BLIND: Tool(with_pytest_bill, [], "control: no secret is known by its value"),
    OURS: Tool(with_pytest_bill, LOADED, "nothing set; both secrets are loaded credentials"),
}


def own_environment(folder: Path, pinned: Mapping[str, str] = PINNED) -> Path:
    """Make a virtual environment with the peers in it, and give its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    pins = [f"{name}=={version}" for name, version in pinned.items()]
    options = ("--quiet", "--disable-pip-version-check")
    subprocess.run([python, "-m", "pip", "install", *options, *pins], check=True)
    return python
