"""``pytest-bill init``: a project's first tests with BILL, and what goes with them.

What is there already stays: see ``files``. All is decided first and written then, so that a
question that is broken off, or a folder that cannot take it, leaves nothing behind.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from pytest_bill.cli.init import contents, hooks
from pytest_bill.cli.init.answers import Answers, add_flags, answers_of
from pytest_bill.cli.init.files import Step, appended, lines_of, new_file, read, shown, write
from pytest_bill.cli.init.project import Project, is_tracked, project_in
from pytest_bill.cli.init.settings import setting_added

_SANDBOX = ("uvicorn", "httptools", "h11", "jinja2")
_ENV_EXAMPLE = ".env.example"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_flags(parser)
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder of the project (default: this one)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask, decide, write, and tell what was done and what is next; gives the exit status.

    Raises:
        SettingsError: there is nobody to ask, a file or folder is in the way, or one cannot be
            written.
    """
    project = project_in(arguments.folder)
    answers = answers_of(arguments)
    steps = list(_steps(answers, project))
    write(steps)
    _print(*_done(steps), *_warnings(project), "", *_next(project))
    return 0


def _steps(answers: Answers, project: Project) -> Iterator[Step]:
    yield _env_example(answers, project)
    yield hooks.ignored(project)
    for name in answers.credentials:
        yield new_file(project.folder, _test(project, name), contents.first_test(name))
    if answers.own_client:
        yield from _own_client(answers, project)
    yield setting_added(project.folder, project.settings)
    yield hooks.shown_by_git(project)
    if answers.pre_commit:
        yield hooks.pre_commit_hook(project)
    yield from hooks.ci_jobs(answers, project)


def _env_example(answers: Answers, project: Project) -> Step:
    """It gets the variables that it lacks, also those of credentials that come later."""
    there = lines_of(project.folder, _ENV_EXAMPLE)
    known = {line.lstrip("# ").partition("=")[0].strip() for line in there if "=" in line}
    lines = contents.env_lines(answers.credentials, known)
    if not lines:
        return Step(project.folder / _ENV_EXAMPLE, _ENV_EXAMPLE, "kept, it has what is needed")
    return appended(project.folder, _ENV_EXAMPLE, lines)


def _own_client(answers: Answers, project: Project) -> Iterator[Step]:
    """Its test; and a conftest with ``bill_config``: in the test, where there is another one."""
    text = contents.conftest(answers.credentials)
    conftest = f"{project.tests}/conftest.py"
    there = read(project.folder, conftest)
    other = next(_other_configs(project), None)
    is_ours = there == text.encode() or (there is None and other is None)
    if is_ours:
        yield new_file(project.folder, conftest, text)
    else:
        why = "kept, it was there" if there is not None else f"left out, {other} has bill_config"
        told = f"{why}; the one of the new test is in {_test(project, 'own_client')}"
        yield Step(project.folder / conftest, conftest, told)
    yield new_file(
        project.folder,
        _test(project, "own_client"),
        contents.own_client_test(answers.credentials, project.client, has_conftest=is_ours),
    )


def _other_configs(project: Project) -> Iterator[str]:
    """Conftests above that of the tests that have a ``bill_config``: a new one would hide it."""
    for parent in Path(project.tests).parents:
        name = (parent / "conftest.py").as_posix()
        if b"bill_config" in (read(project.folder, name) or b""):
            yield name


def _test(project: Project, name: str) -> str:
    return f"{project.tests}/{project.test_file.format(f'bill_{name}')}"


def _done(steps: Sequence[Step]) -> Iterator[str]:
    widest = max(len(step.name) for step in steps)
    for step in steps:
        yield f"{step.name:<{widest}}  {step.told}"


def _warnings(project: Project) -> Iterator[str]:
    if is_tracked(project, ".env"):
        yield "git has .env already: run git rm --cached .env, and make the keys in it anew."


def _next(project: Project) -> Iterator[str]:
    yield "Next:"
    if project.folder != Path.cwd().resolve():
        yield f"  cd {shlex.quote(str(project.folder))}"
    if not all(map(find_spec, _SANDBOX)):
        yield "  pip install 'pytest-bill[sandbox]'"
    yield "  pytest --bill-environment=local --bill-record-mode=once  # record from a local BILL"
    yield "  pytest                                                   # replay that, offline"
    yield "  cp .env.example .env                                     # fill it in, and then"
    yield "  pytest --bill-record-mode=all                            # record from BILL"


def _print(*lines: str) -> None:
    print("\n".join(map(shown, lines)))  # noqa: T201
