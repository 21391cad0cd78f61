import pytest

FIELDS = "/v3/spend/custom-fields"
OFFSITE = {
    "name": "Team offsite",
    "allowCustomValues": False,
    "global": True,
    "values": ["Travel", "Food"],
}


@pytest.fixture
def field(spend):
    answer = spend.post(FIELDS, OFFSITE)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def values(spend, field):
    """The field's values, with these filters."""

    def values(filters="", field=field):
        answer = spend.get(f"{FIELDS}/{field['uuid']}/values", params={"filters": filters})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    return values


@pytest.fixture
def budgets(spend):
    """The old id of each budget, by its uuid."""
    listed = spend.get("/v3/spend/budgets").json()["results"]
    return {each["uuid"]: each["id"] for each in listed}


def names(answer):
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["results"]]


def test_the_field_of_the_guide(spend, field, values):
    assert {name: field[name] for name in field.keys() - {"id", "uuid", "createdTime"}} == {
        "name": "Team offsite",
        "type": "CUSTOM_SELECTOR",
        "multiSelect": False,
        "allowCustomValues": False,
        "required": False,
        "global": True,
        "retired": False,
        "minimumAmountForRequirement": 0,
        "selectedBudgetIds": [],
        "selectedBudgetUuids": [],
        "requiredBudgetIds": [],
        "requiredBudgetUuids": [],
    }
    assert [each["value"] for each in values()] == ["Travel", "Food"]
    assert all(each["uuid"].startswith("tvl_") and not each["deleted"] for each in values())
    for one in (field["id"], field["uuid"]):
        assert spend.get(f"{FIELDS}/{one}").json() == field


@pytest.mark.parametrize("budget_list", ["selectedBudgetIds", "requiredBudgetIds"])
def test_a_field_for_some_budgets(spend, codes, budgets, budget_list):
    body = {**OFFSITE, "global": False}
    assert codes(spend.post(FIELDS, body)) == ["REQUEST"]
    first, second = list(budgets)[:2]
    assert codes(spend.post(FIELDS, {**body, budget_list: [first, "?"]})) == ["BDC_1119"]
    before = len(names(spend.get(FIELDS)))
    made = spend.post(FIELDS, {**body, budget_list: [first, budgets[second]]}).json()
    assert len(names(spend.get(FIELDS))) == before + 1
    assert made[budget_list] == [budgets[first], budgets[second]]
    assert made[budget_list.replace("Ids", "Uuids")] == [first, second]
    assert spend.get(f"{FIELDS}/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": ""}, ["REQUEST"]),
        ({"name": None, "global": None}, ["REQUEST", "REQUEST"]),
        ({"allowCustomValues": "yes"}, ["BDC_1124"]),
        ({"values": "Travel"}, ["BDC_1124"]),
        ({"values": [1]}, ["BDC_1124"]),
        ({"minimumAmountForRequirement": -1}, ["BDC_1119"]),
    ],
)
def test_refused_fields(spend, codes, change, expected):
    answer = spend.post(FIELDS, {**OFFSITE, **change})
    assert (answer.status_code, codes(answer)) == (400, expected)


def test_no_json(spend, codes):
    answer = spend.call("POST", FIELDS, data="{")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1122"])


@pytest.mark.parametrize("names", [("required", "global"), ("isRequired", "isGlobal")])
def test_update(spend, codes, field, budgets, names):
    path = f"{FIELDS}/{field['id']}"
    required, for_all = names
    assert codes(spend.patch(path, {for_all: False})) == ["REQUEST"]
    one = next(iter(budgets))
    changed = spend.patch(
        path, {"name": "Ausflüge", required: True, for_all: False, "selectedBudgetIds": [one]}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json() == {
        **field,
        "name": "Ausflüge",
        "required": True,
        "global": False,
        "selectedBudgetIds": [budgets[one]],
        "selectedBudgetUuids": [one],
    }
    assert spend.get(path).json() == changed.json()


def test_a_deleted_field_is_retired(spend, codes, field):
    path = f"{FIELDS}/{field['uuid']}"
    deleted = spend.call("DELETE", path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert spend.get(path).json() == {**field, "retired": True}
    assert "Team offsite" not in names(spend.get(FIELDS))
    assert "Team offsite" in names(spend.get(FIELDS, params={"filters": "retired:eq:true"}))
    assert codes(spend.patch(path, {"name": "Again"})) == ["BDC_1119"]
    assert codes(spend.post(f"{path}/values", {"values": ["More"]})) == ["BDC_1119"]


def test_list(spend, field):
    everything = names(spend.get(FIELDS, params={"max": 100}))
    assert {"Expense category", "Project", "Business purpose", field["name"]} <= set(everything)
    assert names(spend.get(FIELDS, params={"sort": "name:desc"})) == sorted(everything)[::-1]
    assert names(spend.get(FIELDS, params={"filters": "name:sw:Team"})) == ["Team offsite"]
    first = spend.get(FIELDS, params={"max": 2}).json()
    second = spend.get(FIELDS, params={"max": 100, "nextPage": first["nextPage"]})
    assert [each["name"] for each in first["results"]] + names(second) == everything


def test_new_values(spend, field, values):
    answer = spend.post(f"{FIELDS}/{field['uuid']}/values", {"values": ["Hôtel", "Food", "Hôtel"]})
    assert answer.status_code == 200
    assert answer.json()["value"] == "Hôtel"
    assert [each["value"] for each in values()] == ["Travel", "Food", "Hôtel"]
    assert [each["value"] for each in values("name:sw:H")] == ["Hôtel"]
    for one in ("id", "uuid"):
        path = f"{FIELDS}/{field[one]}/values/{answer.json()[one]}"
        assert spend.get(path).json() == answer.json()


def test_deleted_values_are_not_listed(spend, codes, field, values):
    path = f"{FIELDS}/{field['uuid']}/values"
    travel, food = values()
    refused = spend.call("DELETE", path, json={"customFieldValueIds": [travel["uuid"], "?"]})
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert values() == [travel, food]
    deleted = spend.call("DELETE", path, json={"customFieldValueIds": [travel["id"]]})
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert values() == values("retired:eq:false") == [food]
    assert values("retired:eq:true") == [{**travel, "deleted": True}]
    assert spend.get(f"{path}/{travel['uuid']}").json()["deleted"]


def test_a_deleted_value_can_be_made_anew(spend, field, values):
    path = f"{FIELDS}/{field['uuid']}/values"
    travel = values()[0]
    spend.call("DELETE", path, json={"customFieldValueIds": [travel["uuid"]]})
    again = spend.post(path, {"values": ["Travel"]}).json()
    assert again["uuid"] != travel["uuid"]


@pytest.mark.parametrize("body", [{}, {"values": []}, {"customFieldValueIds": []}])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_no_values(spend, codes, field, method, body):
    answer = spend.call(method, f"{FIELDS}/{field['uuid']}/values", json=body)
    assert (answer.status_code, codes(answer)) == (400, ["REQUEST"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *((method, "nobody") for method in ("GET", "PATCH", "DELETE")),
        *((method, "nobody/values") for method in ("GET", "POST", "DELETE")),
        ("GET", "nobody/values/none"),
        ("GET", "{field}/values/none"),
    ],
)
def test_unknown(spend, codes, field, method, path):
    body = {"values": ["a"], "customFieldValueIds": ["a"], "name": "a"}
    path = path.format(field=field["uuid"])
    answer = spend.call(method, f"{FIELDS}/{path}", json=body if method != "GET" else None)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])
