"""Reports without secrets, and the plugin's own errors without its insides."""

from pathlib import Path

import pytest

from pytest_bill.exceptions import NotInCassette, PytestBillError
from pytest_bill.hiding.reports import hide_secrets, short_report

SECRET = "correct-horse-battery"
NO_CACHE = ("-p", "no:cacheprovider")


def hide(text: str) -> str:
    return text.replace(SECRET, "HIDDEN")


def everything_in(report: pytest.TestReport) -> str:
    return f"{report.longrepr} {getattr(report, 'wasxfail', '')} {report.sections}"


@pytest.mark.parametrize("style", ["long", "short", "line", "native", "auto"])
def test_a_secret_is_hidden_in_every_style_of_traceback(pytester, style):
    pytester.makeconftest(
        f"""
        import pytest
        from pytest_bill.hiding.reports import hide_secrets

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item, call):
            report = yield
            hide_secrets(report, lambda text: text.replace({SECRET!r}, "HIDDEN"))
            return report
        """
    )
    pytester.makepyfile(
        test_a=f"""
        import logging, sys

        def test_a():
            secret = {SECRET!r}
            print(secret)
            print(secret, file=sys.stderr)
            logging.error(secret)
            try:
                raise ValueError(secret)
            except ValueError as error:
                raise RuntimeError([secret]) from error
        """
    )
    result = pytester.runpytest_inprocess(
        f"--tb={style}", "--showlocals", "-vv", "--junit-xml=out.xml", *NO_CACHE
    )
    shown = result.stdout.str() + (pytester.path / "out.xml").read_text()
    assert "HIDDEN" in shown
    # The test's own source is shown, and says the secret: it is not the report's to change.
    assert SECRET not in shown.replace(f"secret = {SECRET!r}", "")


def raise_here() -> None:
    local = SECRET
    raise NotInCassette(f"no recorded answer {len(local)}")


def test_the_plugins_errors_show_the_users_line_and_the_message():
    with pytest.raises(PytestBillError) as caught:
        raise_here()
    shown = short_report(caught, Path(__file__).parent)
    where, message = shown.split("\n")
    assert where.startswith("test_reports.py:")
    assert where.endswith(": NotInCassette")
    assert message == "no recorded answer 21"


def test_an_error_from_nowhere_shows_the_message_alone(tmp_path):
    with pytest.raises(PytestBillError) as caught:
        raise_here()
    assert short_report(caught, tmp_path) == "NotInCassette\nno recorded answer 21"


def test_a_report_that_passed_is_searched_too():
    report = pytest.TestReport(
        nodeid="a",
        location=("a", 1, "a"),
        keywords={},
        outcome="passed",
        longrepr=None,
        when="call",
        sections=[("Captured stdout", SECRET)],
        user_properties=[("a", SECRET), ("b", 7), (SECRET, [SECRET]), ("c", [7])],
    )
    hide_secrets(report, hide)
    assert report.sections == [("Captured stdout", "HIDDEN")]
    assert report.user_properties == [
        ("a", "HIDDEN"),
        ("b", 7),
        ("HIDDEN", "['HIDDEN']"),
        ("c", [7]),
    ]


@pytest.mark.parametrize(
    "trouble",
    [
        "pytest.xfail(SECRET)",
        "pytest.skip(SECRET)",
        "assert {'a': SECRET} == {}",
        "assert SECRET == 'something else'",
        "raise ExceptionGroup(SECRET, [ValueError(SECRET)])",
    ],
)
def test_a_secret_is_hidden_whatever_the_outcome(pytester, trouble):
    pytester.makepyfile(test_a=f"import pytest\nSECRET = {SECRET!r}\ndef test_a(): {trouble}\n")
    recorder = pytester.inline_run(*NO_CACHE)
    (report,) = (each for each in recorder.getreports() if getattr(each, "when", "") == "call")
    assert SECRET in everything_in(report)
    hide_secrets(report, hide)
    shown = everything_in(report)
    assert SECRET not in shown
    assert "HIDDEN" in shown


@pytest.mark.skipif(not hasattr(pytest, "Subtests"), reason="subtests came with pytest 9")
def test_a_secret_is_hidden_in_a_subtest(pytester):
    pytester.makepyfile(
        test_a=f"""
        def test_a(subtests):
            secret = {SECRET!r}
            with subtests.test(secret, parameter=secret):
                print(secret)
                assert False
        """
    )
    recorder = pytester.inline_run(*NO_CACHE)
    (report,) = (each for each in recorder.getreports() if hasattr(each, "context"))
    hide_secrets(report, hide)
    assert report.context.msg == "HIDDEN"
    assert report.context.kwargs == {"parameter": "'HIDDEN'"}
    assert report.sections == [("Captured stdout call", "HIDDEN\n")]


def test_a_property_without_a_secret_stays_the_very_same_one():
    plain, secret = ("bill.replayed", 5), ("a", SECRET)
    report = pytest.TestReport(
        nodeid="a",
        location=("a", 1, "a"),
        keywords={},
        outcome="passed",
        longrepr=None,
        when="teardown",
        user_properties=[plain, secret],
    )
    hide_secrets(report, hide)
    assert report.user_properties[0] is plain
    assert report.user_properties[1] == ("a", "HIDDEN")
