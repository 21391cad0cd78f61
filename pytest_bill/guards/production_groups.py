"""The groups of operations that production may be asked for beyond records, by name."""

from __future__ import annotations

UNKNOWN = "unknown"
GROUPS = {
    "payments": "moves, stops or calls back money",
    "approvals": "lets bills be paid, or says who may",
    "bank-accounts": "changes where money comes from or goes to",
    "cards": "changes cards and what they may spend",
    "reimbursements": "changes what an employee is paid back",
    "people": "changes users, what they may do, or the phones they are known by",
    "network": "invites, connects or disconnects an organization",
    "messages": "writes to customers",
    "organizations": "changes an organization or what it is charged",
    UNKNOWN: "may do anything: pytest-bill does not know it",
}
"""The groups that can be allowed, and what an operation of each does."""
