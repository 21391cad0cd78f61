"""``--bill-allow-production``: without it, production is not asked."""

from __future__ import annotations

import pytest

from tests.plugin.suites import LOCAL, ONE


@pytest.mark.parametrize("args", [("--bill-record-mode=all",), ("--bill-live",)])
def test_production_needs_leave(pytester, run, args):
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-environment=production", *args)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--bill-allow-production*"])


@pytest.mark.parametrize("client", ["bill_dev_session", "httpx"])
@pytest.mark.parametrize("mode", ["--bill-record-mode=once", "--bill-live"])
@pytest.mark.sampled(4)
def test_production_is_not_asked_by_its_address_either(pytester, subprocess_run, client, mode):
    # In a process of its own: this project's own run guards BILL's hosts in this one.
    pytester.makepyfile(
        test_bill=f"""
        import httpx

        def test_one(bill_dev_session):
            {client}.get("https://gateway.prod.bill.com/connect/v3/vendors")
        """
    )
    result = subprocess_run(*LOCAL, mode)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*BILL's production; allow it with --bill-allow-production.*"])
