"""The report: as text, with what is left last, and as JSON."""

from __future__ import annotations

import pytest


@pytest.mark.nightly
def test_the_json_has_all_of_it(suites):
    suites.copy("plain")
    planned = suites.planned()
    assert planned["applied"] is False
    assert planned["rootdir"] == str(suites.folder)
    assert planned["left_to_do"] is True
    own = planned["cassettes"][2]
    assert own["tests"] == [
        "tests/test_plain.py::test_with_its_own_vcr[1]",
        "tests/test_plain.py::test_with_counts",
    ]
    assert (own["from"], own["old"]) == ("vcrpy", ["fixtures/cassettes/own.yaml"])
    assert (own["new"], own["name"]) == ("cassettes/fixtures/own.yaml", "fixtures/own")
    assert (own["state"], own["interactions"], own["other_hosts"]) == ("write", 2, {})
    (change,) = planned["changes"]
    assert change["file"] == "tests/test_plain.py"
    assert change["diff"].startswith("--- a/tests/test_plain.py\n+++ b/tests/test_plain.py\n")
    settings = {each["setting"]: each for each in planned["settings"]}
    assert set(settings) == {"use_cassette", "filter_headers", "filter_post_data_parameters"}
    assert settings["use_cassette"]["where"] == "tests/test_plain.py:37"
    assert (planned["unused"], planned["kept"], planned["not_collected"]) == ([], [], "")
    assert suites.planned("--apply")["applied"] is True
    assert suites.planned("--apply")["applied"] is False


@pytest.mark.nightly
def test_a_diff_shows_no_secret(suites):
    suites.write("pytest.ini", "")
    suites.write(".env", "BILL_DEV_KEY=01SOMEDEVKEYOFOURS77\n")
    code = (
        "import pytest\n\n\n@pytest.mark.vcr\ndef test_one():\n    key = '01SOMEDEVKEYOFOURS77'\n"
    )
    suites.write("tests/test_a.py", code)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    _, out, _ = suites.migrate()
    assert "     key = 'PLACEHOLDER_BILL_DEV_KEY'\n" in out
    assert "01SOMEDEVKEYOFOURS77" not in out + str(suites.planned())
    suites.migrate("--apply")
    assert b"key = '01SOMEDEVKEYOFOURS77'" in suites.files()["tests/test_a.py"]
