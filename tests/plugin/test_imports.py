"""What a run does not need is not imported: by an empty suite, nor by a replayed test."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.plugin.suites import ONE, RECORD, counts

INSTALLED = {"aiohttp", "httpcore", "httpx", "requests", "urllib3"}
"""With what the tests of this project need."""
NOT_INSTALLED = {"botocore", "httplib2", "httpx2", "httpx_curl_cffi", "pyreqwest", "tornado"}
"""Those that vcrpy looks for as well; each run has one of its own, which tells of its import."""
PATCHES = {"vcr.patch", "vcr.stubs"}
"""What makes vcrpy import all clients that there are."""

CASSETTE = """\
interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: https://gateway.stage.bill.com/connect/v3/vendors
  response:
    body:
      string: '{"results": []}'
    headers:
      content-type:
      - application/json
    status:
      code: 200
      message: OK
version: 1
"""
URL = "https://gateway.stage.bill.com/connect/v3/vendors"
TESTS = {
    "http.client": """
        import http.client

        def ask():
            connection = http.client.HTTPSConnection("gateway.stage.bill.com")
            connection.request("GET", "/connect/v3/vendors")
            return connection.getresponse().read()
        """,
    "urllib.request": """
        import urllib.request

        def ask():
            with urllib.request.urlopen(URL) as response:
                return response.read()
        """,
    "httpx": """
        import httpx

        def ask():
            return httpx.get(URL).content
        """,
    "httpx.AsyncClient": """
        import asyncio
        import httpx

        async def asked():
            async with httpx.AsyncClient() as client:
                return (await client.get(URL)).content

        def ask():
            return asyncio.run(asked())
        """,
    "aiohttp": """
        import asyncio
        import aiohttp

        async def asked():
            async with aiohttp.ClientSession() as session, session.get(URL) as response:
                return await response.read()

        def ask():
            return asyncio.run(asked())
        """,
    "urllib3": """
        import urllib3

        def ask():
            return urllib3.PoolManager().request("GET", URL).data
        """,
    "requests": """
        import requests

        def ask():
            return requests.get(URL).content
        """,
}
OF_THE_SUITE = {
    "httpx": {"httpcore", "httpx"},
    "httpx.AsyncClient": {"httpcore", "httpx"},
    "aiohttp": {"aiohttp"},
    "urllib3": {"urllib3"},
    "requests": {"requests", "urllib3"},
}
"""The clients that each of these suites imports; the others import none of the ones above."""

REPLAYED = """
import pytest

@pytest.mark.bill_cassette("vendors")
def test_vendors():
    assert ask() == b'{"results": []}'
"""
TELLS_AT_EXIT = """
import atexit
import json
import pathlib
import sys

atexit.register(lambda: pathlib.Path("modules.json").write_text(json.dumps(sorted(sys.modules))))
"""
TELLS_OF_ITS_IMPORT = """
import pathlib

with pathlib.Path("looked_for.txt").open("a") as told:
    print(__name__, file=told)
raise ImportError(f"{__name__} is not installed")
"""


@pytest.fixture
def imported(tmp_path):
    """The clients that a whole run of a suite with one replayed test imports."""

    def imported(client: str) -> set[str]:
        lines = [f'URL = "{URL}"', *(line[8:] for line in TESTS[client].splitlines())]
        (tmp_path / "test_vendors.py").write_text("\n".join(lines) + REPLAYED)
        (tmp_path / "conftest.py").write_text(TELLS_AT_EXIT)
        (tmp_path / "cassettes").mkdir()
        (tmp_path / "cassettes/vendors.yaml").write_text(CASSETTE)
        for name in NOT_INSTALLED:
            (tmp_path / f"{name}.py").write_text(TELLS_OF_ITS_IMPORT)
        # The extra `scan` has requests of its own, which it imports when all tests are done.
        (tmp_path / "detect_secrets.py").write_text("raise ImportError")
        variables = os.environ | {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "pytest_bill.plugin",
        }
        run = subprocess.run(
            [sys.executable, "-m", "pytest"],
            cwd=tmp_path,
            env={n: value for n, value in variables.items() if not n.startswith("BILL_")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        assert "1 replayed" in run.stdout
        modules = set(json.loads((tmp_path / "modules.json").read_text()))
        told = tmp_path / "looked_for.txt"
        looked_for = set(told.read_text().split()) if told.exists() else set()
        return modules & (INSTALLED | PATCHES) | looked_for

    return imported


@pytest.mark.parametrize("client", TESTS)
@pytest.mark.sampled(3)
def test_a_replayed_test_imports_no_client_that_its_suite_does_not_import(imported, client):
    others = imported(client) - OF_THE_SUITE.get(client, set())
    assert not others, sorted(others)


def test_an_empty_suite_imports_neither_vcrpy_nor_requests(pytester, subprocess_run, all_plugins):
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            heavy = {"vcr", "requests", "urllib3", "dotenv", "yaml", "filelock", "uvicorn"}
            heavy |= {"pytest_bill.guards.network", "pytest_bill.run.network"}
            print("HEAVY", sorted(heavy & set(sys.modules)))
            print("PLUGIN", "pytest_bill.plugin" in sys.modules)
        """
    )
    pytester.makepyfile(test_nothing="def test_nothing():\n    pass\n")
    # These two, which are installed for the tests of this project, import requests at once.
    others = ("-p", "no:schemathesis", "-p", "no:requests_mock")
    result = subprocess_run("-s", *others)
    result.stdout.fnmatch_lines(["HEAVY []", "PLUGIN True"])


def test_a_replay_imports_nothing_that_records_and_no_sandbox(pytester, subprocess_run, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            heavy = {"filelock", "uvicorn", "httptools", "jinja2", "pytest_bill.sandbox", "yaml"}
            heavy |= {f"pytest_bill.cassettes.{each}" for each in ("writer", "leak_check")}
            heavy |= {"pytest_bill.scan.scanner", "pytest_bill.scrubbing.search.search"}
            print("HEAVY", sorted(heavy & set(sys.modules)))
        """
    )
    # No cache is kept here, which remembers what was scanned.
    result = subprocess_run("-s", "-p", "no:xdist.plugin", "--bill-no-scan")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["HEAVY []"])
