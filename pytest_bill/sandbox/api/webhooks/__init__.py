"""Webhooks: the catalogue of events, and subscriptions to them."""

MODULES = ("subscriptions",)
