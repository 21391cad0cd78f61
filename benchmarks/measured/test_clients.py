"""N requests of another HTTP client, answered from one cassette."""

import figures
import httpx
import pytest
import urllib3
from asking import check
from clock import Stopwatch
from plan import current
from tools.current import tool
from traffic import GATEWAY, spread, traffic

pytestmark = pytest.mark.one_folder
PLAN = current()


def ask(exchanges):
    urls = [GATEWAY + exchange.path for exchange in exchanges]
    if PLAN.client == "httpx":
        with httpx.Client() as client:
            watch = Stopwatch()
            contents = [client.get(url).content for url in urls]
            return watch.read(), contents
    with urllib3.PoolManager() as pool:
        watch = Stopwatch()
        contents = [pool.request("GET", url).data for url in urls]
        return watch.read(), contents


@tool.cassette(f"{PLAN.kind}_10")
def test_warm_up(opened):
    exchanges = traffic(PLAN.kind, 10)
    _, contents = ask(exchanges)
    check(contents, exchanges, not tool.KEEPS_BYTES)


@pytest.mark.parametrize("number", range(PLAN.rounds))
@tool.cassette(f"{PLAN.kind}_{PLAN.size}")
def test_replay(opened, number):
    opener, *exchanges = traffic(PLAN.kind, PLAN.size)
    exchanges = spread(exchanges, PLAN.asked)
    ask([opener])
    taken, contents = ask(exchanges)
    check(contents, exchanges, not tool.KEEPS_BYTES)
    figures.keep(**taken, requests=len(exchanges))
