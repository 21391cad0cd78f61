"""Whether bytes are a text."""

import pytest

from pytest_bill.scrubbing.search.utf8 import is_utf8


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", True),
        (b"plain", True),
        ("w\u00f6rd".encode(), True),
        ("w\u00f6rd".encode("latin-1"), False),
        ("word".encode("utf-16"), False),
    ],
)
def test_a_text_in_utf_8(data, expected):
    assert is_utf8(data) is expected
