"""Credit memos, and how invoices use them up."""

import pytest

PATH = "/v3/credit-memos"


@pytest.fixture
def customer(developer):
    return developer.post("/v3/customers", {"name": "Band", "email": "b@example.com"}).json()


@pytest.fixture
def body(customer):
    """As in BILL's guide."""
    return {
        "customerId": customer["id"],
        "referenceNumber": "202602-creditmemo",
        "creditDate": "2026-12-28",
        "creditMemoLineItems": [
            {"description": "Classic extreme drum sticks", "price": "14.99", "quantity": "2"},
            {"description": "Metal guitar picks (5-pack)", "price": "50.00", "quantity": "1"},
            {"description": "10% discount", "ratePercent": -10},
        ],
    }


@pytest.fixture
def memo(developer, body):
    answer = developer.post(PATH, body)
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def read(developer):
    """A memo as it is now, without its usage."""

    def read(made):
        memo = developer.get(f"{PATH}/{made['id']}").json()
        return {name: value for name, value in memo.items() if name != "usage"}

    return read


@pytest.fixture
def bill(developer, customer):
    def create(price, **fields):
        body = {"customer": {"id": customer["id"]}, "invoiceLineItems": [{"price": price}]}
        return developer.post("/v3/invoices", {**body, **fields})

    return create


@pytest.fixture
def balance(developer, customer):
    one = f"/v3/customers/{customer['id']}"
    return lambda: developer.get(one).json()["balance"]["amount"]


def test_the_guides_memo_adds_up(developer, memo, read):
    assert memo["id"].startswith("ccr")
    assert memo["amount"] == 71.98
    assert (memo["appliedAmount"], memo["status"]) == (0, "NOT_APPLIED")
    assert [line["amount"] for line in memo["creditMemoLineItems"]] == [29.98, 50, -8]
    assert all(line["id"].startswith("cci") for line in memo["creditMemoLineItems"])
    assert read(memo) == memo
    assert developer.get(PATH).json()["results"][-1] == {**memo, "usage": []}


def test_change_replace_archive_and_restore(developer, body, memo):
    one = f"{PATH}/{memo['id']}"
    first = memo["creditMemoLineItems"][0]
    changed = developer.patch(
        one,
        {
            "description": "Für dich",
            "payToBankAccountId": "bac",
            "creditMemoLineItems": [{"id": first["id"], "quantity": 1}],
        },
    ).json()
    assert (changed["description"], changed["amount"]) == ("Für dich", 58.49)
    other = developer.patch(one, {"payToChartOfAccountId": "0ca"}).json()
    assert "payToBankAccountId" not in other
    lines = [{"id": first["id"], "price": 5}]
    replaced = developer.put(one, {**body, "creditMemoLineItems": lines}).json()
    assert [line["id"] for line in replaced["creditMemoLineItems"]] == [first["id"]]
    assert replaced["amount"] == 5
    assert not {"description", "payToChartOfAccountId"} & replaced.keys()
    assert replaced["createdTime"] == memo["createdTime"]
    for path, archived in (("archive", True), ("archive", True), ("restore", False)):
        assert developer.post(f"{one}/{path}").json()["archived"] is archived


def test_invoices_use_up_the_oldest_credit_first(developer, body, memo, bill, read, balance):
    lines = [{"price": 10, "quantity": 1}]
    older = {**body, "creditDate": "2026-01-01", "creditMemoLineItems": lines}
    older = developer.post(PATH, older).json()
    invoice = bill(100, creditAmount=30).json()
    assert (invoice["creditAmount"], invoice["dueAmount"], balance()) == (30, 70, 70)
    assert invoice["status"] == "PARTIAL_PAYMENT"
    assert (read(older)["appliedAmount"], read(older)["status"]) == (10, "FULLY_APPLIED")
    assert (read(memo)["appliedAmount"], read(memo)["status"]) == (20, "PARTIALLY_APPLIED")

    one = f"/v3/invoices/{invoice['id']}"
    less = developer.patch(one, {"creditAmount": 5}).json()
    assert (less["dueAmount"], balance()) == (95, 95)
    assert (read(older)["status"], read(memo)["status"]) == ("PARTIALLY_APPLIED", "NOT_APPLIED")
    assert developer.patch(one, {"invoiceNumber": "N"}).json()["creditAmount"] == 5

    whole = {"customer": {"id": body["customerId"]}, "invoiceLineItems": [{"price": 100}]}
    assert developer.put(one, whole).json()["creditAmount"] == 0
    assert (read(older)["status"], balance()) == ("NOT_APPLIED", 100)
    assert bill(81.98, creditAmount="81.98").json()["status"] == "PAID_IN_FULL"


def test_no_more_credit_than_there_is_or_than_is_due(developer, memo, bill, read, codes, balance):
    assert codes(bill(100, creditAmount=71.99)) == ["BDC_1119"]
    assert codes(bill(50, creditAmount=50.01)) == ["BDC_1119"]
    invoice = bill(100, creditAmount=70).json()
    assert codes(bill(100, creditAmount=2)) == ["BDC_1119"]
    one = f"/v3/invoices/{invoice['id']}"
    assert codes(developer.patch(one, {"creditAmount": 72})) == ["BDC_1119"]
    assert codes(developer.patch(one, {"invoiceLineItems": [{"price": 60}]})) == ["BDC_1119"]
    assert developer.get(one).json() == invoice
    assert (read(memo)["appliedAmount"], balance()) == (70, 30)


def test_archived_credit_is_no_credit_but_what_is_applied_stays(developer, memo, bill, codes):
    invoice = bill(100, creditAmount=70).json()
    developer.post(f"{PATH}/{memo['id']}/archive")
    assert codes(bill(100, creditAmount=1)) == ["BDC_1119"]
    changed = developer.patch(f"/v3/invoices/{invoice['id']}", {"invoiceNumber": "N"}).json()
    assert changed["creditAmount"] == 70


def test_an_applied_memo_keeps_its_customer_and_what_is_applied(developer, body, memo, bill, codes):
    bill(100, creditAmount=70)
    one = f"{PATH}/{memo['id']}"
    other = developer.post("/v3/customers", {"name": "O", "email": "o@example.com"}).json()
    before = developer.get(one).json()
    assert codes(developer.patch(one, {"customerId": other["id"]})) == ["BDC_1119"]
    assert codes(developer.put(one, {**body, "creditMemoLineItems": [{"price": 1}]})) == [
        "BDC_1119"
    ]
    assert developer.get(one).json() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customerId": "nobody"}, "BDC_1119"),
        ({"customerId": None}, "REQUEST"),
        ({"referenceNumber": ""}, "REQUEST"),
        ({"referenceNumber": "9" * 101}, "BDC_1143"),
        ({"creditDate": "28.12.2026"}, "BDC_1119"),
        ({"creditMemoLineItems": []}, "REQUEST"),
        ({"creditMemoLineItems": [{"price": "a"}]}, "BDC_1124"),
        ({"creditMemoLineItems": [{"price": -1}]}, "BDC_1119"),
        ({"salesTaxItemId": "nothing"}, "BDC_1119"),
        ({"payToBankAccountId": "b", "payToChartOfAccountId": "c"}, "BDC_1119"),
    ],
)
def test_a_bad_body_is_refused_and_changes_nothing(
    developer, codes, body, memo, read, change, code
):
    listed = developer.get(PATH).json()
    many = [{**body, "id": memo["id"]}, {**body, **change, "id": memo["id"]}]
    for answer in (
        developer.post(PATH, {**body, **change}),
        developer.put(f"{PATH}/{memo['id']}", {**body, **change}),
        developer.post(f"{PATH}/bulk", [body, {**body, **change}]),
        developer.put(f"{PATH}/bulk", many),
    ):
        assert codes(answer) == [code]
    assert read(memo) == memo
    assert developer.get(PATH).json() == listed


def test_in_bulk(developer, body, codes):
    made = developer.post(f"{PATH}/bulk", [{**body, "referenceNumber": n} for n in "AB"])
    assert made.status_code == 201
    first, second = made.json()["creditMemos"]
    lines = [{"id": first["creditMemoLineItems"][0]["id"], "price": "10"}]
    changed = developer.patch(
        f"{PATH}/bulk",
        [
            {"id": first["id"], "creditMemoLineItems": lines},
            {"id": second["id"], "referenceNumber": "C"},
        ],
    ).json()["creditMemos"]
    assert [each["referenceNumber"] for each in changed] == ["A", "C"]
    assert changed[0]["amount"] == 63
    replaced = developer.put(
        f"{PATH}/bulk", [{**body, "id": each["id"], "description": "D"} for each in changed]
    ).json()["creditMemos"]
    assert [each["description"] for each in replaced] == ["D", "D"]
    assert [each["id"] for each in replaced] == [first["id"], second["id"]]
    ids = ",".join(each["id"] for each in replaced)
    for path, archived in (("archive", True), ("restore", False)):
        answer = developer.post(f"{PATH}/bulk/{path}", params={"ids": ids}).json()
        assert [each["archived"] for each in answer["creditMemos"]] == [archived] * 2


def test_bulk_refusals(developer, body, memo, codes):
    assert codes(developer.post(f"{PATH}/bulk", [body] * 51)) == ["BDC_1129"]
    made = developer.post(f"{PATH}/bulk", [body] * 50).json()
    assert len(made["creditMemos"]) == 50
    assert codes(developer.put(f"{PATH}/bulk", [body])) == ["REQUEST"]
    assert codes(developer.patch(f"{PATH}/bulk", [{"description": "D"}])) == ["REQUEST"]
    unknown = [{"id": memo["id"], "description": "D"}, {"id": "nobody"}]
    assert codes(developer.patch(f"{PATH}/bulk", unknown)) == ["BDC_1120"]
    assert "description" not in developer.get(f"{PATH}/{memo['id']}").json()
    assert codes(developer.post(f"{PATH}/bulk/archive", params={"ids": "nobody"})) == ["BDC_1120"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [("status:eq:FULLY_APPLIED", False), ("status:eq:NOT_APPLIED", True)],
)
def test_memos_can_be_filtered(developer, memo, filters, found):
    mine = f"{filters},customerId:eq:{memo['customerId']}"
    listed = developer.get(PATH, params={"filters": mine}).json()["results"]
    assert listed == ([{**memo, "usage": []}] if found else [])


def test_the_usage_of_a_memo(developer, memo, bill):
    first = bill(50, creditAmount=20).json()["id"]
    second = bill(50, creditAmount=5).json()["id"]
    used = [{"invoiceId": first, "amount": 20}, {"invoiceId": second, "amount": 5}]
    assert developer.get(f"{PATH}/{memo['id']}").json()["usage"] == used
    assert developer.get(PATH).json()["results"][-1]["usage"] == used
    developer.patch(f"/v3/invoices/{first}", {"creditAmount": 0})
    assert developer.get(f"{PATH}/{memo['id']}").json()["usage"] == used[1:]
    changed = developer.patch(f"{PATH}/{memo['id']}", {"description": "D"}).json()
    assert "usage" not in changed


def test_the_classifications_of_a_whole_memo_are_fewer(developer, body):
    given = {"departmentId": "0de", "chartOfAccountId": "0ca"}
    line = {**body["creditMemoLineItems"][0], "classifications": given}
    changes = {"classifications": given, "creditMemoLineItems": [line]}
    memo = developer.post(PATH, {**body, **changes}).json()
    assert memo["classifications"] == {"departmentId": "0de"}
    assert memo["creditMemoLineItems"][0]["classifications"] == given
