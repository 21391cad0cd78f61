"""unittest's assertions, made of hidden values where they fail."""
# ruff: noqa: PT009, PT027

import unittest

import pytest

from pytest_bill.hiding.of_unittest import hidden_assertions

SECRET = "secret-0123456789-and-more"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


@pytest.fixture
def case(monkeypatch):
    for name, method in hidden_assertions(hide).items():
        monkeypatch.setattr(unittest.TestCase, name, method)
    return unittest.TestCase()


FAIL = {
    "assertEqual": ("x" * 70 + SECRET, "x" * 70 + SECRET + "y"),
    "assertNotEqual": (SECRET, SECRET),
    "assertIn": (SECRET, ["a"]),
    "assertNotIn": (SECRET, [SECRET]),
    "assertDictEqual": ({"a": SECRET, "b": 1}, {"a": SECRET, "b": 2}),
    "assertListEqual": ([SECRET, 1], [SECRET, 2]),
    "assertTupleEqual": ((SECRET, 1), (SECRET, 2)),
    "assertSetEqual": ({SECRET}, {"a"}),
    "assertMultiLineEqual": (f"a\n{SECRET}\n", f"a\n{SECRET}y\n"),
    "assertCountEqual": ([SECRET], ["a"]),
    "assertRegex": (SECRET, "^x"),
    "assertIs": (SECRET, "a"),
    "assertTrue": ([], SECRET),
    "assertLess": (SECRET, "!"),
    "assertIsInstance": (SECRET, int),
    "assertIsNone": (SECRET,),
}


@pytest.mark.parametrize("name", FAIL)
def test_what_fails_shows_no_secret(case, name):
    with pytest.raises(AssertionError) as caught:
        getattr(case, name)(*FAIL[name])
    assert SECRET[:9] not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_passes_passes_with_its_own_values(case):
    case.assertEqual(SECRET, SECRET)
    case.assertIn(SECRET, {SECRET: 1})
    case.assertRegex(SECRET, "^secret-[0-9]+")


def test_what_would_pass_when_hidden_fails_all_the_same(case):
    with pytest.raises(AssertionError):
        case.assertNotEqual(SECRET, SECRET)
    with pytest.raises(AssertionError):
        case.assertEqual("***", SECRET)
    with pytest.raises(AssertionError):
        case.assertLess(SECRET, "a")


def test_a_value_that_can_be_read_once_fails_once(case):
    with pytest.raises(AssertionError):
        case.assertIn(SECRET, iter(["a"]))


def test_assertions_of_blocks_are_left_alone(case):
    with case.assertRaises(ValueError):
        int(SECRET)

    assert "assertRaises" not in hidden_assertions(hide)
    assert "assertLogs" not in hidden_assertions(hide)
    with pytest.raises(AssertionError), case.assertRaises(KeyError):
        pass


def test_no_frame_of_ours_is_shown(pytester, monkeypatch):
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    pytester.makepyfile(
        """
        import os, unittest

        class TestIt(unittest.TestCase):
            def test_it(self):
                self.assertEqual({"a": os.environ["BILL_PASSWORD"]}, {"a": 1})
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert "{'a': 'PLACEHOLDER_BILL_PASSWORD'} != {'a': 1}" in shown
    assert "of_unittest" not in shown
