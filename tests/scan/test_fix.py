"""`pytest-bill scan --fix`: cassettes of vcrpy and pytest-recording, scrubbed and replayed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import vcr

from pytest_bill import real_files
from pytest_bill.cassettes import store, vcr_yaml, writer
from pytest_bill.interaction import Interaction
from tests.helpers.scanning import ACCOUNT, CARD, ROUTING, SECRET, TAX_ID, cassette, talk

CREDENTIAL_RULES = {
    "bill-dev-key",
    "bill-password",
    "bill-session-id",
    "bill-spend-api-token",
}


def held(path, secrets: dict[str, str]) -> list[str]:
    text = path.read_text()
    return [name for name, value in secrets.items() if value in text]


@pytest.mark.parametrize("name", ["plain.yaml", "plain.json"])
def test_a_cassette_of_plain_vcrpy(scan, by_vcrpy, bill, name):
    path, secrets = by_vcrpy(name)
    assert len(held(path, secrets)) == len(secrets)
    outcome = scan(name, "--format", "json")
    assert set(outcome.rules) >= CREDENTIAL_RULES | {"bank-account-number", "tax-id"}
    assert [value for value in secrets.values() if value in outcome.out] == []

    assert scan(name, "--fix").status == 0
    left = held(path, secrets)
    assert left == []
    fixed = path.read_bytes()
    again = scan(name, "--fix")
    assert (again.status, "fixed" in again.out) == (0, False)
    assert path.read_bytes() == fixed

    serializer = "json" if name.endswith("json") else "yaml"
    with vcr.use_cassette(str(path), serializer=serializer, record_mode="none") as played:
        assert talk(bill)["BILL_SESSION_ID"].startswith("PLACEHOLDER_")
        assert played.all_played


def test_the_result_replays_with_pytest_bill(scan, by_vcrpy, bill, pytester):
    path, _ = by_vcrpy()
    assert scan(path, "--fix").status == 0
    pytester.makepyfile(
        f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parents[1] / "helpers")!r})
        from scanning import ACCOUNT, talk
        from types import SimpleNamespace
        import pytest

        class Sandbox(SimpleNamespace):
            origin = {bill.origin!r}
            variables = {dict.fromkeys(bill.variables, "not-the-recorded-value")!r}

        @pytest.mark.bill_cassette("plain")
        def test_replay():
            assert talk(Sandbox())["BILL_SESSION_ID"].startswith("PLACEHOLDER_")
        """
    )
    (pytester.path / "cassettes").mkdir()
    (pytester.path / "cassettes/plain.yaml").write_bytes(path.read_bytes())
    (pytester.path / ".env").write_text(f"BILL_BASE_URL={bill.origin}\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*secrets in cassettes*")


@pytest.mark.nightly
def test_a_cassette_of_pytest_recording(scan, bill, pytester, tmp_path, all_plugins):
    pytester.makepyfile(
        test_it=f"""
        import json, sys
        sys.path.insert(0, {str(Path(__file__).parents[1] / "helpers")!r})
        from scanning import talk
        from types import SimpleNamespace
        import pytest

        @pytest.mark.vcr
        def test_talk():
            variables = json.load(open("variables.json"))
            secrets = talk(SimpleNamespace(origin={bill.origin!r}, variables=variables))
            json.dump(secrets, open("secrets.json", "w"))
        """
    )
    (pytester.path / "variables.json").write_text(json.dumps(bill.variables))
    run = ("-p", "no:randomly", "-p", "no:bill")
    pytester.runpytest_subprocess(*run, "--record-mode=once").assert_outcomes(passed=1)
    secrets = json.loads((pytester.path / "secrets.json").read_text())
    path = pytester.path / "cassettes/test_it/test_talk.yaml"
    assert len(held(path, secrets)) == len(secrets)
    assert set(scan(path, "--format", "json").rules) >= CREDENTIAL_RULES
    assert scan(path, "--fix").status == 0
    assert held(path, secrets) == []
    pytester.runpytest_subprocess(*run, "--block-network").assert_outcomes(passed=1)


def test_the_same_secret_gets_the_same_placeholder_in_all_cassettes(scan, tmp_path):
    first, second = SECRET, SECRET[::-1]
    cassette(tmp_path / "a.yaml", answer=json.dumps({"sessionId": first}))
    cassette(tmp_path / "b.yaml", answer=json.dumps({"sessionId": second, "memo": f"was {first}"}))
    cassette(tmp_path / "c.yaml", headers={"sessionId": [second]})
    assert scan(".", "--fix").status == 0
    texts = [(tmp_path / f"{letter}.yaml").read_text() for letter in "abc"]
    assert '"PLACEHOLDER_BILL_SESSION_ID"' in texts[0]
    assert 'was PLACEHOLDER_BILL_SESSION_ID"' in texts[1]
    assert "PLACEHOLDER_BILL_SESSION_ID_2" in texts[1]
    assert "PLACEHOLDER_BILL_SESSION_ID_2" in texts[2]


def test_bank_data_is_replaced_by_what_clients_accept(scan, tmp_path):
    bank = {"accountNumber": ACCOUNT, "routingNumber": ROUTING, "cardNumber": CARD}
    path = cassette(tmp_path / "a.yaml", json.dumps({**bank, "memo": f"account {ACCOUNT}"}))
    assert scan("a.yaml", "--fix").status == 0
    body = json.loads(store.load(path).interactions[0].body)
    assert body["accountNumber"] != ACCOUNT
    assert len(body["accountNumber"]) == len(ACCOUNT)
    assert body["memo"] == f"account {body['accountNumber']}"
    assert TAX_ID not in path.read_text()


def test_random_strings_of_other_services_are_replaced_too(scan, tmp_path):
    key = "ghp_" + "a1B2c3D4e5F6" * 3
    path = cassette(tmp_path / "a.yaml", json.dumps({"memo": f"use {key} for it"}))
    assert scan("a.yaml", "--format", "json").rules == ["github-token"]
    assert scan("a.yaml", "--fix").status == 0
    assert key not in path.read_text()


def test_packed_bodies_are_unpacked_and_scrubbed(scan, tmp_path):
    import gzip

    body = gzip.compress(json.dumps({"sessionId": SECRET}).encode())
    headers = {"content-encoding": ["gzip"], "content-length": [str(len(body))]}
    path = cassette(tmp_path / "a.yaml", answer=body, answer_headers=headers)
    assert scan("a.yaml", "--fix").status == 0
    [interaction] = store.load(path).interactions
    assert json.loads(interaction.answer_body) == {"sessionId": "PLACEHOLDER_BILL_SESSION_ID"}
    assert interaction.answer_headers == {"content-length": [str(len(interaction.answer_body))]}


def test_other_texts_are_never_touched(scan, tmp_path):
    (tmp_path / "a.env").write_text(f"BILL_DEV_KEY={SECRET}\n")
    (tmp_path / "b.json").write_text(json.dumps({"devKey": SECRET}))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    outcome = scan(".", "--fix")
    assert outcome.status == 1
    assert "fixed" not in outcome.out
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("broken", ["version: 2\n", "trap: !!python/object/apply:os.getcwd []\n"])
def test_what_cannot_be_fixed_stays_and_is_found(scan, tmp_path, broken):
    path = cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET}))
    text = path.read_text()
    if broken.startswith("trap"):
        path.write_text(text + broken)
    else:
        path.write_text(text.replace("request:", "request: &r\n  - x: 1\n  a:"))
        path.write_text(text.replace("uri:", "url:"))
    before = path.read_bytes()
    assert scan("a.yaml", "--fix").status == 1
    assert path.read_bytes() == before


def _without_uri(text: str) -> str:
    return text.replace("uri:", "url:")


@pytest.mark.parametrize(
    ("breaking", "why"),
    [
        (_without_uri, "interaction 1, request has no uri"),
        (
            lambda text: text + "trap: !!python/object/apply:os.getcwd []\n",
            "asks for a Python object",
        ),
        (
            lambda text: text.replace("headers: {}", "headers: [1]", 1),
            "request.headers is a list",
        ),
        (
            lambda text: text + "metadata:\n  devKey: " + SECRET[::-1] + "\n",
            "what is left stands where",
        ),
    ],
)
def test_what_cannot_be_fixed_says_why_and_not_to_fix_it_again(scan, tmp_path, breaking, why):
    path = cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET}))
    path.write_text(breaking(path.read_text()))
    assert "scan --fix" in scan("a.yaml").out
    outcome = scan("a.yaml", "--fix")
    assert outcome.status == 1
    assert f"note: a.yaml was not fixed: {why}" in outcome.out or why in outcome.out
    assert "run: pytest-bill scan --fix" not in outcome.out
    assert "record the cassette anew, or take the value out by hand" in outcome.out
    assert SECRET not in outcome.out


def test_a_parser_that_quotes_what_it_read_tells_nothing(scan, tmp_path):
    path = cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET}))
    path.write_text(path.read_text().replace("version: 1", f"version: !{SECRET} 1"))
    outcome = scan("a.yaml", "--fix")
    assert "a.yaml was not fixed: it has not the form of a cassette" in outcome.out
    assert SECRET not in outcome.out


def test_a_secret_in_the_metadata_stays_a_finding(scan, tmp_path):
    body = json.dumps({"sessionId": SECRET})
    cassette(tmp_path / "a.yaml", body, metadata={"note": {"devKey": SECRET[::-1]}})
    outcome = scan("a.yaml", "--fix", "--format", "json")
    assert outcome.status == 1
    assert outcome.rules == ["bill-dev-key"]
    assert SECRET not in (tmp_path / "a.yaml").read_text()


def test_a_failing_write_leaves_the_old_file_whole(scan, tmp_path, monkeypatch):
    path = cassette(tmp_path / "a.yaml", json.dumps({"sessionId": SECRET}))
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(real_files._System, "replace", refuse)
    outcome = scan("a.yaml", "--fix")
    assert outcome.status == 2
    assert "cannot be written: No space left on device" in outcome.out
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.yaml"]


def test_mode_links_and_comments_stay(scan, tmp_path):
    path = cassette(tmp_path / "real/a.yaml", json.dumps({"sessionId": SECRET}))
    path.write_text("# recorded by hand\n" + path.read_text())
    path.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(path)
    assert scan("link.yaml", "--fix").status == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text().startswith("# recorded by hand\n")
    assert SECRET not in path.read_text()


@pytest.mark.parametrize("name", ["mixed.yaml", "mixed.json"])
def test_interactions_of_several_environments_keep_what_is_told_of_each(scan, name, tmp_path):
    """The bodies are what the scan mends; who answered, when and how stays."""
    told = [
        {"answered_by": "production", "recorded_at": "2026-01-01T00:00:00Z"},
        {"answered_by": "local", "content_encoding": "gzip", "http_version": "HTTP/1.0"},
        {},
    ]
    body = json.dumps({"name": "a", "devKey": SECRET}).encode()
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    made = [Interaction("POST", url, {}, body, 200, "OK", {}, b"{}", **each) for each in told]
    text = writer.write(made, {"pytest_bill": {"environment": "mixed"}})
    path = tmp_path / name
    if name.endswith("json"):
        data = vcr_yaml.load(text.replace("2026-01-01T00:00:00Z", "'2026-01-01T00:00:00Z'"))
        path.write_text(json.dumps(data, indent=4))
    else:
        path.write_text(text)
    assert scan(name, "--fix").status == 0
    assert SECRET not in path.read_text()
    found = store.load(path)
    assert [
        {each: value for each in vcr_yaml.OWN_FIELDS if (value := getattr(interaction, each))}
        for interaction in found.interactions
    ] == told
    assert found.metadata == {"pytest_bill": {"environment": "mixed"}}
