def test_every_budget_comes_once_whatever_the_page_size(bill_spend_client):
    small = [each["uuid"] for each in bill_spend_client.paginate("/v3/spend/budgets", {"max": 20})]
    large = [each["uuid"] for each in bill_spend_client.paginate("/v3/spend/budgets", {"max": 100})]
    assert small == large
    assert len(small) == len(set(small)) > 20


def test_no_budget_is_overspent(bill_spend_client):
    budgets = bill_spend_client.paginate("/v3/spend/budgets", {"filters": "retired:eq:false"})
    periods = [budget["currentPeriod"] for budget in budgets]
    assert all(period["spent"]["total"] <= period["limit"] for period in periods)


def test_an_administrator_is_among_the_users(bill_spend_client):
    users = list(bill_spend_client.paginate("/v3/spend/users"))
    assert "ADMIN" in {user["role"] for user in users}
