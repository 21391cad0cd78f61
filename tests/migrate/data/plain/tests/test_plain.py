import pytest
import vcr

HIDDEN = {
    "filter_headers": ["devKey", "sessionId"],
    "filter_post_data_parameters": ["username", "password", "devKey"],
}
ours = vcr.VCR(cassette_library_dir="fixtures/cassettes", **HIDDEN)


def test_in_a_block(acme):
    wanted = 2

    with vcr.use_cassette("fixtures/cassettes/block.yaml", **HIDDEN):
        # what stands in the block
        acme.sign_in()
        answer = acme.ask("GET", "/vendors", params={"max": wanted})

        assert len(answer.json()["results"]) == wanted
    assert answer.ok


@vcr.use_cassette("fixtures/cassettes/decorated.json", serializer="json", **HIDDEN)
def test_decorated(acme):
    acme.sign_in()
    assert acme.ask("GET", "/bills", params={"max": 1}).ok


@pytest.mark.parametrize("size", [1])
def test_with_its_own_vcr(acme, size):
    with ours.use_cassette("own.yaml"):
        acme.sign_in()
        assert len(acme.ask("GET", "/vendors", params={"max": size}).json()["results"]) == size


def test_with_counts(acme):
    with ours.use_cassette("own.yaml") as cassette:
        acme.sign_in()
        assert cassette.play_count == 1
