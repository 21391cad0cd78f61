"""A search is imported when there is something to look for."""

from __future__ import annotations

import subprocess
import sys

from pytest_bill.scrubbing.search.late import search_for


def test_it_searches():
    search = search_for({"s3cret-value": "PLACEHOLDER_A"})
    assert search.find(b"a s3cret-value b") == "PLACEHOLDER_A"
    assert search_for().find(b"a s3cret-value b") is None


def test_an_empty_registry_imports_none():
    code = (
        "import sys; from pytest_bill.scrubbing.registry import SecretRegistry; "
        "SecretRegistry().hide('text'); "
        "print('pytest_bill.scrubbing.search.search' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
