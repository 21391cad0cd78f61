"""N requests of another HTTP client, answered from one cassette or by its canned transport."""

import figures
import pytest
from asking import check, check_headers
from clients import module_of
from plan import current
from tools.current import tool
from traffic import GATEWAY, spread, traffic
from turns import ask_in_turns

pytestmark = pytest.mark.one_folder
PLAN = current()
BLOCK = 100
client_module = module_of(PLAN.client)


def make_client(interactions):
    if PLAN.tool == "canned":
        return client_module.canned(interactions, PLAN.origin)
    return client_module.Client(GATEWAY)


@tool.cassette(f"{PLAN.kind}_10")
def test_warm_up(opened):
    interactions = traffic(PLAN.kind, 10)
    with make_client(interactions) as client:
        headers, _ = client.first(interactions[0])
        _, contents = client.ask(interactions[1:])
    check_headers(headers, interactions[0], tool.KEEPS_BYTES)
    check(contents, interactions[1:], not tool.KEEPS_BYTES)


@pytest.mark.parametrize("number", range(PLAN.rounds))
@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_replay(opened, number):
    """One client asks the opener, then the others; the time of these alone."""
    interactions = traffic(PLAN.kind, PLAN.size)
    asked = spread(interactions[1:], PLAN.asked)
    with make_client(interactions) as client:
        client.first(interactions[0])
        blocks, contents = ask_in_turns(client, asked, BLOCK)
    check(contents, asked, not tool.KEEPS_BYTES)
    for block in blocks:
        figures.keep(**block)
