"""The audit trail of a vendor."""

from datetime import timedelta

import pytest

VENDOR = {
    "name": "Steady Drum Works",
    "address": {
        "line1": "7 Beat Street",
        "city": "Reno",
        "zipOrPostalCode": "89501",
        "country": "US",
    },
}


@pytest.fixture
def vendor(developer):
    return developer.post("/v3/vendors", VENDOR).json()


def trail(developer, vendor, **query):
    path = f"/v3/reports/audit-trail/vendor/{vendor['id']}"
    return developer.get(path, params=query)


def edits(developer, vendor):
    return {
        each["field"]["name"]: tuple(each["field"]["value"].values())
        for each in trail(developer, vendor).json()[1:]
    }


def test_it_begins_with_the_creation(developer, vendor):
    user = developer.get("/v3/login/session").json()["userId"]
    [entry] = trail(developer, vendor).json()
    assert (entry["source"], entry["type"], entry["field"]) == ("API", "Create", {})
    assert entry["createdTime"] == vendor["createdTime"]
    assert entry["user"]["id"] == user
    assert entry["user"]["name"]


def test_each_changed_field_is_an_edit(developer, vendor, sandbox):
    sandbox.advance(timedelta(minutes=1))
    path = f"/v3/vendors/{vendor['id']}"
    changed = developer.patch(
        path, {"name": "Größe", "address": {**VENDOR["address"], "city": "Elko"}}
    ).json()
    developer.patch(path, {"name": "Größe"})
    assert edits(developer, vendor) == {
        "Name": ("Steady Drum Works", "Größe"),
        "Address city": ("Reno", "Elko"),
    }
    entry = trail(developer, vendor).json()[-1]
    assert (entry["type"], entry["createdTime"]) == ("Edit", changed["updatedTime"])


def test_a_bank_account_changes_how_the_vendor_is_paid(developer, vendor):
    account = {"accountNumber": "111222333"}
    developer.post(f"/v3/vendors/{vendor['id']}/bank-account", account)
    assert edits(developer, vendor)["Pay by"] == ("Check", "ePayment")
    assert "111222333" not in trail(developer, vendor).text


def test_archiving_is_an_edit_too(developer, vendor):
    developer.post(f"/v3/vendors/{vendor['id']}/archive")
    assert edits(developer, vendor) == {"Archived": ("false", "true")}


def test_a_refused_change_leaves_no_trace(developer, vendor):
    before = trail(developer, vendor).json()
    assert developer.patch(f"/v3/vendors/{vendor['id']}", {"name": ""}).status_code == 400
    assert trail(developer, vendor).json() == before


def test_a_part_of_it(developer, vendor):
    for name in ("A", "B", "C"):
        developer.patch(f"/v3/vendors/{vendor['id']}", {"name": name})
    whole = trail(developer, vendor).json()
    assert len(whole) == 4
    assert trail(developer, vendor, start=1, max=2, includeArchived="true").json() == whole[1:3]
    assert trail(developer, vendor, start=9).json() == []


@pytest.mark.parametrize(
    "query", [{"start": "-1"}, {"max": "many"}, {"max": "²"}, {"includeArchived": "maybe"}]
)
def test_refused_queries(developer, vendor, codes, query):
    assert codes(trail(developer, vendor, **query)) == ["BDC_1129"]


def test_an_unknown_vendor(developer, codes):
    answer = trail(developer, {"id": "009unknown"})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_the_first_vendors_have_a_trail_too(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    assert trail(developer, vendor).json()[0]["createdTime"] == vendor["createdTime"]
