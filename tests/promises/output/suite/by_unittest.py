"""What unittest and mock compare."""

import dataclasses
import logging
import unittest
from unittest import mock

case = unittest.TestCase()
case.maxDiff = None
short = unittest.TestCase()
rows = [f"row {number} of many, and so on" for number in range(60)]


@dataclasses.dataclass
class Grant:
    name: str
    value: object
    when: int = 0


def test_equal(secret):
    case.assertEqual(secret, "another")


def test_equal_shortened(secret):
    short.assertEqual(secret + "1", secret + "2")


def test_equal_shortened_after_much(secret):
    short.assertEqual("x" * 90 + secret + "1", "x" * 90 + secret + "2")


def test_equal_lines(secret):
    case.assertEqual(f"a\n{secret}\n", f"a\n{secret}!\n")


def test_equal_lines_shortened(secret):
    short.assertMultiLineEqual("\n".join([*rows, secret]), "\n".join([secret, *rows]))


def test_equal_lists(secret):
    case.assertListEqual([1, secret], [1, 2])


def test_equal_tuples(secret):
    short.assertTupleEqual((1, secret), (1, 2))


def test_equal_dicts(secret):
    case.assertDictEqual({"a": secret}, {"a": 1})


def test_equal_sets(secret):
    case.assertSetEqual({secret}, {1})


def test_equal_dataclasses(secret):
    case.assertEqual(Grant("a", secret), Grant("a", secret + "1"))


def test_equal_bytes(secret):
    case.assertEqual(secret.encode(), secret.encode() + b"1")


def test_counted(secret):
    case.assertCountEqual([secret, secret], [1])


def test_sequences(secret):
    case.assertSequenceEqual((secret, 1), [1, secret])


def test_member(secret):
    case.assertIn(secret, ["a"] * 3)


def test_no_member(secret):
    case.assertNotIn(secret, [*rows, secret])


def test_no_none(secret):
    case.assertIsNone(secret)


def test_instance(secret):
    case.assertIsInstance(secret, int)


def test_same(secret):
    case.assertIs(secret, [])


def test_regex(secret):
    case.assertRegex(secret, r"^\W+$")


def test_greater(secret):
    case.assertGreater("", secret)


def test_own_message(secret):
    case.assertTrue(False, f"it was {secret}")


def test_raised_regex(secret):
    with case.assertRaisesRegex(ValueError, "another"):
        raise ValueError(secret)


def test_no_logs(secret):
    with case.assertNoLogs():
        logging.getLogger("own").error("is %s", secret)


def test_almost_equal_number(secret):
    case.assertAlmostEqual(int(secret), 1)


def test_called(secret):
    called = mock.Mock()
    called(secret, key=[secret])
    called.assert_called_with("x")


def test_not_called(secret):
    called = mock.Mock(name="send")
    called.send(secret)
    called.send.assert_not_called()


def test_calls(secret):
    called = mock.MagicMock()
    called(secret)
    called.assert_has_calls([mock.call("x"), mock.call(token=secret)])


def test_call_args(secret):
    called = mock.Mock()
    called({"token": secret})
    assert called.call_args_list == [mock.call({})]
