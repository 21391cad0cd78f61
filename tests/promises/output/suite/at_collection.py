"""Secrets where pytest takes them before a test runs: parameters, ids, names, marks."""

import json
import os
import unittest

import pytest

VARIABLES = json.loads(os.environ["VARIABLES"])
ALL = {name: os.environ[variable] for name, variable in VARIABLES.items()}
VALUES = list(ALL.values())


class Plain:
    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"Plain <{self.value}>"


@pytest.mark.parametrize("value", VALUES)
def test_parameter(value):
    assert value == 1


@pytest.mark.parametrize("value", [each.encode() for each in VALUES])
def test_parameter_of_bytes(value):
    assert value == 1


@pytest.mark.parametrize("value", [{"a": each} for each in VALUES])
def test_parameter_in_a_dict(value):
    assert value == 1


@pytest.mark.parametrize(("left", "right"), [(each, [each]) for each in VALUES])
def test_two_parameters(left, right):
    assert left == right


@pytest.mark.parametrize("value", [Plain(each) for each in VALUES])
def test_parameter_that_is_an_object(value):
    assert not value


@pytest.mark.parametrize("value", [Plain(each) for each in VALUES], ids=repr)
def test_ids_by_a_function(value):
    pass


@pytest.mark.parametrize("value", range(len(VALUES)), ids=VALUES)
def test_ids(value):
    assert not value


@pytest.mark.parametrize("value", [pytest.param(1, id=f"is-{each}") for each in VALUES])
def test_own_ids(value):
    raise RuntimeError(value)


@pytest.mark.parametrize("value", VALUES, indirect=True)
def test_indirect(value):
    assert value == ""


@pytest.fixture
def value(request):
    return request.param


@pytest.fixture(params=VALUES)
def with_params(request):
    return request.param


def test_params_of_a_fixture(with_params):
    pass


@pytest.fixture(params=[1, 2], ids=VALUES[:2], scope="module")
def with_ids(request):
    return request.param


def test_ids_of_a_fixture(with_ids):
    pass


@pytest.fixture(name="of " + ALL["uuid"])
def with_a_name():
    return 1


@pytest.mark.usefixtures("of " + ALL["uuid"])
def test_name_of_a_fixture():
    pass


@pytest.fixture
def with_a_doc():
    return 1


with_a_doc.__doc__ = f"Gives {ALL['signed']} and {ALL['password']}."


def test_doc_of_a_fixture(with_a_doc):
    pass


@pytest.mark.usefixtures(ALL["key"])
def test_fixture_that_is_not_there():
    pass


@pytest.mark.skip(reason=f"since {ALL['phrase']} and {ALL['signed']}")
def test_skipped_by_a_mark():
    pass


@pytest.mark.skipif(True, reason=f"since {ALL['uuid']}")
def test_skipped_if():
    pass


@pytest.mark.xfail(reason=f"since {ALL['password']}")
def test_expected_by_its_mark():
    raise RuntimeError


@pytest.mark.xfail(raises=KeyError, reason=f"since {ALL['hex']}")
def test_expected_otherwise():
    raise RuntimeError(ALL["hex"])


@pytest.mark.own(ALL["dotted"], key=ALL["hex"])
def test_marked():
    pass


@pytest.mark.own(reason=ALL["mail"])
class TestMarked:
    def test_within(self):
        raise RuntimeError(ALL["mail"])


def failing():
    raise RuntimeError("x")


for name in ("uuid", "key", "signed", "password"):
    globals()[f"test_named_{ALL[name]}"] = failing
globals()["Test" + ALL["hex"]] = type("Test" + ALL["hex"], (), {"test_it": lambda self: 1 / 0})


class TestCase(unittest.TestCase):
    def test_of_a_case(self):
        self.assertEqual(VALUES, [])

    def test_parts(self):
        for each in VALUES:
            with self.subTest(each, token=each):
                self.assertEqual(each + "1", each + "2")

    def test_skipped_within(self):
        self.skipTest(f"since {ALL['key']}")

    @unittest.skip(f"since {ALL['signed']}")
    def test_skipped_by_a_decorator(self):
        pass

    def test_with_a_doc(self):
        raise ValueError(ALL["password"])

    test_with_a_doc.__doc__ = f"Is {ALL['password']}."

    def setUp(self):
        self.addCleanup(print, ALL["mail"])

    @classmethod
    def setUpClass(cls):
        print(ALL["number"])


class TestClassThatFails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError(ALL["signed"])

    def test_it(self):
        pass


def test_parts_of_pytest(subtests):
    for each in VALUES:
        with subtests.test(each, token=each):
            assert each + "1" == each + "2"


def in_an_example():
    """Show what there is.

    >>> import os
    >>> os.environ["BILL_PASSWORD"]
    'another'
    >>> print(os.environ["BILL_SPEND_API_TOKEN"])
    another
    >>> int(os.environ["BILL_DEV_KEY"])
    1
    """


def test_of_the_whole_environment():
    assert {name: value for name, value in os.environ.items() if name.startswith("BILL_")} == {}


def test_with_everything():
    everything = dict(os.environ)
    assert list(everything.values()) == []
