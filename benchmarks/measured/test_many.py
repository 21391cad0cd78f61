"""Many tests, each with a cassette of its own, named as the tool names it, and five requests."""

from asking import ask, check
from plan import current
from tools.current import tool
from traffic import traffic

PLAN = current()
INTERACTIONS = traffic("get", PLAN.size - 1)


def replaying(session):
    _, contents = ask(session, tool.BASE, INTERACTIONS)
    check(contents, INTERACTIONS, not tool.KEEPS_BYTES)


def nothing():
    pass


def make(number):
    if PLAN.tool == "bare":

        def test():
            nothing()
    else:

        def test(session):
            replaying(session)

        if PLAN.tool in ("recording", "cassetter"):
            import pytest

            test = pytest.mark.vcr(test)
    test.__name__ = test.__qualname__ = f"test_{number:04}"
    return test


for number in range(PLAN.tests):
    globals()[f"test_{number:04}"] = make(number)
