"""Which file a cassette is."""

from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_bill.cassettes.naming import (
    cassette_by_name,
    cassette_of_fixture,
    cassette_of_test,
    parameter_label,
    sign_in_cassette,
)
from pytest_bill.exceptions import SettingsError


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("tests/test_a.py::test_b", "tests/test_a/test_b.yaml"),
        ("test_a.py::TestX::test_b", "test_a/TestX.test_b.yaml"),
        ("tests/test_a.py::test_b[one-2]", "tests/test_a/test_b-one-2.yaml"),
        ("tests/test_a.py::test_b[a b]", "tests/test_a/test_b-a_b-a7a58d9d52.yaml"),
        ("t.py::test[\u00fc]", "t/test-bea9350138.yaml"),
        ("t.py::test[]", "t/test-9f0602db76.yaml"),
        ("t.py::test[UP]", "t/test-up-4706b8aff4.yaml"),
        ("t.py::NUL", "t/NUL-ae6de1827c.yaml"),
        ("\u00fc/t.py::test", "_/t-41e33eae09/test.yaml"),
        ("../other/test_a.py::test_b", "parent/other/test_a/test_b.yaml"),
    ],
)
def test_names_are_stable(nodeid, name):
    assert str(cassette_of_test(nodeid)) == name


AWKWARD = ["", " ", "a/b", "..", "a\\b", "\u00fc", "\u65e5\u672c", "x" * 500, "A", "a", "a."]
AWKWARD += ["nul", "\n", "::", "[", "]", "a]b", "-", "_"]


@pytest.mark.parametrize("parameter", AWKWARD)
def test_any_parameter_gives_a_name_that_every_disk_can_hold(parameter):
    path = cassette_of_test(f"tests/test_a.py::test_b[{parameter}]")
    assert path.parent == PurePosixPath("tests/test_a")
    assert path.name.isascii()
    assert len(path.name) < 160
    assert not set('<>:"/\\|?*\n ') & set(path.name)


def test_no_two_parameters_share_a_name():
    names = [str(cassette_of_test(f"t.py::test[{each}]")).casefold() for each in AWKWARD]
    assert len(set(names)) == len(AWKWARD)
    assert str(cassette_of_test("t.py::test")).casefold() not in names


FOLDERS = ["a b", "a_b", "a-b", "\u00fc", "\u00f6", "_", "tests", "a.b"]


def test_no_two_folders_share_a_name():
    names = {str(cassette_of_test(f"{each}/t.py::test")).casefold() for each in FOLDERS}
    assert len(names) == len(FOLDERS)
    assert str(cassette_of_test("a b/t.py::test")).startswith("a_b/t-")
    assert all(name.isascii() for name in names)


NODE_NAMES = st.from_regex(r"(Test[A-Z]::)?test_[a-z_]{0,4}", fullmatch=True)
PARAMETERS = st.text(st.sampled_from("aAbB0-_. /\\[]:\u00e4\u00c4\u00df"), max_size=5)


@given(st.sets(st.tuples(NODE_NAMES, st.none() | PARAMETERS), max_size=30))
def test_no_two_tests_share_a_name_even_where_case_is_ignored(tests):
    ids = [f"t.py::{name}" + ("" if p is None else f"[{p}]") for name, p in tests]
    assert len({str(cassette_of_test(each)).casefold() for each in ids}) == len(ids)


@pytest.mark.parametrize("name", ["con", "NUL", "com1", ".hidden"])
def test_names_that_a_disk_keeps_for_itself_get_a_hash(name):
    stem = cassette_of_test(f"t.py::{name}").name.removesuffix(".yaml")
    assert stem.startswith(f"{name}-")


def test_sign_ins_and_fixtures():
    assert str(sign_in_cassette("developer_key")) == "sign_in/developer_key.yaml"
    fixture = cassette_of_fixture
    assert str(fixture("tests", "vendor", None)) == "tests/conftest/fixture.vendor.yaml"
    assert str(fixture("", "vendor", 1)) == "conftest/fixture.vendor-1.yaml"
    assert str(fixture("tests/test_a.py", "v", None)) == "tests/test_a/fixture.v.yaml"
    assert str(fixture("tests/test_a.py::TestX", "v", None)) == "tests/test_a/fixture.TestX.v.yaml"


def test_a_fixture_that_is_set_up_for_several_modules_or_classes():
    def of(baseid: str, scope_id: str) -> str:
        return str(cassette_of_fixture(baseid, "v", None, scope_id))

    own = "tests/test_a/fixture.v.yaml"
    assert of("tests/test_a.py", "tests/test_a.py") == own
    assert of("tests/test_a.py", "tests/test_a.py::TestX") == "tests/test_a/fixture.TestX.v.yaml"
    borrowed = {
        of("tests", "tests/test_a.py"),
        of("", "tests/test_a.py"),
        of("", "tests/test_b.py"),
    }
    assert len(borrowed | {own}) == 4


def test_a_fixture_that_another_one_of_the_same_place_overrides():
    own, overridden = (
        cassette_of_fixture("", "v", None, None, each) for each in ("", "acme.plugin.v")
    )
    assert str(own) == "conftest/fixture.v.yaml"
    assert str(overridden).startswith("conftest/fixture.v-")


class Colour(Enum):
    RED = 1


@dataclass
class Vendor:
    name: str
    tags: tuple[object, ...] = ()


STABLE = [1, True, None, "a", b"a", 1.5, (1, 2), [1, 2], {"n": [1]}, {"a", "b"}, Colour.RED]
STABLE += [Vendor("a"), Vendor("b"), Vendor("a", (Decimal(1),)), date(2026, 1, 1), Path("a")]
STABLE += [Vendor, test_names_are_stable]


def test_parameters_that_tests_give_are_told_apart_by_their_values_wherever_they_stand():
    labels = [parameter_label(0, each, None, "t.py::a[x]") for each in STABLE]
    assert len(set(labels)) == len(STABLE)
    assert labels == [parameter_label(7, copy(each), None, "t.py::b[y]") for each in STABLE]


def test_a_parameter_that_the_fixture_has_itself_is_told_by_its_place():
    own = [{"n": 1}, object(), "b"]
    assert [parameter_label(number, each, own, "") for number, each in enumerate(own)] == [
        "0",
        "1",
        "2",
    ]
    assert parameter_label(0, "b", own, "t.py::a") == "2"
    assert parameter_label(5, {"n": 1}, own, "t.py::a") == "0"
    assert parameter_label(0, "c", own, "t.py::a") not in ("0", "1", "2")


@pytest.mark.parametrize("value", [object(), lambda: None, [object()], {"a": object()}, {open}])
def test_what_has_no_value_to_tell_is_told_by_its_test(value):
    def label(index, nodeid):
        return parameter_label(index, value, None, nodeid)

    assert label(0, "t.py::a[x]") == label(0, "t.py::a[y]")
    assert len({label(0, "t.py::a"), label(1, "t.py::a"), label(0, "t.py::b")}) == 3


@pytest.mark.parametrize(
    ("name", "path"),
    [("a/b", "a/b.yaml"), ("a.yaml", "a.yaml"), ("a.yml", "a.yml"), ("a.b", "a.b.yaml")],
)
def test_names_of_markers(name, path):
    assert str(cassette_by_name(name)) == path


@pytest.mark.parametrize("name", ["", " ", "/etc/x", "../x", "a/../../x", "C:\\x", "a\\..\\b"])
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(SettingsError, match="bill_cassette"):
        cassette_by_name(name)
