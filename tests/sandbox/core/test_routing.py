"""Which path is answered by what."""

import pytest

from pytest_bill.sandbox.core.routing import Route, Router


async def nothing(request): ...


def route(path, name, *methods):
    return Route(path, nothing, methods or ("GET",), name)


ROUTER = Router(
    [
        route("/v/{vendorId}", "get"),
        route("/v/{vendorId}", "patch", "PATCH"),
        route("/v/options", "options"),
        route("/v/{id}/bills/{billId}", "bill"),
        route("/v/bulk/archive", "archive", "POST"),
        route("/v/{vendorId}/archive", "archive one", "POST"),
        route("/v/bulk/bills/{x}/y", "y"),
        route("/v", "list"),
        route("/v", "too late"),
        route("/v/{other}", "too late as well"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "name", "parameters"),
    [
        ("GET", "/v", "list", {}),
        ("HEAD", "/v", "list", {}),
        ("GET", "/v/1", "get", {"vendorId": "1"}),
        ("HEAD", "/v/1", "get", {"vendorId": "1"}),
        ("PATCH", "/v/1", "patch", {"vendorId": "1"}),
        ("GET", "/v/options", "options", {}),
        ("PATCH", "/v/options", "patch", {"vendorId": "options"}),
        ("POST", "/v/bulk/archive", "archive", {}),
        ("POST", "/v/1/archive", "archive one", {"vendorId": "1"}),
        ("GET", "/v/bulk", "get", {"vendorId": "bulk"}),
        ("GET", "/v/bulk/bills/2", "bill", {"id": "bulk", "billId": "2"}),
        ("GET", "/v/bulk/bills/2/y", "y", {"x": "2"}),
    ],
)
def test_what_is_written_out_goes_before_a_parameter(method, path, name, parameters):
    found, given = ROUTER.find(method, path)
    assert (found.told, given) == (name, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("", "/", "/v/", "//v", "/v//bills/2", "/v/1/", "/v\n", "v")),
        *(("POST", "/v"), ("OPTIONS", "/v"), ("DELETE", "/v/1"), ("HEAD", "/v/bulk/archive")),
    ],
)
def test_what_is_not_there(method, path):
    assert ROUTER.find(method, path) is None


def test_a_route_is_called_what_its_endpoint_is():
    assert Route("/", nothing).told == "nothing"
