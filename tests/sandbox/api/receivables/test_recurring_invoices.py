"""Recurring invoices, and the invoices that come of them."""

from datetime import date, timedelta

import pytest

PATH = "/v3/recurring-invoices"


@pytest.fixture
def customer(developer):
    return developer.post("/v3/customers", {"name": "Band", "email": "b@example.com"}).json()


@pytest.fixture
def body(customer):
    """As in BILL's guide."""
    return {
        "customerId": customer["id"],
        "schedule": {
            "period": "MONTHLY",
            "frequency": 1,
            "nextDueDate": "2099-12-31",
            "endDate": "2100-12-31",
            "daysInAdvance": 5,
        },
        "recurringInvoiceLineItems": [
            {"quantity": 1, "price": 19.99, "description": "Ünlimited music subscription"}
        ],
    }


@pytest.fixture
def made(developer, body):
    answer = developer.post(PATH, body)
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def day(customer):
    """The date that is so many days from the sandbox's first one."""
    today = date.fromisoformat(customer["createdTime"][:10])
    return lambda days: (today + timedelta(days=days)).isoformat()


@pytest.fixture
def due(day, body):
    """A body whose next due date is so many days from the sandbox's first day."""

    def with_schedule(days, /, **changes):
        next_due = {"nextDueDate": day(days), "daysInAdvance": 0}
        schedule = {**body["schedule"], **next_due, **changes}
        return {**body, "schedule": schedule}

    return with_schedule


@pytest.fixture
def invoices(developer, customer):
    def read():
        filters = f"customerId:eq:{customer['id']}"
        params = {"filters": filters, "max": 100}
        return developer.get("/v3/invoices", params=params).json()["results"]

    return read


def test_what_was_created_can_be_read_listed_and_changed(developer, body, made, invoices):
    one = f"{PATH}/{made['id']}"
    line = made["recurringInvoiceLineItems"][0]
    assert made["id"].startswith("rit")
    assert line["amount"] == 19.99
    assert developer.get(one).json() == made
    assert developer.get(PATH).json()["results"][-1] == made
    patch = {"description": "D", "recurringInvoiceLineItems": [{"id": line["id"], "quantity": 2}]}
    changed = developer.patch(one, patch).json()
    assert changed["description"] == "D"
    assert changed["recurringInvoiceLineItems"][0]["amount"] == 39.98
    replaced = developer.put(one, body).json()
    assert "description" not in replaced
    assert replaced["createdTime"] == made["createdTime"]
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False
    assert invoices() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customerId": "nobody"}, "BDC_1119"),
        ({"schedule": {"period": "HOURLY", "nextDueDate": "2030-12-31"}}, "BDC_1119"),
        ({"schedule": {"period": "DAILY"}}, "REQUEST"),
        ({"recurringInvoiceLineItems": []}, "REQUEST"),
        ({"recurringInvoiceLineItems": [{"price": -1}]}, "BDC_1119"),
        ({"recurringInvoiceLineItems": [{"price": True}]}, "BDC_1124"),
    ],
)
def test_a_bad_body_is_refused_and_changes_nothing(developer, codes, body, made, change, code):
    one = f"{PATH}/{made['id']}"
    for answer in (
        developer.post(PATH, {**body, **change}),
        developer.put(one, {**body, **change}),
        developer.patch(one, change),
    ):
        assert codes(answer) == [code]
    assert developer.get(one).json() == made


def test_an_invoice_has_the_classifications_of_its_whole(developer, due, invoices):
    given = {"departmentId": "0de", "locationId": "loc"}
    made = developer.post(PATH, {**due(0), "classifications": given}).json()
    assert made["classifications"] == given
    assert [each["classifications"] for each in invoices()] == [given]
    changed = developer.patch(f"{PATH}/{made['id']}", {"classifications": {"jobId": "job"}}).json()
    assert changed["classifications"] == {"jobId": "job"}


def test_dates_in_the_past_make_invoices_at_once(developer, due, invoices, day):
    made = developer.post(PATH, due(-14, period="WEEKLY")).json()
    days = [day(each) for each in (-14, -7, 0, 7)]
    assert [each["invoiceNumber"] for each in invoices()] == days[:3]
    assert [each["dueDate"] for each in invoices()] == days[:3]
    assert invoices()[0]["totalAmount"] == 19.99
    assert made["schedule"]["nextDueDate"] == days[3]


def test_invoices_are_made_in_advance_as_days_pass(developer, due, invoices, pass_days, customer):
    one = f"{PATH}/{developer.post(PATH, due(10, daysInAdvance=5)).json()['id']}"
    pass_days(4)
    assert invoices() == []
    pass_days(1)
    assert len(invoices()) == 1
    owed = developer.get(f"/v3/customers/{customer['id']}").json()["balance"]["amount"]
    assert owed == 19.99
    pass_days(32)
    assert len(invoices()) == 2
    developer.post(f"{one}/archive")
    pass_days(90)
    assert len(invoices()) == 2


def test_none_is_due_after_the_end(developer, due, invoices, day, pass_days):
    developer.post(PATH, due(0, period="DAILY", endDate=day(1)))
    pass_days(10)
    assert len(invoices()) == 2


@pytest.mark.parametrize(
    ("start", "period", "frequency", "following"),
    [
        ("2024-01-31", "MONTHLY", 1, "2024-02-29"),
        ("2024-02-29", "YEARLY", 1, "2025-02-28"),
        ("2024-11-30", "MONTHLY", 3, "2025-02-28"),
        ("2024-12-30", "WEEKLY", 1, "2025-01-06"),
        ("2024-12-30", "DAILY", 10**12, "9999-12-31"),
        ("2024-12-30", "YEARLY", 10**12, "9999-12-31"),
    ],
)
def test_the_next_due_date(developer, body, start, period, frequency, following):
    schedule = {"period": period, "frequency": frequency, "nextDueDate": start, "endDate": start}
    made = developer.post(PATH, {**body, "schedule": schedule}).json()
    assert made["schedule"]["nextDueDate"] == following


def test_a_date_long_past_makes_no_flood(developer, due, invoices, pass_days):
    answer = developer.post(PATH, due(0, nextDueDate="0001-01-01", period="DAILY"))
    assert len(invoices()) == 100
    pass_days(1)
    filters = f"customerId:eq:{answer.json()['customerId']},dueDate:gt:0001-04-10"
    later = developer.get("/v3/invoices", params={"filters": filters, "max": 100}).json()
    assert len(later["results"]) == 100


def test_what_days_bring_about_comes_again_after_a_restore(
    developer, due, invoices, sandbox, pass_days
):
    developer.post(PATH, due(1))
    before = sandbox.snapshot()
    pass_days(1)
    (made,) = invoices()
    sandbox.restore(before)
    (again,) = invoices()
    assert (again["id"], again["dueDate"]) == (made["id"], made["dueDate"])
