"""Signing in, signing out, and multi-factor authentication."""

MODULES = (
    "login",
    "mfa",
)
