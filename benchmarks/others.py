"""What recorders let through: the places and encodings of our property-based test, tried on each.

    python benchmarks/others.py            # writes docs/what-others-let-through.md
    python benchmarks/others.py --quick    # a tenth of the cases, printed only

Each case is one interaction with a made-up secret in one place and one encoding. It is recorded by
pytest-bill, by vcrpy with the filters that its documentation shows, by vcrpy with its newer filter
by value, and by pytest-recording with the same filters; the last three run in a virtual environment
of their own, with the versions below. Then each cassette is read with a YAML parser, what stands in
the place is decoded with the standard library, and the secret is looked for.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
import tempfile
import venv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import yaml
from hypothesis import settings

from pytest_bill.exceptions import CassetteError
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.registry import SecretRegistry

ROOT = Path(__file__).parent.parent
PINNED = ("vcrpy==9.4.2", "pytest-recording==0.14.1", "pytest==9.0.1", "brotli==1.2.0")
SECRETS = {
    "a key": "01KEYabcdefGHIJ0123456789",
    "a password": 'Pa/ss+w"rd &<42>%7E\\',
}
NAMED = ["authorization", "devKey", "sessionId", "apiToken", "appKey", "password", "userName"]
FILTERS = {
    "filter_headers": [*NAMED, "cookie"],
    "filter_query_parameters": NAMED,
    "filter_post_data_parameters": NAMED,
    "decode_compressed_response": True,
}
TOOLS = {
    "pytest-bill": "this project, nothing set",
    "vcrpy": "`filter_headers`, `filter_query_parameters`, `filter_post_data_parameters`, "
    "`decode_compressed_response`",
    "vcrpy by value": "the same and `filter_sensitive_data`, which vcrpy has since 9.2",
    "pytest-recording": "`vcr_config` with the filters of the first vcrpy",
}


def harness() -> ModuleType:
    """The property-based test, for its places and encodings."""
    settings.register_profile("ci", max_examples=2)
    spec = importlib.util.spec_from_file_location(
        "harness", ROOT / "tests/test_secrets_property.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["harness"] = module
    spec.loader.exec_module(module)
    return module


h = harness()
PLAIN = h.Encoding("plain", lambda text, _: text, lambda text: text)


@dataclass(frozen=True)
class Case:
    place: str
    encoding: Any
    secret: str
    written: str
    put: Any


def answering(headers: dict[str, list[str]], body: bytes = b"") -> Exchange:
    return Exchange("GET", h.URL, {}, b"", 200, "OK", headers, body)


def posting(body: str, content_type: str) -> Exchange:
    return Exchange("POST", h.URL, {"Content-Type": content_type}, body.encode(), 200, "OK")


def body_of(found: dict, side: str) -> str:
    body = found[side]["body"]
    body = body["string"] if side == "response" else body
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


# Where the filters by name apply, or their user may think so.
NAMED_PLACES: dict[str, Callable[[str], Any]] = {
    "request header devKey": lambda text: h.Put(
        Exchange("GET", h.URL, {"devKey": text}, b"", 200, "OK"),
        lambda found: h.one(found["request"]["headers"]["devKey"]),
    ),
    "query parameter devKey": lambda text: h.Put(
        Exchange("GET", f"{h.URL}?devKey={quote(text, safe='')}&max=1", {}, b"", 200, "OK"),
        lambda found: dict(parse_qsl(urlsplit(found["request"]["uri"]).query))["devKey"],
    ),
    "form field password": lambda text: h.Put(
        posting(f"password={quote_plus(text)}&a=1", h.FORM),
        lambda found: dict(parse_qsl(body_of(found, "request")))["password"],
    ),
    "JSON field password": lambda text: h.Put(
        posting(json.dumps({"password": text, "a": 1}), "application/json"),
        lambda found: json.loads(body_of(found, "request"))["password"],
    ),
    "JSON field password, deeper": lambda text: h.Put(
        posting(json.dumps({"a": [{"password": text}]}), "application/json"),
        lambda found: json.loads(body_of(found, "request"))["a"][0]["password"],
    ),
    "answer's JSON field sessionId": lambda text: h.Put(
        answering({"Content-Type": ["application/json"]}, json.dumps({"sessionId": text}).encode()),
        lambda found: json.loads(body_of(found, "response"))["sessionId"],
    ),
    "Set-Cookie": lambda text: h.Put(
        answering({"Set-Cookie": [f"sid={quote(text, safe='')}; Path=/"]}),
        lambda found: h.unquote(
            h.between("sid=", "; Path")(h.one(found["response"]["headers"]["Set-Cookie"]))
        ),
    ),
}


def places() -> Iterator[tuple[str, Callable[[str], Any]]]:
    yield from NAMED_PLACES.items()
    yield from h.PLACES.items()
    for side in ("request", "response"):
        for body in h.BODIES:
            yield f"{side} body: {body.name}", h.in_body(body, "utf-8", "", side)
    as_json = next(body for body in h.BODIES if body.name == "JSON")
    for packing in h.PACKINGS:
        if packing:
            yield (
                f"response body: JSON, {packing}",
                h.in_body(as_json, "utf-8", packing, "response"),
            )
    yield "request body: JSON, gzip", h.in_body(as_json, "utf-8", "gzip", "request")
    yield "response body: JSON in UTF-16", h.in_body(as_json, "utf-16", "", "response")


def cases() -> list[Case]:
    made = []
    for name, place in places():
        for encoding in [PLAIN, *h.TEXT_ENCODINGS]:
            for number, secret in enumerate(SECRETS.values()):
                # Every other character is escaped, where a syntax lets one choose.
                odd = Counter()

                def chosen(_: str, odd: Counter = odd, number: int = number) -> bool:
                    odd["seen"] += 1
                    return odd["seen"] % 2 == number

                written = encoding.encode(secret, chosen)
                is_line = "header" in name or name in ("reason", "Basic")
                if is_line and ("\r" in written or "\n" in written):
                    continue
                made.append(Case(name, encoding, secret, written, place(written)))
    return made


def verdict(case: Case, text: str) -> str:
    """`clean`, `through`, or `gone` where nothing stands in the place any more."""
    found = yaml.load(text, yaml.CSafeLoader)["interactions"][-1]
    try:
        standing = case.put.back(found)
    except (KeyError, IndexError, ValueError, AssertionError, AttributeError, TypeError, OSError):
        # The place was taken out, or its content is not what it was.
        return "through" if case.secret in text else "clean"
    try:
        decoded = case.encoding.decode(standing)
    except (ValueError, OSError, EOFError):
        decoded = ""
    is_through = case.secret in standing or case.secret in decoded or case.written in standing
    return "through" if is_through or case.secret in text else "clean"


# --- the tools -------------------------------------------------------------------------------


def with_pytest_bill(made: list[Case], folder: Path) -> list[str]:
    verdicts = []
    for number, case in enumerate(made):
        place = folder / str(number)
        place.mkdir(parents=True)
        registry = SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", case.secret)])
        try:
            path = h.recorded(place, registry, case.put.exchange)
        except CassetteError:
            verdicts.append("refused")
        else:
            verdicts.append(verdict(case, path.read_text(encoding="utf-8")))
    return verdicts


COMMON = """
import base64, json
from pathlib import Path
from vcr.request import Request

CASES = json.loads(Path("cases.json").read_text())
FILTERS = json.loads(Path("filters.json").read_text())


def interaction(case):
    request = Request(case["method"], case["url"], base64.b64decode(case["body"]) or None,
                      case["headers"])
    response = {"status": {"code": case["status"], "message": case["reason"]},
                "headers": case["answer_headers"],
                "body": {"string": base64.b64decode(case["answer_body"])}}
    return request, response
"""
WITH_VCRPY = (
    COMMON
    + """
import sys
import vcr

failed = {}
for number, case in enumerate(CASES):
    extra = {}
    if "by-value" in sys.argv:
        extra["filter_sensitive_data"] = {"<SECRET>": case["secret"]}
    try:
        with vcr.use_cassette(f"{number}.yaml", **FILTERS, **extra) as cassette:
            cassette.append(*interaction(case))
    except Exception as error:
        failed[number] = repr(error)
Path("failed.json").write_text(json.dumps(failed))
"""
)
WITH_PYTEST_RECORDING = (
    COMMON
    + """
import pytest


@pytest.fixture(scope="module")
def vcr_config():
    return FILTERS


@pytest.mark.vcr
@pytest.mark.parametrize("number", range(len(CASES)))
def test_case(vcr, number):
    vcr.append(*interaction(CASES[number]))
"""
)


def prepared(folder: Path, made: list[Case], script: str, name: str) -> Path:
    folder.mkdir()
    (folder / "filters.json").write_text(json.dumps(FILTERS))
    (folder / "cases.json").write_text(
        json.dumps(
            [
                {
                    "secret": case.secret,
                    "method": (exchange := case.put.exchange).method,
                    "url": exchange.url,
                    "headers": dict(exchange.headers),
                    "body": base64.b64encode(exchange.body).decode(),
                    "status": exchange.status,
                    "reason": exchange.reason,
                    "answer_headers": dict(exchange.answer_headers),
                    "answer_body": base64.b64encode(exchange.answer_body).decode(),
                }
                for case in made
            ]
        )
    )
    (folder / name).write_text(script)
    return folder


def judged(made: list[Case], paths: list[Path]) -> list[str]:
    return [
        verdict(case, path.read_text(encoding="utf-8")) if path.exists() else "failed"
        for case, path in zip(made, paths, strict=True)
    ]


def with_vcrpy(made: list[Case], folder: Path, python: Path, *arguments: str) -> list[str]:
    prepared(folder, made, WITH_VCRPY, "record.py")
    subprocess.run([python, "record.py", *arguments], cwd=folder, check=True)
    return judged(made, [folder / f"{number}.yaml" for number in range(len(made))])


def with_pytest_recording(made: list[Case], folder: Path, python: Path) -> list[str]:
    prepared(folder, made, WITH_PYTEST_RECORDING, "test_cases.py")
    command = [python, "-m", "pytest", "-q", "--record-mode=once", "--no-header", "--tb=no"]
    subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=folder, check=False, stdout=subprocess.DEVNULL
    )
    cassettes = folder / "cassettes/test_cases"
    return judged(made, [cassettes / f"test_case[{number}].yaml" for number in range(len(made))])


def own_environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    return python


# --- the report ------------------------------------------------------------------------------


def table(made: list[Case], by_tool: dict[str, list[str]], row: Callable[[Case], str]) -> str:
    total: Counter[str] = Counter(row(case) for case in made)
    through: dict[str, Counter[str]] = defaultdict(Counter)
    for tool, verdicts in by_tool.items():
        for case, each in zip(made, verdicts, strict=True):
            if each == "through":
                through[tool][row(case)] += 1
    lines = [
        "| | cases | " + " | ".join(by_tool) + " |",
        "| --- | ---: |" + " ---: |" * len(by_tool),
    ]
    for name, count in total.items():
        cells = [str(through[tool][name]) for tool in by_tool]
        lines.append(f"| {name} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def matrix(made: list[Case], verdicts: list[str]) -> str:
    encodings = list(dict.fromkeys(case.encoding.name for case in made))
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case, each in zip(made, verdicts, strict=True):
        cells[case.place, case.encoding.name].add(each)
    lines = [
        "| | " + " | ".join(str(number) for number in range(1, len(encodings) + 1)) + " |",
        "| --- |" + " --- |" * len(encodings),
    ]
    for place in dict.fromkeys(case.place for case in made):
        row = []
        for encoding in encodings:
            seen = cells[place, encoding]
            row.append("" if not seen else "x" if "through" in seen else "\u00b7")
        lines.append(f"| {place} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def report(made: list[Case], by_tool: dict[str, list[str]]) -> str:
    encodings = list(dict.fromkeys(case.encoding.name for case in made))
    counts = {tool: Counter(verdicts) for tool, verdicts in by_tool.items()}
    summary = "\n".join(
        f"| {tool} | {TOOLS[tool]} | {counts[tool]['through']} | {counts[tool]['clean']} | "
        f"{counts[tool]['refused'] + counts[tool]['failed']} |"
        for tool in by_tool
    )
    names = "; ".join(f"{number} {name}" for number, name in enumerate(encodings, 1))
    matrices = "\n\n".join(
        f"### {tool}\n\n{matrix(made, by_tool[tool])}" for tool in by_tool if tool != "pytest-bill"
    )
    return f"""# What others let through

Written by `python benchmarks/others.py`, which says how it is done; the versions are
{", ".join(f"`{each}`" for each in PINNED)}, in a virtual environment of their own.

There are {len(made)} cases: a made-up key and a made-up password, in every place and every encoding
of the property-based test (`tests/test_secrets_property.py`). A case counts as let through if its
secret can be read from the cassette by decoding what stands in that place.

**This is no defect of the others.** vcrpy's and pytest-recording's filters by name do what their
documentation says: they take out the request headers, the query parameters and the fields of a
request's body that they are told. Answers are not filtered by them; for these both offer hooks
(`before_record_response`), in which a project can do anything. `filter_sensitive_data` replaces a
value as it is written. The table shows what remains to be done by hand with the usual settings, for
an API that hands out secrets in its answers.

| tool | settings | let through | clean | not recorded |
| --- | --- | ---: | ---: | ---: |
{summary}

## By place: cases let through

{table(made, by_tool, lambda case: case.place)}

## By encoding: cases let through

{table(made, by_tool, lambda case: case.encoding.name)}

## Place by encoding

`x`: let through for the key, the password or both; `\u00b7`: clean or not recorded; empty: cannot
stand there. The encodings: {names}. pytest-bill's table has no `x`.

{matrices}
"""


def main(is_quick: bool) -> None:
    made = cases()[:: 10 if is_quick else 1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = own_environment(folder / "venv")
        by_tool = {
            "pytest-bill": with_pytest_bill(made, folder / "bill"),
            "vcrpy": with_vcrpy(made, folder / "vcrpy", python),
            "vcrpy by value": with_vcrpy(made, folder / "by_value", python, "by-value"),
            "pytest-recording": with_pytest_recording(made, folder / "recording", python),
        }
    for tool, verdicts in by_tool.items():
        print(tool, dict(Counter(verdicts)))
    leaks = [
        case for case, each in zip(made, by_tool["pytest-bill"], strict=True) if each == "through"
    ]
    for case in leaks:
        print("pytest-bill lets through:", case.place, "<", case.encoding.name)
    if not is_quick:
        (ROOT / "docs/what-others-let-through.md").write_text(report(made, by_tool))
    sys.exit(bool(leaks))


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
