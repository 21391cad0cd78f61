"""Bills: create, get, replace, update."""

import pytest


@pytest.fixture
def body(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    return {
        "vendorId": vendor["id"],
        "dueDate": "2030-12-31",
        "billLineItems": [
            {"amount": 149.00, "description": "USB audio interface"},
            {"quantity": 2, "price": 39.995},
        ],
        "invoice": {"invoiceNumber": "202401", "invoiceDate": "2030-12-01"},
    }


@pytest.fixture
def bill(developer, body):
    answer = developer.post("/v3/bills", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_created_bill(developer, bill, body):
    assert bill["id"].startswith("00n")
    assert (bill["amount"], bill["dueAmount"], bill["paidAmount"]) == (228.99, 228.99, 0)
    assert (bill["paymentStatus"], bill["approvalStatus"]) == ("UNPAID", "UNASSIGNED")
    assert bill["vendorName"] == "Happy Music Supplies"
    assert bill["invoice"] == body["invoice"]
    assert all(item["id"].startswith("bli") for item in bill["billLineItems"])
    assert developer.get(f"/v3/bills/{bill['id']}").json() == bill


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"vendorId": "009unknown"}, ["BDC_1119"]),
        ({"dueDate": "31.12.2030"}, ["BDC_1119"]),
        ({"dueDate": "2030-02-30"}, ["BDC_1119"]),
        ({"dueDate": "20301231"}, ["BDC_1119"]),
        ({"dueDate": 20301231}, ["BDC_1124"]),
        ({"billLineItems": []}, ["REQUEST"]),
        ({"billLineItems": {}}, ["BDC_1124"]),
        ({"billLineItems": [{"description": "free"}]}, ["REQUEST"]),
        ({"billLineItems": [{"quantity": 2}]}, ["REQUEST"]),
        ({"invoice": {}}, ["REQUEST", "REQUEST"]),
        ({"invoice": {"invoiceNumber": "x" * 22, "invoiceDate": "2030-12-01"}}, ["BDC_1143"]),
    ],
)
def test_refused_bills(developer, body, codes, changes, expected):
    answer = developer.post("/v3/bills", {**body, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)


def test_a_number_that_is_too_long_is_told_with_its_limit(developer, body):
    invoice = {**body["invoice"], "invoiceNumber": "x" * 22}
    (problem,) = developer.post("/v3/bills", {**body, "invoice": invoice}).json()
    assert problem["message"] == (
        "Invalid entity data. invoiceNumber: Maximum length cannot be greater than 21 characters."
    )


def test_update_keeps_what_is_not_given(developer, bill):
    changed = developer.patch(f"/v3/bills/{bill['id']}", {"description": "Strings"}).json()
    assert changed["description"] == "Strings"
    assert changed["billLineItems"] == bill["billLineItems"]
    assert changed["amount"] == bill["amount"]


def test_a_replacement_has_all_line_items_and_keeps_known_ids(developer, bill, body):
    kept = bill["billLineItems"][0]["id"]
    items = [{"id": kept, "amount": 1}, {"id": "bli-foreign", "amount": 2}]
    replacement = {**body, "billLineItems": items}
    changed = developer.put(f"/v3/bills/{bill['id']}", replacement).json()
    assert changed["amount"] == changed["dueAmount"] == 3
    assert changed["billLineItems"][0]["id"] == kept
    assert changed["billLineItems"][1]["id"].startswith("bli")
    assert changed["billLineItems"][1]["id"] != "bli-foreign"


def test_replace_drops_what_is_not_given(developer, bill, body):
    developer.patch(f"/v3/bills/{bill['id']}", {"description": "Strings"})
    replaced = developer.put(f"/v3/bills/{bill['id']}", body).json()
    assert "description" not in replaced
    assert replaced["createdTime"] == bill["createdTime"]
    refused = developer.put(f"/v3/bills/{bill['id']}", {"description": "Strings"})
    assert refused.status_code == 400


def test_a_refused_update_changes_nothing(developer, bill):
    path = f"/v3/bills/{bill['id']}"
    assert developer.patch(path, {"description": "x", "vendorId": "009no"}).status_code == 400
    assert developer.get(path).json() == bill


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
def test_an_unknown_bill(developer, codes, method):
    body = {
        "vendorId": developer.get("/v3/vendors").json()["results"][0]["id"],
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 5}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }
    answer = developer.call(method, "/v3/bills/00nNOBODY", json=body)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_unsupported_status_in_a_filter(developer, codes):
    params = {"filters": "approvalStatus:eq:PENDING"}
    answer = developer.get("/v3/bills", params=params)
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1129"])


def test_filter_by_vendor_and_status(developer, bill):
    filters = f'vendorId:eq:{bill["vendorId"]},paymentStatus:in:"UNPAID,PAID"'
    params = {"filters": filters, "sort": "amount:desc"}
    results = developer.get("/v3/bills", params=params).json()["results"]
    assert bill in results
    assert [each["amount"] for each in results] == sorted(
        (each["amount"] for each in results), reverse=True
    )


@pytest.mark.parametrize(
    "field",
    [
        "payFromChartOfAccountId",
        *(
            f"classifications.{name}"
            for name in (
                *("chartOfAccountId", "accountingClassId", "departmentId"),
                *("locationId", "itemId"),
            )
        ),
    ],
)
def test_filters_on_accounts_and_classifications(developer, body, field, codes):
    outer, _, inner = field.partition(".")
    made = developer.post("/v3/bills", {**body, outer: {inner: "0ca1"} if inner else "0ca1"}).json()

    def found(term):
        params = {"filters": f"{field}:{term}", "max": 100}
        return [each["id"] for each in developer.get("/v3/bills", params=params).json()["results"]]

    assert found("eq:0ca1") == found('in:"0ca1,0ca2"') == [made["id"]]
    assert found("eq:0ca2") == []
    assert made["id"] in found("ne:0ca2")
    assert made["id"] not in found("ne:0ca1")
    refused = developer.get("/v3/bills", params={"filters": f"{field}:sw:0ca"})
    assert codes(refused) == ["BDC_1131"]


def test_the_record_status_says_whether_a_bill_is_archived(developer, bill):
    path = f"/v3/bills/{bill['id']}"
    assert bill["recordStatus"] == "ACTIVE"
    assert developer.post(f"{path}/archive").json()["recordStatus"] == "INACTIVE"
    assert developer.get(path).json()["recordStatus"] == "INACTIVE"
    listed = developer.get("/v3/bills", params={"filters": "archived:eq:true"}).json()["results"]
    assert {each["recordStatus"] for each in listed} == {"INACTIVE"}
    assert developer.post(f"{path}/restore").json()["recordStatus"] == "ACTIVE"


def test_a_vendors_bills_have_a_number_each(developer, bill, body, codes):
    vendors = [each["id"] for each in developer.get("/v3/vendors").json()["results"]]
    again = developer.post("/v3/bills", body)
    assert (again.status_code, codes(again)) == (422, ["BDC_1171"])
    assert developer.post("/v3/bills", {**body, "vendorId": vendors[1]}).status_code == 201
    other = {**body, "invoice": {**body["invoice"], "invoiceNumber": "202402"}}
    one = f"/v3/bills/{developer.post('/v3/bills', other).json()['id']}"
    for call in (developer.patch, developer.put):
        refused = call(one, {**other, "invoice": body["invoice"]})
        assert (refused.status_code, codes(refused)) == (422, ["BDC_1171"])
    assert developer.get(one).json()["invoice"] == other["invoice"]
    assert developer.patch(one, {"description": "the same number"}).status_code == 200


def test_a_number_is_free_when_its_bill_has_another(developer, bill, body, codes):
    renamed = {"invoice": {**body["invoice"], "invoiceNumber": "202402"}}
    assert developer.patch(f"/v3/bills/{bill['id']}", renamed).status_code == 200
    assert developer.post("/v3/bills", body).status_code == 201
    assert codes(developer.post("/v3/bills", {**body, **renamed})) == ["BDC_1171"]


def test_a_number_twice_in_one_go_makes_no_bill(developer, body, codes):
    before = developer.get("/v3/bills", params={"max": 100}).json()
    assert codes(developer.post("/v3/bills/bulk", [body, body])) == ["BDC_1171"]
    assert developer.get("/v3/bills", params={"max": 100}).json() == before
    assert developer.post("/v3/bills", body).status_code == 201


def test_numbers_are_reset_with_the_records(sandbox, developer, body):
    developer.post("/v3/bills", body)
    sandbox.reset()
    assert developer.post("/v3/bills", body).status_code == 201


def test_bills_are_archived_restored_and_created_several_at_once(developer, codes):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    body = {
        "vendorId": vendor,
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 5}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }
    other = {**body, "invoice": {**body["invoice"], "invoiceNumber": "B-2"}}
    made = developer.post("/v3/bills/bulk", [body, other])
    assert made.status_code == 201
    one = f"/v3/bills/{made.json()[0]['id']}"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    assert developer.post(f"{one}/restore").json()["archived"] is False
    listed = {"filters": f"vendorId:eq:{vendor}", "max": "100"}
    before = developer.get("/v3/bills", params=listed).json()
    third = {**body, "invoice": {**body["invoice"], "invoiceNumber": "B-3"}}
    refused = developer.post("/v3/bills/bulk", [third, {**third, "vendorId": "nobody"}])
    assert codes(refused) == ["BDC_1119"]
    assert developer.get("/v3/bills", params=listed).json() == before


def test_a_patch_changes_the_line_items_that_it_names(developer, body, codes):
    lines = [{"amount": 10, "description": "A"}, {"quantity": 2, "price": 5}]
    made = developer.post("/v3/bills", {**body, "billLineItems": lines}).json()
    first, second = made["billLineItems"]
    path = f"/v3/bills/{made['id']}"
    change = {"billLineItems": [{"id": second["id"], "price": 6}, {"amount": 1}]}
    changed = developer.patch(path, change).json()
    assert changed["billLineItems"][:2] == [first, {**second, "price": 6, "amount": 12}]
    assert (len(changed["billLineItems"]), changed["amount"]) == (3, 23)
    change["billLineItems"][0]["id"] = "blino"
    assert codes(developer.patch(path, change)) == ["BDC_1119"]
    replaced = developer.put(path, {**body, "billLineItems": [second]}).json()
    assert replaced["billLineItems"] == [second]


def test_a_patch_of_a_line_item_clears_its_classifications(developer, body):
    lines = [
        {"amount": 5, "description": "a", "classifications": {"departmentId": "0d1"}},
        {"amount": 6, "classifications": {"departmentId": "0d2"}},
    ]
    bill = developer.post("/v3/bills", {**body, "billLineItems": lines}).json()
    first, second = bill["billLineItems"]
    change = {"billLineItems": [{"id": first["id"], "amount": 7}]}
    patched = developer.patch(f"/v3/bills/{bill['id']}", change).json()["billLineItems"]
    assert patched == [{"id": first["id"], "amount": 7, "description": "a"}, second]
    change["billLineItems"][0]["classifications"] = {"departmentId": "0d3"}
    patched = developer.patch(f"/v3/bills/{bill['id']}", change).json()["billLineItems"]
    assert patched[0]["classifications"] == {"departmentId": "0d3"}
