"""Where BILL is, and which URL credentials may be sent to."""

import pytest

from pytest_bill.environments import (
    PRODUCTION,
    SANDBOX,
    answerer,
    at_origin,
    is_bill,
    is_host_of,
    is_on_this_machine,
    is_production,
    matching_url,
    recorded_url,
)
from pytest_bill.exceptions import SettingsError

LOCAL = at_origin("http://127.0.0.1:8080", "local")


def test_paths_as_the_reference_writes_them():
    gateway = "https://gateway.stage.bill.com/connect"
    assert SANDBOX.resolve("/v3/vendors") == f"{gateway}/v3/vendors"
    assert SANDBOX.resolve("v3/vendors?max=1") == f"{gateway}/v3/vendors?max=1"
    assert SANDBOX.resolve("/v2/Login.json") == "https://api-stage.bill.com/api/v2/Login.json"
    assert SANDBOX.resolve("https://example.com/v3/x") == "https://example.com/v3/x"
    assert PRODUCTION.resolve("/v3/x") == "https://gateway.prod.bill.com/connect/v3/x"
    assert LOCAL.resolve("/v2/Login.json") == "http://127.0.0.1:8080/api/v2/Login.json"


@pytest.mark.parametrize("path", ["/connect-events/v3/health", "connect-events/v3/health"])
@pytest.mark.parametrize(
    ("environment", "host"),
    [
        (SANDBOX, "https://gateway.stage.bill.com"),
        (PRODUCTION, "https://gateway.prod.bill.com"),
        (LOCAL, "http://127.0.0.1:8080"),
        (at_origin("https://example.com/bill", "custom"), "https://example.com/bill"),
        (at_origin("https://example.com/bill/connect", "custom"), "https://example.com/bill"),
    ],
)
def test_webhooks_lie_beside_the_gateways_connect(environment, host, path):
    url = environment.resolve(path)
    assert url == f"{host}/connect-events/v3/health"
    assert environment.owns(url)
    assert environment.moved_to(SANDBOX, url) == SANDBOX.resolve(path)
    assert SANDBOX.moved_to(environment, SANDBOX.resolve(path)) == url


def test_the_v2_api():
    for environment in (SANDBOX, PRODUCTION, LOCAL):
        assert environment.is_v2(environment.resolve("/v2/List/Vendor.json"))
        assert not environment.is_v2(environment.resolve("/v3/vendors"))
        assert not environment.is_v2(f"{environment.gateway}/v2/List/Vendor.json")
        assert not environment.is_v2(f"{environment.api}/v2/../x.json")
    assert not LOCAL.is_v2(SANDBOX.resolve("/v2/List/Vendor.json"))


def test_only_whole_names_are_the_webhook_api():
    gateway = "https://gateway.stage.bill.com/connect"
    assert SANDBOX.resolve("/connect-eventsx/v3") == f"{gateway}/connect-eventsx/v3"
    assert not SANDBOX.owns("https://gateway.stage.bill.com/connect-eventsx/v3/health")
    assert not SANDBOX.owns("https://gateway.prod.bill.com/connect-events/v3/health")
    assert not SANDBOX.owns("https://api-stage.bill.com/connect-events/v3/health")


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.stage.bill.com/connect/v3/vendors",
        "https://GATEWAY.Stage.bill.com/connect/v3/vendors",
        "https://gateway.stage.bill.com:443/connect/v3/vendors?a=b",
        "https://api-stage.bill.com/api/v2/Login.json",
    ],
)
def test_urls_that_may_get_credentials(url):
    assert SANDBOX.owns(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.stage.bill.com/connect/v3/vendors",
        "https://gateway.stage.bill.com:8443/connect/v3/vendors",
        "https://gateway.stage.bill.com./connect/v3/vendors",
        "https://gateway.stage.bill.com.example.com/connect/v3/vendors",
        "https://gateway-stage.bill.com/connect/v3/vendors",
        "https://evilgateway.stage.bill.com/connect/v3/vendors",
        "https://gateway.stage.bill.com@example.com/connect/v3/vendors",
        "https://user:pass@gateway.stage.bill.com/connect/v3/vendors",
        "https://gateway.prod.bill.com/connect/v3/vendors",
        "https://gateway.stage.bill.com/connected/v3/vendors",
        "https://gateway.stage.bill.com:99999/connect/v3",
        "https://[::1/connect/v3",
        "https://example.com/?u=https://gateway.stage.bill.com/connect/v3",
    ],
)
def test_urls_that_may_not(url):
    assert not SANDBOX.owns(url)


def test_everything_at_bills_hosts_is_bills():
    assert is_bill("https://gateway.prod.bill.com/connect/v3/x", SANDBOX)
    assert is_bill("http://api.bill.com./anything", SANDBOX)
    assert is_bill("http://127.0.0.1:8080/connect/v3/x", LOCAL)
    assert not is_bill("http://127.0.0.1:8081/connect/v3/x", LOCAL)
    assert not is_bill("http://127.0.0.1:8080/__sandbox__/clock", LOCAL)
    assert not is_bill("https://bill.com.example.com/connect/v3/x", SANDBOX)


def test_cassettes_hold_bills_own_urls():
    stage = "https://gateway.stage.bill.com/connect/v3/vendors?max=1"
    assert recorded_url("http://127.0.0.1:8080/connect/v3/vendors?max=1", LOCAL) == stage
    assert (
        recorded_url("http://127.0.0.1:8080/api/v2/x", LOCAL)
        == "https://api-stage.bill.com/api/v2/x"
    )
    production = "https://gateway.prod.bill.com/connect/v3/vendors?max=1"
    assert recorded_url(production, PRODUCTION) == production
    assert matching_url(production, SANDBOX) == stage
    assert recorded_url("https://example.com/x", LOCAL) == "https://example.com/x"
    events = "https://gateway.stage.bill.com/connect-events/v3/subscriptions?max=1"
    local_events = "http://127.0.0.1:8080/connect-events/v3/subscriptions?max=1"
    assert recorded_url(local_events, LOCAL) == events
    assert matching_url(events.replace("stage", "prod"), SANDBOX) == events


@pytest.mark.parametrize(
    ("address", "gateway"),
    [
        ("http://localhost:1/", "http://localhost:1/connect"),
        ("https://bill.example.com/connect", "https://bill.example.com/connect"),
        ("https://example.com/bill", "https://example.com/bill/connect"),
        ("http://[::1]:5", "http://[::1]:5/connect"),
    ],
)
def test_any_other_address(address, gateway):
    assert at_origin(address, "custom").gateway == gateway


@pytest.mark.parametrize(
    "address", ["", "bill.example.com", "ftp://x", "https://user:pw@x", "http://x:port", "https://"]
)
def test_what_is_no_address_is_refused_without_showing_it(address):
    with pytest.raises(SettingsError) as refused:
        at_origin(address, "custom")
    assert "pw" not in str(refused.value)


def test_plain_http_is_for_this_machine_only():
    with pytest.raises(SettingsError, match="unencrypted"):
        at_origin("http://bill.example.com", "custom")


def test_hosts_to_guard():
    assert not is_host_of("127.0.0.1", LOCAL)
    assert is_host_of("bill.example.com", at_origin("https://bill.example.com", "custom"))
    assert is_host_of("gateway.prod.bill.com", LOCAL)
    assert not is_host_of("example.com", LOCAL)


@pytest.mark.parametrize(
    "host",
    [
        *("gateway.stage.bill.com", "api-stage.bill.com", "auth.stage.bill.com"),
        *("login.stage.us.bill.com", "app-stage02.us.bill.com", "app-dev-bdc-stg.divvy.co"),
        *("www-test.bill.com", "app-sandbox.bill.com", "widgets.stage.bdccdn.net"),
    ],
)
def test_hosts_of_bills_sandboxes(host):
    assert is_bill(f"https://{host}/x", SANDBOX)
    assert not is_production(f"https://{host}/x")
    assert answerer(f"https://{host}/x", "") == "sandbox"


@pytest.mark.parametrize(
    "host",
    [
        *("gateway.prod.bill.com", "api.bill.com", "app02.us.bill.com", "login.us.bill.com"),
        *("api.divvy.co", "spend.bill.com", "BILL.com.", "new.host.invoice2go.com"),
        *("developer.bill.com", "prestage.bill.com"),
    ],
)
def test_all_other_hosts_of_bills_are_production(host):
    assert is_bill(f"https://{host}/x", SANDBOX)
    assert is_production(f"https://{host}/x")
    assert answerer(f"https://{host}/x", "") == "production"


@pytest.mark.parametrize(
    "host",
    [
        *("oyebill.com", "notbill.com", "bill.com.evil.tld", "smtp2go.com", "2go.com.ph", "com"),
        *("divvybikes.com", "example.com", "bill.co", "xn--bll-com-8za.example", "", "localhost"),
    ],
)
def test_hosts_that_only_look_like_bills(host):
    assert not is_bill(f"https://{host}/bill.com?https://api.bill.com/", SANDBOX)
    assert not is_production(f"https://{host}/bill.com")


def test_who_answered_elsewhere():
    assert answerer("http://127.0.0.1:8080/connect/v3/x", "pytest-bill-sandbox") == "local"
    assert answerer("http://127.0.0.1:8080/connect/v3/x", "uvicorn") == "other"
    assert answerer("https://gateway.stage.bill.com/x", "pytest-bill-sandbox") == "sandbox"


FILES = [
    ("/AttachDownload?id=att1", "https://gateway.stage.bill.com/AttachDownload?id=att1"),
    ("/HtmlServlet?id=00h1", "https://api-stage.bill.com/HtmlServlet?id=00h1"),
    ("/is/BillImageServlet?e=1", "https://api-stage.bill.com/is/BillImageServlet?e=1"),
    ("/spend-uploads/upl1?x=1", "https://gateway.stage.bill.com/spend-uploads/upl1?x=1"),
]


@pytest.mark.parametrize(("path", "recorded"), FILES)
def test_files_lie_at_the_root(path, recorded):
    assert LOCAL.owns(f"http://127.0.0.1:8080{path}")
    assert recorded_url(f"http://127.0.0.1:8080{path}", LOCAL) == recorded
    assert SANDBOX.owns(recorded)


@pytest.mark.parametrize("path", ["/", "/openapi.json", "/__sandbox__/reset", "/AttachDownload/x"])
def test_what_else_lies_there_is_not_bills(path):
    assert not LOCAL.owns(f"http://127.0.0.1:8080{path}")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x?y", "https://LOCALHOST", "http://[::1]:80/"])
def test_this_machine(url):
    assert is_on_this_machine(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/127.0.0.1",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "",
    ],
)
def test_another_machine_or_none(url):
    assert not is_on_this_machine(url)
