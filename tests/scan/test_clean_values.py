"""The first look: whatever it leaves out, a closer one finds nothing in it either."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_bill.cassettes import reader
from pytest_bill.scan import clean_values, rules
from pytest_bill.scan.body_values import values_of_body
from pytest_bill.scan.clean_values import LONGEST_RUN, CleanValues
from pytest_bill.scan.detect_secrets import Engine
from pytest_bill.scan.needs import IN_RUN, needs_of
from pytest_bill.scan.scanner import Scanner
from tests.helpers.scanning import ACCOUNT, CARD, SECRET, cassette

ENGINE = Engine()
FORMS = (
    *(SECRET, CARD, ACCOUNT, f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}"),
    *("AKIAQ3EGT5QLFXKD7W2B", "xoxb-1-a", "-----BEGIN PRIVATE KEY-----"),  # pytest-bill: allow
    *(f"Bearer {SECRET}", f"https://kate:{SECRET}@acme.io/", json.dumps({"devKey": SECRET})),
    *(f"my devKey: {SECRET}, as it stands in the settings", f"a?sessionId={SECRET}"),
    *("please use devKey: Ka7!rt5w for the time being", f"two lines:\n{SECRET}"),
    *("accounting1@acme-trading.example.com", f"{CARD}@acme.io", f"a{CARD}@acme.io"),
    *("a@xoxs-1-a.io", f"kate@{SECRET.lower()}.io", f"kate+{CARD}@acme.io"),
    *("00901ABCDEFGHJKLMNOP", "Acme & Sons, 12 Main Street", "2026-11-20T01:40:19.531+00:00"),
)
NAMES = ("name", "id", "email", "nextPage", "devKey", "sessionId", "accountNumber", "memo")
PIECES = st.one_of(
    st.sampled_from(FORMS),
    st.text('aZ09 -_.:=%/+"\\{[\n~k', max_size=30),
    st.text(max_size=8),
    st.integers(-(10**18), 10**18),
    st.sampled_from([True, None, 12.5, int(CARD)]),
)
MADE_UP = re.compile(r"[a-z]{13}-tokens\.io")
VALUES = st.one_of(PIECES, st.tuples(PIECES, PIECES).map(lambda two: f"{two[0]}{two[1]}"))
BODIES = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)


def check(bodies: list, folder) -> None:
    """One scanner looks at all, and remembers; the other one looks closely at each."""
    fast, close = Scanner(ENGINE, read=reader.reader_of_many()), Scanner(ENGINE)
    for body in bodies:
        path = cassette(folder / "a.yaml", answer=json.dumps({"all": body}))
        raw = path.read_bytes()
        assert fast.scan(raw).hits == close.scan(raw).hits


def examples(most: int) -> settings:
    return settings(
        max_examples=most,
        deadline=timedelta(seconds=30),
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@examples(25)
@given(bodies=st.lists(BODIES, min_size=1, max_size=3))
def test_nothing_is_lost(bodies, tmp_path):
    check(bodies, tmp_path)


@pytest.mark.nightly
@examples(2_000)
@given(bodies=st.lists(BODIES, min_size=1, max_size=3))
def test_nothing_is_lost_in_thousands(bodies, tmp_path):
    check(bodies, tmp_path)


def loud(data, clean: CleanValues | None = None, lookup=rules.by_field) -> list[str] | None:
    clean = clean or CleanValues()
    sure = clean.loud_in(json.dumps(data).encode(), lookup)
    return None if sure is None else [each.value for each in (*sure, *clean.loud_in_rest())]


@pytest.mark.parametrize("value", FORMS)
def test_what_may_hold_something_gets_a_closer_look(value):
    clean = CleanValues()
    close = values_of_body(json.dumps([value]), "application/json", rules.by_field)
    hits = [*rules.by_form(value), *ENGINE.find([("", value)])]
    hits += [each for each in close if each.rule is not None]
    if hits and not loud([value], clean):
        rest = "\n".join(clean.short_runs)
        addresses = "\n".join(clean.addresses)
        found = ENGINE.may_find_in(rest, LONGEST_RUN) or ENGINE.may_find_in(addresses)
        assert found or "PRIVATE KEY" in rest


def test_what_is_left_out():
    assert loud({"name": "Acme & Sons, 12 Main Street", "id": "00901ABCDEFGHJKLMNOP"}) == []
    assert loud({"at": "2026-11-20T01:40:19.531+00:00", "paid": True, "by": None, "sum": 1}) == []
    assert loud({"mail": "accounting1@acme-trading-and-so-on.example.com"}) == []
    assert loud({"name": SECRET, "number": int(CARD)}) == [CARD, SECRET]


def test_mail_addresses_are_shown_to_all_detectors(monkeypatch, tmp_path):
    path = cassette(tmp_path / "a.yaml", answer='{"mail": "kate@acmemaderight-tokens.io"}')
    engine = Engine()
    assert Scanner(engine, read=reader.reader_of_many()).scan(path.read_bytes()).hits == []
    detector = engine._detectors[0][1]
    detector.needs, detector._patterns = [needs_of(MADE_UP)], [MADE_UP]
    (hit,) = Scanner(engine, read=reader.reader_of_many()).scan(path.read_bytes()).hits
    assert hit.value == "acmemaderight-tokens.io"
    assert detector.needs[0].run > LONGEST_RUN


def test_whatever_is_below_the_name_of_a_secret_gets_a_closer_look():
    assert loud({"devKey": {"value": "short"}}) is None
    assert loud({"devKey": ["short"]}) is None
    assert loud({"devKey": "short", "sessionId": None}) == ["short"]
    assert loud({"x" * 41: 1}) is None


@pytest.mark.parametrize("body", [b"no JSON", b"[", b'{"a": 1} 2', b"\xff", b'"text"', b""])
def test_what_is_no_json_gets_a_closer_look(body):
    assert CleanValues().loud_in(body, rules.by_field) is None


def test_what_was_clean_is_left_out_afterwards_and_what_was_not_is_not():
    clean = CleanValues()
    assert loud({"name": SECRET}, clean) == [SECRET]
    clean.forget()
    assert loud({"name": SECRET}, clean) == [SECRET]
    clean.keep()
    assert loud({"name": SECRET}, clean) == []
    assert loud({"memo": SECRET}, clean) == [SECRET]
    assert loud({"name": SECRET}, clean, rules.by_field_of_sign_in) == [SECRET]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(clean_values, "_MOST_KEPT", 50)
    clean = CleanValues()
    for number in range(500):
        clean.met.append(("Date", str(number)))
        clean.met_url(f"https://a.bill.com/{number}", (rules.by_field, rules.by_field))
        loud({f"name {number}": f"Acme number {number}"}, clean)
        clean.keep()
    bodies = clean._bodies[rules.by_field]
    kept = (clean.known, clean._lookups, bodies._known, bodies._names)
    assert max(map(len, kept)) < 60


def test_ids_in_the_path_of_a_url_do_not_make_it_new():
    clean, lookups = CleanValues(), (rules.by_field, rules.by_field)
    url = "https://gateway.stage.bill.com/connect/v3/vendors/{}/bank-account?max=2"
    clean.met_url(url.format("00901ABCDEFGHJKLMNOP"), lookups)
    clean.keep()
    assert clean.lookups_of(url.format("0090100000000000000A")) == lookups
    assert clean.short_runs == ["0090100000000000000A"]
    assert clean.lookups_of(url.format(SECRET)) is None
    assert clean.lookups_of(url.format("00901ABCDEFGHJKLMNOP") + "#a") is None


def test_a_line_that_needs_no_closer_look_has_no_long_run():
    run = re.compile(f"[{IN_RUN}]{{13,}}")
    for line in ("a" * 12, "a" * 13, "ab-cd.ef+gh~ij", "x" * 5 + "/" + "y" * 9):
        assert bool(clean_values._LOUD.search("\n" + line)) is bool(run.search(line))
