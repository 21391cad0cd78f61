"""``--bill-html``: a page of what a run did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from tests.helpers.pages import Page
from tests.helpers.recorded import recorded
from tests.plugin.suites import NO_CACHE, RECORD

SIGN_IN = Path(__file__).parents[2] / "cassettes/sign_in/developer_key.yaml"
HOSTILE = "</script><img src=x>"
SUITE = f"""
import pytest

def test_plays(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors?max=2").ok

def test_misses(bill_dev_session):
    bill_dev_session.get("/v3/vendors?max=3")

def test_fails():
    assert 1 == 2, "{HOSTILE}"

@pytest.mark.skip
def test_skipped():
    pass
"""


def page_of(path: Path) -> Page:
    made = Page(path.read_text(encoding="utf-8"))
    made.check_alone()
    return made


@pytest.fixture
def suite_dir(pytester, monkeypatch) -> Path:
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    pytester.makepyfile(test_a=SUITE)
    folder = pytester.path / "cassettes"
    listed = store.Recording([recorded("GET", "/v3/vendors?max=2", {"results": []})])
    for name in ("test_plays", "test_misses"):
        store.save(folder / f"test_a/{name}.yaml", listed, lambda _: None)
    (folder / "sign_in").mkdir()
    (folder / "sign_in/developer_key.yaml").write_bytes(SIGN_IN.read_bytes())
    return pytester.path


def test_tests_requests_and_why_some_fail(pytester, suite_dir):
    result = pytester.runpytest_subprocess(*NO_CACHE, "--bill-html=out/run.html")
    result.assert_outcomes(passed=1, failed=2, skipped=1)
    made = page_of(suite_dir / "out/run.html")
    entries = made.data["entries"]
    assert [(each["kind"], each["what"], each["how"]) for each in entries] == [
        ("test", "test_a.py::test_plays", "passed"),
        ("sign-in", "POST /v3/login", "played"),
        ("request", "GET /v3/vendors", "played"),
        ("test", "test_a.py::test_misses", "failed"),
        ("request", "GET https://gateway.stage.bill.com/connect/v3/vendors?max=3", "not recorded"),
        ("test", "test_a.py::test_fails", "failed"),
        ("test", "test_a.py::test_skipped", "skipped"),
    ]
    assert entries[0]["at"] == 0
    assert entries[2]["cassette"] == "cassettes/test_a/test_plays.yaml"
    assert entries[2]["test"] == "test_a.py::test_plays"
    shown = [each.strip() for each in made.shown]
    assert "Run: 2 failed, 1 skipped, 1 passed" in shown
    assert "- query max: 2" in shown
    assert "+ query max: 3" in shown
    assert any(HOSTILE in each for each in shown)
    assert not [name for name, _ in made.elements if name == "img"]
    for mark, text in (("del", "2"), ("ins", "3")):
        assert (
            f"<{mark}>    {'-' if mark == 'del' else '+'} query max: {text}</{mark}>" in made.text
        )


def test_nothing_of_bill(pytester):
    pytester.makepyfile("def test_it(): pass")
    assert pytester.runpytest_inprocess(*NO_CACHE, "--bill-html=run.html").ret == 0
    made = page_of(pytester.path / "run.html")
    assert [each["what"] for each in made.data["entries"]] == ["test_nothing_of_bill.py::test_it"]
    assert "Nothing was asked of BILL." in made.shown


def test_a_module_that_cannot_be_collected(pytester):
    pytester.makepyfile("import nothing_of_this_name")
    pytester.runpytest_inprocess(*NO_CACHE, "--bill-html=run.html")
    made = page_of(pytester.path / "run.html")
    assert "Run: 1 error" in made.shown
    assert "nothing_of_this_name" in made.text


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("", ["*--bill-html names no file.", "*--bill-html=bill.html"]),
        ("folder", ["*--bill-html: folder is a folder.", "*--bill-html=folder/bill.html"]),
        ("file/a.html", ["*--bill-html: file/a.html cannot be written: *", "*another place*"]),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_the_first_test(pytester, place, told):
    pytester.makepyfile("def test_it(): open('ran.txt', 'w').close()")
    (pytester.path / "folder").mkdir()
    (pytester.path / "file").touch()
    result = pytester.runpytest_inprocess(*NO_CACHE, f"--bill-html={place}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(told)
    assert not (pytester.path / "ran.txt").exists()


def test_a_disk_that_is_full_at_the_end_is_told(pytester):
    pytester.makepyfile(
        """
        import os

        def test_it():
            os.mkdir("run.html")
        """
    )
    result = pytester.runpytest_inprocess(*NO_CACHE, "--bill-html=run.html")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["run.html", "  *", "  Give another place with --bill-html."])


def test_without_jinja2(pytester):
    pytester.makepyfile("def test_it(): pass")
    code = (
        "import sys, pytest; sys.modules['jinja2'] = None; "
        "sys.exit(pytest.main(['-p', 'no:cacheprovider', '--bill-html=run.html']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=pytester.path, capture_output=True, text=True
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "pip install 'pytest-bill[show]'" in done.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_what_is_sent_took_time_and_no_secret_is_in_the_page(suite, workers):
    suite.write(
        test_a="""
        import pytest

        @pytest.mark.parametrize("n", range(4))
        def test_asks(bill_dev_session, n):
            assert bill_dev_session.get("/v3/vendors").ok

        def test_tells(bill_dev_session):
            assert not bill_dev_session.credential_headers()
        """
    )
    suite.run(*RECORD, *workers, "--bill-html=run.html")
    made = page_of(suite.folder / "run.html")
    entries = made.data["entries"]
    sent = [each for each in entries if each["how"] == "sent"]
    assert len([each for each in sent if each["kind"] == "request"]) == 4
    assert len([each for each in sent if each["kind"] == "sign-in"]) == 1
    assert all(each["seconds"] > 0 and each["status"] == 200 for each in sent)
    names = {each["worker"] for each in entries}
    assert names == ({"gw0", "gw1"} if workers else {""})
    assert "test_a.py::test_tells" in made.text
    assert "sessionId" in made.text
    if not workers:  # a worker that waits for another one's sign-in counts it, and sends none
        assert json.loads((suite.folder / "report.json").read_text())["requests"] == len(sent)


@pytest.mark.nightly
def test_what_a_worker_that_crashed_had_asked(suite):
    suite.write(
        test_a="""
        import os
        import pytest

        @pytest.mark.parametrize("n", range(6))
        def test_asks(bill_dev_session, n):
            assert bill_dev_session.get(f"/v3/vendors?max={n + 1}").ok
            if n == 3:
                os._exit(3)
        """
    )
    suite.run(*RECORD, "-n2", "--max-worker-restart=3", "--bill-html=run.html")
    sent = [
        each["test"]
        for each in page_of(suite.folder / "run.html").data["entries"]
        if each["how"] == "sent" and each["kind"] == "request"
    ]
    assert sorted(sent) == [f"test_a.py::test_asks[{n}]" for n in range(6)]


@pytest.mark.nightly
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_processes_of_tests_sent(suite, method):
    suite.write(
        asking="""
        import httpx

        def ask(url, headers):
            assert httpx.get(url, headers=headers).status_code == 200
        """,
        test_a=f"""
        import multiprocessing

        from asking import ask

        def test_asks(bill_dev_session):
            url, headers = bill_dev_session.base_url + "/v3/vendors", dict(
                bill_dev_session.credential_headers()
            )
            context = multiprocessing.get_context("{method}")
            process = context.Process(target=ask, args=(url, headers))
            process.start()
            process.join()
            assert process.exitcode == 0
        """,
    )
    suite.run(*RECORD, "--bill-html=run.html")
    requests = [
        each
        for each in page_of(suite.folder / "run.html").data["entries"]
        if each["kind"] == "request"
    ]
    assert [(each["what"], each["how"], each["status"]) for each in requests] == [
        ("GET /v3/vendors", "sent", 200)
    ]
    assert requests[0]["seconds"] > 0
    assert requests[0]["test"] == "test_a.py::test_asks"
    suite.run("--bill-html=run.html")
    entries = page_of(suite.folder / "run.html").data["entries"]
    assert [each["how"] for each in entries if each["kind"] == "request"] == ["played"]
