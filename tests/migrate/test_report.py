"""The report: as text, with what is left last, and as JSON."""

from __future__ import annotations


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
