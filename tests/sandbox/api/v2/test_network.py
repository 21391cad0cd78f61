"""The BILL Network in v2."""

import pytest


@pytest.fixture
def vendor(v2):
    return v2.create("Vendor", name="Happy")


def status(v2, entity):
    return v2("GetNetworkStatus", {"id": entity["id"]})


def found(v2, name, **data):
    return v2("NetworkSearch", {"name": name, **data})


def test_a_member_is_found_with_its_address(v2):
    [one] = found(v2, "Happy Music Supplies")
    assert one["type"] == "0"
    assert one["addressLine1"] == "123 Main Street"
    assert one["addressCountry"] == "United States"
    assert one["managedByEmail"] == "h***t@happymusicsupplies.example.com"
    assert (one["numberOfConnections"], one["rank"]) == (None, 1)


def test_networks_choose_where_to_search(v2):
    assert [each["type"] for each in found(v2, "Comcast", networks=["1"])] == ["1"]
    assert found(v2, "Comcast", networks=["0"]) == []


def test_a_member_that_connects_by_itself_is_connected_in_v3_too(v2, vendor, developer):
    assert status(v2, vendor) == {"objectId": vendor["id"], "status": "0"}
    [member] = found(v2, "Happy Music Supplies")
    asked = v2("SendInvite", {"networkId": member["networkId"], "id": vendor["id"]})
    assert status(v2, vendor) == {
        "objectId": vendor["id"],
        "status": "2",
        "requestId": asked["requestId"],
        "networkId": member["networkId"],
    }
    in_v3 = developer.get(f"/v3/vendors/{vendor['id']}").json()
    assert in_v3["networkStatus"] == "CONNECTED"
    assert v2("DisconnectVendorFromNetwork", {"vendorId": vendor["id"]}) == {}
    assert status(v2, vendor)["status"] == "0"


def test_a_request_by_mail_waits_until_it_is_canceled(v2, vendor):
    invite = {"vendorId": vendor["id"], "email": "v@example.com"}
    request_id = v2("SendVendorInvite", invite)
    assert request_id.startswith("nrr")
    assert status(v2, vendor)["requestId"] == request_id
    assert status(v2, vendor)["status"] == "1"
    assert v2.refused("SendVendorInvite", invite)[0] == "BDC_1119"
    assert v2("CancelInvite", {"id": request_id}) == {}
    assert v2.refused("CancelInvite", {"id": request_id})[0] == "BDC_1120"
    assert v2("SendVendorInvite", invite) != ""


def test_a_request_expires_after_60_days(v2, vendor, pass_days, v2_sign_in):
    v2("SendVendorInvite", {"vendorId": vendor["id"], "email": "v@example.com"})
    pass_days(60)
    assert status(v2_sign_in(), vendor)["status"] == "0"


def test_a_customer_is_asked_as_well(v2):
    customer = v2.list("Customer")[0]
    [member] = found(v2, "Quiet Harbor Studios")
    v2("SendInvite", {"networkId": member["networkId"], "id": customer["id"]})
    assert status(v2, customer)["status"] == "1"
    disconnecting = {"customerId": customer["id"]}
    assert v2.refused("DisconnectCustomerFromNetwork", disconnecting)[0] == "BDC_1119"


def test_a_national_vendor_is_found_and_connected(v2, vendor):
    answer = v2("LargeBillerSearch", {"name": "comc", "start": 0, "max": 10})
    assert answer["matchedOn"] == {"name": True, "accNumber": False, "addressZip": False}
    [biller] = answer["largeBillers"]
    assert (biller["billerName"], biller["currency"]) == ("Comcast", "840")
    [address] = v2("GetLargeBillerPaymentAddress", {"largeBillerId": biller["id"]})["addresses"]
    assert biller["addresses"] == [address]
    assert address["id"].startswith("ora")
    connecting = {"largeBillerId": biller["id"], "accNumber": "1", "vendorId": vendor["id"]}
    wrong = {**connecting, "addressId": "ora-none"}
    assert v2.refused("ConnectLargeBillerAsVendor", wrong)[0] == "BDC_1119"
    assert v2("ConnectLargeBillerAsVendor", {**connecting, "addressId": address["id"]}) == {}
    assert status(v2, vendor)["status"] == "3"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("GetNetworkStatus", {"id": "009none"}),
        ("SendInvite", {"networkId": "0", "id": "009none"}),
        ("SendVendorInvite", {"vendorId": "009none", "email": "v@example.com"}),
        ("GetLargeBillerPaymentAddress", {"largeBillerId": "orvnone"}),
        ("DisconnectVendorFromNetwork", {"vendorId": "009none"}),
    ],
)
def test_what_is_unknown_is_refused(v2, path, data):
    assert v2.refused(path, data)[0] == "BDC_1120"


def test_a_sync_token_invites_nobody(v2_sync):
    for path in ("SendInvite", "SendVendorInvite", "CancelInvite"):
        assert v2_sync.refused(path, {})[0] == "BDC_1361"
