"""What a command says where the packages that it needs are not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [
        ("sandbox", "uvicorn", "sandbox"),
        ("demo", "rich", "demo"),
        ("check", "starlette", "sandbox"),
    ],
)
def test_a_missing_extra_is_explained(command, package, extra):
    code = (
        f"import sys; sys.modules[{package!r}] = None; from pytest_bill.cli import main; "
        f"sys.exit(main([{command!r}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 2
    assert f"pip install 'pytest-bill[{extra}]'" in result.stderr
    assert "Traceback" not in result.stderr
