"""The places where BILL carries secrets, each with the name of the placeholder that goes there.

Names are written in lower case: BILL's headers and fields are compared without regard to case.
"""

from __future__ import annotations

import re

# Source of the names: https://developer.bill.com/docs/bill-keys-tokens, for remembered devices
# https://developer.bill.com/reference/login, and for the key that signs webhook notifications
# https://developer.bill.com/docs/test-with-webhook-security.
SECRET_HEADERS = {
    "devkey": "BILL_DEV_KEY",
    "sessionid": "BILL_SESSION_ID",
    "apitoken": "BILL_SPEND_API_TOKEN",
    "appkey": "BILL_PARTNER_APP_KEY",
    "authorization": "AUTHORIZATION",
    "proxy-authorization": "AUTHORIZATION",
}
COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
SECRET_FIELDS = {
    "devkey": "BILL_DEV_KEY",
    "sessionid": "BILL_SESSION_ID",
    "apitoken": "BILL_SPEND_API_TOKEN",
    "appkey": "BILL_PARTNER_APP_KEY",
    "consoleapitoken": "BILL_CONSOLE_API_TOKEN",
    "password": "BILL_PASSWORD",
    "remembermeid": "BILL_REMEMBER_ME_ID",
    "securitykey": "BILL_WEBHOOK_SECURITY_KEY",
}
# Fields that identify the person or organization signing in; elsewhere they are plain data.
SIGN_IN_FIELDS = {
    "username": "BILL_USERNAME",
    "organizationid": "BILL_ORGANIZATION_ID",
    "orgid": "BILL_ORGANIZATION_ID",
}
SIGN_IN_PATH = re.compile(r"/login(-as-user)?(\.json)?$", re.IGNORECASE)
"""The end of the path of a request that signs in, where :data:`SIGN_IN_FIELDS` are secret, too."""
