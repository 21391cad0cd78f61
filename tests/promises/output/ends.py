"""Runs that end otherwise than by tests that fail: what each is given, and its options."""

from __future__ import annotations

from dataclasses import dataclass

GIVEN = """
import json, os, sys

import pytest

ALL = [os.environ[each] for each in json.loads(os.environ["VARIABLES"]).values()]
TEXT = " and ".join(ALL)
ONE = os.environ["BILL_CONSOLE_API_TOKEN"]
"""
PASSING = """
def test_passing():
    pass
"""


@dataclass(frozen=True)
class End:
    """A module of tests, a conftest, and options; `SECRET` in an option is put in."""

    name: str
    tests: str = PASSING
    conftest: str = ""
    args: tuple[str, ...] = ()
    is_silent: bool = False
    """Whether nothing of it has to be seen, not even a placeholder."""


def hook(name: str, body: str, arguments: str = "") -> str:
    return f"\ndef pytest_{name}({arguments}):\n    {body}\n"


FAILS = "raise ValueError(TEXT)"
ENDS = [
    End("import that fails", "raise ValueError(TEXT)"),
    End("import with a local", "def read(it):\n    return {}[it]\n\nread(TEXT)", args=("-l",)),
    End("import that does not parse", "exec(compile(ONE + ' = (', 'given', 'exec'))"),
    End("import that is skipped", "pytest.skip(TEXT, allow_module_level=True)", args=("-rs",)),
    End("import that exits", "pytest.exit(TEXT)"),
    End("import that prints", "print(TEXT)\nraise RuntimeError"),
    End("import that warns", f"import warnings\nwarnings.warn(TEXT)\n{PASSING}"),
    End("conftest that fails", conftest=FAILS),
    End("conftest with a chain", conftest="try:\n    int(ONE)\nexcept ValueError:\n    " + FAILS),
    *(
        End(f"hook {name}", conftest=hook(name, FAILS))
        for name in (
            "configure",
            "sessionstart",
            "collection_modifyitems",
            "generate_tests",
            "runtest_setup",
            "runtest_call",
            "runtest_teardown",
            "runtest_logstart",
            "runtest_logreport",
            "runtest_makereport",
            "report_header",
            "terminal_summary",
            "sessionfinish",
            "unconfigure",
            "collection_finish",
            "report_teststatus",
        )
    ),
    End("header", conftest=hook("report_header", "return [TEXT, ONE]")),
    End(
        "summary",
        conftest=hook("terminal_summary", "terminalreporter.write_line(TEXT)", "terminalreporter"),
    ),
    End(
        "section of the summary",
        conftest=hook("terminal_summary", "terminalreporter.section(ONE)", "terminalreporter"),
    ),
    End("status", conftest=hook("report_teststatus", "return TEXT, ONE[:1], TEXT", "report")),
    End(
        "own explanation",
        "def test_it():\n    assert 1 == 2",
        hook("assertrepr_compare", "return ['differs:', TEXT]"),
    ),
    End("usage", conftest=hook("configure", "raise pytest.UsageError(TEXT)")),
    End("marker", conftest=hook("configure", 'config.addinivalue_line("markers", TEXT)', "config"),
        args=("--markers",)),
    End("help of an option", conftest=hook(
        "addoption", 'parser.addoption("--own", help=ONE)', "parser"), args=("--help",)),
    End("exit", "def test_it():\n    pytest.exit(TEXT)"),
    End("exit with a code", "def test_it():\n    pytest.exit(TEXT, returncode=3)"),
    End("interrupt", "def test_it():\n    raise KeyboardInterrupt(TEXT)"),
    End("interrupt, in full", "def test_it():\n    raise KeyboardInterrupt(TEXT)",
        args=("--full-trace", "-l")),
    End("stop", "def test_it(request):\n    request.session.shouldstop = TEXT"),
    End("fail and stop", "def test_it(request):\n    request.session.shouldfail = TEXT"),
    End("base error", "class Own(BaseException): pass\n\ndef test_it():\n    raise Own(TEXT)"),
    End("debugger", "def test_it():\n    assert TEXT == ''", args=("--pdb",)),
    End("crash", "@pytest.mark.parametrize('token', ALL[:3])\ndef test_it(token):\n    os._exit(7)",
        args=("-n2", "--max-worker-restart=3")),
    End("crash of an id",
        "@pytest.mark.parametrize('token', [1], ids=[ONE])\ndef test_it(token):\n    os.abort()",
        args=("-n1", "--max-worker-restart=0")),
    End("crash with output",
        "def test_it():\n    print(TEXT, flush=True)\n    sys.stderr.write(TEXT)\n    os._exit(3)",
        args=("-n1", "--max-worker-restart=0"), is_silent=True),
    End("crash after warnings",
        "import warnings\n\ndef test_one():\n    warnings.warn(TEXT)\n\n"
        "def test_two():\n    os._exit(3)",
        args=("-n1", "--max-worker-restart=0")),
    End("group of workers",
        "@pytest.mark.xdist_group(ONE)\ndef test_it():\n    assert TEXT == 1",
        args=("-n2", "--dist=loadgroup", "-v")),
    End("worker that is interrupted",
        "def test_it():\n    raise KeyboardInterrupt(TEXT)", args=("-n2",),
        is_silent=True),
    End("worker with an error of its own", conftest=hook("runtest_logstart", FAILS), args=("-n2",)),
    End("worker's import", "raise ValueError(TEXT)", args=("-n2",)),
    End("slow", "import time\n\n@pytest.mark.parametrize('token', ALL)\ndef test_it(token):\n"
        "    time.sleep(0.15)",
        args=("-o", "faulthandler_timeout=0.05", "-v")),
    End("not selected", args=("-k", "SECRET"), is_silent=True),
    End("not a test", args=("test_it.py::SECRET",), is_silent=True),
    End("not a file", args=("SECRET/test_a.py",), is_silent=True),
    End("only what failed", "def test_it():\n    assert ONE == TEXT", args=("--lf", "-v")),
    End("step by step", "def test_it():\n    assert ONE == TEXT", args=("--sw", "-vv")),
    End("first to fail", "@pytest.mark.parametrize('a', ALL)\ndef test_it(a):\n    assert 0",
        args=("-x",)),
    End("strict marks", "@pytest.mark.parametrize('a', ALL)\n@getattr(pytest.mark, ONE)\n"
        "def test_it(a):\n    pass", args=("--strict-markers",)),
    End("duplicate parameters",
        "@pytest.mark.parametrize('a', ALL)\n@pytest.mark.parametrize('a', ALL)\n"
        "def test_it(a):\n    pass", is_silent=True),
    End("parameters of a wrong number",
        "@pytest.mark.parametrize(('a', 'b'), [ALL])\ndef test_it(a, b):\n    pass"),
    End("ids of a wrong number",
        "@pytest.mark.parametrize('a', [1], ids=ALL)\ndef test_it(a):\n    pass",
        is_silent=True),
    End("fixture of a wrong scope",
        "@pytest.fixture\ndef a():\n    return 1\n\n@pytest.fixture(scope=ONE)\ndef b(a):\n"
        "    return 1\n\ndef test_it(b):\n    pass"),
]  # fmt: skip
