"""What a miss says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_bill.cassettes import store
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NotInCassette
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
VENDOR = {"name": "Ada", "address": {"city": "Houston", "zip": "77002"}, "tags": ["a", "b"]}


def request(method: str = "GET", path: str = "", body=None) -> Interaction:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    return Interaction(
        method, URL + path, headers, b"" if body is None else json.dumps(body).encode()
    )


def answered(asked: Interaction) -> Interaction:
    return replace(asked, status=200, reason="OK", answer_body=b"{}")


def told_in(lines: list[str]) -> list[str]:
    """The lines that tell of differences."""
    return [line.strip() for line in lines if line.startswith(("    - ", "    + "))]


@pytest.fixture
def miss(recorder, use):
    """Record some requests, ask for one, and give the lines that it is refused with."""

    def miss(recorded, asked, mode="none", **changes) -> list[str]:
        it = recorder()
        if recorded:
            with it.using(use()):
                for each in recorded:
                    it.serve(each, lambda each=each: answered(each))
        with it.using(use(mode, **changes)), pytest.raises(NotInCassette) as missed:
            it.ask(asked)
        return str(missed.value).split("\n")

    return miss


def test_where_there_is_no_cassette_it_says_so_and_how_to_record_it(miss, use):
    assert miss([], request()) == [
        "test_a.py::test_b: no recorded answer (record mode none).",
        f"  request: GET {URL}",
        f"  cassette: {use().path} does not exist.",
        "Record it: pytest test_a.py::test_b --bill-record-mode=once",
    ]


def test_a_path_below_the_working_folder_is_shown_from_there(miss, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert miss([], request())[2] == "  cassette: cassette.yaml does not exist."


def test_the_nearest_recorded_request_and_what_differs_are_named(miss, use):
    recorded = [
        request(path="?max=1&page=a"),
        request(path="?max=2&page=b"),
        request("DELETE", "/1"),
    ]
    assert miss(recorded, request(path="?max=2&page=c&sort=up")) == [
        "test_a.py::test_b: no recorded answer (record mode none).",
        f"  request: GET {URL}?max=2&page=c&sort=up",
        f"  cassette: {use().path}, 3 recorded.",
        f"  nearest: GET {URL}?max=2&page=b",
        "  differs (- recorded, + now):",
        "    - query page: b",
        "    + query page: c",
        "    + query sort: up",
        "Record it: pytest test_a.py::test_b --bill-record-mode=new_episodes",
    ]


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"name": "Grace"}, ["- body name: Ada", "+ body name: Grace"]),
        (
            {"address": {"city": "Austin", "zip": "77002"}},
            ["- body address.city: Houston", "+ body address.city: Austin"],
        ),
        ({"tags": ["a"]}, ["- body tags[1]: b"]),
        ({"new": None}, ["+ body new: null"]),
        ({"new": "(absent)"}, ['+ body new: "(absent)"']),
        (
            {"name": "Grace", "tags": ["b", "b"]},
            ["- body name: Ada", "+ body name: Grace", "- body tags[0]: a", "+ body tags[0]: b"],
        ),
        ({"name": "a\nb\x1b[1m"}, ["- body name: Ada", "+ body name: a\\u000ab\\u001b[1m"]),
    ],
)
def test_what_differs_within_a_body_is_named_by_its_field(miss, changes, differs):
    recorded = [request("POST", body=VENDOR), request("POST", body={"another": "thing"})]
    lines = miss(recorded, request("POST", body=VENDOR | changes))
    assert told_in(lines) == differs


@pytest.mark.parametrize(
    ("asked", "differs"),
    [
        (request("PUT"), ["- method: GET", "+ method: PUT"]),
        (
            request(path="/1"),
            ["- path: /connect/v3/vendors", "+ path: /connect/v3/vendors/1"],
        ),
        (
            replace(request(), url=URL.replace("gateway.stage", "files")),
            ["- host: gateway.stage.bill.com", "+ host: files.bill.com"],
        ),
    ],
)
def test_another_method_path_or_host_is_named(miss, asked, differs):
    assert told_in(miss([request()], asked)) == differs


@pytest.mark.parametrize(
    "asked", [request("POST", "/1", VENDOR), request("PUT", "", VENDOR), request("GET", "/1?a=1")]
)
def test_what_is_sent_to_another_path_or_by_another_method_is_not_compared(miss, asked):
    recorded = [request("POST", body={"name": "Grace"}), request("GET", "?b=1")]
    told = told_in(miss(recorded, asked))
    assert {each.split(":")[0][2:] for each in told} <= {"method", "path"}
    assert told


def test_many_differences_are_not_all_told(miss):
    many = {f"field{number}": number for number in range(20)}
    lines = miss([request("POST", body=VENDOR)], request("POST", body=VENDOR | many))
    assert len(told_in(lines)) == 8
    assert "    … and 12 more" in lines


def test_an_answer_that_was_played_is_named_as_such(recorder, use):
    it = recorder()
    with it.using(use()):
        it.serve(request(), lambda: answered(request()))
    with it.using(use("none")):
        it.ask(request())
        with pytest.raises(NotInCassette) as missed:
            it.ask(request())
    assert "  differs: nothing; each recorded answer was already played.\n" in str(missed.value)


def test_an_id_of_another_recording_of_a_fixture_is_told(recorder, use, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    old, new = "009YPGIXQMILBI5ETYEL", "009PNZPFA3ELNI4D5FYR"
    wide = use("none", name="fixture.vendor.yaml", fixture="vendor")
    told = replace(
        answered(request()),
        answer_body=json.dumps({"id": new}).encode(),
        answer_headers={"Content-Type": ["application/json"]},
    )
    store.save(wide.path, store.Recording([told]), lambda _: None)
    store.save(use().path, store.Recording([answered(request(path=f"/{old}"))]), lambda _: None)
    it = recorder()
    of_fixture = it.open(wide)
    it.ask(request())
    it.suspend(of_fixture)
    user = use("none", fixtures=frozenset({"vendor"}))
    with it.using(user), pytest.raises(NotInCassette) as missed:
        it.ask(request(path=f"/{new}"))
    assert str(missed.value).split("\n")[-2:] == [
        f"  {new} is what fixture.vendor.yaml tells: this test was recorded with another recording "
        "of it.",
        "Record both anew: pytest test_a.py::test_b --bill-record-mode=all",
    ]


def test_no_secret_of_the_request_is_told(miss):
    secret = "a-session-id-of-some-length"
    asked = request("POST", f"?sessionId={secret}", {"password": secret, "name": "Grace"})
    lines = miss([request("POST", "?sessionId=another-session-id", VENDOR)], asked)
    assert secret not in "\n".join(lines)
    assert "another-session-id" not in "\n".join(lines)
    assert "    + body name: Grace" in lines


def test_what_the_local_sandbox_answered_is_recorded_from_it_again(recorder, use):
    local = recorder(at_origin("http://127.0.0.1:8080", "local"))
    asked = replace(request(), url="http://127.0.0.1:8080/connect/v3/vendors")
    server = {"Server": ["pytest-bill-sandbox"]}
    with local.using(use()):
        local.serve(asked, lambda: replace(answered(asked), answer_headers=server))
    commands = []
    for command in ("pytest test_a.py", "pytest test_a.py --bill-environment=local"):
        with local.using(use("none", record_command=command)):
            with pytest.raises(NotInCassette) as missed:
                local.ask(replace(asked, method="PUT"))
            commands.append(str(missed.value).split("\n")[-1])
    told = "Record it: pytest test_a.py --bill-environment=local --bill-record-mode=new_episodes"
    assert commands == [told, told]


def test_the_line_beside_a_test(recorder, use):
    it = recorder()
    with it.using(use()):
        it.serve(request(path="?max=1"), lambda: answered(request(path="?max=1")))
    with it.using(use("none")):
        it.ask(request(path="?max=1"))
        for path, why in (
            ("?max=1", "was played before, as often as it was recorded"),
            ("?max=2", "was not recorded"),
            (f"?token={'x' * 30}", "was not recorded"),
        ):
            with pytest.raises(NotInCassette) as missed:
                it.ask(request(path=path))
            shown = path if "token" not in path else "?token=PLACEHOLDER_BILL_TOKEN"
            assert missed.value.summary == f"GET /v3/vendors{shown} {why}"


def test_what_its_test_may_have_been_called_is_told_where_there_is_no_cassette(miss):
    lines = miss([], request(), renamed=lambda: "renamed? this looks like a.py::test_a")
    assert lines[3] == "  renamed? this looks like a.py::test_a"
    assert "renamed" not in str(miss([request()], request("PUT"), renamed=lambda: "renamed?"))
