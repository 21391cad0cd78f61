"""One session, shared by several threads, replays."""

import json

import figures
import pytest
from asking import ask, ask_in_threads
from plan import current
from tools.current import tool
from traffic import traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


@pytest.mark.parametrize("number", range(PLAN.rounds + 1))
@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_threads(session, number):
    opener, *interactions = traffic(PLAN.kind, PLAN.size)
    ask(session, tool.BASE, [opener])
    taken, contents = ask_in_threads(session, tool.BASE, interactions, PLAN.threads)
    if number == 0:  # warms up
        return
    errors = contents.count(None)
    answers = [json.loads(each) for each in contents if each is not None]
    expected = [json.loads(interaction.answer) for interaction in interactions]
    if PLAN.kind == "repeated":  # any thread may get any of them, but each is played once
        balances = sorted(each["balance"]["amount"] for each in answers)
        wanted = sorted(each["balance"]["amount"] for each in expected)
        lost = len(set(wanted) - set(balances))
    else:
        lost = sum(each not in answers for each in expected) if answers != expected else 0
    figures.keep(**taken, requests=len(interactions), errors=errors, lost=lost)
