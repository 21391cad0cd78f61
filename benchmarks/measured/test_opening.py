"""From before the cassette of N is opened to the first answer, and the memory it takes."""

import figures
import pytest
from asking import ask, check
from clock import peak_memory
from plan import current
from tools.current import tool
from traffic import traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


@tool.cassette(f"{PLAN.kind}_10")
def test_warm_up(session):
    interactions = traffic(PLAN.kind, 0)
    _, contents = ask(session, tool.BASE, interactions)
    check(contents, interactions, not tool.KEEPS_BYTES)


@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_opening(since_setup, session):
    interactions = traffic(PLAN.kind, 0)
    _, contents = ask(session, tool.BASE, interactions)
    figures.keep(**since_setup.read(), memory=peak_memory())
    check(contents, interactions, not tool.KEEPS_BYTES)
