"""A pytest plugin for the demo's recording run: it writes down what must not be in a cassette.

The run starts the local sandbox by itself, so only the run knows the sandbox's secrets. They go to
a file that the demo made, outside of the suite, and that only this user may read.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.run.state import state_of

if TYPE_CHECKING:
    from pytest_bill.sandbox import BillSandbox

OPTION = "--demo-secrets-file"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that names the demo's file."""
    parser.addoption(OPTION, type=Path, required=True)


@pytest.fixture(scope="session", autouse=True)
def _sandbox_variables(pytestconfig: pytest.Config, bill_sandbox: BillSandbox) -> None:
    """Write down the credentials of the sandbox that answers."""
    _write_down(pytestconfig, bill_sandbox.variables.values())


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
    """Write down the sessionId of each BILL session."""
    result = yield
    headers: dict[str, str] = getattr(result, "credential_headers", dict)()
    if "sessionId" in headers:
        _write_down(request.config, [headers["sessionId"]])
    return result


def read_secrets(path: Path) -> set[str]:
    """The secrets that a run wrote down."""
    return {json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()}


def _write_down(config: pytest.Config, secrets: Iterable[str]) -> None:
    if state_of(config).proof is not None:
        return  # the run that proves the recording has a sandbox of its own
    path: Path = config.getoption(OPTION)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(secret) + "\n" for secret in secrets)
