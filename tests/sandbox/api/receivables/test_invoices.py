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
    assert developer.get("/v3/invoices").json()["results"][-1] == invoice


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
        {"amount": "thirty"},
        {"paymentType": "BARTER"},
        {"paymentDate": "tomorrow"},
    ],
    ids=["customer", "invoice", "none", "nothing", "text", "type", "date"],
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


def test_amounts_may_be_text_as_in_bills_own_samples(developer, body, customer, pay):
    lines = [{"quantity": "2", "price": "14.99"}, {"quantity": "1", "price": "50.00"}]
    invoice = developer.post("/v3/invoices", {**body, "invoiceLineItems": lines}).json()
    assert [line["price"] for line in invoice["invoiceLineItems"]] == [14.99, 50]
    shares = [{"id": invoice["id"], "amount": "50"}]
    assert pay("100", invoices=shares).json()["unappliedAmount"] == 50
    assert developer.get(f"/v3/invoices/{invoice['id']}").json()["dueAmount"] == 29.98


def test_a_percentage_is_taken_of_the_lines_above(developer, body):
    lines = [*body["invoiceLineItems"], {"ratePercent": -10}, {"amount": 1}]
    invoice = developer.post("/v3/invoices", {**body, "invoiceLineItems": lines}).json()
    assert [line["amount"] for line in invoice["invoiceLineItems"]] == [29.98, 50, -8, 1]
    assert invoice["totalAmount"] == 72.98


def test_a_sales_tax_is_added_to_taxable_lines_and_taken_away(developer, body, codes):
    item = {"name": "Tax", "type": "SALES_TAX", "percentage": 8.25}
    tax = developer.post("/v3/classifications/items", item).json()
    body["invoiceLineItems"][1]["taxable"] = True
    invoice = developer.post("/v3/invoices", {**body, "salesTaxItemId": tax["id"]}).json()
    assert (invoice["salesTaxPercentage"], invoice["salesTaxTotal"]) == (8.25, 4.12)
    assert invoice["totalAmount"] == 84.1
    replaced = developer.put(f"/v3/invoices/{invoice['id']}", body).json()
    assert replaced["totalAmount"] == 79.98
    assert not {"salesTaxItemId", "salesTaxTotal"} & replaced.keys()
    plain = developer.post("/v3/classifications/items", {**item, "type": "SERVICE"}).json()
    for wrong in ("nothing", plain["id"]):
        answer = developer.post("/v3/invoices", {**body, "salesTaxItemId": wrong})
        assert codes(answer) == ["BDC_1119"]


def test_patch_changes_lines_and_put_replaces_them(developer, invoice, body, codes):
    one = f"/v3/invoices/{invoice['id']}"
    first, second = invoice["invoiceLineItems"]
    changed = developer.patch(one, {"invoiceLineItems": [{"id": first["id"], "quantity": 3}]})
    assert [line["id"] for line in changed.json()["invoiceLineItems"]] == [
        first["id"],
        second["id"],
    ]
    assert changed.json()["totalAmount"] == 94.97
    unknown = developer.patch(one, {"invoiceLineItems": [{"id": "nobody", "quantity": 3}]})
    assert codes(unknown) == ["BDC_1119"]
    lines = [{"id": second["id"], "price": 50}, {"id": second["id"], "price": 1}, {"price": 2}]
    replaced = developer.put(one, {**body, "invoiceLineItems": lines}).json()
    ids = [line["id"] for line in replaced["invoiceLineItems"]]
    assert ids[0] == second["id"]
    assert len(set(ids)) == 3
    assert replaced["totalAmount"] == 53


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"customer": {}}, "REQUEST"),
        ({"customer": {"name": "New"}}, "REQUEST"),
        ({"creditAmount": 0.01}, "BDC_1119"),
        ({"creditAmount": -1}, "BDC_1119"),
        ({"convenienceFee": {"percentage": 2}}, "REQUEST"),
        ({"invoiceLineItems": [{"price": -1}]}, "BDC_1119"),
        ({"invoiceLineItems": [{"price": 9e14, "quantity": 9e14}]}, "BDC_1119"),
        ({"invoiceLineItems": [{"price": "1e3"}]}, "BDC_1124"),
        ({"invoiceNumber": "9" * 101}, "BDC_1143"),
    ],
)
def test_a_refused_invoice_changes_nothing(developer, body, invoice, codes, balance, fields, code):
    def customers():
        return developer.get("/v3/customers").json()

    one = f"/v3/invoices/{invoice['id']}"
    before = customers()
    for answer in (
        developer.post("/v3/invoices", {**body, **fields}),
        developer.put(one, {**body, **fields}),
        developer.patch(one, fields),
    ):
        assert set(codes(answer)) == {code}
    assert developer.get(one).json() == invoice
    assert customers() == before


def test_a_customer_is_made_along_with_an_invoice(developer, body):
    new = {"name": "Neue Töne", "email": "n@example.com"}
    invoice = developer.post("/v3/invoices", {**body, "customer": new}).json()
    made = developer.get(f"/v3/customers/{invoice['customerId']}").json()
    assert made.items() >= new.items()
    assert made["balance"] == {"amount": 79.98}


def test_another_customer_owes_it_unless_it_was_paid(developer, invoice, balance, pay, codes):
    other = developer.post("/v3/customers", {"name": "O", "email": "o@example.com"}).json()
    one = f"/v3/invoices/{invoice['id']}"
    assert (
        developer.patch(one, {"customer": {"id": other["id"]}}).json()["customerId"]
        == (other["id"])
    )
    assert balance() == 0
    assert developer.get(f"/v3/customers/{other['id']}").json()["balance"]["amount"] == 79.98
    assert developer.patch(one, {"customer": {"id": invoice["customerId"]}}).ok
    pay(10)
    assert codes(developer.patch(one, {"customer": {"id": other["id"]}})) == ["BDC_1119"]


def test_numbers_and_dates_are_filled_in_and_fees_need_cards(developer, body, pass_days):
    del body["dueDate"]
    invoice = developer.post("/v3/invoices", body).json()
    assert invoice["dueDate"] == invoice["invoiceDate"] == invoice["createdTime"][:10]
    assert invoice["invoiceNumber"]
    assert invoice["invoicePdfId"]
    one = f"/v3/invoices/{invoice['id']}"
    card = {"enableCardPayment": True, "convenienceFee": {"percentage": 2.5}}
    assert developer.patch(one, card).json()["convenienceFee"] == {"percentage": 2.5}
    assert "convenienceFee" not in developer.patch(one, {"enableCardPayment": False}).json()
    pass_days(3)
    assert developer.put(one, body).json()["invoiceDate"] == invoice["invoiceDate"]


@pytest.mark.parametrize(
    "field",
    [
        "payToChartOfAccountId",
        *(
            f"classifications.{name}"
            for name in ("accountingClassId", "departmentId", "locationId", "itemId")
        ),
    ],
)
def test_filters_on_accounts_and_classifications(developer, body, field, codes):
    outer, _, inner = field.partition(".")
    given = {**body, outer: {inner: "0ca1"} if inner else "0ca1"}
    made = developer.post("/v3/invoices", given).json()

    def found(term):
        params = {"filters": f"{field}:{term}", "max": 100}
        answer = developer.get("/v3/invoices", params=params)
        return [each["id"] for each in answer.json()["results"]]

    assert found("eq:0ca1") == found('in:"0ca1,0ca2"') == [made["id"]]
    assert made["id"] in found("ne:0ca2")
    refused = developer.get("/v3/invoices", params={"filters": f"{field}:nin:0ca"})
    assert codes(refused) == ["BDC_1131"]


def test_who_created_an_invoice_and_its_record_status(developer, invoice):
    path = f"/v3/invoices/{invoice['id']}"
    assert invoice["createdBy"] == developer.get("/v3/login/session").json()["userId"]
    assert invoice["recordStatus"] == "ACTIVE"
    assert developer.post(f"{path}/archive").json()["recordStatus"] == "INACTIVE"
    assert developer.post(f"{path}/restore").json()["recordStatus"] == "ACTIVE"


def test_invoices_have_a_number_each(developer, body, codes):
    numbered = {**body, "invoiceNumber": "R-1"}
    assert developer.post("/v3/invoices", numbered).status_code == 201
    again = developer.post("/v3/invoices", numbered)
    assert (again.status_code, codes(again)) == (422, ["BDC_1171"])
    other = developer.post("/v3/invoices", {**body, "invoiceNumber": "R-2"}).json()
    refused = developer.patch(f"/v3/invoices/{other['id']}", {"invoiceNumber": "R-1"})
    assert codes(refused) == ["BDC_1171"]


def test_an_archived_invoice_is_not_owed_and_not_paid(developer, invoice, balance, pay, codes):
    one = f"/v3/invoices/{invoice['id']}"
    for _ in range(2):
        developer.post(f"{one}/archive")
        assert balance() == 0
    assert codes(pay(1)) == ["BDC_1119"]
    developer.patch(one, {"invoiceLineItems": [{"price": 10}]})
    assert balance() == 0
    for _ in range(2):
        developer.post(f"{one}/restore")
        assert balance() == 10
    assert pay(1).status_code == 200


def test_a_payment_link(developer, invoice, codes):
    link = f"/v3/invoices/{invoice['id']}/payment-link"
    body = {"customerId": invoice["customerId"], "email": "b@example.com"}
    assert developer.post(link, body).json()["paymentLink"].startswith("http")
    assert codes(developer.post(link, {**body, "customerId": "nobody"})) == ["BDC_1119"]
    assert codes(developer.post("/v3/invoices/nobody/payment-link", body)) == ["BDC_1120"]


def test_no_payment_link_for_a_customer_in_the_network(developer, invoice, codes):
    params = {"name": "Happy", "scope": "BILL"}
    member = developer.get("/v3/network", params=params).json()["results"][0]["id"]
    body = {"networkId": member, "networkType": "BILL"}
    connection = f"/v3/network/invitation/customer/{invoice['customerId']}"
    link = f"/v3/invoices/{invoice['id']}/payment-link"
    assert developer.post(connection, body).status_code == 200
    assert codes(developer.post(link, {})) == ["BDC_1119"]
    developer.delete(connection)
    assert developer.post(link, {}).status_code == 200


def test_archive_restore_and_mail(developer, invoice, codes):
    one = f"/v3/invoices/{invoice['id']}"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False
    mail = {"replyTo": {"userId": "006"}, "recipient": {"to": ["a@example.com"]}}
    answer = developer.post(f"{one}/email", mail)
    assert (answer.status_code, answer.content) == (200, b"")
    assert codes(developer.post(f"{one}/email", {"recipient": {"to": []}})) == ["REQUEST"] * 2
    assert codes(developer.post("/v3/invoices/nobody/email", mail)) == ["BDC_1120"]
