"""Runs of the suite: what each shows and leaves, and under which names that counts."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.helpers.leaks import files_below
from tests.promises.output.bill import Bill
from tests.promises.output.ends import GIVEN, End
from tests.promises.output.pieces import Search
from tests.promises.output.spellings import SPELLINGS
from tests.promises.output.values import SHAPES, environment

SUITE = Path(__file__).with_name("suite")
OURS = "pytest_bill.plugin"
PLUGINS = {
    "allure": ("allure_pytest.plugin",),
    "html": ("pytest_metadata.plugin", "pytest_html.fixtures", "pytest_html.plugin"),
    "json report": ("pytest_metadata.plugin", "pytest_jsonreport.plugin"),
    "report log": ("pytest_reportlog.plugin",),
    "github actions": ("pytest_github_actions_annotate_failures.plugin",),
    "teamcity": ("teamcity.pytest_plugin",),
    "sugar": ("pytest_sugar",),
    "rich": ("pytest_rich.plugin",),
    "instafail": ("pytest_instafail",),
    "clarity": ("pytest_clarity.plugin",),
    "icdiff": ("pytest_icdiff",),
    "cov": ("pytest_cov.plugin",),
    "workers": ("xdist.plugin",),
}
WRITES = {
    "allure": ("--alluredir=allure",),
    "html": ("--html=report.html", "--self-contained-html"),
    "json report": ("--json-report", "--json-report-file=report.json"),
    "report log": ("--report-log=log.jsonl",),
    "cov": ("--cov=.", "--cov-report=html", "--cov-report=xml", "--cov-report=json"),
    "teamcity": ("--teamcity",),
    "rich": ("--rich",),
    "instafail": ("--instafail",),
}
LOG_FILE = ("--log-file=log.txt", "--log-file-level=DEBUG")
JUNIT = ("--junit-xml=junit.xml", "-o", "junit_logging=all")
PAGE = ("--bill-html=page.html",)


OUT_OF_REACH = ("test_printed_by_a_process", "test_printed_letter_by_letter")
"""Where nothing captures what is printed; SECURITY.md says so of both."""


@dataclass(frozen=True)
class Run:
    """One process: its options, the plugins beside ours, and what of it is looked at."""

    name: str
    args: tuple[str, ...]
    outputs: tuple[str, ...] = ("terminal",)
    plugins: tuple[str, ...] = ()
    columns: int = 80
    is_ours_first: bool = False
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def is_possible(self) -> bool:
        modules = [each for name in self.plugins for each in PLUGINS[name]]
        return all(find_spec(each.partition(".")[0]) for each in modules)

    @property
    def left_out(self) -> tuple[str, ...]:
        is_live = {"-s", "--capture=sys", "--capture=tee-sys"} & set(self.args)
        return OUT_OF_REACH if is_live else ()

    @property
    def modules(self) -> list[str]:
        beside = [each for name in self.plugins for each in PLUGINS[name]]
        return [OURS, *beside] if self.is_ours_first else [*beside, OURS]

    @property
    def options(self) -> list[str]:
        written = [each for name in self.plugins for each in WRITES.get(name, ())]
        return [*written, *self.args]


ALL = ("-rA", "-vv", "--color=yes", "-l")
FILES = ("junit", "log file", "cache")
RUNS = [
    Run("long", (*ALL, *JUNIT, *LOG_FILE, *PAGE), ("terminal", *FILES)),
    Run(
        "narrow",
        (*ALL, "--tb=short", *JUNIT, "-o", "junit_family=xunit1", "--capture=sys"),
        ("terminal", "junit"),
        columns=40,
    ),
    Run(
        "live",
        ("-s", "--tb=native", "--setup-show", "--durations=0", "--log-cli-level=DEBUG", *LOG_FILE),
        ("terminal", "log file"),
    ),
    Run(
        "tee", ("--capture=tee-sys", "--tb=line", "-rA", *JUNIT), ("terminal", "junit"), columns=57
    ),
    Run("quiet", ("-q", "--tb=auto", "--color=yes"), columns=120),
    Run("short", ("--tb=short", "--showlocals", "-v", "-rA"), columns=61),
    Run("one by one", ("--full-trace", "-vvv", "-rA", "--show-capture=all", "--no-header")),
    Run("plan", ("--setup-plan", "-vv", "--color=yes")),
    Run("collected", ("--collect-only", "-vv")),
    Run("collected quietly", ("--collect-only", "-q")),
    Run("fixtures", ("--fixtures", "-v", "--color=yes")),
    Run("fixtures of tests", ("--fixtures-per-test", "-v")),
    Run("traced", ("--debug=trace.txt", "-rA"), ("terminal", "trace")),
    Run(
        "reports",
        ("--tb=long", "-rA", *LOG_FILE, *JUNIT, "--log-level=DEBUG"),
        ("junit", "report log", "json report", "html", "allure"),
        ("report log", "json report", "html", "allure"),
    ),
    Run(
        "reports with ours first",
        ("--tb=short", "-l", "--log-level=DEBUG"),
        ("report log", "json report", "html", "allure"),
        ("report log", "json report", "html", "allure"),
        is_ours_first=True,
    ),
    Run(
        "annotations",
        ("-rA", "--color=yes"),
        ("terminal", "annotations", "instafail"),
        ("github actions", "instafail"),
        environ={"GITHUB_ACTIONS": "true"},
    ),
    Run("messages", ("-v", "-l"), ("teamcity",), ("teamcity",)),
    Run("sugar", ("-rA", "--color=yes", "-vv"), ("sugar",), ("sugar",), columns=70),
    Run("rich", ("-l",), ("rich",), ("rich",)),
    Run("clarity", ("-vv", "--color=yes"), ("clarity",), ("clarity",)),
    Run("icdiff", ("-vv", "--color=yes"), ("icdiff",), ("icdiff",), columns=90),
    Run("covered", ("-q",), ("cov",), ("cov",)),
    Run(
        "workers",
        ("-n2", *ALL, *JUNIT, *LOG_FILE, *PAGE),
        ("terminal of workers", "channel", "junit of workers", "log file of workers"),
        ("workers",),
    ),
    Run(
        "reports of workers",
        ("-n2", "-rA"),
        ("report log of workers", "json report of workers", "html of workers"),
        ("report log", "json report", "html", "workers"),
    ),
    Run(
        "allure of workers",
        ("-n2", "-rA", "--tb=short"),
        ("allure of workers", "annotations of workers"),
        ("allure", "github actions", "workers"),
        environ={"GITHUB_ACTIONS": "true"},
    ),
    Run(
        "both of CI",
        (*ALL, "--tb=short", *JUNIT, *LOG_FILE),
        ("terminal of both", "annotations of both", "junit of both", "report log of both"),
        ("report log", "github actions"),
        environ={"GITHUB_ACTIONS": "true"},
    ),
    Run(
        "both of CI by workers",
        ("-n2", "-rA", "-l", *JUNIT),
        ("terminal of workers", "annotations of workers", "channel", "report log of workers"),
        ("github actions", "report log", "workers"),
        environ={"GITHUB_ACTIONS": "true"},
        is_ours_first=True,
    ),
    Run("messages of workers", ("-n2",), ("teamcity of workers",), ("teamcity", "workers")),
    Run(
        "sugar of workers",
        ("-n2", "-vv", "--color=yes"),
        ("sugar of workers", "instafail of workers"),
        ("sugar", "instafail", "workers"),
    ),
    Run("clarity of workers", ("-n2", "-vv"), ("clarity of workers",), ("clarity", "workers")),
]
BY_NAME = {run.name: run for run in RUNS}


APART = ("for_conftest", "fresh", "at_collection")


@cache
def named_in(*modules: str) -> list[str]:
    trees = [ast.parse((SUITE / f"{each}.py").read_text(encoding="utf-8")) for each in modules]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
    return [name for name in names if name.startswith("test_")]


@cache
def placements() -> list[str]:
    """The tests that show a secret which a fixture gives them."""
    modules = sorted(path.stem for path in SUITE.glob("*.py"))
    return named_in(*(each for each in modules if each not in APART))


ENVIRONMENT = [("environment", shape) for shape in SHAPES]
HANDED_OUT = [
    ("BILL", spelling)
    for spelling in ("sessionId", "a cookie", "JSON key refresh_token", "a link of S3")
]


def fits(test: str, shape: str) -> bool:
    """Numbers are compared as numbers, a UUID as a UUID."""
    words = test.split("_")
    if {"number", "numbers"} & set(words):
        return shape == "number"
    return shape == "uuid" or not (words[-1] == "uuid" or "uuids" in words)


def origins_of(test: str, at: int, count: int) -> list[tuple[str, str]]:
    """Some shapes from the environment and some spellings of BILL's; others for each test."""
    known = [each for each in ENVIRONMENT if fits(test, each[1])]
    chosen = [known[(at + step) % len(known)] for step in range(min(count, len(known)))]
    return [*chosen, HANDED_OUT[at % len(HANDED_OUT)]] if fits(test, "any") else chosen


def cases(start: int, count: int, each: int = 1) -> dict[str, list[Any]]:
    """Of each n-th test of the suite, the origins of its secrets."""
    made: dict[str, list[Any]] = {}
    spellings = list(SPELLINGS)
    for at, test in list(enumerate(placements()))[start % each :: each]:
        made[test] = origins_of(test, at + start, count)
    for at, test in list(enumerate(named_in("fresh")))[start % each :: each]:
        made[test] = [spellings[(at + start + 11 * step) % len(spellings)] for step in range(3)]
    return made


class Ran:
    """What a run showed and left."""

    def __init__(self, texts: dict[str, str], secrets: dict[str, str], code: int) -> None:
        self.texts, self.secrets, self.code = texts, secrets, code

    def found(self) -> Counter[tuple[str, str, str]]:
        """How often a secret stands where: by test, output and secret."""
        names = [*placements(), *named_in("fresh", "at_collection")]
        search = Search(self.secrets, names)
        return Counter(
            (test, output, secret)
            for output, text in self.texts.items()
            for secret, test in search.hits(text)
        )


CHANNEL = """

import execnet.gateway_base as base

send = base.Channel.send


def recorded(self, item):
    with open(f"channel-{os.getpid()}.txt", "a", encoding="utf-8", errors="surrogateescape") as f:
        print(repr(item), file=f)
    return send(self, item)


base.Channel.send = recorded
"""


def record_the_channel(suite: Path) -> None:
    with (suite / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(CHANNEL)


def write_suite(folder: Path, chosen: dict[str, list[Any]], each: int) -> None:
    for path in SUITE.glob("*.py"):
        name = "conftest.py" if path.stem == "for_conftest" else f"test_{path.name}"
        (folder / name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps({"each": each, "tests": chosen}))
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --doctest-modules\n")


def environ_of(run: Run, variables: dict[str, str], bill: Bill, kept: Path) -> dict[str, str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BILL_", "PYTEST_", "GITHUB_", "TEAMCITY_", "COV_"))
        and name not in ("CI", "BUILD_NUMBER")
    }
    return ours | {
        **variables,
        **run.environ,
        "VARIABLES": json.dumps({name: variable for name, (variable, _) in SHAPES.items()}),
        "BILL_BASE_URL": bill.origin,
        "KEPT": str(kept),
        "COLUMNS": str(run.columns),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), *sys.path]),
    }


def ran(run: Run, folder: Path, variables: dict[str, str], bill: Bill, *args: str) -> Ran:
    """Run what is in the folder, and gather what is shown and left."""
    suite = folder / "suite"
    plugins = [each for module in run.modules for each in ("-p", module)]
    process = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--bill-live", *run.options, *args],
        cwd=suite,
        env=environ_of(run, variables, bill, folder / "kept"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=600,
        check=False,
    )
    given = ["pytest.ini", *(path.name for path in suite.glob("*.py"))]
    left = {
        name: text for name, text in files_below(suite, given).items() if not name.endswith(".pyc")
    }
    texts = {"terminal": process.stdout, "errors": process.stderr, **left}
    return Ran(texts, variables | bill.handed_out, process.returncode)


@contextmanager
def a_bill(folder: Path) -> Iterator[Bill]:
    """BILL, with folders for what it hands out and for the suite."""
    (folder / "kept").mkdir(parents=True)
    (folder / "suite").mkdir()
    bill = Bill(folder / "kept")
    try:
        yield bill
    finally:
        bill.close()


def done(run: Run, folder: Path, start: int = 0, count: int = 1, each: int = 1) -> Ran:
    """Run the suite in a folder of its own: all of it, or each n-th test."""
    with a_bill(folder) as bill:
        made = cases(start, count, each)
        chosen = {test: made[test] for test in made if test not in run.left_out}
        write_suite(folder / "suite", chosen, each)
        if "workers" in run.plugins:
            record_the_channel(folder / "suite")
        return ran(run, folder, environment(random.Random(15)), bill)


def ended(end: End, folder: Path, *args: str) -> Ran:
    """Run a suite that ends otherwise."""
    variables = environment(random.Random(19))
    workers = ("workers",) if any(each.startswith("-n") for each in end.args) else ()
    run = Run(end.name, ("-rA", "-l", "-vv", *JUNIT, *LOG_FILE, *args), plugins=workers)
    with a_bill(folder) as bill:
        suite = folder / "suite"
        (suite / "test_it.py").write_text(GIVEN + end.tests)
        (suite / "conftest.py").write_text(GIVEN + end.conftest)
        (suite / "pytest.ini").write_text("[pytest]\n")
        if workers:
            record_the_channel(suite)
        secret = variables["BILL_CONSOLE_API_TOKEN"]
        return ran(
            run, folder, variables, bill, *(each.replace("SECRET", secret) for each in end.args)
        )
