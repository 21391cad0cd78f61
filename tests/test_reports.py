"""Reports without secrets, and the plugin's own errors without its insides."""

from pathlib import Path

import pytest

from pytest_bill.exceptions import NotInCassette, PytestBillError
from pytest_bill.reports import hide_secrets, short_report

SECRET = "correct-horse-battery"


@pytest.mark.parametrize("style", ["long", "short", "line", "native", "auto"])
def test_a_secret_is_hidden_in_every_style_of_traceback(pytester, style):
    pytester.makeconftest(
        f"""
        import pytest
        from pytest_bill.reports import hide_secrets

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
        f"--tb={style}", "--showlocals", "-vv", "--junit-xml=out.xml", "-p", "no:cacheprovider"
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
        user_properties=[("a", SECRET), ("b", 7)],
    )
    hide_secrets(report, lambda text: text.replace(SECRET, "HIDDEN"))
    assert report.sections == [("Captured stdout", "HIDDEN")]
    assert report.user_properties == [("a", "HIDDEN"), ("b", 7)]
