"""N requests to a host that is not BILL's, in a test that uses BILL, or without the plugin."""

import os
from dataclasses import replace

import figures
import pytest
from asking import check
from clients import module_of
from plan import current
from tools.current import tool
from traffic import elsewhere
from turns import ask_in_turns

pytestmark = pytest.mark.one_folder
PLAN = current()
WARM_UP = 100
BLOCK = 20


@pytest.mark.parametrize("number", range(PLAN.rounds))
@tool.cassette("get_10")
def test_elsewhere(opened, number):
    interactions = elsewhere(PLAN.kind, WARM_UP + PLAN.size)
    with module_of(PLAN.client).Client(PLAN.origin + "/elsewhere") as client:
        client.ask(interactions[:WARM_UP])
        blocks, contents = ask_in_turns(client, interactions[WARM_UP:], BLOCK)
    check(contents, interactions[WARM_UP:], as_json=False)
    for block in blocks:
        figures.keep(**block)


@pytest.mark.skipif(PLAN.tool == "bare", reason="nothing looks for it")
@tool.cassette("get_10")
def test_a_request_with_the_secret_is_refused(opened):
    """Else what was measured is not what a user has."""
    interaction = elsewhere(PLAN.kind, 1)[0]
    secret = os.environ["BILL_SPEND_API_TOKEN"]
    if interaction.body is None:
        interaction = replace(interaction, path=f"{interaction.path}?token={secret}")
    else:
        interaction = replace(interaction, body={**interaction.body, "token": secret})
    with module_of(PLAN.client).Client(PLAN.origin + "/elsewhere") as client:
        try:
            client.first(interaction)
        except Exception as error:
            if "BILL_SPEND_API_TOKEN" not in str(error):
                raise
        else:
            pytest.fail("a request that carries the secret was sent")
