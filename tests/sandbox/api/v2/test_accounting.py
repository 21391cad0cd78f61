"""What bills and invoices are classified by, in v2, over the records of v3."""

import pytest

NO_ID = "0" * 20


@pytest.mark.parametrize(
    ("entity", "path"),
    [
        ("ChartOfAccount", "chart-of-accounts"),
        ("Department", "departments"),
        ("ActgClass", "accounting-classes"),
        ("Location", "locations"),
        ("Job", "jobs"),
    ],
)
def test_both_versions_have_the_same_records(v2, developer, entity, path):
    parent = v2.create(entity, name="Südstadt", isActive="1")
    child = v2.create(entity, name="Shop", **{f"parent{entity}Id": parent["id"]})
    assert parent[f"parent{entity}Id"] == NO_ID
    of_v3 = developer.get(f"/v3/classifications/{path}/{child['id']}").json()
    assert (of_v3["name"], of_v3["parentId"]) == ("Shop", parent["id"])
    developer.patch(f"/v3/classifications/{path}/{child['id']}", {"name": "Store"})
    assert v2.read(entity, child["id"])["name"] == "Store"
    updated = v2.update(entity, id=child["id"], **{f"parent{entity}Id": NO_ID})
    assert updated[f"parent{entity}Id"] == NO_ID
    assert [each["name"] for each in v2.list(entity, ("name", "sw", "Süd"))] == ["Südstadt"]
    assert v2("Crud/Delete/" + entity, {"id": child["id"]})["isActive"] == "2"
    data = {"obj": {"name": "x", f"parent{entity}Id": "of-nobody"}}
    assert v2.refused(f"Crud/Create/{entity}", data)[0] == "BDC_1119"
    assert v2.refused(f"Crud/Create/{entity}", {"obj": {}})[0] == "BDC_1117"


def test_accounts_have_types(v2, developer):
    account = v2.create("ChartOfAccount", name="Supplies", accountNumber="651", accountType="14")
    of_v3 = developer.get(f"/v3/classifications/chart-of-accounts/{account['id']}").json()
    assert of_v3["account"] == {"number": "651", "type": "OTHER_EXPENSE"}
    assert account["ca1099Type"] == "0"
    data = {"obj": {"name": "x", "accountType": "17"}}
    assert v2.refused("Crud/Create/ChartOfAccount", data)[0] == "BDC_1119"
    bulk = {"bulk": [{"obj": {"name": "One"}}, {"obj": {"name": "Two"}}]}
    answers = v2("Bulk/Crud/Create/ChartOfAccount", bulk)["bulk"]
    assert [each["response_data"]["name"] for each in answers] == ["One", "Two"]


def test_items_and_employees(v2, developer):
    item = v2.create("Item", name="Vocal machine", type="3", price=100.0, taxable=True)
    of_v3 = developer.get(f"/v3/classifications/items/{item['id']}").json()
    assert (of_v3["type"], of_v3["price"], of_v3["taxable"]) == ("NON_INVENTORY_PART", 100, True)
    assert item["percentage"] is None
    employee = v2.create("Employee", firstName="Zoë", lastName="Ortiz")
    assert developer.get(f"/v3/classifications/employees/{employee['id']}").json()["lastName"] == (
        "Ortiz"
    )


def test_a_type_that_v2_has_no_code_for_is_answered_as_it_is(v2, developer):
    body = {"name": "x", "account": {"type": "Café"}}
    account = developer.post("/v3/classifications/chart-of-accounts", body).json()
    assert v2.read("ChartOfAccount", account["id"])["accountType"] == "Café"
