"""Which engine is installed is told without importing it."""

from __future__ import annotations

import subprocess
import sys

from pytest_bill.scan.engine_version import engine_version


def test_the_engine_is_named_for_caches():
    assert "detect-secrets " in engine_version()


def test_it_is_named_without_its_import():
    code = (
        "import sys; from pytest_bill.scan.engine_version import engine_version; "
        "print(bool(engine_version()), 'detect_secrets' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
