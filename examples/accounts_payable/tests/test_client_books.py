"""An accountant works in a client's organization: signs in with v2, goes on with v3."""


def test_the_session_is_in_the_clients_organization(bill_console_session):
    session = bill_console_session.call("GET", "/v3/login/session")
    assert session["organizationId"] == bill_console_session.organization_id


def test_the_client_has_vendors_and_bills_of_its_own(bill_console_session, supplier):
    vendors = [vendor["id"] for vendor in bill_console_session.paginate("/v3/vendors")]
    assert vendors
    assert supplier["id"] not in vendors
    bills = bill_console_session.paginate("/v3/bills", {"max": 3})
    assert {bill["vendorId"] for bill in bills} <= set(vendors)
