"""Of each measured project: the tool's fixtures, a clock from before to after them, the report."""

import figures
import pytest
from clock import Stopwatch, peak_memory
from plan import current

PLAN = current()
pytest_plugins = [f"tools.{PLAN.tool}"]
_begun = pytest.StashKey[Stopwatch]()


@pytest.fixture
def since_setup(request) -> Stopwatch:
    """Runs since before anything of this test was set up."""
    return request.node.stash[_begun]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[_begun] = Stopwatch()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    watch = Stopwatch()
    result = yield
    taken = watch.read()
    if item.get_closest_marker("times_teardown"):
        figures.keep(teardown_wall=taken["wall"], teardown_cpu=taken["cpu"])
    return result


def pytest_unconfigure():
    figures.keep(peak_memory=peak_memory())
    figures.write(PLAN.report)


def pytest_configure(config):
    config.addinivalue_line("markers", "cassette(name): which one the tool opens for this test")
    config.addinivalue_line("markers", "one_folder: cassettes lie in one folder, not by module")
    config.addinivalue_line("markers", "times_teardown: keep how long this test's teardown takes")
