"""Which operation is meant, however its path is written."""

from __future__ import annotations

import pytest

from tools.drift.described import Key, key_of, matching


@pytest.mark.parametrize(
    "path",
    [
        "/v3/vendors/:vendorId",
        "/v3/vendors/{{vendor_id}}",
        "/connect/v3/vendors/{vendorId}",
        "https://gateway.stage.bill.com/connect/v3/vendors/{id}?max=2",
        "/v3/vendors/{id}/",
    ],
)
def test_paths_are_the_same_however_they_are_written(path):
    assert key_of("get", path) == Key("GET", "/v3/vendors/{}")


def test_an_example_may_have_an_id_where_there_is_a_parameter():
    known = [Key("GET", "/v3/vendors/{}"), Key("GET", "/v3/vendors/bulk"), Key("GET", "/v3/{}/{}")]
    assert matching(Key("GET", "/v3/vendors/0090"), known) == known[0]
    assert matching(Key("GET", "/v3/vendors/bulk"), known) == known[1]
    assert matching(Key("PUT", "/v3/vendors/0090"), known) is None
    assert matching(Key("GET", "/v3/vendors"), known) is None


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/v3/vendors/{}/archive", "/v3/vendors"),
        ("/v3/spend/users/current", "/v3/spend/users"),
        ("/v3/classifications/items", "/v3/classifications/items"),
        ("/connect-events/v3/subscriptions/{}", "/connect-events/v3/subscriptions"),
        ("/api/v2/Bulk/Crud/Create/Vendor.json", "/api/v2/*/Vendor.json"),
        ("/api/v2/Login.json", "/api/v2/*/Login.json"),
        ("llms.txt", "llms.txt"),
    ],
)
def test_operations_on_the_same_records_have_the_same_resource(path, resource):
    assert Key("GET", path).resource == resource
