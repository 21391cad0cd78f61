import pytest

NEW = {"name": "Acme Tools", "address": {"line1": "1 Main St", "city": "Houston"}}
NEW["address"] |= {"stateOrProvince": "TX", "zipOrPostalCode": "77002", "country": "US"}


@pytest.mark.vcr
def test_sign_in(acme):
    assert acme.sign_in()["sessionId"]


@pytest.mark.vcr()
@pytest.mark.parametrize("size", [1, 2], ids=["one", "two/2"])
def test_pages(signed_in, size):
    answer = signed_in.ask("GET", "/vendors", params={"max": size})
    assert len(answer.json()["results"]) == size


@pytest.mark.vcr
class TestVendors:
    def test_create(self, signed_in):
        made = signed_in.ask("POST", "/vendors", json=NEW).json()
        assert made["name"] == "Acme Tools"
        again = signed_in.ask("GET", f"/vendors/{made['id']}").json()
        assert again["id"] == made["id"]

    def test_unknown(self, signed_in):
        assert signed_in.ask("GET", "/vendors/00901UNKNOWNVENDOR00").status_code >= 400


@pytest.mark.vcr(serializer="json")
def test_as_json(signed_in):
    assert signed_in.ask("GET", "/vendors", params={"max": 2}).ok


@pytest.mark.vcr
def test_packed(signed_in):
    answer = signed_in.ask(
        "GET", "/vendors", headers={"Accept-Encoding": "gzip"}, params={"max": 3}
    )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.json()["results"]) == 3


@pytest.mark.default_cassette("shared")
@pytest.mark.vcr
def test_shared_one(signed_in):
    assert signed_in.ask("GET", "/vendors", params={"max": 1}).ok


@pytest.mark.vcr
@pytest.mark.default_cassette("shared")
def test_shared_two(signed_in):
    assert signed_in.ask("GET", "/vendors", params={"max": 1}).ok
