"""The BILL Network in BILL's v2 API: NetworkSearch, SendInvite, SendVendorInvite, GetNetworkStatus,
CancelInvite, LargeBillerSearch, GetLargeBillerPaymentAddress, ConnectLargeBillerAsVendor,
DisconnectVendorFromNetwork and DisconnectCustomerFromNetwork.

Pages: https://developer.bill.com/v2/reference/network-networksearch and those beside it,
https://developer.bill.com/v2/docs/network-operations,
https://developersupport.bill.com/hc/en-us/articles/213996226-SendInvite and
https://developersupport.bill.com/hc/en-us/articles/211428083-SendVendorInvite.

They connect the same records as v3's operations, see ``people.network``. An invitation that is not
answered has to be canceled before another one is sent; it expires after 60 days. ``type`` is 0 for
a member of the BILL Network and 1 for a verified national vendor, which v2 calls a large biller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_bill.sandbox.api.people import network
from pytest_bill.sandbox.api.people import network_members as members
from pytest_bill.sandbox.api.people.network_members import BILL, RPPS, Member
from pytest_bill.sandbox.api.v2.countries import COUNTRY
from pytest_bill.sandbox.api.v2.lists import LARGEST_MAX
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Either,
    Field,
    Integer,
    Many,
    Null,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_MOST_FOUND = 25
_NETWORKS = {"0": BILL, "1": RPPS}
_CODES = {network: code for code, network in _NETWORKS.items()}
_STATUSES = {"0": "NOT_CONNECTED", "1": "PENDING", "2": "CONNECTED", "3": "CONNECTED_RPPS"}
_US_DOLLARS = "840"


def _search(call: Call) -> list[Any]:
    given = call.form["data"]
    asked = {_NETWORKS[each] for each in given.get("networks") or _NETWORKS}
    found = members.search_members(call.state, given["name"], asked, given.get("addressZip", ""))
    return [_found(each, rank) for rank, each in enumerate(found[:_MOST_FOUND], 1)]


def _found(member: Member, rank: int) -> Record:
    in_bill = member.network == BILL
    managed_by = member.answer().get("managedBy", {})
    address = _address(member) if in_bill else {}
    return {
        "displayName": member.name,
        "showDisplayNameInNetwork": True,
        "type": _CODES[member.network],
        "networkId": member.id,
        **{name: address.get(name) for name in _ADDRESS if name != "address2"},
        "addressLine1": address.get("address1"),
        "verifiedEmailDomain": managed_by.get("emailDomain"),
        "numberOfConnections": None,
        "managedByName": managed_by.get("name"),
        "managedByEmail": managed_by.get("email"),
        "rank": rank,
        "matchScore": None,
        "accountType": "business" if in_bill else None,
        "matchMode": None,
    }


def _address(member: Member) -> Record:
    address = member.address
    return {
        "address1": address.get("line1"),
        "address2": address.get("line2"),
        "addressCity": address.get("city"),
        "addressState": address.get("stateOrProvince"),
        "addressCountry": COUNTRY.read(address.get("country", "")),
        "addressZip": address.get("zipOrPostalCode"),
    }


def _invite(call: Call) -> Record:
    """Ask a member of the network to connect with a vendor or a customer."""
    given = call.form["data"]
    at, side = _side_of(call, given["id"])
    body = {"networkId": given["networkId"], "networkType": BILL}
    network.invite(replace(at, body=body), side)
    return {"requestId": network.request_id(call, given["id"])}


def _side_of(call: Call, record_id: str) -> tuple[Call, network.Side]:
    """The call about that vendor or customer, and which of both it is; BDC_1120 for neither."""
    for side in network.SIDES.values():
        if record_id in call.table(side.resource.table):
            return call.at(**{f"{side.type.lower()}Id": record_id}), side
    raise errors.no_data_found()


def _invite_vendor(call: Call) -> Any:
    vendor_id = call.form["data"]["vendorId"]
    network.invite_by_mail(call.at(vendorId=vendor_id))
    return network.request_id(call, vendor_id)


def _cancel(call: Call) -> Record:
    network.cancel_request(call, call.form["data"]["id"])
    return {}


def _status(call: Call) -> Record:
    object_id = call.form["data"]["id"]
    known = network.status_of(*_side_of(call, object_id))
    codes = {status: code for code, status in _STATUSES.items()}
    return {
        "objectId": object_id,
        "status": codes[known["status"]],
        **({"requestId": known["id"]} if "id" in known else {}),
        **({"networkId": known["networkId"]} if "networkId" in known else {}),
    }


def _disconnect(kind: str) -> Any:
    def disconnect(call: Call) -> Record:
        record_id = call.form["data"][f"{kind.lower()}Id"]
        side = network.SIDES[kind]
        at = call.at(**{f"{kind.lower()}Id": record_id})
        if network.status_of(at, side)["status"] in {"NOT_CONNECTED", "PENDING"}:
            raise errors.bad_request(errors.invalid_value(f"{kind.lower()}Id", record_id))
        network.delete(at, side)
        return {}

    return disconnect


def _large_billers(call: Call) -> Record:
    given = call.form["data"]
    zip_code = given.get("addressZip", "")
    found = members.search_members(call.state, given["name"], {RPPS}, zip_code)
    return {
        "matchedOn": {"name": True, "accNumber": False, "addressZip": bool(zip_code)},
        "largeBillers": [_large_biller(each) for each in _page(given, found)],
    }


def _page(given: Record, found: list[Any]) -> list[Any]:
    start = given.get("start", 0)
    return found[start : start + given.get("max", LARGEST_MAX)]


def _large_biller(member: Member) -> Record:
    return {
        "entity": "LargeBiller",
        "id": large_biller_id(member),
        "billerReference": None,
        "billerName": member.name,
        "lineOfBusiness": None,
        "billerClass": None,
        "billerType": None,
        "currency": _US_DOLLARS,
        "addresses": [_payment_address(member)],
        "masks": [],
    }


def large_biller_id(member: Member) -> str:
    """v2's id of a verified national vendor: it begins with orv, v3's with 0rv."""
    return "o" + member.id[1:]


def _payment_address(member: Member) -> Record:
    return {
        "entity": "LargeBillerPaymentAddress",
        "id": _address_id(member),
        "largeBillerId": large_biller_id(member),
        **_address(member),
    }


def _address_id(member: Member) -> str:
    return "o" + member.address_id[1:]


def _national(call: Call, large_biller_id: str) -> Member:
    """The verified national vendor of v2's id; BDC_1120 if there is none."""
    member = members.of_id(call.state, "0" + large_biller_id[1:])
    if member is None or member.network != RPPS or not large_biller_id.startswith("orv"):
        raise errors.no_data_found()
    return member


def _addresses(call: Call) -> Record:
    given = call.form["data"]
    member = _national(call, given["largeBillerId"])
    return {"addresses": _page(given, [_payment_address(member)])}


def _connect(call: Call) -> Record:
    """Connect a vendor with a verified national vendor, at once."""
    given = call.form["data"]
    member = _national(call, given["largeBillerId"])
    address_id = given.get("addressId") or _address_id(member)
    if address_id != _address_id(member):
        raise errors.bad_request(errors.invalid_value("addressId", address_id))
    body = {
        "networkId": member.id,
        "networkType": RPPS,
        "rppsInformation": {
            "accountNumber": given["accNumber"],
            "addressId": member.address_id,
        },
    }
    at = call.at(vendorId=given["vendorId"])
    network.invite(replace(at, body=body), network.SIDES["VENDOR"])
    return {}


_TEXT_OR_NULL = Either((Text(), Null()), required=True)
_ADDRESS = (
    *("address1", "address2", "addressCity", "addressState", "addressCountry", "addressZip"),
)
_FOUND: Mapping[str, Field] = {
    "displayName": Text(required=True),
    "showDisplayNameInNetwork": Boolean(required=True),
    "type": Text(required=True, choices=tuple(_NETWORKS)),
    "networkId": Text(required=True),
    **dict.fromkeys(
        (
            *("addressLine1", *_ADDRESS[2:], "verifiedEmailDomain", "managedByName"),
            *("managedByEmail", "accountType", "matchMode"),
        ),
        _TEXT_OR_NULL,
    ),
    "numberOfConnections": Either((Integer(), Null()), required=True),
    "rank": Integer(required=True),
    "matchScore": Either((Number(), Null()), required=True),
}
_PAYMENT_ADDRESS = Object(
    {
        "entity": Text(required=True),
        "id": Text(required=True),
        "largeBillerId": Text(required=True),
        **dict.fromkeys(_ADDRESS, _TEXT_OR_NULL),
    }
)
_LARGE_BILLER = Object(
    {
        "entity": Text(required=True),
        "id": Text(required=True),
        "billerReference": Either((Number(), Null()), required=True),
        "billerName": Text(required=True),
        **dict.fromkeys(("lineOfBusiness", "billerClass", "billerType"), _TEXT_OR_NULL),
        "currency": Text(required=True),
        "addresses": Many(_PAYMENT_ADDRESS, required=True),
        "masks": Many(Object({})),
    }
)
_MATCHED_ON = ("name", "accNumber", "addressZip")
_PAGED: Mapping[str, Field] = {
    "start": Integer(minimum=0),
    "max": Integer(minimum=1, maximum=LARGEST_MAX),
}
_REFUSED = (
    "What BILL refuses an unknown networkId with, a large biller's, and a record that is asked "
    "already is not documented; here BDC_1119."
)

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "NetworkSearch",
        "v2NetworkSearch",
        "Search the BILL Network for a customer or vendor, verified national vendors too",
        _search,
        page="network-networksearch",
        data={
            "name": Text(required=True),
            "accNumber": Text(),
            "addressZip": Text(),
            "networks": Many(Text(choices=tuple(_NETWORKS))),
            "forVendor": Boolean(),
        },
        answer=Many(Object(_FOUND)),
        missing="accNumber and forVendor make no difference. numberOfConnections, matchScore and "
        "matchMode are null.",
        unsure="What a field holds that has no value is not documented; here null.",
    ),
    operation(
        "SendInvite",
        "v2SendInvite",
        "Send a connection request to a customer or vendor in the BILL Network",
        _invite,
        page="network-sendinvite",
        data={"networkId": Text(required=True), "id": Text(required=True)},
        answer=Object({"requestId": Text(required=True)}),
        trusted=True,
        sync=False,
        missing="No e-mail is sent.",
        unsure=f"An older sample has requestId beside response_status. {_REFUSED}",
    ),
    operation(
        "SendVendorInvite",
        "v2SendVendorInvite",
        "Send a connection request to a vendor not in the BILL Network",
        _invite_vendor,
        page="network-sendvendorinvite",
        data={"vendorId": Text(required=True), "email": Text(required=True)},
        answer=Text(required=True),
        trusted=True,
        sync=False,
        missing="No mail is sent, so nobody accepts: the vendor stays asked.",
        unsure="response_data is the request's id itself, as the page has it; an older sample is "
        f"cut off after requestId. {_REFUSED}",
    ),
    operation(
        "GetNetworkStatus",
        "v2GetNetworkStatus",
        "Whether a customer or vendor is connected, and the request that waits",
        _status,
        page="network-getnetworkstatus",
        data={"id": Text(required=True)},
        answer=Object(
            {
                "objectId": Text(required=True),
                "status": Text(required=True, choices=tuple(_STATUSES)),
                "requestId": Text(),
                "networkId": Text(),
            }
        ),
        missing="logoUrl.",
    ),
    operation(
        "CancelInvite",
        "v2CancelInvite",
        "Take a connection request back",
        _cancel,
        page="network-cancelinvite",
        data={"id": Text(required=True)},
        answer=Object({}),
        sync=False,
        unsure="Whether a sync token may call it is not documented; here as little as SendInvite.",
    ),
    operation(
        "LargeBillerSearch",
        "v2LargeBillerSearch",
        "Search for a verified national vendor",
        _large_billers,
        page="network-largebillersearch",
        data={
            "name": Text(required=True),
            "accNumber": Text(),
            "addressZip": Text(),
            **_PAGED,
        },
        answer=Object(
            {
                "matchedOn": Object(
                    {name: Boolean(required=True) for name in _MATCHED_ON}, required=True
                ),
                "largeBillers": Many(_LARGE_BILLER, required=True),
            }
        ),
        missing="accNumber does not filter. billerReference, lineOfBusiness, billerClass and "
        "billerType are null, and there are no masks.",
    ),
    operation(
        "GetLargeBillerPaymentAddress",
        "v2GetLargeBillerPaymentAddress",
        "The payment addresses of a verified national vendor",
        _addresses,
        page="network-getlargebillerpaymentaddress",
        data={"largeBillerId": Text(required=True), **_PAGED},
        answer=Object({"addresses": Many(_PAYMENT_ADDRESS, required=True)}),
        unsure="The refusal of an unknown largeBillerId is not documented; here BDC_1120.",
    ),
    operation(
        "ConnectLargeBillerAsVendor",
        "v2ConnectLargeBillerAsVendor",
        "Connect a vendor with a verified national vendor",
        _connect,
        page="network-connectlargebillerasvendor",
        data={
            "largeBillerId": Text(required=True),
            "accNumber": Text(required=True),
            "vendorId": Text(required=True),
            "addressId": Text(),
        },
        answer=Object({}),
        sync=False,
        unsure="That the trust of MFA is not needed follows from the pages on MFA, which do not "
        "name it; that a sync token may not call it, from v3. Refusals are those of v3.",
    ),
    *(
        operation(
            f"Disconnect{kind.capitalize()}FromNetwork",
            f"v2Disconnect{kind.capitalize()}FromNetwork",
            f"Disconnect a {kind.lower()} from the organization",
            _disconnect(kind),
            page=f"network-disconnect{kind.lower()}fromnetwork",
            data={f"{kind.lower()}Id": Text(required=True)},
            answer=Object({}),
            sync=False,
            unsure="The refusal of one that is not connected is not documented; here BDC_1119.",
        )
        for kind in network.SIDES
    ),
)
"""Every operation of v2's network."""
