"""Base64 over several lines: one thing wrapped, or one thing a line."""

import base64
import textwrap

import pytest

from pytest_bill.scrubbing.containers import base64_runs
from pytest_bill.scrubbing.registry import SecretRegistry

SECRET = "008FGP7TUVX2R6NDAGWP"
PLACEHOLDER = "PLACEHOLDER_BILL_ORGANIZATION_ID"


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def hide():
    others = [(f"PLACEHOLDER_{n}", f"another-secret-{n}" * n) for n in (1, 2, 3)]
    return SecretRegistry([(PLACEHOLDER, SECRET), *others]).hide


@pytest.mark.parametrize("pad", ["", "x:", "xy", "a longer beginning of "])
@pytest.mark.parametrize("end", ["", "=", " and a longer end of it"])
def test_one_thing_a_line(hide, pad, end):
    things = ["another-secret-1", f"{pad}{SECRET}{end}", "another-secret-2" * 2, f"{SECRET}"]
    hidden = hide("\n".join(in_base64(thing) for thing in things))
    for line in hidden.splitlines():
        plain = base64.b64decode(line).decode()
        assert "PLACEHOLDER_" in plain
        assert SECRET not in plain
        assert "another-secret" not in plain


@pytest.mark.parametrize("width", [12, 20, 64, 76])
def test_one_thing_over_several_lines(hide, width):
    whole = in_base64(f"{'before ' * 9}{SECRET}{' after' * 9}")
    hidden = hide("\n".join(textwrap.wrap(whole, width)))
    plain = base64.b64decode(hidden).decode()
    assert SECRET not in plain
    assert PLACEHOLDER in plain


def test_lines_of_one_width_are_one_run_and_others_are_not():
    wrapped = b"\n".join([b"/path/" + b"A" * 20, b"B" * 20, b"C" * 20, b"D" * 12])
    items = b"\n".join([b"A" * 20, b"B" * 24, b"C" * 28, b"D" * 12])
    assert len(base64_runs(wrapped)) == 1
    assert len(base64_runs(items)) == 4
