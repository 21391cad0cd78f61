"""The page that says what came out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from textwrap import fill

import yaml

from benchmarks.others.cases import KEY, PASSWORD, PLAIN, Case, body_of, header
from benchmarks.others.results import Results
from benchmarks.others.tools import (
    BLIND,
    BY_NAME_ONLY,
    CASSETTER_ALONE,
    CASSETTER_BY_NAME,
    NAMES,
    OURS,
    TOOLS,
    WITH_VALUE,
)

COMPARED = (BY_NAME_ONLY, WITH_VALUE, CASSETTER_BY_NAME)
HEADS = ("by name", "by name and value", "cassetter")
SHOWN = (*COMPARED, OURS)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tools_table(results: Results) -> str:
    return table(
        ["tool", "settings", "let through / cases", "nothing recorded"],
        (
            [name, tool.described, results.count(name), f"{results.recorded[name].count(None):,}"]
            for name, tool in TOOLS.items()
        ),
    )


def places_table(results: Results, *, is_named: bool) -> str:
    def line(row: str) -> list[str]:
        cells = [
            results.count(tool, is_meant)
            for is_meant in (
                lambda case: case.place.row == row and case.is_plain,
                lambda case: case.place.row == row and not case.is_plain,
            )
            for tool in COMPARED
        ]
        return [row, *cells, results.count(OURS, lambda case: case.place.row == row)]

    return table(
        [
            "place",
            *(f"{each}: as it is" for each in HEADS),
            *(f"{each}: encoded" for each in HEADS),
            OURS,
        ],
        map(line, dict.fromkeys(c.place.row for c in results.made if c.place.is_named == is_named)),
    )


def family(case: Case) -> str:
    """Encodings that differ in details only are one row."""
    name = re.split("[ ,]", case.encoding.name)[0]
    if case.is_plain:
        return PLAIN.name
    if name in ("percent", "form"):
        return "percent (`%2F`, `+`)"
    if name.startswith("\\"):
        return "other escapes (`\\x2f`, `\\U0000002f`, `\\u{2f}`)"
    names = {"JSON": "JSON (`\\/`, `\\u002f`)", "%u": "`%u002f`", "HTML": "HTML (`&amp;`, `&#47;`)"}
    return names.get(name, name)


def encodings_table(results: Results) -> str:
    def line(row: str) -> list[str]:
        def is_meant(case: Case) -> bool:
            return family(case) == row

        return [row, *(results.count(tool, is_meant) for tool in SHOWN)]

    return table(["encoding", *HEADS, OURS], map(line, dict.fromkeys(map(family, results.made))))


EXAMPLES: list[tuple[str, str, str, Callable[[dict], str]]] = [
    (
        "A key that an answer hands out, where the filters by name do not look:",
        "response: JSON field `sessionId`",
        KEY,
        lambda found: body_of(found, "response"),
    ),
    (
        "A password in an answer. The filter by value looks for it letter by letter, but JSON "
        'writes `"` as `\\"` and `\\` as `\\\\`:',
        "response body: JSON",
        PASSWORD,
        lambda found: body_of(found, "response"),
    ),
    (
        "A key in a Basic header whose name the filters were not told. `base64 -d` shows it:",
        "request header, `Basic`",
        KEY,
        lambda found: header(found, "X-Trace"),
    ),
]


def example(results: Results, title: str, row: str, secret: str, show: Callable) -> str:
    at = next(
        at
        for at, case in enumerate(results.made)
        if case.place.row == row and case.secret == secret and case.is_plain
    )
    lines = []
    for tool in SHOWN:
        found = yaml.load(results.recorded[tool][at] or "", yaml.CSafeLoader)["interactions"][-1]
        verdict = "let through" if results.through[tool][at] else "held back"
        lines.append(f"{tool:<26}{verdict:<13}{show(found)}")
    return "\n".join([title, "", "```text", *lines, "```"])


def are_alike(results: Results) -> bool:
    """Whether pytest-recording let through just what vcrpy did with the same settings."""
    return all(
        results.through[tool.replace("vcrpy", "pytest-recording")] == results.through[tool]
        for tool in (BY_NAME_ONLY, WITH_VALUE)
    )


def rows_refused(results: Results, tool: str) -> list[str]:
    """The places where a tool raised an error in place of recording."""
    pairs = zip(results.made, results.recorded[tool], strict=True)
    return list(dict.fromkeys(case.place.row for case, text in pairs if text is None))


def report(results: Results, day: date, versions: Iterable[str]) -> str:
    if not are_alike(results):  # the tables have one column for both
        raise SystemExit("vcrpy and pytest-recording differ: give each a column of its own")
    refused, odd = (rows_refused(results, tool) for tool in (WITH_VALUE, CASSETTER_BY_NAME))
    names = ", ".join(f"`{name}`" for name in NAMES)
    introduction = fill(
        "Which secrets can be read in the cassettes of vcrpy, pytest-recording and cassetter, with "
        "their usual settings and with all that they have short of hooks, and in those of "
        "pytest-bill. "
        f"Written on {day} by `make others` (`python -m benchmarks.others`), "
        f"with {', '.join(versions)}.",
        width=100,
        break_on_hyphens=False,
    )
    examples = "\n\n".join(
        f"{number}. {example(results, *each)}" for number, each in enumerate(EXAMPLES, 1)
    )

    def is_named_request(case: Case) -> bool:
        return case.place.is_named and not case.place.row.startswith("response")

    nested = results.count(WITH_VALUE, is_named_request)
    return f"""# What others let through

{introduction}

- **Cases**: {len(results.made):,}. Two made-up secrets, in each place and each encoding of the
  property-based test (`tests/promises/test_secrets_property.py`), and in places where BILL's
  credentials stand. Each case is one interaction, handed to the recorder; no server takes part.
- **Let through**: the secret can be read in the cassette by decoding what stands there.
- **By name**: the filters are told the headers `authorization` and `cookie`, and
  {names}
  as headers, query parameters and body parameters.
- **By name and value**: they are told both secrets, too, as pytest-bill is. cassetter has no
  filter by value; *cassetter* below is told the names, beside the lists that it has.
- **Controls**: where nothing is filtered, the finder has to find every secret; in pytest-bill's
  cassettes, too, if pytest-bill was not told the secret and it stands in none of BILL's places,
  and in those of cassetter in places whose names it was not told. Or else this page is not written.

{tools_table(results)}

pytest-recording hands its settings to vcrpy and let the same cases through; the first columns below
are for both. cassetter writes a format of its own, which is read as it is documented; it keeps no
reason of a response, so nothing of one can leak. Where nothing was recorded, the tool raised an
error, which counts as held back
(vcrpy: {", ".join(refused) or "no case"}; cassetter: {", ".join(odd) or "no case"}).

## Places whose names the filters are told

Let through / cases. *As it is*: as a client writes the secret in this place. *Encoded*: encoded
once more before that, as in a link, a log line or a nested document. vcrpy's filters by name look
at requests only, cassetter's at JSON and headers of responses, too.

{places_table(results, is_named=True)}

## Other places

{places_table(results, is_named=False)}

## Encodings

All places together; an encoding that leaves a secret as it is counts as *as it is*.

{encodings_table(results)}

## Examples

What stands in the cassettes for the made-up secrets `{KEY}` and `{PASSWORD}`.

{examples}

## What the others do well

- The filters by name take out the whole value, known or not, in any encoding. In the places of a
  request that they are told, they let through {results.count(BY_NAME_ONLY, is_named_request)};
  {nested} where `filter_nested_post_data_parameters` is set, too.
- `filter_sensitive_data` needs no name, and covers all of an interaction: URL, headers and their
  names, bodies, the response and its reason. Of the secrets that stand there letter by letter it
  lets through {results.count(WITH_VALUE, lambda case: case.is_literal)}. On replay it puts the
  value back, and the value may be a function, for what a server hands out.
- cassetter filters headers that usually hold credentials without being told, in requests and
  responses, and JSON fields at any depth: in the places of this page that it is told by name it
  lets through {results.count(CASSETTER_BY_NAME, lambda case: case.place.is_named)}, and
  {results.count(CASSETTER_ALONE, lambda case: case.place.is_named)} with nothing set.
- pytest-recording takes every setting of vcrpy, in a fixture or a mark, and can block the network.
- Not tried here: hooks (`before_record_request`, `before_record_response`,
  `before_save_interaction`), with which a project can do anything, and further values for the
  encoded forms of a secret, which a project can list where it knows them.

**What they let through is no defect of theirs**: the filters are documented to do just this
([vcrpy](https://vcrpy.readthedocs.io/en/latest/advanced.html),
[pytest-recording](https://github.com/kiwicom/pytest-recording#configuration),
[cassetter](https://kludex.github.io/cassetter/)). The tables show what is left to those who use
them.

## What this does not show

- The places and encodings are those of pytest-bill's own test, and pytest-bill was mended until it
  passed. Its zeros say that it still does, not that there are no other places; the others were
  never built for this test.
- Each case counts once, however rare. What clients usually send is in the columns *as it is*.
- pytest-bill, too, has to know the value (a loaded credential, or handed out by BILL in the run)
  or the place. With no credential loaded it lets through, in the places of BILL's,
  {results.count(BLIND, lambda case: case.place.is_named)}; in the others,
  {results.count(BLIND, lambda case: not case.place.is_named)}.
"""
