"""Lists of Spend & Expense, and the token that all of its operations ask for."""

import base64
import re

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox

BUDGETS = "/v3/spend/budgets"
USERS = "/v3/spend/users"
CARDS = "/v3/spend/cards"
LISTS = [BUDGETS, USERS, CARDS]
PATHS = [BUDGETS, f"{BUDGETS}/some-id", USERS, f"{USERS}/current", f"{CARDS}/some-id/pan-jwt"]


@pytest.fixture(scope="module")
def sandbox():
    """One for all these tests: none of them changes a record."""
    with LocalSandbox(rate_limits=False) as running:
        yield running


def walk(caller, path, **params):
    """The pages from the first to the last, followed by nextPage."""
    pages = [caller.get(path, params=params).json()]
    while "nextPage" in pages[-1]:
        answer = caller.get(path, params={**params, "nextPage": pages[-1]["nextPage"]})
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
    return pages


def everything(caller, path, **params):
    return [record for page in walk(caller, path, max=100, **params) for record in page["results"]]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{}, {"apiToken": ""}, {"apiToken": "wrong"}])
def test_no_or_wrong_token(anonymous, path, headers):
    answer = anonymous.get(path, headers=headers)
    assert answer.status_code == 401
    (problem,) = answer.json()
    assert set(problem) == {"timestamp", "code", "severity", "category", "message", "params"}


def test_token_in_another_header_is_no_token(anonymous, sandbox):
    token = sandbox.variables["BILL_SPEND_API_TOKEN"]
    assert anonymous.get(BUDGETS, headers={"sessionId": token}).status_code == 401
    assert anonymous.get(BUDGETS, params={"apiToken": token}).status_code == 401


@pytest.mark.parametrize("who", ["developer", "partner"])
def test_sessions_do_not_open_spend(who, request):
    assert request.getfixturevalue(who).get(BUDGETS).status_code == 401


def test_token_opens_nothing_else(spend):
    assert spend.get("/v3/login/session").status_code in {400, 401}
    assert spend.get("/v3/partner/organizations").status_code in {400, 401}


def test_expiring_sessions_leaves_the_token_alone(spend, sandbox):
    sandbox.expire_sessions()
    assert spend.get(BUDGETS).status_code == 200


@pytest.mark.parametrize("path", [BUDGETS, USERS])
def test_default_page_has_20(spend, path):
    first = spend.get(path).json()
    assert len(first["results"]) == 20
    assert set(first) == {"results", "nextPage"}


@pytest.mark.parametrize(
    ("path", "size", "lengths"),
    [
        (BUDGETS, 20, [20, 20, 2]),
        (BUDGETS, 14, [14, 14, 14]),
        (BUDGETS, 100, [42]),
        (USERS, 20, [20, 3]),
        (USERS, 1, [1] * 23),
        (CARDS, 5, [5, 1]),
    ],
)
def test_pages_hold_every_record_once(spend, path, size, lengths):
    pages = walk(spend, path, max=size)
    assert [len(page["results"]) for page in pages] == lengths
    assert len({record["uuid"] for page in pages for record in page["results"]}) == sum(lengths)


@pytest.mark.parametrize("path", LISTS)
def test_previous_page_is_asked_for_with_prev_page(spend, path):
    first, second = walk(spend, path, max=4)[:2]
    assert "prevPage" not in first
    back = spend.get(path, params={"max": 4, "prevPage": second["prevPage"]})
    assert back.json() == first


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("value", ["0", "-1", "101", "ten", "", "1.5", "1e2", "٣", "9" * 5000])
def test_bad_max(spend, codes, path, value):
    answer = spend.get(path, params={"max": value})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["nextPage", "prevPage"])
@pytest.mark.parametrize("value", ["", "nonsense", "bnVsbA", "W10", "é", "W1tbW1tb" * 500])
def test_bad_page_token(spend, codes, path, name, value):
    answer = spend.get(path, params={name: value})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])


def test_page_token_belongs_to_its_list_parameter_and_search(spend, codes):
    token = spend.get(BUDGETS, params={"max": 5}).json()["nextPage"]
    for path, params in [
        (USERS, {"nextPage": token}),
        (BUDGETS, {"prevPage": token}),
        (BUDGETS, {"nextPage": token, "sort": "name:asc"}),
        (BUDGETS, {"nextPage": token, "filters": "retired:eq:false"}),
    ]:
        answer = spend.get(path, params=params)
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"]), params


def test_both_page_tokens_at_once(spend, codes):
    second = walk(spend, BUDGETS, max=10)[1]
    both = {"nextPage": second["nextPage"], "prevPage": second["prevPage"]}
    answer = spend.get(BUDGETS, params=both)
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129", "BDC_1129"])


def test_parameter_of_other_lists_is_ignored(spend):
    first = spend.get(BUDGETS, params={"max": 5}).json()
    assert spend.get(BUDGETS, params={"max": 5, "page": first["nextPage"]}).json() == first


@pytest.mark.parametrize(
    ("path", "prefix", "kind"),
    [(BUDGETS, "bgt", "Budget"), (USERS, "usr", "User"), (CARDS, "crd", "Card")],
)
def test_records_are_found_by_id_and_uuid(spend, path, prefix, kind):
    for record in everything(spend, path):
        assert re.fullmatch(prefix + "_[0-9a-z]{26}", record["uuid"])
        assert re.fullmatch(kind + ":[0-9]+", base64.b64decode(record["id"]).decode())
        for key in ("id", "uuid"):
            assert spend.get(f"{path}/{record[key]}").json() == record


@pytest.mark.parametrize("path", [f"{BUDGETS}/bgt_unknown", f"{USERS}/usr_unknown"])
def test_unknown_id(spend, codes, path):
    answer = spend.get(path)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize(("path", "deleted"), [(BUDGETS, 3), (USERS, 2)])
def test_only_a_filter_on_retired_finds_what_was_deleted(spend, path, deleted):
    retired = everything(spend, path, filters="retired:eq:true")
    active = everything(spend, path, filters="retired:eq:false")
    assert {record["retired"] for record in retired} == {True}
    assert {record["retired"] for record in active} == {False}
    assert len(retired) == deleted
    assert everything(spend, path) == active


def test_filters_on_several_ids_and_kinds(spend):
    first, second, *_ = everything(spend, CARDS)
    both = f'cardIds:in:"{first["uuid"]},{second["id"]}"'
    assert everything(spend, CARDS, filters=both) == [first, second]
    one = f"{both},userIds:eq:{second['userUuid']}"
    assert everything(spend, CARDS, filters=one) == [second]
    assert everything(spend, CARDS, filters="cardIds:eq:crd_unknown") == []


def test_filtered_list_has_pages(spend):
    pages = walk(spend, BUDGETS, max=5, filters="retired:eq:false")
    assert sum(len(page["results"]) for page in pages) == 42


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ("retired:eq:maybe", "BDC_1129"),
        ("retired:ne:true", "BDC_1131"),
        ("role:eq:ADMIN", "BDC_1130"),
        ("retired", "BDC_1129"),
        ('retired:eq:"true', "BDC_1129"),
        ("::", "BDC_1129"),
    ],
)
@pytest.mark.parametrize("path", [BUDGETS, USERS])
def test_bad_filters(spend, codes, path, filters, code):
    answer = spend.get(path, params={"filters": filters})
    assert (answer.status_code, codes(answer)) == (400, [code])


def listed(seed):
    with LocalSandbox(seed=seed) as sandbox:
        headers = {"apiToken": sandbox.variables["BILL_SPEND_API_TOKEN"]}
        url = f"{sandbox.origin}/connect{BUDGETS}"
        return requests.get(url, headers=headers, timeout=5).json()["results"]


def test_records_depend_on_the_seed_alone():
    assert listed(7) == listed(7)
    assert listed(7) != listed(8)
