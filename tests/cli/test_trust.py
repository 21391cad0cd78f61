"""``pytest-bill trust``, on a terminal and against the local sandbox."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from pytest_bill.cli import main
from pytest_bill.credentials.env_file import read_env_file
from tests.helpers.signing_in import developer_login
from tests.helpers.typing_at import typed_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")

CODE = "123456"
NAMES = ("BILL_USERNAME", "BILL_PASSWORD", "BILL_ORGANIZATION_ID", "BILL_DEV_KEY")


@pytest.fixture
def sandbox(mfa_sandbox):
    return mfa_sandbox


@pytest.fixture
def project(tmp_path, monkeypatch, sandbox):
    """A folder with a developer key of the sandbox, in which this process stands."""
    for name in list(os.environ):
        if name.startswith("BILL_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.chdir(tmp_path)
    values = {"BILL_BASE_URL": sandbox.origin, **{name: sandbox.variables[name] for name in NAMES}}
    lines = ["# ours", *(f"{name}='{value}'" for name, value in values.items()), "OTHER=1  # kept"]
    (tmp_path / ".env").write_text("\n".join(lines))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.fixture
def trust(project):
    """Run it with lines that are typed; gives its status and what it wrote."""

    def trust(*arguments: str, typed: tuple[str, ...] = (CODE,)) -> tuple[int, str]:
        return typed_at(project, "trust", *arguments, prompt="Code: ", typed=typed)

    return trust


def values_in(folder: Path) -> dict[str, str]:
    return dict(read_env_file(folder / ".env").values)


def status_of(*arguments: str) -> int:
    return main(["trust", *arguments])


class Terminal(io.StringIO):
    """What this process takes for a terminal; nobody types at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def told(project, monkeypatch, capsys, sandbox):
    """Run it in this process, on what it takes for a terminal; gives why it did not ask BILL."""

    def told(*arguments: str) -> str:
        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        before = (project / ".env").read_bytes() if (project / ".env").exists() else b""
        asked = sandbox.request_counts()
        assert status_of(*arguments) == 2
        assert sandbox.request_counts() == asked
        after = (project / ".env").read_bytes() if (project / ".env").exists() else b""
        assert after == before
        return capsys.readouterr().err

    return told


def test_a_code_that_is_typed_makes_sign_ins_trusted(project, trust, sandbox):
    """Also after a code that has no six digits and one that is wrong."""
    before = (project / ".env").read_text()
    status, written = trust("--device", "Dana's laptop", typed=("12345", "654321", "123 456"))
    assert status == 0, written
    values = values_in(project)
    remember_me_id = values["BILL_REMEMBER_ME_ID"]
    assert values["BILL_DEVICE"] == "Dana's laptop"
    assert (project / ".env").read_text() == (
        f"{before}\n# MFA trust of the developer key, for 30 days: pytest-bill trust\n"
        f"BILL_REMEMBER_ME_ID={remember_me_id}\nBILL_DEVICE='Dana\\'s laptop'\n"
    )
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600
    assert "BILL's codes have six digits." in written
    assert "BILL did not take it (HTTP 400: BDC_1119 " in written
    assert "; 2 left." in written
    until = datetime.now() + timedelta(days=30)
    assert f"Sign-ins are trusted until {until:%Y-%m-%d} " in written
    shown = [name for name, value in values.items() if len(value) > 8 and value in written]
    assert set(shown) <= {"BILL_BASE_URL"}
    login = {**developer_login(sandbox), "rememberMeId": remember_me_id, "device": "Dana's laptop"}
    url = f"{sandbox.origin}/connect/v3/login"
    assert requests.post(url, json=login, timeout=5).json()["trusted"] is True


@pytest.mark.nightly
def test_a_second_time_it_takes_the_place_of_the_first(project, trust):
    assert trust()[0] == 0
    first = values_in(project)
    assert re.fullmatch("pytest-bill-[0-9a-f]{16}", first["BILL_DEVICE"])
    assert trust()[0] == 0
    second = values_in(project)
    assert second["BILL_DEVICE"] == first["BILL_DEVICE"]
    assert second["BILL_REMEMBER_ME_ID"] != first["BILL_REMEMBER_ME_ID"]
    assert (project / ".env").read_text().count("BILL_REMEMBER_ME_ID=") == 1


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        (("654321",) * 3, 1, "BILL took none of 3 codes: nothing was written."),
        (("\x04",), 2, "There was no code: nothing was written."),
        (("\x03",), 130, "interrupted."),
    ],
    ids=["wrong", "end", "interrupt"],
)
def test_without_the_code_nothing_is_written(project, trust, typed, status, words):
    before = (project / ".env").read_bytes()
    assert trust(typed=typed)[0] == status
    assert words in trust(typed=typed)[1]
    assert (project / ".env").read_bytes() == before


@pytest.mark.nightly
def test_what_bill_refuses_is_told(project, trust, sandbox):
    sandbox.fail("generateChallenge", status=400, code="BDC_1354", message="No phone.")
    status, written = trust()
    assert status == 1
    assert "pytest-bill: BILL sent no code (HTTP 400: BDC_1354 No phone)." in written
    sandbox.fail("login", times=1, status=200, body='{"sessionId": "x", "trusted": false}')
    assert trust()[0] == 1


@pytest.mark.nightly
def test_a_sign_in_that_is_not_trusted_all_the_same(project, trust, sandbox, monkeypatch):
    """BILL took another name of the device, say."""
    (project / "sitecustomize.py").write_text(
        "from pytest_bill.sessions.trusting import Trusting\n"
        "Trusting.is_trusted = lambda *_: False\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(project))
    status, written = trust()
    assert status == 1
    assert "does not trust a new sign-in" in written


@pytest.mark.nightly
def test_without_a_file_one_is_made(project, trust, monkeypatch):
    for name, value in values_in(project).items():
        monkeypatch.setenv(name, value)
    (project / ".env").unlink()
    assert trust()[0] == 0
    assert set(values_in(project)) == {"BILL_REMEMBER_ME_ID", "BILL_DEVICE"}
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600


def test_where_is_no_terminal_bill_is_not_asked(project, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("123456\n"))
    assert status_of() == 2
    assert "from a terminal, and this is none.\nRun it by hand once" in capsys.readouterr().err


def test_what_is_not_there(told, project):
    assert "is no folder" in told("--rootdir", "nowhere")
    assert "other.env: no such file.\nName the one" in told("--env-file", "other.env")


@pytest.mark.parametrize("device", ["", " ", " a", "a\tb", "x" * 49])
@pytest.mark.sampled(5)
def test_what_is_no_name_of_a_device(told, device):
    text = told("--device", device)
    assert "--device is no name" in text or "--device has over 48 characters" in text


ADDRESS, WITHOUT = "BILL_BASE_URL=.*", "-p no:bill -p no:pytest_bill.plugin"
IN_ENV_FILE = {
    "no key": ("BILL_DEV_KEY=", "BILL_DEVKEY="),
    "conflict": (r"\Z", "\n<<<<<<< ours\n"),
    "production": (ADDRESS, "BILL_ENVIRONMENT=production"),
    "local": (ADDRESS, "BILL_ENVIRONMENT=local"),
    "unknown": (ADDRESS, "BILL_ENVIRONMENT=prod"),
    "address": (ADDRESS, "BILL_BASE_URL=http://acme.test"),
    "long device": (r"\Z", f"\nBILL_DEVICE={'x' * 49}\n"),
}
IN_INI_FILE = {"oauth": "bill_sign_in = developer=oauth", "no plugin": f"addopts = {WITHOUT}"}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("no key", "no value was found for: BILL_DEV_KEY.\nBILL_DEVKEY (.env:6) is set"),
        ("no file", ".env (no such file)"),
        ("conflict", "is the mark of a merge conflict"),
        ("environment", "BILL_DEVICE is set in the environment, which goes before the .env file"),
        ("production", "It is BILL's production; allow it with --bill-allow-production."),
        ("local", "pytest-bill sandbox --mfa"),
        ("unknown", ".env) is none of those that there are"),
        ("address", "acme.test"),
        ("oauth", "signs in by OAuth here"),
        ("no plugin", "Mend what pytest-bill doctor finds there first"),
        ("long device", "BILL_DEVICE has over 48 characters"),
    ],
)
@pytest.mark.sampled(6)
def test_what_cannot_be_done_is_told_and_bill_is_not_asked(told, project, monkeypatch, what, words):
    path = project / ".env"
    if what in IN_ENV_FILE:
        path.write_text(re.sub(*IN_ENV_FILE[what], path.read_text(), count=1))
    elif what in IN_INI_FILE:
        (project / "pytest.ini").write_text(f"[pytest]\n{IN_INI_FILE[what]}\n")
    elif what == "environment":
        monkeypatch.setenv("BILL_DEVICE", "x")
    else:
        path.unlink()
    assert words in told()
