"""What an organization owes and pays: vendors, bills, credits, payments."""

# What they do daily is done in this order, before what other areas do.
MODULES = (
    "bill_approval_policies",
    "bill_approvals",
    "bills",
    "payment_quotes",
    "payments",
    "recurring_bills",
    "payment_progress",
    "vendor_bank_accounts",
    "vendor_credits",
    "vendors",
)
