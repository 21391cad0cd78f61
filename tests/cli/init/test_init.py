"""``pytest-bill init`` from outside: what it wrote passes at once, and nothing is lost."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_bill import SettingsError
from pytest_bill.cli import init, main
from pytest_bill.cli.init.answers import CREDENTIALS
from tests.helpers.steps import counts_of, recorded, replayed, shell

ALL = [f"--credential={name}" for name in CREDENTIALS]
RECORD = "pytest --bill-environment=local --bill-record-mode=once"
COMMAND = str(Path(sys.executable).parent / "pytest-bill")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def passes_at_once(project: Path, count: int) -> None:
    """Record from the local sandbox with the proof, and replay: all as the next steps say."""
    made = counts_of(RECORD, project)
    requests = made["requests"]
    # Where the client comes first, by its name, its sign-in is the fixture's, too.
    shared = {"recorded": requests - 1, "replayed": 1}
    assert made in (recorded(requests), recorded(requests) | shared)
    # Each was proven by a replay: else it would wait in another folder.
    kept = [path for path in project.rglob("test_*.yaml") if ".unproven" not in path.parts]
    assert len(kept) == count
    assert counts_of("pytest", project) == replayed(made["requests"])


@pytest.mark.nightly
def test_all_credentials_and_a_client_of_its_own_pass_at_once(project):
    shell(f"pytest-bill init {' '.join(ALL)} --own-client", project)
    passes_at_once(project, len(ALL) + 1)
    folders = {path.parent.name for path in (project / "cassettes/tests").rglob("*.yaml")}
    assert folders == {f"test_bill_{name}" for name in (*CREDENTIALS, "own_client")}


@pytest.mark.nightly
@pytest.mark.parametrize("own_client", ["", "--own-client"])
@pytest.mark.parametrize("name", CREDENTIALS)
def test_each_credential_passes_at_once(project, name, own_client):
    shell(f"pytest-bill init --credential={name} {own_client}", project)
    passes_at_once(project, 1 + bool(own_client))


@pytest.mark.nightly
@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_client_of_requests_beside_a_conftest_passes_at_once(project, name, monkeypatch):
    monkeypatch.setattr("pytest_bill.cli.init.project.find_spec", lambda _: None)
    (project / "tests").mkdir()
    (project / "tests/conftest.py").write_text("# mine\n")
    assert main(["init", f"--credential={name}", "--own-client", "--no-pre-commit"]) == 0
    assert "import requests" in (project / "tests/test_bill_own_client.py").read_text()
    passes_at_once(project, 2)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[project]\nname = "a"\nversion = "1"\n'),
        ("pyproject.toml", '[tool.pytest]\ntestpaths = ["checks"]\npython_files = ["*_test.py"]\n'),
        ("tox.ini", "[pytest]\r\naddopts = --strict-markers --strict-config -ra"),
        ("setup.cfg", "[tool:pytest]\nxfail_strict = true\n"),
    ],
)
def test_beside_settings_it_passes_at_once(project, file, text):
    (project / file).write_bytes(text.encode())
    (project / "checks").mkdir()
    shell("pytest-bill init --credential=developer --own-client", project)
    assert b"bill_fail_on_secrets" in (project / file).read_bytes()
    assert not (project / "pytest.ini").exists()
    passes_at_once(project, 2)


def test_it_is_told_what_was_done_and_what_is_next(project, capsys):
    subprocess.run(["git", "init", "--quiet"], check=True)
    (project / ".gitignore").write_text("*.log")
    assert main(["init", "--yes"]) == 0
    done, _, following = capsys.readouterr().out.partition("\nNext:\n")
    told = dict(line.split(maxsplit=1) for line in done.splitlines())
    assert told[".gitignore"] == "added 1 line"
    assert told["pytest.ini"] == "written"
    assert set(told) == set(contents(project))
    assert following.splitlines()[0].split("#")[0].strip() == RECORD
    assert len(following.splitlines()) <= 6


def test_a_second_time_nothing_changes(project, capsys):
    subprocess.run(["git", "init", "--quiet"], check=True)
    flags = ["init", *ALL, "--own-client", "--ci=gitlab"]
    assert main(flags) == 0
    before = contents(project)
    capsys.readouterr()
    assert main(flags) == 0
    assert contents(project) == before
    done = capsys.readouterr().out.partition("\nNext:\n")[0].strip()
    assert [line for line in done.splitlines() if " kept, " not in line] == []


def test_a_credential_that_comes_later_is_added(project):
    assert main(["init", "--credential=developer", "--no-pre-commit"]) == 0
    before = contents(project)
    assert main(["init", "--credential=spend", "--no-pre-commit"]) == 0
    changed = {name for name, data in contents(project).items() if before.get(name) != data}
    assert changed == {".env.example", "tests/test_bill_spend.py"}
    example = (project / ".env.example").read_bytes()
    assert example.startswith(before[".env.example"])
    assert example.endswith(b"\nBILL_SPEND_API_TOKEN=\n")


def test_nothing_that_it_writes_is_taken_for_a_secret(project, capsys):
    subprocess.run(["git", "init", "--quiet"], check=True)
    for ci in ("github", "gitlab"):
        assert main(["init", *ALL, "--own-client", f"--ci={ci}"]) == 0
    files = list(contents(project))
    assert len(files) > 15
    # As the hook does before the first commit.
    assert main(["scan", "--no-cache", *files]) == 0
    assert f"{len(files)} files scanned" in capsys.readouterr().out


def test_a_conftest_that_is_there_is_kept(project, capsys):
    (project / "tests").mkdir()
    (project / "tests/conftest.py").write_text("# mine\n")
    assert main(["init", "--yes", "--own-client"]) == 0
    assert (project / "tests/conftest.py").read_text() == "# mine\n"
    test = "tests/test_bill_own_client.py"
    assert "def bill_config" in (project / test).read_text()
    assert f"kept, it was there; the one of the new test is in {test}" in capsys.readouterr().out


def test_a_bill_config_above_is_not_hidden(project, capsys):
    (project / "conftest.py").write_text("def bill_config(): ...\n")
    assert main(["init", "--yes", "--own-client"]) == 0
    assert not (project / "tests/conftest.py").exists()
    assert "def bill_config" in (project / "tests/test_bill_own_client.py").read_text()
    assert "left out, conftest.py has bill_config; the one of the" in capsys.readouterr().out


def test_another_folder_is_named_in_what_is_next(project, capsys):
    inner = project / "a b"
    inner.mkdir()
    assert main(["init", "--yes", "a b"]) == 0
    assert (inner / "pytest.ini").is_file()
    assert f"  cd '{inner}'\n" in capsys.readouterr().out


def test_names_that_steer_a_terminal_are_shown_escaped(project, capsys):
    inner = project / "a\x1b[2Jb"
    (inner / "tests").mkdir(parents=True)
    (inner / ".gitignore").symlink_to("\x1b]0;x\x07")
    assert main(["init", "--yes", str(inner)]) == 2
    (inner / ".gitignore").unlink()
    assert main(["init", "--yes", str(inner)]) == 0
    assert main(["init", "--yes", str(inner / "tests")]) == 2
    assert main(["init", "--yes", str(inner / "gone")]) == 2
    shown = "".join(capsys.readouterr())
    assert "\x1b" not in shown
    assert r"a\x1b[2Jb" in shown


def test_a_missing_sandbox_is_told(project, monkeypatch, capsys):
    monkeypatch.setattr(init, "find_spec", lambda _: None)
    assert main(["init", "--yes"]) == 0
    following = capsys.readouterr().out.partition("Next:\n")[2].splitlines()
    assert following[0] == "  pip install 'pytest-bill[sandbox]'"
    assert len(following) <= 6


def test_an_env_file_that_git_has_is_told(project, capsys):
    (project / ".env").write_text("BILL_DEV_KEY=secret\n")
    for command in (["init", "--quiet"], ["add", ".env"]):
        subprocess.run(["git", *command], check=True)
    assert main(["init", "--yes"]) == 0
    assert "git has .env already: run git rm --cached .env, and make" in capsys.readouterr().out


def test_what_is_in_the_way_leaves_nothing_behind(project, capsys):
    (project / "tests").write_text("a file")
    assert main(["init", "--yes"]) == 2
    assert list(contents(project)) == ["tests"]
    assert capsys.readouterr().err.startswith("pytest-bill: tests is in the way in ")


def test_without_a_terminal_it_does_not_wait(project):
    done = subprocess.run(
        [COMMAND, "init"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give --credential once for each: developer, sync" in done.stderr
    assert contents(project) == {}


IN_A_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
"""
"""In a process of its own: one with threads, as this may be, is not to fork."""


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", IN_A_TERMINAL, COMMAND, "init"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        self.shown = ""

    def answer(self, question: str, typed: bytes) -> None:
        """Wait for a question, and type something."""
        begun = len(self.shown)
        while question not in self.shown[begun:]:
            assert self._has_read(), self.shown
        self._type(typed)

    def ends(self, again: bytes = b"") -> int:
        """Wait for its end; gives its exit status.

        Somebody whose Ctrl-C comes just before Python waits for a line types it ``again``.
        """
        output = self._process.stdout
        while self._has_read():
            while again and not select.select([output], [], [], 1)[0]:
                self._type(again)
        with self._process:
            return self._process.wait()

    def _type(self, typed: bytes) -> None:
        with suppress(BrokenPipeError):  # it has just ended
            self._process.stdin.write(typed)

    def _has_read(self) -> bool:
        """Whether there was more to read."""
        read = os.read(self._process.stdout.fileno(), 4096)
        self.shown += read.decode()
        return bool(read)


@pytest.fixture
def _ends_in_time():
    """A question that never comes ends the test."""

    def stop(*_: object) -> None:
        raise AssertionError("it takes too long")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


pytestmark_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytestmark_terminal
@pytest.mark.usefixtures("_ends_in_time")
def test_on_a_terminal_it_asks(project):
    terminal = Terminal(project)
    terminal.answer("or all [developer]: ", b"spend\n")
    terminal.answer("[y/N]: ", b"y\n")
    terminal.answer("gitlab, none [none]: ", b"\n")
    terminal.answer("[Y/n]: ", b"n\n")
    assert terminal.ends() == 0
    assert "developer key (bill_dev_session)" in terminal.shown
    assert (project / "tests/test_bill_own_client.py").is_file()
    assert (project / "tests/test_bill_spend.py").is_file()
    assert not (project / ".github").exists()


@pytestmark_terminal
@pytest.mark.usefixtures("_ends_in_time")
@pytest.mark.parametrize("typed", [b"\x03", b"\x04"], ids=["interrupt", "end"])
def test_a_broken_off_question_leaves_nothing_behind(project, typed):
    terminal = Terminal(project)
    terminal.answer("or all [developer]: ", b"developer\n")
    terminal.answer("[y/N]: ", typed)
    assert terminal.ends(again=typed) == 2
    (line,) = terminal.shown.splitlines()[-1:]
    assert "pytest-bill:" in line
    assert line.endswith(" The questions were broken off: nothing was written.")
    assert "Traceback" not in terminal.shown
    assert contents(project) == {}


def test_its_own_error_is_one_of_the_settings(project):
    arguments = init.argparse.Namespace(folder=project / "gone")
    with pytest.raises(SettingsError, match="gone is no folder"):
        init.run(arguments)
