"""A request that is not in a cassette of N: the time until the error is there."""

import figures
import pytest
from asking import ask
from clock import Stopwatch
from plan import current
from tools.current import tool
from traffic import UNKNOWN, new_vendor, traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_mismatch(session):
    ask(session, tool.BASE, traffic(PLAN.kind, 0))
    watch = Stopwatch()
    try:
        if PLAN.kind == "post":
            changed = {**new_vendor(PLAN.size // 2), "billCurrency": "EUR"}
            session.post(f"{tool.BASE}/v3/vendors", json=changed)
        else:
            session.get(tool.BASE + UNKNOWN)
    except Exception as error:
        figures.keep(**watch.read(), explained=str(error).count("nearest: "))
        raise
