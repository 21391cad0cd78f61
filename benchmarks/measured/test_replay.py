"""N requests answered from one cassette; the time of the requests alone."""

import figures
import pytest
from asking import ask, check
from plan import current
from tools.current import tool
from traffic import spread, traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


@tool.cassette(f"{PLAN.kind}_10")
def test_warm_up(session):
    interactions = traffic(PLAN.kind, 10)
    _, contents = ask(session, tool.BASE, interactions)
    check(contents, interactions, not tool.KEEPS_BYTES)


@pytest.mark.parametrize("number", range(PLAN.rounds))
@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_replay(session, number):
    opener, *interactions = traffic(PLAN.kind, PLAN.size)
    interactions = spread(interactions, PLAN.asked)
    ask(session, tool.BASE, [opener])
    taken, contents = ask(session, tool.BASE, interactions)
    check(contents, interactions, not tool.KEEPS_BYTES)
    figures.keep(**taken, requests=len(interactions))
