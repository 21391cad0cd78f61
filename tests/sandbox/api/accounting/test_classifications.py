"""Classifications, of every kind alike."""

import pytest

KINDS = {
    "accounting-classes": {"name": "Class"},
    "chart-of-accounts": {"name": "Travel", "account": {"type": "EXPENSE", "number": "600"}},
    "departments": {"name": "Sales"},
    "employees": {"firstName": "Ada", "lastName": "Byron"},
    "items": {"type": "SERVICE", "name": "Tuning", "price": 12.5},
    "jobs": {"name": "Roof"},
    "locations": {"name": "Reno"},
}


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


@pytest.fixture
def path(kind):
    return f"/v3/classifications/{kind}"


@pytest.fixture
def made(developer, path, kind):
    answer = developer.post(path, KINDS[kind])
    assert answer.status_code == 201
    return answer.json()


def test_what_was_created_can_be_read_listed_and_changed(developer, path, kind, made):
    assert made.items() >= KINDS[kind].items()
    one = f"{path}/{made['id']}"
    assert developer.get(one).json() == made
    assert developer.get(path).json()["results"] == [made]
    changed = developer.patch(one, {"shortName": "S", "description": "D"}).json()
    assert changed.items() >= KINDS[kind].items()
    assert changed != made or "shortName" not in changed


def test_archive_and_restore(developer, path, made):
    one = f"{path}/{made['id']}"
    assert developer.post(f"{one}/archive").json()["archived"] is True
    active = developer.get(path, params={"filters": "archived:eq:false"})
    assert active.json()["results"] == []
    assert developer.post(f"{one}/restore").json()["archived"] is False


def test_bulk_operations_do_all(developer, path, kind):
    created = developer.post(f"{path}/bulk", [KINDS[kind], KINDS[kind]])
    assert created.status_code == 201
    [(name, records)] = created.json().items()
    assert name.casefold() == path.rpartition("/")[2].replace("-", "")
    ids = [each["id"] for each in records]
    changes = [{"id": each, "parentId": ids[1 - place]} for place, each in enumerate(ids)][:1]
    assert developer.patch(f"{path}/bulk", changes).json()[name][0]["parentId"] == ids[1]
    archived = developer.post(f"{path}/bulk/archive", params={"ids": ",".join(ids)})
    assert [each["archived"] for each in archived.json()[name]] == [True, True]
    restored = developer.post(f"{path}/bulk/restore", params={"ids": ids})
    assert [each["archived"] for each in restored.json()[name]] == [False, False]


def test_bulk_operations_do_all_or_nothing(developer, path, kind, made):
    before = developer.get(path).json()
    unknown = {**KINDS[kind], "parentId": "nobody"}
    assert developer.post(f"{path}/bulk", [KINDS[kind], unknown]).status_code == 400
    changes = [{"id": made["id"], "shortName": "x"}, {"id": "nobody"}]
    assert developer.patch(f"{path}/bulk", changes).status_code == 404
    ids = f"{made['id']},nobody"
    assert developer.post(f"{path}/bulk/archive", params={"ids": ids}).status_code == 404
    assert developer.get(path).json() == before


@pytest.mark.parametrize("bodies", [[], [1], {}, [{}] * 51], ids=["none", "1", "object", "51"])
def test_a_bulk_body_that_is_no_list_of_records_is_refused(developer, bodies):
    answer = developer.post("/v3/classifications/jobs/bulk", bodies)
    assert answer.status_code == 400


@pytest.mark.parametrize("ids", ["", ",", "x," * 101], ids=["empty", "comma", "101"])
def test_bulk_archiving_needs_one_to_a_hundred_ids(developer, codes, ids):
    answer = developer.post("/v3/classifications/jobs/bulk/archive", params={"ids": ids})
    assert codes(answer) == ["BDC_1129"]


def test_a_record_cannot_be_its_own_parent(developer, path, codes, made):
    answer = developer.patch(f"{path}/{made['id']}", {"parentId": made["id"]})
    assert codes(answer) == ["BDC_1119"]


def test_an_unknown_id_is_not_found(developer, path, codes):
    assert codes(developer.get(f"{path}/nobody")) == ["BDC_1120"]


def test_organizations_have_their_own(console, path, made):
    assert console.get(path).json()["results"] == []


def test_a_sales_tax_has_a_percentage_and_ids_tell_the_kind(developer):
    tax = {"type": "SALES_TAX", "percentage": 3, "name": "State Sales Tax"}
    made = developer.post("/v3/classifications/items", tax).json()
    assert made.items() >= tax.items()
    for path, prefix in (("jobs", "job"), ("locations", "loc"), ("employees", "emp")):
        made = developer.post(f"/v3/classifications/{path}", {"name": "N"}).json()
        assert made["id"].startswith(prefix)
