"""What is owed and what is spent, in one place: BILL's OAuth token is good for both APIs."""

from acme_payables.statements import open_balance


def test_one_token_reads_bills_and_budgets(bill_oauth_session):
    bill = bill_oauth_session.call("GET", "/v3/bills", params={"max": 1})["results"][0]
    headers = bill_oauth_session.credential_headers()
    assert open_balance(bill_oauth_session.base_url, headers, bill["vendorId"]) >= 0
    assert list(bill_oauth_session.paginate("/v3/spend/budgets", {"max": 50}))
