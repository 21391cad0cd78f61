"""Invoices, and payments of customers that are recorded."""

import pytest


@pytest.fixture
def customer(developer):
    return developer.post("/v3/customers", {"name": "Band", "email": "b@example.com"}).json()


@pytest.fixture
def body(customer):
    return {
        "customer": {"id": customer["id"]},
        "invoiceLineItems": [{"quantity": 2, "price": 14.99}, {"price": 50}],
        "dueDate": "2030-12-31",
    }


@pytest.fixture
def invoice(developer, body):
    answer = developer.post("/v3/invoices", body)
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def balance(developer, customer):
    one = f"/v3/customers/{customer['id']}"
    return lambda: developer.get(one).json()["balance"]["amount"]


@pytest.fixture
def pay(developer, customer, invoice):
    def record(amount, /, **changes):
        body = {
            "customerId": customer["id"],
            "paymentDate": "2030-12-20",
            "paymentType": "CREDIT_CARD",
            "amount": amount,
            "invoices": [{"id": invoice["id"], "amount": amount}],
        }
        return developer.post("/v3/invoices/record-payment", {**body, **changes})

    return record


def test_an_invoice_adds_up_and_the_customer_owes_it(developer, invoice, balance):
    assert invoice["totalAmount"] == invoice["dueAmount"] == balance() == 79.98
    assert invoice["status"] == "OPEN"
    assert developer.get(f"/v3/invoices/{invoice['id']}").json() == invoice
    assert developer.get("/v3/invoices").json()["results"] == [invoice]


def test_a_changed_invoice_adds_up_anew(developer, invoice, body, balance):
    one = f"/v3/invoices/{invoice['id']}"
    changed = developer.patch(one, {"invoiceLineItems": [{"price": 10}]}).json()
    assert changed["totalAmount"] == balance() == 10
    replaced = developer.put(one, {**body, "invoiceNumber": "R-1"}).json()
    assert (replaced["invoiceNumber"], balance()) == ("R-1", 79.98)
    assert replaced["id"] == invoice["id"]


def test_payments_settle_it(developer, invoice, pay, balance):
    one = f"/v3/invoices/{invoice['id']}"
    part = pay(30)
    assert part.status_code == 200
    assert part.json()["invoices"][0]["payments"][0]["amount"] == 30
    assert developer.get(one).json()["status"] == "PARTIAL_PAYMENT"
    assert pay(100, invoices=[{"id": invoice["id"], "amount": 49.98}]).json()[
        "unappliedAmount"
    ] == pytest.approx(50.02)
    assert developer.get(one).json()["status"] == "PAID_IN_FULL"
    assert balance() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"customerId": "nobody"},
        {"invoices": [{"id": "nobody", "amount": 1}]},
        {"invoices": []},
        {"amount": 0},
        {"amount": "30"},
        {"paymentDate": "tomorrow"},
    ],
    ids=["customer", "invoice", "none", "nothing", "text", "date"],
)
def test_a_refused_payment_changes_nothing(developer, invoice, pay, changes):
    assert pay(30, **changes).status_code == 400
    assert developer.get(f"/v3/invoices/{invoice['id']}").json() == invoice


def test_no_more_than_is_due_can_be_paid_not_in_two_parts_either(invoice, pay, codes):
    assert codes(pay(80)) == ["BDC_1119"]
    twice = [{"id": invoice["id"], "amount": 50}, {"id": invoice["id"], "amount": 50}]
    assert codes(pay(100, invoices=twice)) == ["BDC_1119"]


def test_an_invoice_cannot_become_less_than_was_paid(developer, invoice, pay, codes):
    pay(30)
    answer = developer.patch(f"/v3/invoices/{invoice['id']}", {"invoiceLineItems": [{"price": 10}]})
    assert codes(answer) == ["BDC_1119"]


def test_an_unknown_customer_is_refused_and_a_replaced_invoice_stays_as_it_was(
    developer, invoice, body, codes, balance
):
    one = f"/v3/invoices/{invoice['id']}"
    answer = developer.put(one, {**body, "customer": {"id": "nobody"}})
    assert codes(answer) == ["BDC_1119"]
    assert developer.get(one).json() == invoice
    assert balance() == 79.98


def test_archive_restore_and_mail(developer, invoice, codes):
    one = f"/v3/invoices/{invoice['id']}"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False
    mail = {"replyTo": {"userId": "006"}, "recipient": {"to": ["a@example.com"]}}
    answer = developer.post(f"{one}/email", mail)
    assert (answer.status_code, answer.content) == (200, b"")
    assert codes(developer.post(f"{one}/email", {"recipient": {"to": []}})) == ["BDC_1117"] * 2
    assert codes(developer.post("/v3/invoices/nobody/email", mail)) == ["BDC_1120"]
