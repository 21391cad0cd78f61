"""What is not recorded of a request."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.client_noise import CLIENT_NOISE, without_noise
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
NOISE = {"Connection": "keep-alive", "Accept-Encoding": "gzip, deflate", "Content-Length": "2"}
NOISE |= {"User-Agent": "python-requests/2.34.2", "Keep-Alive": "timeout=5", "TE": "trailers"}
SAID = {"Accept": "*/*", "Content-Type": "application/json", "Idempotency-Key": "1", "X-A": "b"}


def request(headers: dict[str, str]) -> Interaction:
    return Interaction("POST", URL, headers, b"{}")


def answered() -> Interaction:
    return Interaction("POST", URL, {**NOISE, **SAID}, b"{}", 200, "OK", {"Connection": ["a"]})


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_it_goes_however_it_is_spelled(spelled):
    assert without_noise({spelled(name): "x" for name in CLIENT_NOISE}) == {}
    assert without_noise({**NOISE, **SAID}) == SAID


@pytest.mark.parametrize("match_on", [None, ["headers"]], ids=["by default", "headers"])
def test_what_is_recorded_is_without_it_and_replays_with_it(recorder, use, match_on):
    uses = {"match_on": match_on} if match_on else {}
    it = recorder()
    with it.using(use(**uses)):
        it.serve(request({**NOISE, **SAID}), answered)
    (saved,) = store.load(use().path).interactions
    assert saved.headers == SAID
    assert saved.answer_headers == {"Connection": ["a"]}
    with it.using(use("none", **uses)):
        assert it.serve(request({**SAID, "user-agent": "python-httpx/0.28.1"}), pytest.fail)


@pytest.mark.parametrize("match_on", [None, ["headers"]], ids=["by default", "headers"])
def test_a_cassette_that_has_it_replays(recorder, use, match_on):
    uses = {"match_on": match_on} if match_on else {}
    store.save(use().path, store.Recording([answered()]), lambda _: None)
    it = recorder()
    with it.using(use("none", **uses)):
        assert it.serve(request(SAID), pytest.fail).status == 200
