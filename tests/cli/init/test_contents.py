"""What is written: texts that are well formed, and those of the documents."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pytest_bill.cli.init import contents
from pytest_bill.cli.init.answers import CREDENTIALS, Answers
from pytest_bill.cli.init.project import Project
from pytest_bill.cli.init.settings import Settings, Table
from pytest_bill.credentials.environ import NAMES
from pytest_bill.credentials.kinds import KINDS

DOCS = Path(__file__).parents[3] / "docs"
PROJECT = Project(
    Path(),
    None,
    Settings(Table("pytest.ini", "[pytest]", ("pytest",)), {}, is_there=False),
    install=("-e .",),
    python="3.12",
)


def test_each_credential_can_be_chosen():
    assert tuple(CREDENTIALS.values()) == KINDS
    comments = contents.env_comments()
    assert set(comments) == {each.name for kind in KINDS for each in kind.variables}
    assert all(comment.startswith("# ") for comment in comments.values())


@pytest.mark.parametrize("name", CREDENTIALS)
def test_the_env_example_has_the_variables_of_what_was_chosen_and_no_value(name):
    lines = contents.env_lines([name])
    variables = [line for line in lines if line and not line.startswith("#")]
    assert variables == [f"{each.name}=" for each in CREDENTIALS[name].variables]
    for variable in variables:
        assert lines[lines.index(variable) - 1].startswith("# ")


def test_variables_that_are_there_are_not_named_again():
    lines = contents.env_lines(["spend", "partner"], {"BILL_SPEND_API_TOKEN"})
    assert "BILL_SPEND_API_TOKEN=" not in lines
    assert "BILL_PARTNER_APP_KEY=" in lines
    assert contents.env_lines(["spend"], {"BILL_SPEND_API_TOKEN"}) == []


def texts() -> list[str]:
    """Every module that can be written."""
    found = [contents.first_test(name) for name in CREDENTIALS]
    for name, client, has_conftest in itertools.product(
        CREDENTIALS, ("httpx", "requests"), (True, False)
    ):
        found.append(contents.own_client_test([name], client, has_conftest=has_conftest))
    return [*found, *(contents.conftest([name]) for name in CREDENTIALS)]


def test_the_modules_are_formatted_and_import_what_they_use(tmp_path):
    for number, text in enumerate(texts()):
        ast.parse(text)
        (tmp_path / f"test_{number}.py").write_text(text)
    for check in (["format", "--check"], ["check", "--select", "F,E,I,B,PT"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--no-cache", "--isolated", str(tmp_path)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_client_of_its_own_gets_each_variable_that_it_reads(name):
    text = contents.own_client_test([name], "httpx", has_conftest=True)
    environ = contents.environ([name])
    assert set(re.findall(r'os\.environ\["(\w+)"\]', text)) == set(environ)
    assert set(environ.values()) <= set(NAMES)
    assert {
        key: value
        for key, value in environ.items()
        if f'"{key}": "{value}"' in (contents.bill_config([name]))
    } == environ


def test_a_template_with_a_gap_is_refused():
    with pytest.raises(KeyError, match="client"):
        contents.template("own_client.py", imports="", bill_config="", sign_in="", path="")


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_jobs_are_yaml_and_those_of_the_document(ci):
    document = (DOCS / "ci.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"<!-- written: (\S+) -->\n```yaml\n(.*?)```", document, re.DOTALL))
    files = contents.ci_files(Answers(ci=ci), PROJECT)
    assert files
    for name, text in files.items():
        assert shown[name] == text
        assert yaml.safe_load(text)


def test_without_ci_there_is_no_job():
    assert contents.ci_files(Answers(), PROJECT) == {}


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_nights_job_alone_knows_variables_and_all_of_them(ci):
    files = contents.ci_files(Answers(tuple(CREDENTIALS), ci=ci), PROJECT)
    together = "\n".join(files.values())
    names = {each.name for kind in KINDS for each in kind.variables}
    assert set(re.findall(r"BILL_[A-Z_]+", together)) - {"BILL_REPORT"} == names
    for text in files.values():
        for job in yaml.safe_load(text).get("jobs", {}).values():
            steps = str(job["steps"])
            assert ("secrets." in steps) == ("--bill-record-mode" in steps)


def test_nothing_of_the_project_is_installed_where_there_is_nothing():
    for text in contents.ci_files(Answers(ci="github"), PROJECT._replace(install=())).values():
        assert "pip install pytest-bill" in text or "pip install 'pytest-bill" in text


def test_a_folder_of_cassettes_with_a_blank_is_one_word():
    for ci in ("github", "gitlab"):
        files = contents.ci_files(Answers(ci=ci), PROJECT._replace(cassettes="my cassettes"))
        assert "git add --all 'my cassettes'\n" in "".join(files.values())


def test_the_hook_is_that_of_the_documents():
    hook = contents.template("pre-commit.yaml")
    assert f"```yaml\n{hook}```" in (DOCS / "first-steps.md").read_text(encoding="utf-8")
    assert f"```yaml\n{hook}```" in (DOCS / "scanning.md").read_text(encoding="utf-8")
