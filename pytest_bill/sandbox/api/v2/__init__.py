"""BILL's v2 API, which works on the same records as v3."""

MODULES = (
    "accounting",
    "approvals",
    "documents",
    "mfa",
    "network",
    "organization",
    "payables",
    "payments",
    "receivables",
    "received_payments",
    "search",
    "sign_in",
    "summaries",
)
