"""Records `cases.json` with `settings.json`, where vcrpy and pytest-recording are, and we are not.

Run as a script it records with vcrpy; collected by pytest, with pytest-recording. A case gets its
cassette, or a file with the error that was raised instead.
"""

import base64
import json
from pathlib import Path

import pytest
import vcr as vcrpy
from vcr.request import Request

CASES = json.loads(Path("cases.json").read_text())
SETTINGS = json.loads(Path("settings.json").read_text())


def append(cassette: vcrpy.cassette.Cassette, number: int) -> None:
    """Record a case as vcrpy does after it has been sent."""
    case = CASES[number]
    body = base64.b64decode(case["body"]) or None
    request = Request(case["method"], case["url"], body, case["headers"])
    response = {
        "status": {"code": case["status"], "message": case["reason"]},
        "headers": case["answer_headers"],
        "body": {"string": base64.b64decode(case["answer_body"])},
    }
    try:
        cassette.append(request, response)
    except Exception as error:
        Path(f"{number}.error").write_text(repr(error))


@pytest.fixture(scope="module")
def vcr_config():
    return SETTINGS


@pytest.mark.vcr
@pytest.mark.parametrize("number", range(len(CASES)))
def test_case(vcr, number):
    append(vcr, number)


if __name__ == "__main__":
    for number in range(len(CASES)):
        with vcrpy.use_cassette(f"{number}.yaml", **SETTINGS) as cassette:
            append(cassette, number)
