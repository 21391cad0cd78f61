"""Where the sandbox is controlled, for who controls it and for who is controlled."""

from __future__ import annotations

PREFIX = "/__sandbox__/"
HEALTH_PATH = PREFIX + "health"
CLOCK_PATH = PREFIX + "clock"
REQUESTS_PATH = PREFIX + "requests"
RECEIVED_PATH = PREFIX + "received"
DELIVER_PATH = PREFIX + "deliver"
EXPIRE_SESSIONS_PATH = PREFIX + "expire-sessions"
FAULTS_PATH = PREFIX + "faults"
CLEAR_FAULTS_PATH = FAULTS_PATH + "/clear"
RESET_PATH = PREFIX + "reset"
SEED_PATH = PREFIX + "seed"
SNAPSHOTS_PATH = PREFIX + "snapshots"
MFA_PATH = PREFIX + "mfa"
ACCOUNTS_PATH = PREFIX + "account-verification"
OAUTH_PATH = PREFIX + "oauth"
PURCHASES_PATH = PREFIX + "purchases"

HEADER = "X-Pytest-Bill-Sandbox"
"""Has to be in each request that changes something by these paths, with any value."""
