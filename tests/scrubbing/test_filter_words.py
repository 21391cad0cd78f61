"""What says of itself that it was put in a secret's place."""

import pytest

from pytest_bill.scrubbing.filter_words import is_filtered


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "REDACTED",
            "[FILTERED]",
            "<DEV_KEY>",
            "{{token}}",
            "****",
            "XXXXXXXX",
            "dummy-key-1",
        ),
        *(
            "FakeToken",
            "PLACEHOLDER_BILL_DEV_KEY",
            "$BILL_DEV_KEY",
            "${KEY}",
            "test",
            "---",
            "key01FAKE",
        ),
    ],
)
def test_a_word_of_a_filter(value):
    assert is_filtered(value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "00800000000000000001",
            "0080123TEST4567FAKE8",
            "a",
            "contest",
            "Acme",
            "x" * 2,
            "hunter2hunter2",
        ),
        *("redacted" * 20, "latest-bills", "8f2aTESTb19c"),
    ],
)
def test_a_value(value):
    assert not is_filtered(value)
