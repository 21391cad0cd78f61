"""Vendor credits, also in bulk, and how bills use them."""

import pytest


@pytest.fixture
def vendors(developer):
    return [each["id"] for each in developer.get("/v3/vendors").json()["results"]]


@pytest.fixture
def body(vendors):
    return {
        "vendorId": vendors[0],
        "referenceNumber": "202602-vendorcredit",
        "creditDate": "2026-12-28",
        "vendorCreditLineItems": [
            {"description": "Classic extreme drum sticks", "amount": "14.99"},
            {"description": "Métal guitar picks", "amount": 50},
        ],
    }


@pytest.fixture
def credit(developer, body):
    answer = developer.post("/v3/vendor-credits", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def bill(developer, vendors):
    body = {
        "vendorId": vendors[0],
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 100}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }
    return developer.post("/v3/bills", body).json()


def test_a_created_credit(developer, credit):
    assert credit["id"].startswith("vcr")
    assert (credit["amount"], credit["appliedAmount"]) == (64.99, 0)
    assert (credit["status"], credit["archived"]) == ("NOT_APPLIED", False)
    assert [item["amount"] for item in credit["vendorCreditLineItems"]] == [14.99, 50]
    assert developer.get(f"/v3/vendor-credits/{credit['id']}").json() == {**credit, "usage": []}
    params = {"filters": f"status:eq:NOT_APPLIED,id:eq:{credit['id']}"}
    assert developer.get("/v3/vendor-credits", params=params).json() == {
        "results": [{**credit, "usage": []}]
    }


def test_the_music_shop_has_one(developer):
    assert len(developer.get("/v3/vendor-credits").json()["results"]) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"vendorId": "009unknown"}, ["BDC_1119"]),
        ({"referenceNumber": ""}, ["REQUEST"]),
        ({"referenceNumber": "é" * 101}, ["BDC_1143"]),
        ({"creditDate": "28.12.2026"}, ["BDC_1119"]),
        ({"vendorCreditLineItems": []}, ["REQUEST"]),
        ({"vendorCreditLineItems": [{}]}, ["REQUEST"]),
        ({"vendorCreditLineItems": [{"amount": "five"}]}, ["BDC_1124"]),
        ({"vendorCreditLineItems": [{"amount": "1e5"}]}, ["BDC_1124"]),
        ({"vendorCreditLineItems": [{"amount": "-1"}]}, ["BDC_1119"]),
        ({"applyToChartOfAccountId": "0ca1", "applyToBankAccountId": "bac1"}, ["BDC_1119"]),
    ],
)
def test_refused_credits(developer, body, codes, changes, expected):
    before = developer.get("/v3/vendor-credits").json()
    answer = developer.post("/v3/vendor-credits", {**body, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get("/v3/vendor-credits").json() == before


def test_a_bill_uses_a_credit_and_gives_it_back(developer, credit, bill):
    path = f"/v3/bills/{bill['id']}"
    use = {"vendorCredits": [{"id": credit["id"], "amount": 10}]}
    used = developer.patch(path, use).json()
    assert used["vendorCredits"] == use["vendorCredits"]
    assert (used["creditAmount"], used["dueAmount"]) == (10, 90)
    assert used["paymentStatus"] == "UNPAID"
    now = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert (now["appliedAmount"], now["status"]) == (10, "PARTIALLY_APPLIED")

    developer.patch(path, {"description": "still used"})
    use["vendorCredits"][0]["amount"] = 64.99
    assert developer.patch(path, use).json()["dueAmount"] == 35.01
    now = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert (now["appliedAmount"], now["status"]) == (64.99, "FULLY_APPLIED")

    settable = ("vendorId", "dueDate", "billLineItems", "invoice")
    replaced = developer.put(path, {name: bill[name] for name in settable}).json()
    assert (replaced["creditAmount"], replaced["dueAmount"]) == (0, 100)
    assert "vendorCredits" not in replaced
    now = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert (now["appliedAmount"], now["status"]) == (0, "NOT_APPLIED")


def test_a_bill_that_a_credit_covers_is_paid(developer, credit, bill):
    body = {
        **{name: bill[name] for name in ("vendorId", "dueDate")},
        "invoice": {**bill["invoice"], "invoiceNumber": "B-2"},
        "billLineItems": [{"amount": 20}],
        "vendorCredits": [{"id": credit["id"], "amount": 20}],
    }
    made = developer.post("/v3/bills", body).json()
    assert (made["dueAmount"], made["paymentStatus"]) == (0, "PAID")


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ([("unknown", 1)], ["BDC_1119"]),
        ([("credit", 65)], ["BDC_1119"]),
        ([("credit", 0)], ["BDC_1119"]),
        ([("credit", 1), ("credit", 1)], ["BDC_1119"]),
        ([("another vendor's", 1)], ["BDC_1119"]),
        ([("archived", 1)], ["BDC_1119"]),
        ([("big", 101)], ["BDC_1159"]),
    ],
)
def test_what_a_bill_cannot_use(developer, body, bill, vendors, codes, uses, expected):
    ids = {"unknown": "vcrunknown"}
    for name in ("credit", "archived", "another vendor's", "big"):
        vendor = vendors[1] if name == "another vendor's" else vendors[0]
        items = [{"amount": 1000 if name == "big" else 64.99}]
        made = {**body, "vendorId": vendor, "vendorCreditLineItems": items}
        ids[name] = developer.post("/v3/vendor-credits", made).json()["id"]
    developer.post(f"/v3/vendor-credits/{ids['archived']}/archive")
    given = [{"id": ids[name], "amount": amount} for name, amount in uses]
    answer = developer.patch(f"/v3/bills/{bill['id']}", {"vendorCredits": given})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(f"/v3/bills/{bill['id']}").json() == bill


def test_bills_in_bulk_that_are_refused_use_nothing(developer, credit, bill, codes):
    good = {
        **{name: bill[name] for name in ("vendorId", "dueDate", "billLineItems")},
        "invoice": {**bill["invoice"], "invoiceNumber": "B-2"},
        "vendorCredits": [{"id": credit["id"], "amount": 10}],
    }
    answer = developer.post("/v3/bills/bulk", [good, {**good, "vendorId": "009unknown"}])
    assert codes(answer) == ["BDC_1119"]
    now = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert (now["appliedAmount"], now["status"]) == (0, "NOT_APPLIED")


def test_update_and_replace(developer, credit, body):
    path = f"/v3/vendor-credits/{credit['id']}"
    changed = developer.patch(path, {"description": "Retour", "applyToBankAccountId": "bac1"})
    assert changed.json()["amount"] == 64.99
    other = developer.patch(path, {"applyToChartOfAccountId": "0ca1"}).json()
    assert "applyToBankAccountId" not in other
    items = [{"id": credit["vendorCreditLineItems"][1]["id"], "amount": 5}]
    replaced = developer.put(path, {**body, "vendorCreditLineItems": items}).json()
    assert (replaced["amount"], replaced["vendorCreditLineItems"]) == (5, items)
    assert "description" not in replaced
    assert "applyToChartOfAccountId" not in replaced


def test_an_applied_credit_keeps_its_vendor_its_amount_and_its_place(
    developer, credit, bill, body, vendors, codes
):
    use = {"vendorCredits": [{"id": credit["id"], "amount": 10}]}
    developer.patch(f"/v3/bills/{bill['id']}", use)
    path = f"/v3/vendor-credits/{credit['id']}"
    before = developer.get(path).json()
    for change in ({"vendorCreditLineItems": [{"amount": 9.99}]}, {"vendorId": vendors[1]}):
        assert codes(developer.patch(path, change)) == ["BDC_1119"]
        assert codes(developer.put(path, {**body, **change})) == ["BDC_1119"]
    assert codes(developer.post(f"{path}/archive")) == ["BDC_1119"]
    assert developer.get(path).json() == before


def test_several_at_once(developer, body):
    made = developer.post("/v3/vendor-credits/bulk", [body, body])
    assert made.status_code == 201
    first, second = (each["id"] for each in made.json()["vendorCredits"])
    changes = [{"id": first, "description": "Erste"}, {"id": second, "description": "Zweite"}]
    changed = developer.patch("/v3/vendor-credits/bulk", changes).json()["vendorCredits"]
    assert [each["description"] for each in changed] == ["Erste", "Zweite"]
    replaced = developer.put("/v3/vendor-credits/bulk", [{"id": first, **body}]).json()
    replaced = replaced["vendorCredits"]
    assert "description" not in replaced[0]
    archived = developer.post(f"/v3/vendor-credits/bulk/archive?ids={first},{second}").json()
    assert [each["archived"] for each in archived["vendorCredits"]] == [True, True]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_in_bulk_is_made_wholly_or_not_at_all(developer, credit, body, codes, method):
    good = {"id": credit["id"], **body, "description": "changed"}
    for bad, status, expected in (
        ({**good, "vendorId": "009unknown"}, 400, ["BDC_1119"]),
        ({**good, "id": "vcrunknown"}, 404, ["BDC_1120"]),
        (dict(body), 400, ["REQUEST"]),
    ):
        answer = developer.call(method, "/v3/vendor-credits/bulk", json=[good, bad])
        assert (answer.status_code, codes(answer)) == (status, expected)
    read = developer.get(f"/v3/vendor-credits/{credit['id']}").json()
    assert read == {**credit, "usage": []}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
def test_an_unknown_credit(developer, body, codes, method):
    answer = developer.call(method, "/v3/vendor-credits/vcrunknown", json=body)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("content", ["{", "[]", "null"])
def test_malformed_json(developer, codes, content):
    answer = developer.post("/v3/vendor-credits", data=content.encode())
    assert codes(answer) == ["BDC_1122"]


def test_fifty_at_most_at_once(developer, body, codes):
    assert codes(developer.post("/v3/vendor-credits/bulk", [body] * 51)) == ["BDC_1129"]


def test_what_has_used_a_credit_is_answered_where_it_is_read(developer, credit, bill):
    assert "usage" not in credit
    path = f"/v3/vendor-credits/{credit['id']}"
    assert developer.get(path).json()["usage"] == []
    developer.patch(
        f"/v3/bills/{bill['id']}", {"vendorCredits": [{"id": credit["id"], "amount": 10}]}
    )
    payment = developer.post(
        "/v3/payments",
        {
            "billId": bill["id"],
            "amount": 1,
            "fundingAccount": {"type": "WALLET"},
            "processDate": "2099-01-05",
            "processingOptions": {},
            "vendorCredits": [{"id": credit["id"], "amount": 2}],
        },
    ).json()
    by_bill = {"billId": bill["id"], "amount": 10}
    by_payment = {"billId": bill["id"], "paymentId": payment["id"], "amount": 2}
    assert developer.get(path).json()["usage"] == [by_bill, by_payment]
    listed = developer.get("/v3/vendor-credits").json()["results"]
    assert {each["id"]: each["usage"] for each in listed}[credit["id"]] == [by_bill, by_payment]
    developer.post(f"/v3/payments/{payment['id']}/cancel")
    assert developer.get(path).json()["usage"] == [by_bill]


def test_a_patch_changes_the_line_items_that_it_names(developer, credit, codes):
    path = f"/v3/vendor-credits/{credit['id']}"
    first, *others = credit["vendorCreditLineItems"]
    change = {"vendorCreditLineItems": [{"id": first["id"], "amount": 1}]}
    changed = developer.patch(path, change).json()
    assert changed["vendorCreditLineItems"] == [{**first, "amount": 1}, *others]
    change["vendorCreditLineItems"][0]["id"] = "vclno"
    assert codes(developer.patch(path, change)) == ["BDC_1119"]
