"""What git, pre-commit and CI read: which lines a project lacks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from pytest_bill.cli.init.answers import Answers
from pytest_bill.cli.init.contents import ci_files, template
from pytest_bill.cli.init.files import (
    Step,
    appended,
    counted,
    lines_of,
    new_file,
    read,
    why_not_added,
    with_end,
)
from pytest_bill.cli.init.project import Project

TEXTCONV = 'git config diff.pytest-bill.textconv "pytest-bill show --textconv"'
"""What makes git show cassettes readably; each clone needs it once."""
_PRE_COMMIT = ".pre-commit-config.yaml"
_GITLAB = ".gitlab-ci.yml"


def ignored(project: Project) -> Step:
    """``.gitignore``: ``.env`` is in no commit, ``.env.example`` in each.

    What pytest-bill itself makes (``.unproven``, ``.pytest-bill-cache``) has such a file within.
    """
    name = ".gitignore"
    patterns = lines_of(project.folder, name)
    lines = [] if _is_ignored(".env", patterns) else [".env"]
    if project.repository is not None and not project.is_root:
        patterns = [*lines_of(project.repository, name), *patterns]
    if _is_ignored(".env.example", [*patterns, *lines]):
        lines.append("!.env.example")
    if not lines:
        return Step(project.folder / name, name, "kept, it has what is needed")
    return appended(project.folder, name, lines)


def shown_by_git(project: Project) -> Step:
    """``.gitattributes``: how ``git diff`` shows cassettes."""
    name = ".gitattributes"
    path = project.folder / name
    if project.repository is None:
        return Step(path, name, "left out, there is no git repository here")
    if Path(project.cassettes).is_absolute() or ".." in Path(project.cassettes).parts:
        return Step(path, name, f"left out, {project.cassettes} is not below this folder")
    pattern = f"{project.cassettes}/**/*.yaml"
    if " " in pattern:
        pattern = f'"{pattern}"'
    line = f"{pattern} diff=pytest-bill"
    if line in lines_of(project.folder, name):
        return Step(path, name, "kept, it has what is needed")
    step = appended(project.folder, name, [line])
    return step if step.data is None else step._replace(told=f"{step.told}; then: {TEXTCONV}")


def pre_commit_hook(project: Project) -> Step:
    """``.pre-commit-config.yaml`` with a scan before each commit.

    To one that is there it is added at the end, if the file then says just that more.
    """
    path = project.folder / _PRE_COMMIT
    elsewhere = _why_elsewhere(project)
    if elsewhere:
        return Step(path, _PRE_COMMIT, f"left out, {elsewhere}")
    hook = template("pre-commit.yaml")
    before = read(project.folder, _PRE_COMMIT)
    if before is None:
        data = f"repos:\n{textwrap.indent(hook, '  ')}".encode()
        return Step(path, _PRE_COMMIT, "written; then: pre-commit install", data)
    document = _yaml(before)
    if "pytest-bill-scan" in _hook_ids(document):
        return Step(path, _PRE_COMMIT, "kept, it has the hook")
    refused = why_not_added(path, before)
    for indent in ("  ", "") if not refused else ():
        lines = textwrap.indent(hook, indent).splitlines()
        data = with_end(before, lines)
        if _yaml(data) == _with_hook(document, hook):
            told = f"added {counted(lines)}; then: pre-commit install"
            return Step(path, _PRE_COMMIT, told, data, before)
    why = refused or "it does not end with its repos"
    return Step(path, _PRE_COMMIT, f"kept, {why}; add the hook of docs/first-steps.md to it")


def ci_jobs(answers: Answers, project: Project) -> Iterator[Step]:
    """The CI jobs that were asked for."""
    files = ci_files(answers, project)
    elsewhere = _why_elsewhere(project, needs_git=False)
    for name, text in files.items():
        if elsewhere:
            yield Step(project.folder / name, name, f"left out, {elsewhere}")
        else:
            yield new_file(project.folder, name, text)
    if answers.ci == "gitlab" and not elsewhere:
        yield _included(project, *files)


def _included(project: Project, job: str) -> Step:
    """``.gitlab-ci.yml``, which names the file with the jobs."""
    if read(project.folder, _GITLAB) is None:
        return new_file(project.folder, _GITLAB, f"include:\n  - local: {job}\n")
    told = "kept, it was there"
    if not any(job in line for line in lines_of(project.folder, _GITLAB)):
        told += f"; add to its include: - local: {job}"
    return Step(project.folder / _GITLAB, _GITLAB, told)


def _why_elsewhere(project: Project, *, needs_git: bool = True) -> str:
    """Why a file of the repository's root is not written; nothing where it is."""
    if project.repository is None:
        return "there is no git repository here" if needs_git else ""
    if not project.is_root:
        return f"it belongs into {project.repository}; see docs/ci.md"
    return ""


def _is_ignored(name: str, patterns: Sequence[str]) -> bool:
    """What git says of a file in the folder itself: the last pattern that fits counts."""
    verdict = False
    for pattern in patterns:
        if fnmatch(name, pattern.removeprefix("!").lstrip("/")) and not pattern.startswith("#"):
            verdict = not pattern.startswith("!")
    return verdict


def _yaml(data: bytes) -> Any:
    """What a file says; None where it is no YAML."""
    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None


def _repos(document: Any) -> list[Any]:
    repos = document.get("repos") if isinstance(document, dict) else None
    return repos if isinstance(repos, list) else []


def _hook_ids(document: Any) -> set[str]:
    lists = [each.get("hooks") for each in _repos(document) if isinstance(each, dict)]
    hooks = [hook for each in lists if isinstance(each, list) for hook in each]
    return {str(hook.get("id")) for hook in hooks if isinstance(hook, dict)}


def _with_hook(document: Any, hook: str) -> Any:
    if not isinstance(document, dict):
        return object()  # nothing equals it
    return document | {"repos": [*_repos(document), *yaml.safe_load(hook)]}
