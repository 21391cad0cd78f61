"""The examples of the reference: each operation's, sent as its page sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests

from pytest_bill import multipart
from pytest_bill.sandbox import LocalSandbox, api
from pytest_bill.sandbox.control_paths import HEADER
from pytest_bill.sandbox.core.fields import Anything, Either, Field, Many, Object
from pytest_bill.sandbox.core.operations import Caller, Operation
from pytest_bill.sandbox.pages.reference import PATH, callers
from pytest_bill.sandbox.pages.reference.examples.refusals import REFUSED
from pytest_bill.sandbox.pages.sending import PATH as SEND

PARTS = 24
"""Of all operations: CI takes one of them."""
DEEPEST = 5
REFUSED_TO = {
    (callers.SYNC, "listBillUserApprovals"): "a sync token belongs to no user: BDC_1302",
    (callers.SYNC, "v2DeleteBankAccount"): "only who is verified for an account may",
}
"""What one credential is refused, though it may call the operation, and why."""


@dataclass
class Page:
    """Does what the script of an operation's page does."""

    sandbox: LocalSandbox
    credential: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def example(self, name: str) -> dict[str, Any]:
        answer = self.session.get(
            f"{self.sandbox.origin}{PATH}/{name}/example",
            params={"credential": self.credential},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def send(self, name: str, above: tuple[str, ...] = ()) -> tuple[dict[str, Any], str]:
        """Send an example, after what it needs; gives it, and why it was refused, if it was."""
        example = self.example(name)
        for each in example["needs"] if len(above) < DEEPEST else ():
            if each not in above:
                _, refusal = self.send(each, (*above, name))
                assert refusal == "", f"{each}, which {name} needs: {refusal}"
        if example["needs"]:
            example = self.example(name)
        call = {each: example[each] for each in ("credential", "method", "path", "query", "body")}
        answer = self.session.post(
            self.sandbox.origin + SEND,
            json={**call, "headers": example["headers"]},
            headers={HEADER: "test"},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        return example, refusal_of(answer.json())


def refusal_of(answer: dict[str, Any]) -> str:
    """What a refused call was answered; "" for a success."""
    body = str(answer["body"])
    if answer["status"] >= 300:
        return body
    value = json.loads(body) if body.startswith("{") else {}
    inner = [value, *((value.get("response_data") or {}).get("bulk", ()) if is_v2(value) else ())]
    return body if any(each.get("response_status") for each in inner) else ""


def is_v2(value: dict[str, Any]) -> bool:
    return "response_status" in value and isinstance(value.get("response_data"), dict)


@pytest.fixture(scope="module")
def running():
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def fresh(running):
    """The sandbox as it starts, whatever was sent before; used again and again."""
    snapshot = running.snapshot()
    yield lambda: running.restore(snapshot)
    running.restore(snapshot)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.sampled(PARTS)
def test_a_fresh_sandbox_takes_every_example_but_those_that_say_why_not(running, fresh, part):
    page = Page(running)
    refused = {}
    operations = api.OPERATIONS[part::PARTS]
    for operation in operations:
        _, refusal = page.send(operation.name)
        if refusal:
            refused[operation.name] = refusal
        if operation.method != "GET":
            fresh()
    expected = {each.name for each in operations} & REFUSED.keys()
    assert refused.keys() == expected, refused


def test_what_is_refused_is_the_exception():
    names = {each.name for each in api.OPERATIONS}
    assert REFUSED.keys() <= names
    assert len(REFUSED) <= len(names) / 50


@pytest.mark.parametrize("credential", callers.CREDENTIALS)
@pytest.mark.nightly
def test_each_credential_gets_examples_of_what_it_can_see(running, fresh, credential):
    page = Page(running, credential)
    refused = {}
    operations = [each for each in api.OPERATIONS if credential in callers.may_call(each)]
    assert operations
    for operation in operations:
        example, refusal = page.send(operation.name)
        assert example["credential"] == credential
        # What there is none of, the page says.
        if refusal and operation.name not in REFUSED and not example["lacks"]:
            refused[operation.name] = refusal
        if operation.method != "GET":
            fresh()
    expected = {each for by, each in REFUSED_TO if by == credential}
    assert refused.keys() == expected, refused


def unknown_in(value: Any, kind: Field, path: str) -> list[str]:
    """The fields of a value that its kind does not know."""
    if isinstance(kind, Many):
        return [each for item in value for each in unknown_in(item, kind.item, f"{path}[]")]
    if not isinstance(kind, Object) or kind.others:
        return []
    assert isinstance(value, dict), path
    known = kind.fields
    return [
        *(f"{path}.{name}" for name in value if name not in known),
        *(
            each
            for name, inner in value.items()
            if name in known and not isinstance(known[name], Anything | Either)
            for each in unknown_in(inner, known[name], f"{path}.{name}")
        ),
    ]


def form_in(example: dict[str, Any]) -> dict[str, str]:
    content_type = example["headers"]["Content-Type"]
    if content_type.startswith(multipart.MEDIA_TYPE):
        parts = multipart.form_parts(content_type, example["body"].encode())
        return {each.name: each.content.decode() for each in parts if not each.is_file}
    return dict(parse_qsl(example["body"], keep_blank_values=True))


def unknown_fields(operation: Operation, example: dict[str, Any]) -> list[str]:
    query = set(dict(parse_qsl(example["query"], keep_blank_values=True)))
    found = [f"?{name}" for name in query - {each.name for each in operation.query}]
    headers = {each.name for each in operation.headers} | {"Content-Type"}
    found += [f"{name}:" for name in example["headers"].keys() - headers]
    if operation.form is not None:
        for name, text in form_in(example).items():
            kind = operation.form.get(name)
            found += [name] if kind is None else []
            if isinstance(kind, Object):
                found += unknown_in(json.loads(text), kind, name)
    elif operation.body is not None:
        body = json.loads(example["body"])
        for each in body if operation.many else [body]:
            found += unknown_in(each, Object(operation.body), "")
    return found


@pytest.mark.parametrize("part", range(8))
@pytest.mark.sampled(8)
def test_no_example_has_a_field_that_its_operation_does_not_know(running, part):
    page = Page(running)
    for operation in api.OPERATIONS[part::8]:
        example = page.example(operation.name)
        assert unknown_fields(operation, example) == [], operation.name
        assert "{" not in example["path"], operation.name


def test_numbers_and_names_are_others_in_each_example(running):
    page = Page(running)
    first, second = (json.loads(page.example("createBill")["body"]) for _ in range(2))
    assert first["invoice"]["invoiceNumber"] != second["invoice"]["invoiceNumber"]


def test_dates_go_by_the_clock_of_the_sandbox(sandbox):
    from datetime import timedelta

    page = Page(sandbox)
    before = json.loads(page.example("createBill")["body"])["dueDate"]
    sandbox.advance(timedelta(days=400))
    assert json.loads(page.example("createBill")["body"])["dueDate"] > before


def test_an_example_has_ids_of_the_organization_that_its_credential_sees(running):
    ids = {
        credential: Page(running, credential).example("getVendor")["path"]
        for credential in (callers.DEVELOPER, callers.SYNC, callers.CONSOLE)
    }
    assert ids[callers.DEVELOPER] == ids[callers.SYNC] != ids[callers.CONSOLE]


def test_what_is_not_there_yet_is_made_first(running, fresh):
    page = Page(running)
    assert page.example("getClassificationDepartment")["needs"] == [
        "createClassificationDepartment"
    ]
    assert page.send("createClassificationDepartment")[1] == ""
    assert page.example("getClassificationDepartment")["needs"] == []


def test_no_example_holds_a_credential(running):
    page = Page(running)
    held = [
        (operation.name, name)
        for operation in api.OPERATIONS
        if operation.caller is Caller.ANYONE
        for name, value in running.variables.items()
        if value in json.dumps(page.example(operation.name)) and "ORGANIZATION" not in name
    ]
    assert held == []


def test_sign_ins_are_sent_with_the_values_of_variables(running):
    page = Page(running)
    for name in ("login", "partnerLogin", "createAccessToken", "v2Login", "v2ListOrgs"):
        example, refusal = page.send(name)
        assert refusal == ""
        assert "BILL_" in example["body"]
