"""What an organization pays from and is paid to: bank accounts and cards."""

MODULES = (
    # The path of one bank account would match those of its users, too: theirs come first.
    "bank_users",
    "banks",
    "cards",
    "accounts",
)
