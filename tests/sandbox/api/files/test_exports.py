"""Exports: the daily ones, and their files."""

import csv
import io
from datetime import timedelta

import pytest
import requests


def downloaded(caller, export):
    link = caller.get(f"/v3/exports/{export['exportId']}/download-link").json()["downloadLink"]
    answer = requests.get(link, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_what_the_shop_has_is_exported(developer):
    exports = {each["recordType"]: each for each in developer.get("/v3/exports").json()["results"]}
    assert {"VENDOR", "BILL", "PAYMENT"} <= exports.keys()
    rows = downloaded(developer, exports["VENDOR"])
    vendors = developer.get("/v3/vendors", params={"max": 100}).json()["results"]
    assert [row["id"] for row in rows] == [each["id"] for each in vendors]
    assert [row["name"] for row in rows] == [each["name"] for each in vendors]


def test_an_export_holds_the_records_of_its_day(sandbox, developer, login_body):
    only = {"filters": "recordType:eq:VENDOR"}
    (first,) = developer.get("/v3/exports", params=only).json()["results"]
    before = len(downloaded(developer, first))
    name = 'Größe, "quoted"\nin two lines'
    assert developer.post("/v3/vendors", vendor(name)).status_code == 201
    assert developer.get("/v3/exports", params=only).json()["results"] == [first]
    sandbox.advance(timedelta(days=1))
    developer.headers["sessionId"] = developer.post("/v3/login", login_body()).json()["sessionId"]
    _, second = developer.get("/v3/exports", params=only).json()["results"]
    assert len(downloaded(developer, first)) == before
    rows = downloaded(developer, second)
    assert (len(rows), rows[-1]["name"]) == (before + 1, name)


def vendor(name):
    return {
        "name": name,
        "accountType": "BUSINESS",
        "address": {
            "line1": "123 Main Street",
            "city": "San Jose",
            "zipOrPostalCode": "95002",
            "country": "US",
        },
    }


def test_unknown_exports(developer, console, codes):
    export_id = developer.get("/v3/exports").json()["results"][0]["exportId"]
    for caller, each in ((developer, "none"), (console, export_id)):
        answer = caller.get(f"/v3/exports/{each}/download-link")
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"max": 0}, "BDC_1129"), ({"filters": "recordType:eq:NONE"}, "BDC_1129")],
)
def test_refused_lists(developer, codes, params, expected):
    assert codes(developer.get("/v3/exports", params=params)) == [expected]
