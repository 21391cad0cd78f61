"""The BILL Network: search, connection requests, accepting, disconnecting."""

from datetime import timedelta

import pytest

NETWORK = "/v3/network"
VENDOR = {
    "name": "Happy",
    "email": "info@happymusicsupplies.example.com",
    "address": {
        "line1": "123 Main Street",
        "city": "San Jose",
        "zipOrPostalCode": "95002",
        "country": "US",
    },
}
CUSTOMER = {"name": "Happy", "email": "info@happymusicsupplies.example.com"}


@pytest.fixture
def search(developer):
    def find(name, **query):
        answer = developer.get(NETWORK, params={"name": name, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    return find


@pytest.fixture
def network_id(search):
    """The payment network id of the one member of that name."""

    def find(name):
        (found,) = search(name)
        return found["id"]

    return find


@pytest.fixture
def vendor(developer):
    return developer.post("/v3/vendors", VENDOR).json()


@pytest.fixture
def again(developer, login_body):
    """Sign in again after the clock was moved."""

    def sign_in():
        signed_in = developer.post("/v3/login", login_body()).json()
        developer.headers["sessionId"] = signed_in["sessionId"]

    return sign_in


def invitation(record):
    kind = "customer" if record["id"].startswith("0cu") else "vendor"
    return f"{NETWORK}/invitation/{kind}/{record['id']}"


def vendor_of(caller, vendor):
    return caller.get(f"/v3/vendors/{vendor['id']}").json()


def invite(caller, record, network_id):
    return caller.post(invitation(record), {"networkId": network_id, "networkType": "BILL"})


def test_a_member_is_found(search):
    (found,) = search("Happy Music Supplies", scope="BILL")
    assert found["name"] == "Happy Music Supplies"
    assert found["addresses"][0]["zipOrPostalCode"] == "95002"
    assert found["managedBy"]["email"].startswith("h***t@")
    assert search("happy", zipOrPostalCode="95002") == [found]
    assert search("MUSIC supplies") == [found]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Hap", {}),
        ("an", {}),
        ("Happy", {"zipOrPostalCode": "9500"}),
        ("Happy", {"scope": "RPPS"}),
        ("Comcast", {"scope": "BILL"}),
        ("Größer", {}),
        ("x" * 500, {}),
    ],
)
def test_nobody_is_found(search, name, query):
    assert search(name, **query) == []


def test_national_vendors_are_found_by_parts_of_their_name(search):
    (found,) = search("comc", scope="RPPS", zipOrPostalCode="191")
    assert found["id"].startswith("0rv")
    assert found["addresses"][0]["id"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, "BDC_1108"), ({"name": "  "}, "BDC_1108"), ({"name": "Happy", "scope": "X"}, "BDC_1129")],
)
def test_refused_searches(developer, codes, query, expected):
    answer = developer.get(NETWORK, params=query)
    assert (answer.status_code, codes(answer)) == (400, [expected])


def test_a_vendor_connects_at_once(developer, vendor, network_id):
    assert vendor["networkStatus"] == "NOT_CONNECTED"
    assert developer.get(invitation(vendor)).json() == {"status": "NOT_CONNECTED"}
    happy = network_id("Happy")
    answer = invite(developer, vendor, happy)
    assert (answer.status_code, answer.content) == (200, b"")
    connected = vendor_of(developer, vendor)
    assert (connected["networkStatus"], connected["paymentNetworkId"]) == ("CONNECTED", happy)
    assert connected["paymentInformation"]["payByType"] == "ACH"
    status = developer.get(invitation(vendor)).json()
    assert (status["status"], status["networkId"]) == ("CONNECTED", happy)
    assert developer.call("DELETE", invitation(vendor)).status_code == 200
    gone = vendor_of(developer, vendor)
    assert gone == {**vendor, "updatedTime": gone["updatedTime"]}


def test_a_customer_connects_at_once(developer, network_id):
    customer = developer.post("/v3/customers", CUSTOMER).json()
    assert invite(developer, customer, network_id("Happy")).status_code == 200
    assert developer.get(invitation(customer)).json()["status"] == "CONNECTED"
    assert developer.call("DELETE", invitation(customer)).status_code == 200
    assert developer.get(invitation(customer)).json() == {"status": "NOT_CONNECTED"}


def test_a_national_vendor(developer, vendor, search):
    (comcast,) = search("Comcast")
    body = {
        "networkId": comcast["id"],
        "networkType": "RPPS",
        "rppsInformation": {
            "accountNumber": "8155100012345678",
            "addressId": comcast["addresses"][0]["id"],
        },
    }
    assert developer.post(invitation(vendor), body).status_code == 200
    connected = vendor_of(developer, vendor)
    assert (connected["networkStatus"], connected["rppsId"]) == ("CONNECTED_RPPS", comcast["id"])
    assert connected["paymentInformation"]["payByType"] == "RPPS"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"networkId": None}, ["REQUEST"]),
        ({"networkId": 5}, ["BDC_1124"]),
        ({"networkId": "000"}, ["BDC_1119"]),
        ({"networkId": "ë"}, ["BDC_1119"]),
        ({"networkType": "ALL"}, ["BDC_1119"]),
        ({"networkType": "RPPS"}, ["REQUEST", "REQUEST"]),
        ({"networkType": "RPPS", "rppsInformation": {"accountNumber": "1"}}, ["REQUEST"]),
        (
            {"networkType": "RPPS", "rppsInformation": {"accountNumber": "1", "addressId": "1"}},
            ["BDC_1119"],
        ),
    ],
)
def test_refused_requests(developer, codes, vendor, network_id, changes, expected):
    body = {"networkId": network_id("Happy"), "networkType": "BILL", **changes}
    answer = developer.post(invitation(vendor), body)
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert vendor_of(developer, vendor) == vendor


def test_the_wrong_address_of_a_national_vendor(developer, codes, vendor, search):
    (comcast,), (verizon,) = search("Comcast"), search("Verizon")
    body = {
        "networkId": comcast["id"],
        "networkType": "RPPS",
        "rppsInformation": {"accountNumber": "1", "addressId": verizon["addresses"][0]["id"]},
    }
    assert codes(developer.post(invitation(vendor), body)) == ["BDC_1119"]


def test_no_request_to_oneself(developer, codes, vendor, network_id):
    assert codes(invite(developer, vendor, network_id("Crescendo"))) == ["BDC_1119"]


def test_one_request_at_a_time(developer, codes, vendor, network_id):
    quiet = network_id("Quiet")
    assert invite(developer, vendor, quiet).status_code == 200
    assert vendor_of(developer, vendor)["networkStatus"] == "PENDING"
    assert developer.get(invitation(vendor)).json()["status"] == "PENDING"
    assert codes(invite(developer, vendor, quiet)) == ["BDC_1119"]
    assert developer.call("DELETE", invitation(vendor)).status_code == 200
    assert vendor_of(developer, vendor)["networkStatus"] == "NOT_CONNECTED"
    assert invite(developer, vendor, network_id("Happy")).status_code == 200
    assert codes(invite(developer, vendor, quiet)) == ["BDC_1119"]


def test_a_request_expires_after_60_days(developer, vendor, network_id, sandbox, again):
    invite(developer, vendor, network_id("Quiet"))
    sandbox.advance(timedelta(days=59))
    again()
    assert developer.get(invitation(vendor)).json()["status"] == "PENDING"
    sandbox.advance(timedelta(days=1))
    again()
    assert developer.get(invitation(vendor)).json() == {"status": "NOT_CONNECTED"}
    assert vendor_of(developer, vendor)["networkStatus"] == "NOT_CONNECTED"


def test_an_invitation_by_mail(developer, codes, vendor):
    path = f"{invitation(vendor)}/email"
    assert codes(developer.post(path, {"email": ""})) == ["REQUEST"]
    answer = developer.post(path, {"email": "someone@example.com"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert vendor_of(developer, vendor)["networkStatus"] == "PENDING"
    assert "networkId" not in developer.get(invitation(vendor)).json()
    assert codes(developer.post(path, {"email": "someone@example.com"})) == ["BDC_1119"]


@pytest.mark.parametrize("by", ["name", "id"])
def test_another_organization_of_the_sandbox_accepts(developer, console, network_id, by, vendor):
    client = network_id("Copper Kettle Tea Room")
    assert invite(developer, vendor, client).status_code == 200
    assert vendor_of(developer, vendor)["networkStatus"] == "PENDING"
    accepting = {"networkId": network_id("Crescendo"), "type": "CUSTOMER"}
    if by == "name":
        accepting["name"] = "The music shop"
    else:
        accepting["id"] = console.post("/v3/customers", CUSTOMER).json()["id"]
    answer = console.post(f"{NETWORK}/invitation/accept", accepting)
    assert (answer.status_code, answer.content) == (200, b"")
    connected = vendor_of(developer, vendor)
    assert (connected["networkStatus"], connected["paymentNetworkId"]) == ("CONNECTED", client)
    customer = console.get("/v3/customers").json()["results"][-1]
    assert customer["name"] == ("The music shop" if by == "name" else "Happy")
    status = console.get(invitation(customer)).json()
    assert (status["status"], status["networkId"]) == ("CONNECTED", accepting["networkId"])
    assert console.call("DELETE", invitation(customer)).status_code == 200
    assert vendor_of(developer, vendor)["networkStatus"] == "NOT_CONNECTED"
    assert developer.get(invitation(vendor)).json() == {"status": "NOT_CONNECTED"}


def test_a_customer_accepts_with_a_vendor(developer, console, network_id):
    customer = developer.post("/v3/customers", CUSTOMER).json()
    invite(developer, customer, network_id("Copper Kettle Tea Room"))
    body = {"networkId": network_id("Crescendo"), "type": "VENDOR", "name": "Shop"}
    assert console.post(f"{NETWORK}/invitation/accept", body).status_code == 200
    shop = console.get("/v3/vendors", params={"filters": "name:eq:Shop"}).json()["results"][0]
    assert (shop["networkStatus"], shop["address"]["city"]) == ("CONNECTED", "San Jose")
    assert developer.get(invitation(customer)).json()["status"] == "CONNECTED"


def test_what_is_taken_back_cannot_be_accepted(developer, console, codes, network_id, vendor):
    invite(developer, vendor, network_id("Copper Kettle Tea Room"))
    developer.call("DELETE", invitation(vendor))
    body = {"networkId": network_id("Crescendo"), "type": "CUSTOMER", "name": "Shop"}
    assert codes(console.post(f"{NETWORK}/invitation/accept", body)) == ["BDC_1119"]


def test_what_has_expired_cannot_be_accepted(
    developer, console, codes, network_id, vendor, sandbox
):
    invite(developer, vendor, network_id("Copper Kettle Tea Room"))
    body = {"networkId": network_id("Crescendo"), "type": "CUSTOMER", "name": "Shop"}
    sandbox.advance(timedelta(days=60))
    v = sandbox.variables
    signed_in = console.post(
        "/v3/login",
        {
            "username": v["BILL_CONSOLE_ADMIN_EMAIL"],
            "consoleApiToken": v["BILL_CONSOLE_API_TOKEN"],
            "organizationId": v["BILL_CONSOLE_ORGANIZATION_ID"],
            "devKey": v["BILL_CONSOLE_DEV_KEY"],
        },
    )
    console.headers["sessionId"] = signed_in.json()["sessionId"]
    assert codes(console.post(f"{NETWORK}/invitation/accept", body)) == ["BDC_1119"]


@pytest.mark.parametrize(
    ("asking", "request_type", "path"),
    [
        ("Northside Conservatory", "CUSTOMER", "/v3/customers"),
        ("Brass and Bow Repairs", "VENDOR", "/v3/vendors"),
    ],
)
def test_requests_that_wait_at_the_start(developer, codes, network_id, asking, request_type, path):
    body = {"networkId": network_id(asking), "type": request_type, "name": "Friends"}
    accept = f"{NETWORK}/invitation/accept"
    other = "VENDOR" if request_type == "CUSTOMER" else "CUSTOMER"
    assert codes(developer.post(accept, {**body, "type": other})) == ["BDC_1119"]
    assert developer.post(accept, body).status_code == 200
    found = developer.get(path, params={"filters": "name:eq:Friends"}).json()["results"]
    assert developer.get(invitation(found[0])).json()["status"] == "CONNECTED"
    assert codes(developer.post(accept, body)) == ["BDC_1119"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, ["REQUEST"]),
        ({"id": "0cux"}, ["BDC_1119"]),
        ({"name": None, "id": "0cux"}, ["BDC_1119"]),
        ({"type": "FRIEND"}, ["BDC_1119"]),
        ({"networkId": None, "type": None}, ["REQUEST", "REQUEST"]),
    ],
)
def test_refused_acceptances(developer, codes, network_id, changes, expected):
    before = developer.get("/v3/customers").json()
    body = {"networkId": network_id("Northside"), "type": "CUSTOMER", "name": "Friends"}
    answer = developer.post(f"{NETWORK}/invitation/accept", {**body, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get("/v3/customers").json() == before


def test_a_connected_record_accepts_nothing_else(developer, codes, network_id):
    customer = developer.post("/v3/customers", CUSTOMER).json()
    invite(developer, customer, network_id("Happy"))
    body = {"networkId": network_id("Northside"), "type": "CUSTOMER", "id": customer["id"]}
    assert codes(developer.post(f"{NETWORK}/invitation/accept", body)) == ["BDC_1119"]


def test_a_partners_organization_is_in_the_network(developer, partner, vendor, network_id):
    new = {"name": "Quince and Sons", "address": VENDOR["address"]}
    assert partner.post("/v3/partner/organizations", new).status_code == 201
    assert invite(developer, vendor, network_id("Quince")).status_code == 200
    assert vendor_of(developer, vendor)["networkStatus"] == "PENDING"


def test_no_end_while_a_payment_is_scheduled(developer, codes, network_id):
    bill = developer.get("/v3/bills", params={"filters": "paymentStatus:eq:SCHEDULED"})
    vendor = {"id": bill.json()["results"][0]["vendorId"]}
    assert invite(developer, vendor, network_id("Happy")).status_code == 200
    answer = developer.call("DELETE", invitation(vendor))
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1119"])
    assert vendor_of(developer, vendor)["networkStatus"] == "CONNECTED"


def test_nothing_to_delete(developer, codes, vendor):
    answer = developer.call("DELETE", invitation(vendor))
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("kind", ["vendor/009x", "customer/0cux"])
def test_unknown_records(developer, codes, method, kind):
    body = {"networkId": "1", "networkType": "BILL"}
    answer = developer.call(method, f"{NETWORK}/invitation/{kind}", json=body)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_a_sync_token_asks_nobody(developer, sync, codes, vendor, network_id):
    refused = invite(sync, vendor, network_id("Happy"))
    assert (refused.status_code, codes(refused)) == (403, ["BDC_1361"])
    assert sync.get(invitation(vendor)).status_code == 200


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_malformed_bodies(developer, codes, vendor, content):
    for path in (f"{NETWORK}/invitation/accept", invitation(vendor), f"{invitation(vendor)}/email"):
        assert codes(developer.post(path, data=content)) == ["BDC_1122"]
