"""What an organization is owed and paid: customers, invoices, credit memos."""

# What they do daily is done in this order.
MODULES = (
    "credit_memos",
    "customer_bank_accounts",
    "customer_contacts",
    "customers",
    "invoices",
    "recurring_invoices",
    "receivable_payments",
)
