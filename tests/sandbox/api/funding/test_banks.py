"""Bank accounts and their users."""

from datetime import timedelta

import pytest

BANKS = "/v3/funding-accounts/banks"
USERS = f"{BANKS}/users"
CHECKING = "bac" + "0" * 17

BODY = {
    "nameOnAccount": "Music Shop",
    "routingNumber": "074000010",
    "accountNumber": "12345678901",
    "type": "CHECKING",
    "ownerType": "BUSINESS",
    "bankName": "Zweites Konto für Löhne",
}


@pytest.fixture
def account(developer):
    answer = developer.post(BANKS, BODY)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def verified(developer, account):
    answer = developer.post(f"{BANKS}/{account['id']}/verify", {"depositAmount": 0.50})
    assert (answer.status_code, answer.json()) == (200, {"verified": True})
    return developer.get(f"{BANKS}/{account['id']}").json()


def users_of(caller, account_id, **params):
    params = {"filters": f"bankAccountId:eq:{account_id}", **params}
    return caller.get(USERS, params=params).json()["results"]


def test_the_shop_has_two_verified_bank_accounts(developer):
    accounts = developer.get(BANKS).json()["results"]
    assert [each["status"] for each in accounts] == ["VERIFIED", "VERIFIED"]
    assert accounts[0]["id"] == CHECKING
    assert accounts[0]["default"] == {"payables": True, "receivables": False}
    funded = developer.get("/v3/payments").json()["results"][0]["fundingAccount"]
    assert funded == {"type": "BANK_ACCOUNT", "id": CHECKING}


def test_a_new_account_is_pending_masked_and_no_default(developer, account):
    assert account["id"].startswith("bac")
    assert account["status"] == "PENDING"
    assert account["accountNumber"] == "*******8901"
    assert account["default"] == {"payables": False, "receivables": False}
    assert {name: account[name] for name in BODY if name != "accountNumber"} == {
        name: value for name, value in BODY.items() if name != "accountNumber"
    }
    assert developer.get(f"{BANKS}/{account['id']}").json() == account
    (user,) = users_of(developer, account["id"])
    assert user["verificationStatus"] == "UNVERIFIED"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nameOnAccount": None}, ["REQUEST"]),
        ({"routingNumber": None}, ["REQUEST"]),
        ({"accountNumber": ""}, ["REQUEST"]),
        ({"accountNumber": 12345678}, ["BDC_1124"]),
        ({"routingNumber": "074000011"}, ["BDC_1119"]),
        ({"routingNumber": "07400001"}, ["BDC_1119"]),
        ({"routingNumber": "٠٧٤٠٠٠٠١٠"}, ["BDC_1119"]),
        ({"type": "GIRO"}, ["BDC_1119"]),
        ({"ownerType": "NOBODY"}, ["BDC_1119"]),
        ({"bankName": "x" * 101}, ["BDC_1143"]),
    ],
)
def test_refused_accounts(developer, codes, changes, expected):
    answer = developer.post(BANKS, {**BODY, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert len(developer.get(BANKS).json()["results"]) == 2


def test_short_account_numbers_are_masked_as_a_whole(developer):
    assert (
        developer.post(BANKS, {**BODY, "accountNumber": "1234"}).json()["accountNumber"] == "****"
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", BANKS),
        ("PATCH", f"{BANKS}/{CHECKING}"),
        ("POST", f"{BANKS}/{CHECKING}/archive"),
        ("POST", f"{BANKS}/{CHECKING}/verify"),
        ("POST", f"{USERS}/nominate"),
    ],
)
def test_a_sync_token_may_look_at_accounts_only(sync, codes, method, path):
    answer = sync.call(method, path, json=BODY)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])
    assert len(sync.get(BANKS).json()["results"]) == 2


@pytest.mark.parametrize("field", ["id", "bankAccountId"])
def test_an_account_is_found_by_its_id(developer, field):
    for value, found in ((CHECKING, [CHECKING]), ("bacnone", [])):
        listed = developer.get(BANKS, params={"filters": f"{field}:eq:{value}"}).json()["results"]
        assert [each["id"] for each in listed] == found


def test_a_clerk_creates_no_account(created_user, as_user, codes):
    clerk = created_user.signed_in(as_user().json())
    answer = clerk.post(BANKS, BODY)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1145"])


def test_access_for_administrators_is_kept(developer, account):
    assert account["accessToAdmins"] is False
    made = developer.post(BANKS, {**BODY, "accessToAdmins": True}).json()
    assert made["accessToAdmins"] is True


def test_the_test_deposit_verifies_an_account_and_its_user(developer, verified):
    assert verified["status"] == "VERIFIED"
    (user,) = users_of(developer, verified["id"], currentUser="true")
    assert user["verificationStatus"] == "VERIFIED"


def test_three_wrong_amounts_block_an_account(developer, account):
    path = f"{BANKS}/{account['id']}"
    for _ in range(3):
        answer = developer.post(f"{path}/verify", {"depositAmount": 0.49})
        assert (answer.status_code, answer.json()) == (200, {"verified": False})
    assert developer.get(path).json()["status"] == "BLOCKED"
    assert developer.post(f"{path}/verify", {"depositAmount": 0.50}).status_code == 400


@pytest.mark.parametrize("amount", [0, -0.5, 1, 1e9, "0.50", None])
def test_an_impossible_amount_is_no_attempt(developer, account, amount):
    path = f"{BANKS}/{account['id']}"
    for _ in range(3):
        assert developer.post(f"{path}/verify", {"depositAmount": amount}).status_code == 400
    assert developer.get(path).json()["status"] == "PENDING"


def test_an_account_expires_after_14_days(sandbox, developer, account, login_body):
    path = f"{BANKS}/{account['id']}"
    sandbox.advance(timedelta(days=14))
    session = developer.post("/v3/login", login_body()).json()["sessionId"]
    developer.headers["sessionId"] = session
    listed = developer.get(BANKS, params={"filters": "status:eq:EXPIRED"}).json()["results"]
    assert [each["id"] for each in listed] == [account["id"]]
    assert developer.post(f"{path}/verify", {"depositAmount": 0.50}).status_code == 400


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("POST", "/archive")])
def test_what_needs_a_verified_account(developer, account, codes, method, path):
    answer = developer.call(method, f"{BANKS}/{account['id']}{path}", json={"bankName": "New"})
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert developer.get(f"{BANKS}/{account['id']}").json() == account


def test_an_account_becomes_the_only_default(developer, verified):
    changes = {"default": {"payables": True}, "bankName": "Löhne", "routingNumber": "021000021"}
    changed = developer.patch(f"{BANKS}/{verified['id']}", changes).json()
    assert changed["default"] == {"payables": True, "receivables": False}
    assert (changed["bankName"], changed["routingNumber"]) == ("Löhne", "074000010")
    payers = developer.get(BANKS, params={"filters": "default.payables:eq:true"}).json()["results"]
    assert [each["id"] for each in payers] == [verified["id"]]


def test_an_archived_account(developer, verified):
    path = f"{BANKS}/{verified['id']}"
    assert developer.post(f"{path}/archive").json()["archived"] is True
    archived = developer.get(BANKS, params={"filters": "archived:eq:true"}).json()["results"]
    assert [each["id"] for each in archived] == [verified["id"]]


def test_only_a_verified_user_archives_an_account(developer, verified, codes):
    (user,) = users_of(developer, verified["id"])
    gone = developer.post(f"{USERS}/{user['id']}/archive").json()
    assert (gone["archived"], gone["verificationStatus"]) == (True, "UNVERIFIED")
    answer = developer.post(f"{BANKS}/{verified['id']}/archive")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])


@pytest.fixture
def other_user(sync):
    return sync.get("/v3/login/session").json()["userId"]


def test_a_nominated_user_is_verified_at_the_second_look(developer, verified, other_user):
    body = {"userId": other_user, "bankAccountId": verified["id"]}
    assert developer.post(f"{USERS}/nominate", body).json() == {"status": "SUCCESS"}
    seen = [users_of(developer, verified["id"])[1]["verificationStatus"] for _ in range(3)]
    assert seen == ["NOMINATED", "VERIFIED", "VERIFIED"]
    again = developer.post(f"{USERS}/nominate", body)
    assert again.status_code == 400


def test_a_nominated_user_is_verified_in_time(sandbox, developer, verified, other_user):
    body = {"userId": other_user, "bankAccountId": verified["id"]}
    developer.post(f"{USERS}/nominate", body)
    sandbox.advance(timedelta(minutes=2))
    assert users_of(developer, verified["id"])[1]["verificationStatus"] == "VERIFIED"


def test_an_archived_user_is_nominated_again(developer, verified):
    (user,) = users_of(developer, verified["id"])
    developer.post(f"{USERS}/{user['id']}/archive")
    body = {"userId": user["userId"], "bankAccountId": verified["id"]}
    developer.post(f"{USERS}/nominate", body)
    (again,) = users_of(developer, verified["id"])
    assert (again["id"], again["archived"], again["verificationStatus"]) == (
        user["id"],
        False,
        "NOMINATED",
    )


@pytest.mark.parametrize("changes", [{"userId": "006nobody"}, {"bankAccountId": "bacnone"}])
def test_refused_nominations(developer, verified, other_user, codes, changes):
    body = {"userId": other_user, "bankAccountId": verified["id"], **changes}
    answer = developer.post(f"{USERS}/nominate", body)
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])


def test_nobody_is_nominated_for_a_pending_account(developer, account, other_user):
    body = {"userId": other_user, "bankAccountId": account["id"]}
    assert developer.post(f"{USERS}/nominate", body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{BANKS}/bacnone"),
        ("PATCH", f"{BANKS}/bacnone"),
        ("POST", f"{BANKS}/bacnone/archive"),
        ("POST", f"{BANKS}/bacnone/verify"),
        ("POST", f"{USERS}/baunone/archive"),
    ],
)
def test_unknown_ids(developer, codes, method, path):
    answer = developer.call(method, path, json={"depositAmount": 0.5})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_malformed_json(developer, codes):
    answer = developer.call("POST", BANKS, data=b"{")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1122"])


def test_another_organization_has_none_of_it(console, codes):
    assert console.get(BANKS).json()["results"] == []
    assert codes(console.get(f"{BANKS}/{CHECKING}")) == ["BDC_1120"]


def test_users_of_the_other_session_are_left_out(developer, sync):
    assert len(developer.get(USERS, params={"currentUser": "true"}).json()["results"]) == 2
    assert sync.get(USERS, params={"currentUser": "true"}).json()["results"] == []


def test_a_field_that_cannot_be_filtered_on(developer, codes):
    assert codes(developer.get(f"{USERS}?filters=name:eq:x")) == ["BDC_1130"]
