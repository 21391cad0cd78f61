import pytest


@pytest.mark.vcr
def test_vendors(acme):
    acme.sign_in()
    assert acme.ask("GET", "/vendors", params={"max": 2}).ok


class TestBills:
    @pytest.mark.vcr()
    def test_bills(self, acme):
        acme.sign_in()
        assert acme.ask("GET", "/bills", params={"max": 1}).ok
