"""Signing in, signing out, multi-factor authentication, and OAuth access tokens."""

MODULES = (
    "login",
    "mfa",
    "oauth",
)
