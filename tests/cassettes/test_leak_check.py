"""The gate before the disk: no cassette with a secret is written, and the message says where."""

import base64
import gzip
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pytest_bill.cassettes import store
from pytest_bill.exceptions import SecretFound
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.public import is_public
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search.search import UNSEARCHABLE
from tests.promises.test_secrets_property import AROUND, CASES, SECRETS, TEXT_ENCODINGS, puts

SECRET = "k\u00e9y/with+all:sorts of=letters"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"
CLEAN = Interaction("GET", URL, {}, b"", 200, "OK")


def percent(text: str) -> str:
    return quote(text, safe="")


LEAKS = {
    "URL": replace(CLEAN, url=f"{URL}?q={percent(SECRET)}"),
    "request header X-Trace": replace(CLEAN, headers={"X-Trace": percent(percent(SECRET))}),
    "name of request header 1": replace(CLEAN, headers={SECRET: "1"}),
    "request body": replace(CLEAN, body=json.dumps({"a": SECRET}).encode()),
    "reason": replace(CLEAN, reason=SECRET),
    "name of response header 2": replace(CLEAN, answer_headers={"X": ["1"], SECRET: ["1"]}),
    "response header X-Part": replace(CLEAN, answer_headers={"X-Part": [SECRET[:9], SECRET[9:]]}),
    "response header Location": replace(
        CLEAN,
        answer_headers={"Location": ["/?to=" + base64.b64encode(SECRET.encode()).decode()]},
    ),
    "response body": replace(CLEAN, answer_body=gzip.compress(SECRET.encode())),
}


@pytest.mark.parametrize("place", LEAKS)
def test_a_secret_anywhere_writes_nothing_and_is_located(tmp_path, place):
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    path = tmp_path / "cassettes/a.yaml"
    with pytest.raises(SecretFound) as refused:
        store.save(path, store.Recording([CLEAN, LEAKS[place]]), registry.find)
    message = str(refused.value)
    assert f"the {place} of interaction 2 (GET /connect/v3/vendors) would hold" in message
    assert "PLACEHOLDER_X" in message
    assert SECRET not in message
    # Not even the folder, or a temporary file.
    assert not list(tmp_path.iterdir())


def test_a_body_that_only_its_header_says_how_to_unpack(tmp_path):
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    packed = replace(
        CLEAN,
        answer_headers={"Content-Encoding": ["br"]},
        answer_body=brotli.compress(json.dumps([SECRET] * 9).encode()),
    )
    with pytest.raises(SecretFound, match="the response body of interaction 1"):
        store.save(tmp_path / "a.yaml", store.Recording([packed]), registry.find)


def test_a_text_that_yaml_breaks_over_lines_is_searched_in_one(tmp_path):
    secret = "one two three " * 20 + "four"
    registry = SecretRegistry([("PLACEHOLDER_X", secret)])
    leak = replace(CLEAN, answer_body=f"\u00fc {secret}".encode())
    with pytest.raises(SecretFound, match="the response body"):
        store.save(tmp_path / "a.yaml", store.Recording([leak]), registry.find)


def test_metadata_is_searched(tmp_path):
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    recording = store.Recording([CLEAN], {"pytest_bill": {"note": [SECRET]}})
    with pytest.raises(SecretFound, match="its metadata would hold"):
        store.save(tmp_path / "a.yaml", recording, registry.find)


def test_the_files_own_path_is_searched_and_not_shown(tmp_path):
    registry = SecretRegistry([("PLACEHOLDER_X", "test-id-secret")])
    with pytest.raises(SecretFound, match="the path of its file") as refused:
        store.save(tmp_path / "a[test-id-secret].yaml", store.Recording([CLEAN]), registry.find)
    assert "test-id-secret" not in str(refused.value)
    assert "@pytest.mark.bill_cassette" in str(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("place", "leak"),
    [
        ("URL", replace(CLEAN, url=URL + "/line-secret")),
        ("method", replace(CLEAN, method="line-secret")),
    ],
)
def test_a_request_line_is_not_shown_where_it_holds_the_secret(tmp_path, place, leak):
    registry = SecretRegistry([("PLACEHOLDER_X", "line-secret")])
    with pytest.raises(SecretFound, match=f"the {place} of interaction 1 would hold") as refused:
        store.save(tmp_path / "a.yaml", store.Recording([leak]), registry.find)
    assert "line-secret" not in str(refused.value)


def test_what_grows_beyond_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_bill.scrubbing.search.budget.MOST_UNPACKED", 10_000)
    bomb = replace(CLEAN, answer_body=gzip.compress(bytes(20_000)))
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    with pytest.raises(SecretFound, match="cannot be searched"):
        store.save(tmp_path / "a.yaml", store.Recording([bomb]), registry.find)


@given(
    secret=SECRETS,
    before=AROUND,
    after=AROUND,
    encodings=st.lists(st.sampled_from(TEXT_ENCODINGS), max_size=2),
    put=puts(),
    number=st.integers(0, 40),
    randomness=st.randoms(use_true_random=False),
)
@settings(
    max_examples=CASES // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_was_not_scrubbed_is_not_written(
    secret, before, after, encodings, put, number, randomness
):
    """The places and encodings of the property-based test, with the gate alone to hold them back.

    Others were searched before by the same registry: what it knows of them lets nothing pass.
    """
    secret = secret.strip()
    assume(len(secret) >= 8 and len(set(secret)) >= 5 and not is_public(secret))
    written = before + secret + after
    for encoding in encodings:
        written = encoding.encode(written, lambda _: randomness.random() < 0.5)
    try:
        made = put[1](written)
    except UnicodeEncodeError:  # not in this charset
        assume(False)
    registry = SecretRegistry((f"PLACEHOLDER_{n}", f"secret number {n:03}") for n in range(number))
    registry.find(made.interaction.url)
    registry.find(made.interaction.answer_body)
    registry.add(secret, "PLACEHOLDER_X")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        innocent = [replace(CLEAN, url=f"{URL}/{n}", answer_body=b"{}") for n in range(3)]
        with pytest.raises(SecretFound):
            store.save(path, store.Recording([*innocent, made.interaction]), registry.find)
        assert not path.exists()


@pytest.mark.parametrize("encode", [bytes, gzip.compress, base64.b64encode])
def test_what_stands_for_a_body_that_was_given_up_is_not_written(tmp_path, encode):
    """Or a client would be answered with it, and two requests would be the same."""
    given_up = replace(CLEAN, answer_body=encode(UNSEARCHABLE.encode()))
    registry = SecretRegistry([("PLACEHOLDER_X", SECRET)])
    with pytest.raises(SecretFound, match=r"response body of interaction 1 .* cannot be searched"):
        store.save(tmp_path / "a.yaml", store.Recording([given_up]), registry.find)
    assert not list(tmp_path.iterdir())
