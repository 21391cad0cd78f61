"""Of each measured project: the tool's fixtures, a clock from before to after them, the report."""

import figures
import pytest
from clock import Stopwatch, peak_memory
from plan import current

PLAN = current()
pytest_plugins = [f"tools.{PLAN.tool}"]
_begun = pytest.StashKey[Stopwatch]()
_ended = pytest.StashKey[Stopwatch]()


@pytest.fixture
def since_setup(request) -> Stopwatch:
    """Runs since before anything of this test was set up."""
    return request.node.stash[_begun]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[_begun] = Stopwatch()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    if item.get_closest_marker("times_end"):
        item.config.stash[_ended] = Stopwatch()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    # Tools save in the teardown, when the test's end is known, or at the end of the run.
    watch = session.config.stash.get(_ended, None)
    if watch is not None:
        taken = watch.read()
        figures.keep(end_wall=taken["wall"], end_cpu=taken["cpu"])


def pytest_unconfigure():
    figures.keep(peak_memory=peak_memory())
    figures.write(PLAN.report)


def pytest_configure(config):
    config.addinivalue_line("markers", "cassette(name): which one the tool opens for this test")
    config.addinivalue_line("markers", "one_folder: cassettes lie in one folder, not by module")
    config.addinivalue_line(
        "markers", "times_end: keep how long it takes from this test to the run's end"
    )
