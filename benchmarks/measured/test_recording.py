"""N requests that a server answers are recorded, then written."""

import figures
import pytest
from asking import ask, ask_in_threads, check_recording
from plan import current
from tools.current import tool
from traffic import traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


@tool.cassette("warm_up")
def test_warm_up(session):
    interactions = traffic(PLAN.kind, 10)
    _, contents = ask(session, tool.BASE, interactions)
    check_recording(contents, interactions, tool)


@pytest.mark.times_end
@tool.cassette("recorded")
def test_recording(session):
    opener, *interactions = traffic(PLAN.kind, PLAN.size)
    ask(session, tool.BASE, [opener])
    if PLAN.threads:
        taken, contents = ask_in_threads(session, tool.BASE, interactions, PLAN.threads)
        figures.keep(errors=contents.count(None))
    else:
        taken, contents = ask(session, tool.BASE, interactions)
        check_recording(contents, interactions, tool)
    figures.keep(**taken, requests=len(interactions))
