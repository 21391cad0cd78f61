"""How an organization keeps its books: classifications, payment terms, reports."""

MODULES = (
    "classifications",
    "payment_terms",
    "reports",
)
