"""What git, pre-commit and CI read: what is lacking is added, and nothing is said twice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from pytest_bill.cli.init import hooks
from pytest_bill.cli.init.answers import Answers
from pytest_bill.cli.init.files import Step, write
from pytest_bill.cli.init.project import project_in


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def after(step: Step) -> str:
    write([step])
    return step.path.read_text()


def is_ignored(folder: Path, name: str) -> bool:
    command = ["git", "check-ignore", "--quiet", "--no-index", name]
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (None, [".env"]),
        ("*.log\n", [".env"]),
        (".env\n", []),
        ("/.env\n", []),
        ("*.env\n", []),
        ("# .env\n", [".env"]),
        (".env\n!.env\n", [".env"]),
        (".env*\n", ["!.env.example"]),
        (".*\n", ["!.env.example"]),
        (".env*\n!.env.example\n", []),
    ],
)
def test_git_ignores_the_env_file_and_keeps_its_example(repository, before, added):
    if before is not None:
        (repository / ".gitignore").write_text(before)
    step = hooks.ignored(project_in(repository, 9))
    assert after(step) == "".join([before or "", *(f"{line}\n" for line in added)])
    assert is_ignored(repository, ".env")
    assert not is_ignored(repository, ".env.example")


def test_what_the_repository_ignores_counts_in_its_folders(repository):
    (repository / ".gitignore").write_text(".env*\n")
    inner = repository / "inner"
    inner.mkdir()
    write([hooks.ignored(project_in(inner, 9))])
    assert is_ignored(inner, ".env")
    assert not is_ignored(inner, ".env.example")


def test_git_shows_cassettes_by_a_driver_of_ours(repository):
    step = hooks.shown_by_git(project_in(repository, 9))
    assert step.told == (
        'written; then: git config diff.pytest-bill.textconv "pytest-bill show --textconv"'
    )
    assert after(step) == "cassettes/**/*.yaml diff=pytest-bill\n"
    command = ["git", "check-attr", "diff", "cassettes/a.yaml", "cassettes/b/c.yaml", "a.yaml"]
    shown = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert [line.split()[-1] for line in shown.stdout.splitlines()] == [
        *("pytest-bill", "pytest-bill"),
        "unspecified",
    ]
    assert hooks.shown_by_git(project_in(repository, 9)).data is None


@pytest.mark.parametrize(
    ("cassettes", "file", "driver"),
    [
        ("recorded/bill", "recorded/bill/a.yaml", "pytest-bill"),
        ("my cassettes", "my cassettes/a.yaml", "pytest-bill"),
        ("../outside", None, None),
        ("/outside", None, None),
    ],
)
def test_cassettes_may_lie_in_another_folder(repository, cassettes, file, driver):
    (repository / "pytest.ini").write_text(f"[pytest]\nbill_cassette_dir = {cassettes}\n")
    step = hooks.shown_by_git(project_in(repository, 9))
    if file is None:
        assert step.told == f"left out, {cassettes} is not below this folder"
        return
    write([step])
    command = ["git", "check-attr", "diff", file]
    shown = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert shown.stdout.split()[-1] == driver


def test_outside_of_a_repository_what_git_reads_is_left_out(tmp_path):
    project = project_in(tmp_path, 9)
    for step in (hooks.shown_by_git(project), hooks.pre_commit_hook(project)):
        assert (step.told, step.data) == ("left out, there is no git repository here", None)


OTHER = "- repo: https://example.com/other\n  rev: v1\n  hooks:\n    - id: other\n"
INDENTED = "repos:\n" + "".join(f"  {line}\n" for line in OTHER.splitlines())


@pytest.mark.parametrize(
    "before",
    [
        f"repos:\n{OTHER}",
        INDENTED,
        INDENTED.rstrip("\n"),
        INDENTED.replace("\n", "\r\n"),
        f"# ours\nfail_fast: true\n{INDENTED}",
        f"{INDENTED}  # the end\n",
        "repos:\n",
    ],
)
def test_the_hook_is_added_at_the_end(repository, before):
    path = repository / ".pre-commit-config.yaml"
    path.write_bytes(before.encode())
    step = hooks.pre_commit_hook(project_in(repository, 9))
    write([step])
    assert step.told == "added 7 lines; then: pre-commit install"
    assert path.read_bytes().startswith(before.encode())
    repos = yaml.safe_load(path.read_bytes())["repos"]
    assert repos[-1]["hooks"][0]["id"] == "pytest-bill-scan"
    assert repos[:-1] == (yaml.safe_load(before)["repos"] or [])
    assert hooks.pre_commit_hook(project_in(repository, 9)).told == "kept, it has the hook"


@pytest.mark.parametrize(
    "before",
    [
        f"{INDENTED}fail_fast: true\n",
        "repos: []\n",
        "repos: {a: 1}\n",
        "repos: [\n",
        "- a\n",
        "\x07",
        "",
        "a: &a [*a]\n",
    ],
)
def test_where_nothing_can_be_added_the_file_is_kept(repository, before):
    path = repository / ".pre-commit-config.yaml"
    path.write_text(before)
    step = hooks.pre_commit_hook(project_in(repository, 9))
    assert (step.data, after(step)) == (None, before)
    assert step.told == (
        "kept, it does not end with its repos; add the hook of docs/first-steps.md to it"
    )


def test_a_new_one_has_the_hook_alone(repository):
    step = hooks.pre_commit_hook(project_in(repository, 9))
    ((hook,),) = (repo["hooks"] for repo in yaml.safe_load(after(step))["repos"])
    assert hook["entry"] == "pytest-bill scan"


def test_what_belongs_into_the_root_is_not_written_below_it(repository):
    inner = repository / "inner"
    inner.mkdir()
    project = project_in(inner, 9)
    steps = [hooks.pre_commit_hook(project), *hooks.ci_jobs(Answers(ci="github"), project)]
    assert len(steps) == 3
    for step in steps:
        assert step.data is None
        assert step.told == f"left out, it belongs into {repository}; see docs/ci.md"
    (step,) = hooks.ci_jobs(Answers(ci="gitlab"), project)
    assert step.data is None


def test_github_gets_two_jobs(repository):
    steps = list(hooks.ci_jobs(Answers(ci="github"), project_in(repository, 9)))
    write(steps)
    assert [path.name for path in sorted((repository / ".github/workflows").iterdir())] == [
        *("bill-record.yml", "bill-replay.yml"),
    ]


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (None, "written"),
        ("test: {}\n", "kept, it was there; add to its include: - local: .gitlab/pytest-bill.yml"),
        ("include:\n  - local: .gitlab/pytest-bill.yml\n", "kept, it was there"),
    ],
)
def test_gitlab_includes_its_jobs(repository, before, told):
    if before is not None:
        (repository / ".gitlab-ci.yml").write_text(before)
    jobs, included = hooks.ci_jobs(Answers(ci="gitlab"), project_in(repository, 9))
    assert (jobs.told, included.told) == ("written", told)
    if before is None:
        assert yaml.safe_load(after(included)) == {"include": [{"local": jobs.name}]}


def test_without_ci_nothing_is_written(repository):
    assert list(hooks.ci_jobs(Answers(), project_in(repository, 9))) == []
