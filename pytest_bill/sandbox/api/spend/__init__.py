"""BILL Spend & Expense: budgets, cards, transactions, reimbursements."""

MODULES = (
    "budget_members",
    "budgets",
    "cards",
    "custom_fields",
    "reimbursements",
    "transactions",
    "users",
)
