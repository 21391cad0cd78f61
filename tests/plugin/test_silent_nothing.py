"""What did nothing is told: tests without traffic, answers nobody played, cassettes nobody used."""

from __future__ import annotations

import json
import re

import pytest

from tests.helpers.cassettes import write_cassette

PORT = re.compile(r":\d+$")
CASSETTES = {
    "lists/bills": ("/v3/bills?page=1", "/v3/bills?page=2"),
    "test_a/test_half": ("/v3/vendors", "/v3/bills"),
    "test_a/test_skips": ("/v3/vendors", "/v3/bills"),
    "test_a/test_xfails": ("/v3/vendors", "/v3/bills"),
    "test_a/test_new_episodes": ("/v3/vendors", "/v3/bills"),
    "test_a/test_late": ("/v3/spend/budgets",),
    "test_a/TestClass.test_parameter-1": ("/v3/vendors",),
    "test_a/fixture.vendor": ("/v3/vendors",),
    "test_a/fixture.cleanup": ("/v3/bills",),
}
MODULE = """
import http.server
import threading
import urllib.request

import pytest

API = "https://gateway.stage.bill.com/connect"
bill = pytest.mark.bill_cassette


def ask(path, api=API):
    with urllib.request.urlopen(api + path) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def vendor(bill_environ):
    return ask("/v3/vendors")


@pytest.fixture(scope="module")
def cleanup(bill_environ):
    yield
    ask("/v3/bills")


@pytest.fixture(autouse=True)
def for_all(bill_environ):
    pass


@bill
def test_half():
    ask("/v3/vendors")


@pytest.mark.parametrize("page", [1, 2])
@bill("lists/bills")
def test_shared(page):
    ask(f"/v3/bills?page={page}")


@bill
def test_skips():
    ask("/v3/vendors")
    pytest.skip("enough")


@bill
@pytest.mark.xfail(strict=True)
def test_xfails():
    ask("/v3/vendors")
    assert False


@bill(record_mode="new_episodes")
def test_new_episodes():
    ask("/v3/vendors")


def test_late(request):
    assert request.getfixturevalue("bill_spend_client").get("/v3/spend/budgets").ok


class TestClass:
    @pytest.mark.parametrize("number", [1])
    @bill
    def test_parameter(self, number):
        ask("/v3/vendors")


def test_uses_a_fixture_that_asked(vendor):
    assert vendor


def test_uses_a_fake(bill_spend_client):
    import responses

    with responses.RequestsMock() as fakes:
        fakes.add("GET", f"{bill_spend_client.base_url}/v3/spend/budgets", json={})
        assert bill_spend_client.get("/v3/spend/budgets").ok


def test_uses_a_fixture_that_asks_in_the_end(cleanup):
    pass


def test_plain():
    pass


@pytest.mark.skip
@bill
def test_does_not_run():
    pass
"""
SILENT = """

def test_silent(bill_environ):
    pass


@bill
def test_elsewhere():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ask("/", f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    server.server_close()

"""


@pytest.fixture
def told(pytester):
    """Run pytest, and give what its report tells, by kind."""

    def told(run, *args, status: int = 0):
        result = run("--bill-report=report.json", "-W", "ignore", *args)
        assert result.ret == status, result.stdout.str()
        report = json.loads((pytester.path / "report.json").read_text())
        return {(each["kind"], each["owner"], each["text"]) for each in report["notices"]}

    return told


@pytest.fixture
def cassettes(pytester):
    """Those of the module above, and others."""

    def cassettes(**others: tuple[str, ...]) -> None:
        for name, paths in (CASSETTES | others).items():
            write_cassette(pytester.path / "cassettes" / f"{name}.yaml", *paths)

    return cassettes


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
@pytest.mark.sampled(2)
def test_what_did_nothing_is_told(pytester, cassettes, told, subprocess_run, workers):
    pytester.makepyfile(test_a=MODULE + SILENT)
    cassettes(**{"test_a/test_silence": ("/v3/bills",), "test_b/test_1": ("/v3/bills",)})
    found = told(subprocess_run, "--bill-strict", *workers, status=1)
    assert {(kind, owner, PORT.sub("", text)) for kind, owner, text in found} == {
        (
            "elsewhere",
            "test_a.py::test_elsewhere",
            "has the marker bill_cassette; its requests went to 127.0.0.1",
        ),
        (
            "silent",
            "test_a.py::test_silent",
            "asks for bill_environ and sent nothing to BILL",
        ),
        (
            "unplayed",
            "cassettes/test_a/test_half.yaml",
            "1 of 2 not played: GET https://gateway.stage.bill.com/connect/v3/bills",
        ),
        (
            "gone",
            "cassettes/test_a/test_silence.yaml",
            "test_a.py has no such test; test_a.py::test_silent looks like its new name: "
            "move it to cassettes/test_a/test_silent.yaml",
        ),
        ("gone", "cassettes/test_b/test_1.yaml", "there is no module test_b"),
    }


FAILS = "\n\n@bill\ndef test_fails():\n    ask('/v3/vendors')\n    assert False\n"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 1),
        (("-x",), 1),
        (("-k", "test_shared and 1"), 0),
        (("-m", "not bill_cassette"), 0),
        (("--deselect=test_a.py::test_half",), 1),
        (("test_a.py::test_shared[1]",), 0),
        (("test_a.py::TestClass",), 0),
        (("--ignore=test_a.py",), 0),
        (("test_b.py",), 0),
        (("-p", "cacheprovider", "--lf"), 1),
        (("--collect-only",), 0),
        (("--setup-plan",), 0),
        (("-p", "bill_shard"), 0),
        (("-n", "2"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.sampled(7)
def test_no_false_alarm(pytester, cassettes, told, subprocess_run, options, status):
    """Each cassette belongs to a test; the one whose answers are not all played failed."""
    pytester.makepyfile(
        test_a=MODULE.replace("def test_half():\n", "def test_half():\n    ask('/v3/bills')\n")
        + FAILS,
        test_b="import pytest\n\n@pytest.mark.bill_cassette('lists/bills')\n"
        "def test_other():\n    from test_a import ask\n    ask('/v3/bills?page=2')\n",
        test_c="import pytest\npytest.importorskip('no_such_module')\n",
        # As pytest-split and pytest-shard do it.
        bill_shard="def pytest_collection_modifyitems(config, items):\n"
        "    config.hook.pytest_deselected(items=items[1:])\n    del items[1:]\n",
    )
    cassettes(
        **{"test_a/test_fails": ("/v3/vendors", "/v3/bills"), "test_c/test_1": ("/v3/bills",)}
    )
    assert told(subprocess_run, *options, status=status) == set()
