"""The settings of a run, and where each comes from: told by pytest itself."""

from __future__ import annotations

import pytest


@pytest.fixture
def settings(doctor):
    """The settings by name, and the exit status."""

    def settings(*arguments: str):
        status, report = doctor(*arguments)
        return {each["name"]: each for each in report["settings"]}, status

    return settings


def told(setting) -> str:
    return "\n".join(f"{each['what']} {each['then']}" for each in setting["findings"])


def test_each_place_that_a_setting_may_stand_in(settings, project, monkeypatch, env_file):
    env_file(BILL_SYNC_SIGN_IN="v2")
    (project / "pytest.ini").write_text(
        "[pytest]\nbill_max_age = 90d\naddopts = --bill-record-mode=once\n"
        "bill_prove = false\nbill_strict = true\n"
    )
    monkeypatch.setenv(
        "PYTEST_ADDOPTS", "--bill-cassette-dir=taped --bill-no-scan -o bill_stale=fail"
    )
    monkeypatch.setenv("BILL_ENVIRONMENT", "local")
    found, status = settings()
    assert status == 0
    shown = {name: (each["value"], each["source"]) for name, each in found.items()}
    assert shown == {
        "environment": ("local", "environment"),
        "base_url": ("the run's own sandbox", "default"),
        "record_mode": ("once", "addopts of pytest.ini:3"),
        "cassette_dir": ("taped", "PYTEST_ADDOPTS"),
        "env_file": (".env", "default"),
        "sign_in": ("sync=v2", str(project / ".env")),
        "sync_sign_in": ("v2", str(project / ".env")),
        "block_network": ("no", "default"),
        "strict": ("yes", "pytest.ini:5"),
        "max_age": ("90d", "pytest.ini:2"),
        "stale": ("fail", "-o in PYTEST_ADDOPTS"),
        "prove": ("no", "pytest.ini:4"),
        "scan": ("no", "PYTEST_ADDOPTS"),
    }


@pytest.mark.nightly
def test_how_each_credential_signs_in(settings, project, monkeypatch, env_file):
    found, _ = settings()
    usual = "developer=v3, sync=v3, console=v2, spend=token"
    assert (found["sign_in"]["value"], found["sign_in"]["source"]) == (usual, "default")
    assert "sync_sign_in" not in found
    env_file(BILL_SIGN_IN="spend=oauth,console=v3")
    (project / "pytest.ini").write_text("[pytest]\nbill_sign_in = developer=oauth, spend=token\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-sign-in=sync=v2 --bill-sign-in=console=v2")
    found, status = settings()
    assert status == 0
    ways = set(found["sign_in"]["value"].split(", "))
    assert ways == {"sync=v2", "console=v2", "spend=oauth", "developer=oauth"}
    sources = f"PYTEST_ADDOPTS, {project / '.env'}, pytest.ini:2"
    assert found["sign_in"]["source"] == sources


@pytest.mark.nightly
def test_a_way_that_there_is_not_is_told_without_a_secret(settings, project, env_file):
    (project / "pytest.ini").write_text("[pytest]\nbill_sign_in = developr=oauth\n")
    found, status = settings()
    assert status == 1
    assert "bill_sign_in (pytest.ini:2) names 'developr'" in told(found["sign_in"])
    assert "Did you mean developer=oauth?" in told(found["sign_in"])
    (project / "pytest.ini").unlink()
    env_file(BILL_SIGN_IN="hunter2hunter2")
    found, status = settings("--online")
    assert status == 1
    assert "BILL_SIGN_IN" in told(found["sign_in"])
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("environ", "value", "expected"),
    [
        ({"BILL_OAUTH_URL": "https://auth.example.com/token"}, "https://auth.example.com", ""),
        ({"BILL_OAUTH_URL": "http://auth.example.com/token"}, "(not shown)", "unencrypted"),
        (
            {
                "BILL_OAUTH_URL": "https://auth.stage.bill.com/authx/token",
                "BILL_ENVIRONMENT": "production",
            },
            "(not shown)",
            "leads to BILL's sandbox",
        ),
    ],
)
@pytest.mark.sampled(3)
def test_the_address_of_tokens(settings, env_file, environ, value, expected):
    env_file(environ)
    found, status = settings()
    assert found["oauth_url"]["value"] == value
    assert expected in told(found["oauth_url"])
    assert status == bool(expected)


def test_wrong_values_are_told_with_their_places(settings, project, env_file):
    env_file(BILL_ENVIRONMENT="prod", BILL_BASE_URL="gateway.stage.bill.com/s3cret-path")
    (project / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\nbill_record_mode = 'onec'\nbill_max_age = '90 days'\n"
    )
    found, status = settings()
    assert status == 1
    assert "bill_record_mode (pyproject.toml:2)" in told(found["record_mode"])
    assert "It must be one of: none, once, new_episodes, all." in told(found["record_mode"])
    assert "90 days" in told(found["max_age"]) or "bill_max_age" in told(found["max_age"])
    assert "BILL_BASE_URL has no scheme, and is not an http(s) address" in told(found["base_url"])
    assert f"It is set in {project / '.env'}." in told(found["base_url"])
    assert "s3cret-path" not in str(found)


@pytest.mark.nightly
def test_a_secret_in_the_place_of_a_setting_is_not_shown(settings, env_file):
    env_file(BILL_ENVIRONMENT="hunter", BILL_BASE_URL="https://bill.example.com/4d5f6a7b")
    found, status = settings("--online")
    assert status == 1
    assert found["base_url"]["value"] == "https://bill.example.com"
    assert found["environment"]["value"] == "(not shown)"
    assert "hunter" not in str(found)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:8080/bill", "has a path behind http://127.0.0.1:8080"),
        ("https://api-stage.bill.com", "v3 lies at https://gateway.stage.bill.com"),
        ("https://gateway.stage.bill.com/connect", "whose v2 API lies at another address"),
    ],
)
def test_an_address_that_is_odd(settings, env_file, address, words):
    env_file(BILL_BASE_URL=address)
    found, status = settings()
    assert status == 0
    assert words in told(found["base_url"])
    assert found["environment"]["value"] == "custom"


def test_an_address_goes_before_an_environment(settings, env_file):
    env_file(BILL_BASE_URL="http://127.0.0.1:8080", BILL_ENVIRONMENT="sandbox")
    assert "which is not asked" in told(settings()[0]["environment"])


def test_an_environment_that_is_typed_goes_before_an_address(settings, env_file, monkeypatch):
    env_file(BILL_BASE_URL="http://127.0.0.1:8080")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--bill-environment=sandbox")
    found, _ = settings()
    assert found["environment"]["value"] == "sandbox"
    assert "--bill-environment goes before BILL_BASE_URL" in told(found["base_url"])


def test_a_setting_that_nothing_reads(doctor, project):
    (project / "pytest.ini").write_text("[pytest]\nbill_recordmode = once\nbill_ours = 1\n")
    (project / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addini('bill_ours', 'read by this conftest')\n"
    )
    status, report = doctor()
    assert status == 1
    (finding,) = report["project"]["findings"]
    assert finding["what"] == "pytest.ini:2 has a setting bill_recordmode, which nothing reads."
    assert finding["then"] == "Is bill_record_mode meant?"


def test_settings_that_contradict_each_other(doctor, project, monkeypatch):
    monkeypatch.setenv("CI", "true")
    (project / "pytest.ini").write_text("[pytest]\nbill_record_mode = once\n")
    status, report = doctor()
    assert status == 1
    (finding,) = report["project"]["findings"]
    assert "bill_record_mode=once is in pytest.ini, and CI is set" in finding["what"]


def test_production_without_the_consent(doctor, project, env_file):
    env_file(BILL_ENVIRONMENT="production")
    (project / "pytest.ini").write_text("[pytest]\nbill_record_mode = once\n")
    status, report = doctor()
    assert status == 1
    assert "allow it with --bill-allow-production" in str(report["project"]["findings"])
