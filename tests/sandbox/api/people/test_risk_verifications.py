"""Risk verification: phone, start, decision."""

from datetime import timedelta

import pytest

PATH = "/v3/risk-verifications"
PHONE = {"phoneNumber": "9876543210", "phoneType": "MOBILE"}


@pytest.fixture
def phone(developer):
    answer = developer.post(f"{PATH}/phone", PHONE)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_verification_needs_a_phone(developer, codes):
    assert developer.get(f"{PATH}/phone").json() == {"hasPhone": False}
    answer = developer.post(PATH)
    assert (answer.status_code, codes(answer)) == (400, ["REQUEST"])
    answer = developer.get(PATH)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_a_verification_is_approved_at_the_second_look(developer, phone):
    assert developer.get(f"{PATH}/phone").json() == {"hasPhone": True}
    started = developer.post(PATH).json()
    assert (started["processingStatus"], started["decision"]) == ("IN_PROGRESS", "IN_PROGRESS")
    seen = [developer.get(PATH).json()["decision"] for _ in range(3)]
    assert seen == ["IN_PROGRESS", "APPROVE", "APPROVE"]
    assert developer.post(PATH).json() == {
        **started,
        "processingStatus": "COMPLETED",
        "decision": "APPROVE",
    }


def test_a_verification_is_approved_in_time(sandbox, developer, phone):
    developer.post(PATH)
    sandbox.advance(timedelta(minutes=2))
    assert developer.get(PATH).json()["decision"] == "APPROVE"


def test_only_an_administrator_starts_it(created_user, as_user, codes):
    clerk = created_user.signed_in(as_user().json())
    clerk.post(f"{PATH}/phone", PHONE)
    answer = clerk.post(PATH)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1145"])


def test_a_phone_is_of_one_user_and_organization(sync, console, phone):
    assert sync.get(f"{PATH}/phone").json() == {"hasPhone": False}
    assert console.get(f"{PATH}/phone").json() == {"hasPhone": False}


@pytest.mark.parametrize("number", ["+19876543210", "9876543210"])
def test_phones_that_end_with_ten_digits(developer, number):
    assert developer.post(f"{PATH}/phone", {**PHONE, "phoneNumber": number}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"phoneNumber": "987654321"}, "BDC_1119"),
        ({"phoneNumber": "9876543210\n"}, "BDC_1119"),
        ({"phoneNumber": "٩٨٧٦٥٤٣٢١٠"}, "BDC_1119"),
        ({"phoneNumber": None}, "REQUEST"),
        ({"phoneNumber": 9876543210}, "BDC_1124"),
        ({"phoneType": None}, "REQUEST"),
    ],
)
def test_refused_phones(developer, codes, changes, expected):
    answer = developer.post(f"{PATH}/phone", {**PHONE, **changes})
    assert (answer.status_code, codes(answer)) == (400, [expected])
    assert developer.get(f"{PATH}/phone").json() == {"hasPhone": False}
