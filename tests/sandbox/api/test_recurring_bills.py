"""Recurring bills."""

import pytest


@pytest.fixture
def body(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    return {
        "vendorId": vendor["id"],
        "schedule": {"period": "MONTHLY", "frequency": 1, "nextDueDate": "2030-12-31"},
        "recurringBillLineItems": [{"amount": 19.99, "description": "Subscription"}],
    }


@pytest.fixture
def made(developer, body):
    answer = developer.post("/v3/recurringbills", body)
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_and_changed(developer, body, made):
    one = f"/v3/recurringbills/{made['id']}"
    assert made["recurringBillLineItems"][0]["id"]
    assert developer.get(one).json() == made
    assert developer.get("/v3/recurringbills").json()["results"] == [made]
    assert developer.patch(one, {"description": "D"}).json()["description"] == "D"
    assert "description" not in developer.put(one, body).json()
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vendorId": "nobody"}, "BDC_1119"),
        ({"schedule": {"period": "HOURLY", "nextDueDate": "2030-12-31"}}, "BDC_1119"),
        ({"schedule": {"period": "MONTHLY"}}, "BDC_1117"),
        ({"recurringBillLineItems": []}, "BDC_1117"),
        ({"recurringBillLineItems": [{"amount": "1"}]}, "BDC_1124"),
    ],
    ids=["vendor", "period", "date", "no items", "amount"],
)
def test_a_bad_body_is_refused_and_changes_nothing(developer, codes, body, made, change, code):
    one = f"/v3/recurringbills/{made['id']}"
    for answer in (
        developer.post("/v3/recurringbills", {**body, **change}),
        developer.put(one, {**body, **change}),
        developer.patch(one, change),
    ):
        assert codes(answer) == [code]
    assert developer.get(one).json() == made
