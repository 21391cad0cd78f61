"""The BILL Network in BILL's v2 API: NetworkSearch, SendInvite, SendVendorInvite, CancelInvite.

Pages: https://developer.bill.com/v2/reference/network-sendinvite, /network-sendvendorinvite beside
it, https://developersupport.bill.com/hc/en-us/articles/213996226-SendInvite,
https://developersupport.bill.com/hc/en-us/articles/211428083-SendVendorInvite,
https://developersupport.bill.com/hc/en-us/articles/218380103-CancelInvite and
https://developersupport.bill.com/hc/en-us/articles/213997266-NetworkSearch.

They connect the same records as v3's operations, see ``people.network``. An invitation that is not
answered has to be canceled before another one is sent. ``type`` is 0 for a member of the BILL
Network and 1 for a large biller, who is connected by another operation.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.people import network
from pytest_bill.sandbox.api.people import network_members as members
from pytest_bill.sandbox.api.people.network_members import BILL, RPPS, Member
from pytest_bill.sandbox.api.v2.countries import COUNTRY
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_MOST_FOUND = 25
_NETWORKS = {"0": BILL, "1": RPPS}
_CODES = {network: code for code, network in _NETWORKS.items()}


def _search(call: Call) -> Record:
    given = call.form["data"]
    asked = {_NETWORKS[each] for each in given.get("networks", _NETWORKS)}
    found = members.search_members(call.state, given["name"], asked, given.get("addressZip", ""))
    return {"results": [_found(each) for each in found[:_MOST_FOUND]]}


def _found(member: Member) -> Record:
    answer = {
        "displayName": member.name,
        "type": _CODES[member.network],
        "networkId": member.id,
    }
    if member.network == BILL:
        address = member.address
        named = {
            "addressLine1": address.get("line1"),
            "addressCity": address.get("city"),
            "addressState": address.get("stateOrProvince"),
            "addressZip": address.get("zipOrPostalCode"),
            "addressCountry": COUNTRY.read(address.get("country", "")),
        }
        answer |= {name: str(value) for name, value in named.items() if value}
    return answer


def _invite(call: Call) -> Record:
    """Ask a member of the network to connect with a vendor or a customer."""
    given = call.form["data"]
    for side in network.SIDES.values():
        if given["id"] in call.table(side.resource.table):
            at = call.at(**{f"{side.type.lower()}Id": given["id"]})
            body = {"networkId": given["networkId"], "networkType": BILL}
            network.invite(replace(at, body=body), side)
            return {"requestId": network.request_id(call, given["id"])}
    raise errors.no_data_found()


def _invite_vendor(call: Call) -> Record:
    vendor_id = call.form["data"]["vendorId"]
    network.invite_by_mail(call.at(vendorId=vendor_id))
    return {"requestId": network.request_id(call, vendor_id)}


def _cancel(call: Call) -> Record:
    network.cancel_request(call, call.form["data"]["id"])
    return {}


_REQUEST = Object({"requestId": Text(required=True)})
_FOUND: dict[str, Field] = {
    "displayName": Text(required=True),
    "type": Text(required=True, choices=tuple(_NETWORKS)),
    "networkId": Text(required=True),
    **{
        f"address{name}": Text() for name in ("Line1", "City", "State", "Zip", "Country")
    },
}

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "NetworkSearch",
        "v2NetworkSearch",
        "Search for an organization in the BILL Network, large billers too",
        _search,
        page="https://developersupport.bill.com/hc/en-us/articles/213997266-NetworkSearch",
        data={
            "name": Text(required=True),
            "addressZip": Text(),
            "accNumber": Text(),
            "networks": Many(Text(choices=tuple(_NETWORKS))),
        },
        answer=Object({"results": Many(Object(_FOUND), required=True)}),
        missing="accNumber does not filter. Of what the sample shows of a member: who manages it, "
        "how many it is connected with, rank and matchScore.",
    ),
    operation(
        "SendInvite",
        "v2SendInvite",
        "Send a connection request to a customer or vendor in the BILL Network",
        _invite,
        page="network-sendinvite",
        data={"networkId": Text(required=True), "id": Text(required=True)},
        answer=_REQUEST,
        trusted=True,
        sync=False,
        missing="No e-mail is sent.",
        unsure="BILL's sample has requestId beside response_status; here it is in response_data, as "
        "that of SendVendorInvite is. The refusal of an unknown networkId, of a large biller's and "
        "of a record that is asked already is not documented; here BDC_1119.",
    ),
    operation(
        "SendVendorInvite",
        "v2SendVendorInvite",
        "Send a connection request to a vendor not in the BILL Network",
        _invite_vendor,
        page="network-sendvendorinvite",
        data={"vendorId": Text(required=True), "email": Text(required=True)},
        answer=_REQUEST,
        trusted=True,
        sync=False,
        missing="No mail is sent, so nobody accepts: the vendor stays asked.",
        unsure="The refusal of a vendor that is asked already is not documented; here BDC_1119.",
    ),
    operation(
        "CancelInvite",
        "v2CancelInvite",
        "Take a connection request back",
        _cancel,
        page="https://developersupport.bill.com/hc/en-us/articles/218380103-CancelInvite",
        data={"id": Text(required=True)},
        answer=Object({}),
        sync=False,
        unsure="The sample has no response_data; here an empty object. Whether a sync token may call "
        "it is not documented; here as little as SendInvite.",
    ),
)
"""Every operation of v2's network that the sandbox answers."""
