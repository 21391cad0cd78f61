"""Organizations, their users, their partners, and whom they know in the BILL Network."""

MODULES = (
    "billing_statements",
    "network",
    "organizations",
    "partner_organizations",
    "partner_users",
    "risk_verifications",
    "roles",
    "users",
)
