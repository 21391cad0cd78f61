"""What is shown holds no secret, whatever the file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.viewing.hidden import Hidden
from tests.helpers.recorded import recorded

SECRET = "s3ss10n-0f-s0me-l3ngth-xyz"
OWN = sorted((Path(__file__).parents[2] / "cassettes").rglob("*.yaml"))


def test_a_secret_is_hidden_where_it_stands_and_elsewhere():
    first = recorded("GET", "/v3/vendors", {"note": SECRET})
    second = recorded("GET", "/v3/vendors", {}, headers={"sessionId": SECRET})
    hidden = Hidden([first, second])
    assert len(hidden) == 2
    assert SECRET.encode() not in hidden[0].answer_body
    assert hidden[1].headers["sessionId"].startswith("PLACEHOLDER_")
    assert hidden.had_secrets


def test_an_url_alone():
    leaky = recorded("GET", f"/v3/vendors?sessionId={SECRET}", {})
    assert SECRET not in Hidden([leaky]).url(0)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_what_we_recorded_is_shown_as_it_is(path):
    recording = store.load(path)
    assert recording is not None
    hidden = Hidden(recording.interactions)
    for number, each in enumerate(recording.interactions):
        assert hidden[number] == readable(each)
        assert hidden.url(number) == each.url
    assert not hidden.had_secrets
