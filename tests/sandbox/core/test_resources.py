"""Records that belong to a record of another kind, as customers' contacts do."""

import pytest


@pytest.fixture
def customers(developer):
    made = [
        developer.post("/v3/customers", {"name": name, "email": "b@example.com"}).json()
        for name in "AB"
    ]
    return [f"/v3/customers/{each['id']}/contacts" for each in made]


@pytest.fixture
def contact(developer, customers):
    return developer.post(customers[0], {"firstName": "C"}).json()


def test_a_list_holds_the_parents_records_only(developer, customers, contact):
    first, second = customers
    assert developer.get(first).json() == {"results": [contact]}
    assert developer.get(second).json() == {"results": []}
    developer.post(second, {"firstName": "D"})
    assert developer.get(first).json() == {"results": [contact]}


def test_an_id_is_known_below_its_own_parent_only(developer, customers, contact, codes):
    for answer in (
        developer.get(f"{customers[1]}/{contact['id']}"),
        developer.patch(f"{customers[1]}/{contact['id']}", {"firstName": "D"}),
        developer.post(f"{customers[1]}/{contact['id']}/archive"),
        developer.post(f"{customers[1]}/{contact['id']}/restore"),
    ):
        assert codes(answer) == ["BDC_1120"]
    assert developer.get(f"{customers[0]}/{contact['id']}").json() == contact


def test_an_unknown_parent_has_no_records(developer, contact, codes):
    nobody = "/v3/customers/nobody/contacts"
    for answer in (
        developer.get(nobody),
        developer.post(nobody, {"firstName": "D"}),
        developer.get(f"{nobody}/{contact['id']}"),
        developer.patch(f"{nobody}/{contact['id']}", {"firstName": "D"}),
    ):
        assert codes(answer) == ["BDC_1120"]


def test_another_organizations_parent_is_unknown(console, customers, contact, codes):
    assert codes(console.get(customers[0])) == ["BDC_1120"]


def test_paging_and_snapshots_reach_below_parents(sandbox, developer, customers, contact):
    before = sandbox.snapshot()
    developer.post(customers[0], {"firstName": "D"})
    page = developer.get(customers[0], params={"max": 1}).json()
    rest = developer.get(customers[0], params={"max": 1, "page": page["nextPage"]}).json()
    assert [each["firstName"] for each in (*page["results"], *rest["results"])] == ["C", "D"]
    sandbox.restore(before)
    assert developer.get(customers[0]).json() == {"results": [contact]}
