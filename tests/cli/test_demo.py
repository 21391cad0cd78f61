"""`pytest-bill demo` through the front door. CI runs it by itself, too."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

COMMAND = [str(Path(sys.executable).parent / "pytest-bill"), "demo"]


def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=300, **options
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """One demo: what it printed, the suite that it kept and the picture that it drew."""
    folder = tmp_path_factory.mktemp("demo")
    result = run("--keep", str(folder / "kept"), "--svg", str(folder / "demo.svg"))
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout, folder / "kept/accounts_payable", folder / "demo.svg"


@pytest.mark.nightly
def test_every_request_is_recorded_and_replayed(shown):
    rows = dict(re.findall(r"(?m)^\s+(record|replay)\s+(\d.*)$", shown[0]))
    sign_ins, requests, recorded, replayed = map(int, rows["record"].split())
    assert (sign_ins, recorded, replayed) == (5, requests, 0)
    assert requests > 20
    assert list(map(int, rows["replay"].split())) == [5, requests, 0, requests]


@pytest.mark.nightly
def test_all_six_credentials_are_used(shown):
    text = "".join(path.read_text() for path in (shown[1] / "tests").glob("*.py"))
    for fixture in (
        "dev_session",
        "sync_session",
        "console_session",
        "spend_client",
        "partner_session",
        "oauth_session",
    ):
        assert f"bill_{fixture}" in text


@pytest.mark.nightly
def test_the_cassettes_are_shown_and_kept(shown):
    kept = [path.name for path in (shown[1] / "cassettes").rglob("*.yaml")]
    assert len(kept) > 10
    flat = re.sub(r"\s+", "", shown[0])
    assert [name for name in kept if name not in flat] == []


@pytest.mark.nightly
def test_the_picture_fetches_nothing(shown):
    picture = shown[2].read_text()
    assert "credentials" in picture
    assert "url(http" not in picture


def words_in(picture: str) -> list[str]:
    """What it shows, without how long runs took and how many bytes a cassette has."""
    texts = re.findall(r"<text[^>]*>([^<]*)", picture)
    words = " ".join(html.unescape(text) for text in texts).split()
    return [word for word in words if not re.fullmatch(r"[\d.]+s|[\d,]{3,}", word)]


@pytest.mark.nightly
def test_the_picture_of_the_readme_is_what_the_demo_draws_now(shown):
    """``make pictures`` draws it anew."""
    drawn = Path(__file__).parents[2] / "docs" / "demo.svg"
    assert words_in(drawn.read_text()) == words_in(shown[2].read_text())


@pytest.mark.nightly
def test_a_folder_may_be_named_from_here(tmp_path):
    result = run("--keep", "kept", "--svg", "kept.svg", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "All six credentials recorded and replayed." in result.stdout
    assert (tmp_path / "kept/accounts_payable/cassettes").is_dir()


@pytest.mark.nightly
def test_a_kept_suite_is_not_overwritten(shown):
    result = run("--keep", str(shown[1].parent))
    assert result.returncode == 2
    assert "exists already" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--keep", "a-file"), ("--svg", "a-file/x.svg")], ids=["keep", "svg"]
)
def test_a_place_that_cannot_be_written_is_explained(tmp_path, arguments):
    (tmp_path / "a-file").touch()
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert "a-file" in result.stderr
    assert f"Give another place with {arguments[0]}." in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.nightly
def test_the_cassettes_are_searched_for_the_sandboxs_secrets(shown):
    # 16 variables, two of them with the same organization id, and 4 sessionIds.
    assert "None of the sandbox's 21 secrets is in the cassettes." in shown[0]


@pytest.mark.nightly
def test_the_demo_fails_if_a_secret_is_in_a_cassette(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "if 'pytest' in sys.orig_argv:\n"
        "    from pytest_bill.scrubbing import registry, scrub\n"
        "    scrub.Scrubber.scrub = lambda self, interaction: interaction\n"
        "    registry.SecretRegistry.find = lambda self, text: None\n"
    )
    result = run(env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 1
    assert "Failed: a secret of the sandbox is in sign_in/" in result.stdout


def test_everything_that_the_example_imports_comes_with_the_extra():
    project = Path(__file__).parents[2]
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = settings["dependencies"] + settings["optional-dependencies"]["demo"]
    names = {re.split(r"[^\w-]", each)[0].replace("-", "_") for each in required}
    suite = project / "examples/accounts_payable"
    imported = {
        name
        for path in suite.rglob("*.py")
        for name in re.findall(r"(?m)^(?:from|import) (\w+)", path.read_text(encoding="utf-8"))
    }
    own = {"acme_payables", "pytest_bill"}
    assert imported - own - names - sys.stdlib_module_names == set()


@pytest.mark.nightly
def test_the_demo_fails_if_a_run_fails(tmp_path):
    # A broken plugin on the path breaks the runs that the demo starts, not the demo itself.
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "if 'pytest' in sys.orig_argv:\n"
        "    import pytest_bill.credentials.kinds\n"
        "    pytest_bill.credentials.kinds.V3_LOGIN.fields.pop('username')\n"
    )
    result = run(env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 1
    assert "Failed:" in result.stdout
    assert "BILL refused the sign-in" in result.stdout
