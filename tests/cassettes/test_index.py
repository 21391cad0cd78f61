"""Which recorded request is next, without looking at all of them."""

import json

import pytest

from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
NAMES = frozenset({"organization_name"})
NOTHING = StandInPairs()


class CountingMatcher(Matcher):
    """Counts the requests that it looked at."""

    def __init__(self) -> None:
        super().__init__(SANDBOX, Scrubber(SecretRegistry(), same_in_all_places=True))
        self.looked_at = 0

    def compared(self, *args):
        self.looked_at += 1
        return super().compared(*args)


def get(url: str = URL, **headers: str) -> Interaction:
    return Interaction("GET", url, headers, b"")


def post(data: object) -> Interaction:
    headers = {"content-type": "application/json"}
    return Interaction("POST", URL, headers, json.dumps(data).encode())


@pytest.fixture
def matcher():
    return CountingMatcher()


def test_equal_requests_are_taken_in_order_each_once(matcher):
    index = Index([get(), post(1), get(), get()], matcher, NAMES)
    compared = matcher.compared(get())
    assert [index.take(compared, NOTHING) for _ in range(4)] == [0, 2, 3, None]
    assert index.untaken() == [1]
    assert index.take(matcher.compared(post(1)), NOTHING) == 1
    assert index.take(matcher.compared(post(2)), NOTHING) is None
    assert index.untaken() == []


def test_a_function_may_pass_some_over(matcher):
    index = Index([get(), get(), get()], matcher, NAMES)
    compared = matcher.compared(get())
    assert index.take_first(compared, lambda number: number == 1) == 1
    assert index.take_first(compared, lambda number: number == 1) is None
    assert [index.take(compared, NOTHING) for _ in range(3)] == [0, 2, None]
    assert index.take_first(matcher.compared(post(1)), lambda _: True) is None


def test_the_same_data_is_taken_first_then_the_order_decides(matcher):
    index = Index([post({"name": name}) for name in ("A", "B", "A", "C")], matcher, NAMES)

    def take(name):
        return index.take(matcher.compared(post({"name": name}), NAMES), NOTHING)

    assert [take(name) for name in ("A", "A", "A", "C", "C")] == [0, 2, 1, 3, None]
    assert index.personal_data(3)[0][1] == "C"


def test_of_equal_requests_one_is_looked_at(matcher):
    index = Index([get(accept=str(number)) for number in range(50)], matcher, NAMES)
    assert matcher.looked_at == 1
    assert index.compared(matcher.deciding(get(accept="other"))) == matcher.compared(get())
    assert index.compared(matcher.deciding(get(URL + "?max=1"))) is None


def test_many_urls_are_searched_for_secrets_in_one_go():
    class Registry(SecretRegistry):
        __slots__ = ("searched",)

        def look_at(self, texts):
            texts = list(texts)
            self.searched = [*getattr(self, "searched", []), len(texts)]
            super().look_at(texts)

    registry = Registry([("PLACEHOLDER_BILL_ORGANIZATION_ID", "00801SECRETORGANIZA")])
    matcher = Matcher(SANDBOX, Scrubber(registry, same_in_all_places=True))
    secrets = {10: "00801SECRETORGANIZA", 300: "00801%53ECRETORGANIZA"}
    urls = [f"{URL}/{secrets.get(number, number)}" for number in range(600)]
    index = Index([get(url) for url in urls], matcher, NAMES)
    assert registry.searched == [256, 256, 88]
    compared = matcher.compared(get(f"{URL}/PLACEHOLDER_BILL_ORGANIZATION_ID"))
    assert [index.take(compared, NOTHING) for _ in range(3)] == [10, 300, None]
    assert index.take(matcher.compared(get(f"{URL}/599")), NOTHING) == 599


def test_requests_of_one_key_are_the_same_taken_or_not(matcher):
    index = Index([get(), post(1), get()], matcher, NAMES)
    index.take(matcher.compared(get()), NOTHING)
    assert index.same_as(matcher.compared(get()).key) == [0, 2]
    assert index.same_as(matcher.compared(post(2)).key) == ()


def test_what_was_recorded_as_secret_is_not_compared_where_nobody_says_so_now(matcher):
    recorded = [post({"badge_no": "7"}), post({"badge_no": "PLACEHOLDER_BADGE_NO"})]
    index = Index(recorded, matcher, NAMES)
    assert index.take(matcher.compared(post({"badge_no": "8"})), NOTHING) == 0
    assert index.take(matcher.compared(post({"badge_no": "9"})), NOTHING) == 1
    alone = CountingMatcher()
    index = Index(recorded[:1], alone, NAMES)
    assert index.take(alone.compared(post({"badge_no": "8"})), NOTHING) is None


def test_the_same_request_is_compared_once_whichever_session_asks(matcher):
    sessions = [{}, {"sessionId": "PYTEST_BILL_SESSION_ID"}, {"SessionID": "own"}]
    index = Index([get(**headers) for headers in sessions], matcher, NAMES)
    assert matcher.looked_at == 1
    for headers in sessions:
        request = get(**headers, apiToken="PLACEHOLDER_BILL_SPEND_API_TOKEN")
        known = index.compared(matcher.deciding(request))
        assert matcher.as_asked(known, request) == Matcher.compared(matcher, request)
    form = {"content-type": "application/x-www-form-urlencoded"}
    v2 = "https://api-stage.bill.com/api/v2/List/Vendor.json"
    asked = Interaction("POST", v2, form, b"sessionId=PYTEST_BILL_SESSION_ID&data=")
    in_header = Interaction("POST", v2, {**form, "sessionId": "x"}, asked.body)
    assert matcher.deciding(asked) != matcher.deciding(in_header)
    assert matcher.as_asked(matcher.compared(asked), asked) == matcher.compared(asked)
