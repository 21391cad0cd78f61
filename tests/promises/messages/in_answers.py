"""What BILL answers, and what the sandbox refuses: one run that asks the local sandbox."""

from __future__ import annotations

from tests.promises.messages.mistake import Mistake, Run

GROUP = "What BILL answers"
SANDBOX_GROUP = "The local sandbox"

ANSWERS = Run("answers", ("--bill-environment=local", "--bill-live"))
"""The credentials of the user are those of the sandbox: what is wrong is what tests ask."""


def made(
    did: str, line: str, *, cause: str, step: str, fixtures: str = "bill_dev_session"
) -> Mistake:
    code = (
        "from datetime import timedelta\n\nimport httpx\nimport pytest\n\n\n"
        f"def test_it({fixtures}):\n    {line}\n"
    )
    return Mistake(did, ANSWERS, cause, step, code=code, wrote=line)


IN_ANSWERS = [
    made(
        "An unknown id",
        'bill_dev_session.call("GET", "/v3/vendors/00901UNKNOWNVENDOR00")',
        cause="BDC_1120 No data found",
        step="What its codes mean: https://developer.bill.com/",
    ),
    made(
        "An error asked for with raise_for_status",
        'bill_dev_session.get("/v3/vendors/00901UNKNOWNVENDOR00").raise_for_status()',
        cause="BDC_1120 No data found",
        step="error.response.text",
    ),
    made(
        "An error of v2",
        'bill_dev_session.call("POST", "/v2/Crud/Read/Bill.json", data={"data": \'{"id": "x"}\'})',
        cause="with 200: BDC_1120",
        step="https://developer.bill.com/v2/docs/common-error-codes",
    ),
    made(
        "A path misspelt",
        'bill_dev_session.call("GET", "/v3/vendorz")',
        cause="BDC_1121 API not supported",
        step='as in "/v3/vendors"',
    ),
    made(
        "A path without its version",
        'bill_dev_session.call("GET", "/vendors")',
        cause="BDC_1121 API not supported",
        step="begin with /v3 (or /v2): /v3/vendors",
    ),
    made(
        "One record with paginate",
        'list(bill_dev_session.paginate("/v3/login/session"))',
        cause="answered one record (with ",
        step="or name the list",
    ),
    made(
        "What is no JSON with call",
        'bill_dev_session.call("GET", bill_dev_session.base_url.replace("/connect", "/"))',
        cause="no JSON",
        step="session.get(path).content",
    ),
    made(
        "A session that BILL refuses again and again",
        'bill_sandbox.fail("listVendors", times=9, status=401, code="BDC_1109"); '
        'bill_dev_session.call("GET", "/v3/vendors")',
        cause="A new session did not help",
        step="run again later",
        fixtures="bill_dev_session, bill_sandbox",
    ),
    made(
        "A credential for another host",
        'httpx.get("https://example.com/", headers=bill_dev_session.credential_headers())',
        cause="holds the secret of PLACEHOLDER_BILL_DEV_KEY",
        step="Check the address, and redirects",
    ),
    made(
        "Production while the local sandbox answers",
        'httpx.get("https://gateway.prod.bill.com/connect/v3/vendors")',
        cause="It is BILL's production",
        step="allow it with --bill-allow-production",
    ),
    made(
        "BILL's sandbox while the local one answers",
        'httpx.get("https://gateway.stage.bill.com/connect/v3/vendors")',
        cause="was not sent",
        step="http://127.0.0.1:",
    ),
]

IN_SANDBOX = [
    made(
        "An operation misspelt",
        'bill_sandbox.fail("listVendorz", status=503)',
        cause="Invalid field,value: operation, listVendorz",
        step="Did you mean listVendors?",
        fixtures="bill_sandbox",
    ),
    made(
        "A status that is none",
        'bill_sandbox.fail("listVendors", status=99)',
        cause="Invalid field,value: status, 99",
        step='fail("listVendors", status=503)',
        fixtures="bill_sandbox",
    ),
    made(
        "The clock moved back",
        "bill_sandbox.advance(timedelta(days=-1))",
        cause="advance_seconds, -86400.0",
        step="advance(timedelta(minutes=36))",
        fixtures="bill_sandbox",
    ),
    made(
        "Records at a path that is none",
        'bill_sandbox.seed_from({"/v3/vendorz": [{}]})',
        cause="Invalid field,value: path, /v3/vendorz",
        step='seed_from({"/v3/vendors": [',
        fixtures="bill_sandbox",
    ),
    made(
        "Records that lack a field",
        'bill_sandbox.seed_from({"/v3/vendors": [{}]})',
        cause="Missing required data for: [0].name",
        step="Give lists of whole bodies",
        fixtures="bill_sandbox",
    ),
]
