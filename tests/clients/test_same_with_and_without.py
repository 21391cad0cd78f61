"""Traffic is the same with and without the plugin: whole pytest runs, compared.

The measured suite (``traffic/``) makes each kind of traffic with each client as user code would,
and writes down all that user code can see of it. It is run without the plugin, and with it in tests
that use BILL: at another host, while BILL is recorded, and while BILL is replayed and gone. What
was seen has to be equal; a replay may differ in what a cassette does not hold, which is in the
table of ``differences``.

To see one kind: ``pytest tests/clients/test_same_with_and_without.py -k 'urllib3-retries_after_503'``
(``TRAFFIC_ONLY=urllib3`` runs the suite for some clients alone, which takes less time).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.clients.differences import as_replayed, is_unanswered, told
from tests.clients.runs import Observed, Project
from tests.clients.traffic.registry import CLIENTS, kinds_of

URLLIB3_1 = Path(os.environ.get("URLLIB3_1", Path(__file__).parents[2] / ".venv/urllib3-1.26"))
SETS = {"": list(CLIENTS), "urllib3_1.26": ["requests", "urllib3"]}
"""What runs together, by what it runs beside: the installed urllib3, or an older one."""
MOST_SHOWN = 30


def _cases() -> list[Any]:
    only = os.environ.get("TRAFFIC_ONLY", "").split(",")
    return [
        pytest.param(name, f"{client}-{kind.name}", run, id=f"{name or client}-{kind.name}-{run}")
        for name, clients in SETS.items()
        for client in clients
        if only == [""] or client in only
        for kind in kinds_of(client).values()
        for run in ("other", "recorded", "replayed")
        if run in kind.runs
    ]
