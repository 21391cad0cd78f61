"""Every answer fits what the sandbox says of itself, whatever is sent to it.

schemathesis makes calls from /openapi.json, good ones and bad ones, and holds each answer against
it: no fault of the server, a documented status and content type, a body of the described shape.
"""

import json
import os

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pytest_bill.sandbox import LocalSandbox, api
from pytest_bill.sandbox.description import openapi

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Signing out would end the session that all other calls are made in.
_ENDING = {"logout", "v2Logout"}
# How many calls are made up for each operation. In the night, those at each limit of each field are
# made, too: to think of them takes longer than all else here.
_EXAMPLES = int(os.environ.get("BILL_CONTRACT_EXAMPLES", "0"))
_TOLD = [each for each in api.OPERATIONS if each.name not in _ENDING]
# To make tests of all of them, and not to run them, takes each of CI's workers two seconds.
_ASKED = _TOLD if _EXAMPLES else _TOLD[::16]
_SETTINGS = settings(
    max_examples=_EXAMPLES or 3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


def _schema(mode):
    made = schemathesis.openapi.from_dict(openapi.document(api.OPERATIONS))
    made.config.generation.update(modes=[mode], with_security_parameters=False)
    made.config.phases.coverage.enabled = _EXAMPLES > 0
    asked = _ASKED if mode is GenerationMode.POSITIVE else filter(_takes_something, _ASKED)
    return made.include(operation_id=[each.name for each in asked])


def _takes_something(operation):
    """Else no call of it is a bad one; of a form any texts are good, if none has to be there."""
    if operation.name == "createAccessToken":
        return False
    given = operation.query, operation.headers, operation.body, operation.form
    return any(given) or bool(operation.path_parameters)


good_calls = _schema(GenerationMode.POSITIVE)
bad_calls = _schema(GenerationMode.NEGATIVE)
_LISTS = {
    each.path_parameters[0]: each.path.partition("/{")[0]
    for each in api.OPERATIONS
    if len(each.path_parameters) == 1 and each.path.endswith("}")
}
"""Where to find what an id of that name stands for: {"vendorId": "/connect/v3/vendors"}."""


@pytest.fixture(scope="module")
def running():
    # BILL lets nobody call as often as these tests do.
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def headers(running):
    """The headers of a good call, by the security that an operation asks for."""
    v = running.variables
    url = f"{running.origin}/connect/v3"
    developer = {
        "username": v["BILL_USERNAME"],
        "password": v["BILL_PASSWORD"],
        "organizationId": v["BILL_ORGANIZATION_ID"],
        "devKey": v["BILL_DEV_KEY"],
    }
    partner = {
        "username": v["BILL_PARTNER_USERNAME"],
        "password": v["BILL_PARTNER_PASSWORD"],
        "appKey": v["BILL_PARTNER_APP_KEY"],
    }

    def session_id(path, body):
        return requests.post(url + path, json=body, timeout=5).json()["sessionId"]

    return {
        "devKey": {
            "devKey": developer["devKey"],
            "sessionId": session_id("/login", developer),
        },
        "appKey": {
            "appKey": partner["appKey"],
            "sessionId": session_id("/partner/login", partner),
        },
        "apiToken": {"apiToken": v["BILL_SPEND_API_TOKEN"]},
    }


@pytest.fixture(scope="module")
def known(running, headers):
    """`value` with ids of records that exist, wherever a name says of what kind they are."""
    found = {}

    def an_id(name, security, otherwise):
        if name not in _LISTS:
            return otherwise
        if name not in found:
            answer = requests.get(running.origin + _LISTS[name], headers=security, timeout=5)
            listed = answer.json() if answer.ok and answer.content else {}
            results = listed.get("results", []) if isinstance(listed, dict) else []
            found[name] = [each["id"] for each in results if "id" in each]
        return found[name][0] if found[name] else otherwise

    def known(value, security):
        if isinstance(value, dict):
            return {
                name: an_id(name, security, each)
                if isinstance(each, str)
                else known(each, security)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [known(each, security) for each in value]
        return value

    return known


def _check(case, running, security, headers):
    response = _call(case, running, security, headers)
    case.validate_response(response, checks=_CHECKS)


def _call(case, running, security, headers):
    if "/api/v2/" not in case.path or not isinstance(case.body, dict):
        return case.call(base_url=running.origin, headers=security, timeout=5)
    # v2 has the session in its form, and an object as JSON, which schemathesis does not make.
    form = {**case.body, **(headers["devKey"] if "sessionId" in case.body else {})}
    encoded = {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in form.items()
    }
    return requests.request(case.method, running.origin + case.path, data=encoded, timeout=5)


def _security(case, headers):
    asked = {name for each in case.operation.definition.raw.get("security", ()) for name in each}
    return next((good for name, good in headers.items() if name in asked), {})


@good_calls.parametrize()
@_SETTINGS
def test_the_answer_to_a_good_call_is_as_described(case, running, headers, known):
    security = _security(case, headers)
    for grammar in ("page", "nextPage", "prevPage", "filters", "sort"):
        case.query.pop(grammar, None)
    case.path_parameters = known(case.path_parameters, security)
    case.body = known(case.body, security)
    _check(case, running, security, headers)


@bad_calls.parametrize()
@_SETTINGS
def test_the_refusal_of_a_bad_call_is_as_described(case, running, headers):
    _check(case, running, _security(case, headers), headers)


def test_the_description_is_the_one_that_is_served(running):
    served = requests.get(f"{running.origin}/openapi.json", timeout=5).json()
    assert served == openapi.document(api.OPERATIONS)
