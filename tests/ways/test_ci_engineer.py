"""A CI engineer, by docs/ci.md: pull requests replay in parts, the night records anew.

The lines of the workflow that was written are run, in a clone and without a secret. The night's job
is given the local sandbox in the place of BILL's.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
import yaml

from pytest_bill.sandbox import LocalSandbox
from tests.helpers.steps import DOCS, commands_of, replayed, shell

MOST_COMMANDS = 6
REPLAY, RECORD = ".github/workflows/bill-replay.yml", ".github/workflows/bill-record.yml"
BRANCH = "refs/heads/bill-recorded-anew"
GIT = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))
}
CI = {"CI": "true", **GIT}


@pytest.fixture(autouse=True)
def _plugins(monkeypatch):
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_bill.plugin,pytest_split.plugin")


@pytest.fixture
def project(tmp_path):
    """What the page's commands lead to, pushed to where CI gets it from."""
    folder, origin = tmp_path / "project", tmp_path / "origin.git"
    folder.mkdir()
    shell(f"git init --quiet --bare {origin}", tmp_path)
    shell(f"git init --quiet && git remote add origin {origin}", folder)
    commands = commands_of("ci.md")
    assert len(commands) <= MOST_COMMANDS
    for command in commands:
        shell(command, folder, **GIT)
    shell("git push --quiet origin HEAD:refs/heads/main", folder)
    assert list((folder / "cassettes").rglob("*.yaml"))
    return folder


def clone(project: Path, name: str) -> Path:
    """What a job checks out."""
    shell(f"git clone --quiet --branch main {project.parent / 'origin.git'} {name}", project.parent)
    return project.parent / name


def lines_of(project: Path, workflow: str, job: str, **matrix: int) -> dict[str, str]:
    """The shell lines of a job by the names of its steps, but those of pip."""
    (steps,) = (
        found["steps"]
        for name, found in yaml.safe_load((project / workflow).read_text())["jobs"].items()
        if name == job
    )
    lines = {step["name"]: step["run"] for step in steps if "run" in step}
    assert re.match(r"python -m pip install .*pytest-bill", lines.pop("Install"))
    return {
        name: re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: str(matrix[found[1]]), line)
        for name, line in lines.items()
    }


def test_pull_requests_replay_in_parts_without_a_secret(project):
    jobs = yaml.safe_load((project / REPLAY).read_text())["jobs"]
    together = clone(project, "together")
    shards = jobs["replay"]["strategy"]["matrix"]["shard"]
    for shard in shards:
        job = clone(project, f"job-{shard}")
        for line in lines_of(project, REPLAY, "replay", shard=shard).values():
            shell(line, job, **CI)
        report = f"bill-{shard}.json"
        (together / report).write_bytes((job / report).read_bytes())
    (line,) = lines_of(project, REPLAY, "together").values()
    told = shell(f"{line} --output all.json", together, **CI).stdout
    assert "bill: cassettes that all of them left over: 0 unused, 0 of tests that are gone" in told
    assert "more may be left over" not in told
    all_of_them = json.loads((together / "all.json").read_text())
    assert {name: all_of_them[name] for name in replayed(2)} == replayed(2)
    assert "secrets." not in (project / REPLAY).read_text()


@pytest.fixture
def gh(tmp_path):
    """GitHub's command, of which only is needed what it was asked; gives the file with that."""
    asked = tmp_path / "gh.txt"
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return asked


def night(project: Path, gh: Path, name: str) -> str:
    """The nightly job; what its last step printed."""
    job = clone(project, name)
    printed = ""
    for line in lines_of(project, RECORD, "record").values():
        line = f'PATH="{gh.parent / "bin"}:$PATH"\n{line}'
        printed = shell(line, job, **CI, BILL_ENVIRONMENT="local").stdout
    return printed


def pushed(project: Path) -> str:
    return shell(f"git ls-remote origin {BRANCH}", project).stdout


@pytest.mark.nightly
def test_the_night_proposes_a_change_only_where_something_changed(project, gh):
    assert night(project, gh, "unchanged") == "BILL answers as recorded.\n"
    assert not pushed(project)
    assert not gh.exists()

    # As if BILL had not had a field when this was recorded.
    (cassette,) = project.glob("cassettes/tests/*/test_vendors.yaml")
    before = cassette.read_text()
    cassette.write_text(before.replace('"accountType"', '"kindOfAccount"'))
    assert cassette.read_text() != before
    shell("git commit --quiet --all -m Older && git push --quiet origin HEAD:main", project, **GIT)

    night(project, gh, "changed")
    assert pushed(project)
    changed = shell(
        f"git fetch --quiet origin {BRANCH} && git diff --stat HEAD FETCH_HEAD", project
    )
    assert "test_vendors.yaml" in changed.stdout
    assert "1 file changed" in changed.stdout
    listed, created = gh.read_text().splitlines()
    assert listed.startswith("pr list --head bill-recorded-anew")
    assert created.startswith("pr create --head bill-recorded-anew --title BILL's answers")


def typed_in(page: str, job: str) -> list[tuple[str, dict[str, str]]]:
    """The lines that a page shows of a job, but those of pip, with the variables of each."""
    text = (DOCS / page).read_text(encoding="utf-8")
    (shown,) = re.findall(rf"<!-- job: {job} -->\n```yaml\n(.*?)```", text, re.DOTALL)
    read = yaml.safe_load(shown)
    steps = read if isinstance(read, list) else read["jobs"]["record"]["steps"]
    lines = [(step["run"], step.get("env", {})) for step in steps if "run" in step]
    return [line for line in lines if not line[0].startswith("python -m pip install ")]


@pytest.mark.nightly
def test_one_job_with_workers_replays(project, monkeypatch):
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_bill.plugin,xdist.plugin")
    ((line, _),) = typed_in("ci.md", "workers")
    told = shell(line, clone(project, "workers"), **CI).stdout
    assert "2 replayed" in told


SPENDING = """
def test_budgets(bill_spend_client):
    assert bill_spend_client.get("/v3/spend/budgets", params={"max": 1}).ok
"""


@pytest.mark.nightly
@pytest.mark.parametrize("page", ["ci.md", "credentials.md"])
def test_a_job_that_a_person_starts_records_what_is_new(project, page):
    """With the token of the local sandbox as the secret that the job names."""
    job = clone(project, "person")
    (job / "tests" / "test_spending.py").write_text(SPENDING)
    ((line, variables),) = typed_in(page, "with secrets")
    assert variables == {"BILL_SPEND_API_TOKEN": "${{ secrets.BILL_SPEND_API_TOKEN }}"}
    with LocalSandbox() as sandbox:
        told = shell(
            line,
            job,
            **CI,
            BILL_BASE_URL=sandbox.origin,
            BILL_SPEND_API_TOKEN=sandbox.variables["BILL_SPEND_API_TOKEN"],
        ).stdout
    assert "1 recorded, 2 replayed" in told
