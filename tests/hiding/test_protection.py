"""What stands between pytest and its outputs: small whole runs, with a secret in the environment.

tests/promises/test_elsewhere.py has the same with every credential, signed in.
"""

from __future__ import annotations

import pytest

from pytest_bill.hiding.protection import Protection
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.helpers.leaks import files_below, leaks_in

SECRET = "Correct \"horse\" \\ & 'battery' <staple>/+="
STAND_IN_KEY = "a-key-of-the-whole-team"
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"
SUITE = """
import logging, os, sys, warnings

import pytest

SECRET = os.environ["BILL_PASSWORD"]


def test_prints():
    print(SECRET)
    print(repr([SECRET]), file=sys.stderr)
    sys.stdout.writelines([SECRET, "\\n"])
    getattr(sys.stdout, "buffer", sys.stdout.buffer).write(f"{SECRET}\\n".encode())
    logging.warning(SECRET)


def test_the_key_of_the_stand_ins():
    assert os.environ["BILL_STAND_IN_KEY"] == ""


def test_fails_on_what_was_logged_and_printed(caplog, capsys):
    logging.warning(SECRET)
    print(SECRET)
    assert SECRET in caplog.text
    assert [caplog.text, capsys.readouterr().out] == []


def test_warns():
    warnings.warn(SECRET)


def test_fails(record_property):
    record_property("own", SECRET)
    print(SECRET)
    assert [SECRET] == []


@pytest.mark.parametrize("secret", [SECRET])
def test_a_parameter(secret):
    pass


@pytest.mark.parametrize("given", [1], ids=[SECRET])
def test_an_id(given):
    pass
"""
BROKEN = """
import os

print(os.environ["BILL_PASSWORD"])
raise ValueError(os.environ["BILL_PASSWORD"])
"""
CHANNEL = """
import execnet.gateway_base as base

send = base.Channel.send

def recorded(self, item):
    with open("channel.txt", "a", encoding="utf-8", errors="surrogateescape") as file:
        print(repr(item), file=file)
    return send(self, item)

base.Channel.send = recorded
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run the suite in a process of its own; gives all that it printed."""
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    monkeypatch.setenv("BILL_STAND_IN_KEY", STAND_IN_KEY)
    pytester.makepyfile(test_suite=SUITE, test_broken=BROKEN)

    def run(*args: str) -> str:
        result = pytester.runpytest_subprocess(
            "--continue-on-collection-errors",
            f"--basetemp={pytester.path}/base",
            *args,
            timeout=60,
        )
        assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
        return result.stdout.str() + result.stderr.str()

    return run


@pytest.fixture
def leaks(pytester):
    """Where the secret is, in what was printed and in all files that were left."""

    def leaks(printed: str) -> list[str]:
        texts = {"output": printed, **files_below(pytester.path)}
        return leaks_in(texts, {"it": SECRET, "the key": STAND_IN_KEY})

    return leaks


@pytest.mark.parametrize("capture", ["no", "tee-sys", "sys", "fd"])
@pytest.mark.sampled(2)
def test_what_is_printed_with_and_without_capturing(run, leaks, capture):
    printed = run(f"--capture={capture}", "-rA", "-vv")
    assert printed.count(PLACEHOLDER) > 10
    assert leaks(printed) == []


def test_what_debug_writes_of_all_hooks(run, leaks, pytester):
    printed = run("--debug=hooks.txt", "--junit-xml=junit.xml", "--log-file=log.txt", "-l")
    for name in ("hooks.txt", "junit.xml", "log.txt", ".pytest_cache/v/cache/nodeids"):
        assert PLACEHOLDER in (pytester.path / name).read_text(), name
    assert leaks(printed) == []


def test_debug_where_a_secret_has_letters_that_need_a_module(run, leaks, pytester, monkeypatch):
    # pytest writes that it is imported, while the secrets are made ready to be hidden.
    monkeypatch.setenv("BILL_PARTNER_PASSWORD", "p\u00e4ssword-of-a-partner")
    printed = run("--debug=hooks.txt")
    assert PLACEHOLDER in (pytester.path / "hooks.txt").read_text()
    assert leaks(printed) == []


def test_what_goes_over_xdists_channel(run, leaks, pytester):
    pytester.makeconftest(CHANNEL)
    printed = run("-n1", "-rA")
    sent = (pytester.path / "channel.txt").read_text()
    for event in ("testreport", "collectreport", "warning_recorded"):
        lines = [line for line in sent.splitlines() if f"'{event}'" in line]
        assert any(PLACEHOLDER in line for line in lines), event
    assert leaks(printed) == []


def test_why_a_worker_stopped(run, leaks, pytester):
    pytester.makeconftest(CHANNEL)
    pytester.makepyfile(
        test_suite="""
        import os

        def test_stops(request):
            request.session.shouldstop = os.environ["BILL_PASSWORD"]
        """
    )
    printed = run("-n1")
    assert PLACEHOLDER in (pytester.path / "channel.txt").read_text()
    assert leaks(printed) == []


SPY = """
import logging, traceback

import pytest

SEEN = open("seen.txt", "a", encoding="utf-8", errors="surrogateescape")


def see(*things):
    for thing in things:
        print(repr(thing), file=SEEN, flush=True)


def see_error(excinfo):
    if excinfo is not None:
        value = excinfo.value
        see(str(value), value.args, vars(value), excinfo.exconly(), str(excinfo))
        see("".join(traceback.format_exception_only(value)), value.__cause__, value.__context__)


def see_report(report):
    see(report.nodeid, report.longreprtext, report.sections, report.location)
    see(getattr(report, "keywords", None))
    see(getattr(report, "user_properties", None), getattr(report, "wasxfail", None))
    see(getattr(report, "context", None), report.caplog, report.capstdout, report.head_line)


def see_item(item):
    see(item.nodeid, item.name, getattr(item, "callspec", None) and dict(item.callspec.params))
    see(list(item.keywords), [mark.kwargs for mark in item.iter_markers("xfail")])


class Handler(logging.Handler):
    def emit(self, record):
        see(record.getMessage(), record.args, vars(record))
        if record.exc_info:
            see(record.exc_info[1])


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    for number, options in enumerate([{}, {"tryfirst": True}, {"trylast": True}]):
        config.pluginmanager.register(spy(options), f"spy-{number}")


def pytest_sessionstart(session):
    logging.getLogger().addHandler(Handler())


def spy(options):
    wrapper = pytest.hookimpl(wrapper=True, **options)
    plain = pytest.hookimpl(**options)

    class Spy:
        @wrapper
        def pytest_runtest_makereport(self, item, call):
            see_error(call.excinfo)
            report = yield
            see_report(report)
            see(item.user_properties, item._report_sections)
            report.own = {"more": call.excinfo and str(call.excinfo.value)}
            return report

        @plain
        def pytest_runtest_logreport(self, report):
            see_report(report)
            see(getattr(report, "own", None))

        @plain
        def pytest_exception_interact(self, call, report):
            see_error(call.excinfo)
            see_report(report)

        @wrapper
        def pytest_make_collect_report(self, collector):
            report = yield
            see(report.longrepr, report.sections, *map(repr, report.result or ()))
            see(*(each.nodeid for each in report.result or ()))
            return report

        @plain
        def pytest_collectreport(self, report):
            see(report.longrepr, report.sections)
            see(*(each.nodeid for each in report.result or ()))

        @plain
        def pytest_itemcollected(self, item):
            see_item(item)

        @plain
        def pytest_collection_modifyitems(self, items):
            for item in items:
                see_item(item)

        @wrapper
        def pytest_runtest_setup(self, item):
            see_item(item)
            return (yield)

        @plain
        def pytest_warning_recorded(self, warning_message):
            see(warning_message.message, warning_message.message.args, str(warning_message))

        @plain
        def pytest_assertrepr_compare(self, left, right):
            see(left, right)

    return Spy()
"""
SPIED_ON = """
import dataclasses, logging, os, unittest, warnings

import pytest

SECRET = os.environ["BILL_PASSWORD"]


@dataclasses.dataclass
class Login:
    password: str


class Refused(Exception):
    def __init__(self, told):
        self.told = told

    def __str__(self):
        return f"refused: {self.told}"


def test_raises():
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise Refused({"a": [SECRET]}) from error


def test_a_group():
    raise ExceptionGroup(SECRET, [OSError(2, SECRET, SECRET)])


def test_compares():
    assert Login(SECRET) == Login(SECRET[1:])


def test_logs_and_prints():
    logging.warning("it is %s", SECRET, extra={"token": SECRET})
    print(SECRET)
    assert 0


@pytest.mark.parametrize("given", [SECRET, {"a": SECRET}, Login(SECRET)], ids=["a", "b", "c"])
def test_a_parameter_is_the_secret_itself(given, request):
    held = {"a": given} if isinstance(given, str) else vars(given) if given != {
        "a": SECRET} else given
    assert SECRET in held.values()
    assert request.node.callspec.params["given"] == given


@pytest.mark.xfail(reason=SECRET)
def test_is_expected_to_fail():
    assert 0


def test_skips():
    pytest.skip(SECRET)


def test_warns(record_property):
    warnings.warn(UserWarning({"a": SECRET}))
    record_property("own", {"a": SECRET})


def test_subtests(subtests):
    with subtests.test(msg=SECRET, given=SECRET):
        raise Refused(SECRET)


class TestOfUnittest(unittest.TestCase):
    def test_compares(self):
        self.assertEqual({"a": SECRET, "b": "x" * 70}, {"a": SECRET[2:], "b": "x" * 70})


globals()["Test" + SECRET] = type("Test" + SECRET, (), {"test_is_run": lambda self: 1 / 0})
"""


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_no_other_plugin_sees_a_secret(pytester, monkeypatch, workers):
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    pytester.makeconftest(SPY)
    pytester.makepyfile(test_spied_on=SPIED_ON, test_broken=BROKEN)
    options = ("--continue-on-collection-errors", "--color=yes", "-vv", *workers)
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(failed=8, passed=4, skipped=1, xfailed=1, errors=1, warnings=1)
    seen = (pytester.path / "seen.txt").read_text(encoding="utf-8", errors="surrogateescape")
    for part in ("Refused", "refused", "Login", "it is ", "xfail", "UserWarning", "assertEqual"):
        assert part in seen, part
    texts = {"seen": seen, "output": result.stdout.str() + result.stderr.str()}
    assert leaks_in(texts, {"it": SECRET}) == []


@pytest.mark.parametrize(
    "conftest",
    [
        "import os; raise ValueError(os.environ['BILL_PASSWORD'])",
        "import os; os.environ['BILL_PASSWORD'] is None or compile(os.environ['BILL_PASSWORD'])",
        """
        import os

        def pytest_configure(config):
            secret = os.environ["BILL_PASSWORD"]
            raise ValueError(secret)
        """,
        """
        import os

        def pytest_collection_modifyitems(items):
            raise KeyError(os.environ["BILL_PASSWORD"])
        """,
        """
        import os, pytest

        def pytest_sessionstart(session):
            pytest.exit(os.environ["BILL_PASSWORD"])
        """,
    ],
    ids=["import", "import-2", "configure", "hook", "exit"],
)
@pytest.mark.sampled(3)
def test_a_run_that_cannot_begin_tells_no_secret(pytester, monkeypatch, conftest):
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    pytester.makeconftest(conftest)
    pytester.makepyfile("def test_a(): pass")
    result = pytester.runpytest_subprocess("--full-trace", "-l", "--tb=long")
    assert result.ret not in (0, 1)
    printed = result.stdout.str() + result.stderr.str()
    assert ("Error" in printed) or (PLACEHOLDER in printed)
    assert leaks_in({"output": printed}, {"it": SECRET}) == []


@pytest.mark.parametrize("hook", ["unconfigure", "sessionfinish", "terminal_summary"])
@pytest.mark.parametrize("error", ["ValueError", "pytest.UsageError", "ExceptionGroup"])
@pytest.mark.sampled(4)
def test_an_error_that_leaves_pytest_at_the_end_tells_no_secret(pytester, monkeypatch, hook, error):
    """Python shows it, or pytest, when all else was taken back."""
    monkeypatch.setenv("BILL_PASSWORD", SECRET)
    more = ", [KeyError(secret)]" if error == "ExceptionGroup" else ""
    pytester.makeconftest(
        f"""
        import os, pytest

        def pytest_{hook}():
            secret = os.environ["BILL_PASSWORD"]
            error = {error}(secret{more})
            error.add_note(secret)
            raise error from OSError(2, secret, secret)
        """
    )
    pytester.makepyfile("def test_a(): pass")
    result = pytester.runpytest_subprocess()
    assert result.ret != 0
    printed = result.stdout.str() + result.stderr.str()
    assert PLACEHOLDER in printed
    assert leaks_in({"output": printed}, {"it": SECRET}) == []


def test_a_conftest_that_cannot_be_imported_and_another_env_file(pytester):
    (pytester.path / "other.env").write_text("BILL_PASSWORD=of-the-other-file-0123\n")
    (pytester.path / ".env").write_text("BILL_PASSWORD=of-the-usual-file\n")
    pytester.makeconftest("raise ValueError(open('other.env').read())")
    result = pytester.runpytest_subprocess("--bill-env-file=other.env")
    printed = result.stdout.str() + result.stderr.str()
    assert f"BILL_PASSWORD={PLACEHOLDER}" in printed
    assert leaks_in({"output": printed}, {"it": "of-the-other-file-0123"}) == []


# --- in this process --------------------------------------------------------------------------


def test_other_secrets_may_be_used_later(pytester):
    protection = Protection(pytester.parseconfig())
    assert protection.hide("any-text-0123") == "any-text-0123"
    for number in range(2):
        protection.use(SecretRegistry([(f"PLACEHOLDER_{number}", "any-text-0123")]))
        assert protection.hide("any-text-0123") == f"PLACEHOLDER_{number}"
