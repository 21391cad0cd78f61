"""What pytest makes of a folder, and what is told where it does not start: real runs of it."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from pytest_bill.doctor.project import Asked, looked_at

SECRET = "correct horse battery staple"


def findings(report, level="wrong") -> str:
    found = report["project"]["findings"]
    return "\n".join(f"{each['what']}\n{each['then']}" for each in found if each["level"] == level)


def test_no_project_at_all(doctor, project):
    status, report = doctor()
    assert status == 0
    assert report["project"] == {
        "rootdir": str(project),
        "ini_file": None,
        "env_file": f"{project / '.env'} (no such file)",
        "findings": [],
    }
    assert report["status"] == "fine"
    assert report["online"] is None
    assert list(project.iterdir()) == []  # nothing was written


@pytest.mark.nightly
def test_a_conftest_that_raises_and_shows_a_secret(doctor, project, env_file):
    env_file(BILL_PASSWORD=SECRET)
    (project / "conftest.py").write_text(f"raise RuntimeError('no luck with {SECRET}')\n")
    (project / "pytest.ini").write_text("[pytest]\nbill_record_mode = once\n")
    status, report = doctor()
    assert status == 1
    text = findings(report)
    assert text.startswith("pytest does not start here: ")
    assert "RuntimeError: no luck with PLACEHOLDER_BILL_PASSWORD" in text
    assert "conftest.py" in text
    assert SECRET not in str(report)
    assert "The rest was looked at without conftests." in text
    assert {"record_mode": "once"}.items() <= {
        e["name"]: e["value"] for e in report["settings"]
    }.items()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("ends", ["import sys; sys.exit(3)", "import os; os._exit(3)"])
def test_a_conftest_that_ends_the_process(doctor, project, ends):
    (project / "conftest.py").write_text(f"{ends}\n")
    status, report = doctor()
    assert status == 1
    assert "pytest does not start here: It ended with status 3." in findings(report)


def test_a_conftest_that_prints_and_sets_variables(doctor, project):
    (project / "conftest.py").write_text(
        "import os\nprint('{}' * 100)\nos.environ['BILL_SPEND_API_TOKEN'] = 'a' * 20 + '1'\n"
    )
    status, report = doctor("--credential=spend")
    assert status == 0
    (spend,) = (each for each in report["credentials"] if each["credential"] == "spend")
    assert spend["variables"][0]["source"] == "environment"
    assert [path.name for path in project.iterdir()] == ["conftest.py"]  # nothing was written


@pytest.mark.nightly
def test_a_conftest_that_never_ends(project):
    (project / "conftest.py").write_text("import threading\nthreading.Event().wait()\n")
    looked, could_look = looked_at(Asked(project), seconds=3)
    assert could_look
    assert "It did not get through its conftests within 3 s." in str(looked["project"])


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pytest.ini", "[pytest]\nthis is nothing\n", "pytest.ini:2"),
        ("pyproject.toml", "[tool.pytest.ini_options\n", "pyproject.toml"),
        ("pytest.ini", "[pytest]\naddopts = --no-such-option\n", "--no-such-option"),
        ("pytest.ini", "[pytest]\naddopts = --bill-record-mode=onec\n", "invalid choice: 'onec'"),
        (
            "setup.cfg",
            "[tool:pytest]\nbill_strict = maybe\n",
            "Look at bill_strict in setup.cfg:2.",
        ),
        ("pytest.ini", "[pytest]\naddopts = '-q\n", "Look at addopts in pytest.ini:2."),
    ],
)
def test_a_damaged_ini_file(doctor, project, env_file, name, text, told):
    env_file(BILL_SPEND_API_TOKEN="0123456789abcdefghij")
    (project / name).write_text(text)
    status, report = doctor()
    assert status == 1
    assert told in findings(report)
    (spend,) = (each for each in report["credentials"] if each["credential"] == "spend")
    assert spend["state"] == "complete"
    assert report["settings"]
    assert report["project"]["ini_file"] is None


@pytest.mark.nightly
def test_sign_ins_that_take_too_long_are_not_tried_again(project, env_file, server):
    """The server of this test answers when it has been given up."""
    given_up = threading.Event()
    started = server()

    def late(_):
        given_up.wait()
        return 200, {}, b"{}"

    started.default = late
    env_file(BILL_BASE_URL=started.origin, BILL_SPEND_API_TOKEN="test-token")
    looked, could_look = looked_at(Asked(project, online=True), seconds_online=10)
    given_up.set()
    assert could_look
    assert len(started.received) == 1
    (finding,) = looked["project"]["findings"]
    assert "did not get through the sign-ins within 10 s" in finding["what"]
    assert finding["then"] == "They are not tried again."


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("value", "told"),
    [("--no-such-option", "--no-such-option"), ("'-q", "Look at PYTEST_ADDOPTS.")],
)
def test_what_pytest_addopts_breaks(doctor, monkeypatch, value, told):
    monkeypatch.setenv("PYTEST_ADDOPTS", value)
    status, report = doctor()
    assert status == 1
    assert told in findings(report)


def test_the_plugin_is_switched_off(doctor, project, env_file):
    env_file(BILL_SPEND_API_TOKEN="test-token")
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:bill -p no:pytest_bill.plugin\n")
    status, report = doctor()
    assert status == 1
    assert "pytest runs here without pytest-bill" in findings(report)
    (spend,) = (each for each in report["credentials"] if each["credential"] == "spend")
    assert spend["state"] == "complete"


def test_pytest_cannot_start_at_all(doctor, project, monkeypatch, tmp_path):
    broken = tmp_path / "broken"
    (broken / "pluggy").mkdir(parents=True)
    (broken / "pluggy/__init__.py").write_text("raise ImportError('pluggy is broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    status, report = doctor()
    assert status == 2
    assert report["status"] == "could not look"
    assert "ImportError: pluggy is broken" in findings(report)
    assert report["credentials"][0]["state"] == "partial"
    assert SECRET not in str(report)


# --- the file of variables ---------------------------------------------------------------------


@pytest.mark.nightly
def test_a_folder_as_the_file(doctor, project):
    (project / ".env").mkdir()
    status, report = doctor()
    assert status == 1
    assert ".env cannot be read: it is a folder, not a file." in findings(report)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may read all files")
def test_a_file_that_nobody_may_read(doctor, project):
    (project / ".env").touch(mode=0)
    status, report = doctor()
    assert status == 1
    assert "cannot be read: Permission denied" in findings(report)


def test_a_huge_file(doctor, project):
    (project / ".env").write_bytes(b"BILL_ENVIRONMENT=" + b"x" * 2**21)
    status, report = doctor()
    assert status == 1
    assert ".env cannot be read: it has" in findings(report)


@pytest.mark.nightly
def test_bytes_of_no_encoding(doctor, project):
    (project / ".env").write_bytes(b"A=1\nBILL_ENVIRONMENT=caf\xe9-secret\n")
    status, report = doctor()
    assert status == 1
    assert ".env is not UTF-8 (line 2)." in findings(report)
    assert "secret" not in str(report)


def test_lines_that_are_none(doctor, project):
    (project / ".env").write_text("export\n'BILL_PASSWORD'x\nBILL_DEVKEY=0123456789\n")
    status, report = doctor()
    assert status == 0
    hints = findings(report, "hint")
    assert ".env:2 is not NAME=value" in hints
    assert "BILL_DEVKEY is set, and pytest-bill reads no variable of that name." in hints


def test_another_file(doctor, project, tmp_path):
    other = tmp_path / "other.env"
    other.write_text("BILL_SPEND_API_TOKEN=0123456789abcdefghij\n")
    _, report = doctor("--env-file", "../other.env", "--credential=spend")
    (spend,) = (each for each in report["credentials"] if each["credential"] == "spend")
    assert os.path.samefile(spend["variables"][0]["source"], other)
    sources = {each["name"]: each["source"] for each in report["settings"]}
    assert sources["env_file"] == "the command line"


def test_another_file_that_is_not_there(doctor):
    status, report = doctor("--env-file", "none.env")
    assert status == 1
    assert "there is no file" in findings(report)
    assert "none.env" in findings(report)
