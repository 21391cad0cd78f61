"""What the suites of all tools have: how they are ordered, and which day it is.

The fixture `bill` of the other tools' suites asks by requests, signed in before the run.
"""

import os
from datetime import UTC, datetime, timedelta

import requests

if "DAYS" in os.environ:
    import time_machine

    later = datetime.now(UTC) + timedelta(days=int(os.environ["DAYS"]))
    time_machine.travel(later, tick=True).start()


def in_order(items):
    if "REVERSED" in os.environ:
        items.reverse()


class Bill:
    def call(self, method, path, **options):
        headers = {"sessionId": os.environ["SESSION_ID"], "devKey": os.environ["DEV_KEY"]}
        url = os.environ["ORIGIN"] + "/connect" + path
        answer = requests.request(method, url, headers=headers, timeout=5, **options)
        answer.raise_for_status()
        return answer.json()


def without_the_name(body):
    """As whoever records keeps a supplier's name out of a cassette."""
    return body and body.replace(b"Happy Music Supplies Ltd", b"REPLACED")
