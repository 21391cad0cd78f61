"""To which organization a credential signs in."""

import pytest

from pytest_bill.credentials import kinds
from pytest_bill.credentials.env_file import Variables, read_env_file
from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    load_credential,
    placeholder_credential,
    signed_in_by,
    ways_of,
)
from pytest_bill.credentials.organizations import in_organization

OWN, OTHER = "00801OURCLIENT", "00802OURCLIENT"
KNOWN = {
    OWN: "PLACEHOLDER_BILL_CONSOLE_ORGANIZATION_ID",
    "008D": "PLACEHOLDER_BILL_ORGANIZATION_ID",
}
VALUES = {
    "BILL_CONSOLE_ADMIN_EMAIL": "console@example.com",
    "BILL_CONSOLE_API_TOKEN": "console-token-0123456789",
    "BILL_CONSOLE_ORGANIZATION_ID": OWN,
    "BILL_CONSOLE_DEV_KEY": "02DEVELOPERKEY0123456789",
}


def client(organization_id):
    return in_organization(CONSOLE_API_TOKEN, organization_id, KNOWN)


@pytest.mark.parametrize("organization_id", [OWN, "PLACEHOLDER_BILL_CONSOLE_ORGANIZATION_ID"])
def test_its_own_is_the_credential_itself(organization_id):
    assert client(organization_id) is CONSOLE_API_TOKEN


def test_an_id_and_its_placeholder_are_one_organization():
    by_id = client(OTHER)
    placeholder = placeholder_credential(by_id)["organization_id"].reveal()
    by_placeholder = client(placeholder)
    assert by_id.key == by_placeholder.key != CONSOLE_API_TOKEN.key
    assert by_id.session_placeholder == by_placeholder.session_placeholder
    assert placeholder_credential(by_placeholder)["organization_id"] == placeholder
    assert OTHER not in placeholder
    assert client("00803OURCLIENT").key != by_id.key


def test_an_organization_of_another_variable_keeps_its_placeholder():
    credential = placeholder_credential(client("008D"))
    assert credential["organization_id"].reveal() == "PLACEHOLDER_BILL_ORGANIZATION_ID"


def test_all_but_the_organization_comes_from_the_variables(tmp_path):
    variables = Variables(VALUES, read_env_file(tmp_path / ".env"))
    credential = load_credential(client(OTHER), variables)
    assert credential["organization_id"].reveal() == OTHER
    assert credential["key"].reveal() == VALUES["BILL_CONSOLE_DEV_KEY"]
    assert OTHER not in repr(credential.kind)


@pytest.mark.parametrize("way", CONSOLE_API_TOKEN.ways)
def test_each_way_signs_in_to_the_same_one(way):
    kind = signed_in_by(client(OTHER), way)
    forms = [each.sign_in_form().api for each in ways_of(kind)]
    assert sorted(forms) == ["v2", "v3"]
    assert forms[0] == way
    assert {each.key for each in ways_of(kind)} == {kind.key}
    assert {each.variables for each in ways_of(kind)} == {kind.variables}


def test_oauth_in_the_place_of_a_key_is_as_before():
    by_oauth = signed_in_by(kinds.DEVELOPER_KEY, "oauth")
    assert [each.sign_in_form().api for each in ways_of(by_oauth)] == ["oauth", "v3"]
