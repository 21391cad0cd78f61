"""Which cassette each user gets, and in which record mode."""

from __future__ import annotations

import pytest

from pytest_bill.exceptions import SettingsError


def test_the_cassette_of_a_test(made, tmp_path):
    use = made().cassettes.of_test("tests/test_a.py::test_b", (), {})
    assert use.path == tmp_path / "cassettes/tests/test_a/test_b.yaml"
    assert (use.record_mode, use.shared) == ("none", False)
    assert use.record_command == "pytest tests/test_a.py::test_b"


def test_the_cassette_that_a_marker_names(made, tmp_path):
    use = made().cassettes.of_test("t.py::a[1 2]", ("shared/one",), {"record_mode": "once"})
    assert use.path == tmp_path / "cassettes/shared/one.yaml"
    assert (use.record_mode, use.shared) == ("once", True)
    assert use.record_command == "pytest 't.py::a[1 2]'"


def test_the_cassette_of_a_fixture(made, tmp_path):
    use = made({"record_mode": "all"}).cassettes.of_fixture(
        "tests", "vendor", None, "tests/t.py::a"
    )
    assert use.path == tmp_path / "cassettes/tests/conftest/fixture.vendor.yaml"
    assert use.record_mode == "all"
    assert "fixture vendor" in use.owner


@pytest.mark.parametrize("is_final", [True, False])
def test_only_a_mode_from_the_command_line_is_final(made, is_final):
    run = made({"record_mode": "all"}, record_mode_is_final=is_final)
    use = run.cassettes.of_test("t.py::a", (), {"record_mode": "once"})
    assert use.record_mode == ("none" if is_final else "once")
    assert run.record_mode == ("none" if is_final else "all")


def test_a_marker_cannot_reach_production(made):
    run = made(environment_name="production")
    with pytest.raises(SettingsError, match="--bill-allow-production"):
        run.cassettes.of_test("t.py::a", (), {"record_mode": "once"})


def test_a_marker_cannot_record_in_ci(made):
    cassettes = made(in_ci=True).cassettes
    with pytest.raises(
        SettingsError, match=r"^@pytest.mark.bill_cassette on t.py::a has record_mode"
    ):
        cassettes.of_test("t.py::a", (), {"record_mode": "once"})
    assert cassettes.of_test("t.py::a", (), {}).record_mode == "none"


def test_a_marker_cannot_start_the_local_sandbox_late(made):
    run = made(environment_name="local")
    with pytest.raises(SettingsError, match="Give it on the command line"):
        run.cassettes.of_test("t.py::a", (), {"record_mode": "once"})
