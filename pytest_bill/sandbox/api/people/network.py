"""The BILL Network: search it, connect with vendors and customers in it, disconnect from them.

Pages: https://developer.bill.com/docs/bill-network,
https://developer.bill.com/docs/connecting-with-a-bill-network-vendor,
https://developer.bill.com/docs/accepting-a-network-invitation,
https://developer.bill.com/changelog/2024-05-06-getting-network-connection-status-with-vendor-api-endpoints,
https://developer.bill.com/changelog/2025-12-05-vendors-api-improvements, the reference pages of the
operations and the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

A request to a member with auto-connections connects at once. To another one it is PENDING until
the member accepts it, until it is deleted, or for 60 days. An organization of the sandbox accepts
with its own session; other members without auto-connections never answer. The sender invites a
record of its own, and is itself the other side's customer where it invites a vendor: then the other
side accepts with ``type`` CUSTOMER, and the other way round.

A vendor shows it all in ``networkStatus`` (NOT_CONNECTED, PENDING, CONNECTED, CONNECTED_RPPS), a
connected one also in ``paymentNetworkId`` (a verified national vendor in ``rppsId``, public clients
report) and ``paymentInformation.payByType``. Customers show nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.people import network_members as members
from pytest_bill.sandbox.api.people.network_members import BILL, RPPS, Member
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import ADDRESS, Field, Many, Object, Text, optional
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_AREA = "BILL Network"
_RPPS_INFORMATION: dict[str, Field] = {"accountNumber": Text(), "addressId": Text()}
_INVITATIONS = "network_invitations"
_REQUESTS = "network_requests"
_EXPIRES_AFTER = timedelta(days=60)
_NOT_CONNECTED, _PENDING = "NOT_CONNECTED", "PENDING"
_CONNECTED = {BILL: "CONNECTED", RPPS: "CONNECTED_RPPS"}
_UNSETTLED = {"APPROVING", "SCHEDULED", "PENDING", "IN_PROCESS"}
_SCOPES = {BILL: {BILL}, RPPS: {RPPS}, "ALL": {BILL, RPPS}}


@dataclass(frozen=True)
class Side:
    """What one can be connected with: a kind of record, and what the other side sees in it."""

    type: str
    opposite: str
    resource: Resource


SIDES = {
    "VENDOR": Side("VENDOR", "CUSTOMER", VENDORS),
    "CUSTOMER": Side("CUSTOMER", "VENDOR", CUSTOMERS),
}


def _search(call: Call) -> Record:
    query = call.request.query
    name, scope = query.get("name", "").strip(), query.get("scope", "ALL")
    if not name:
        raise errors.bad_request(errors.missing_parameter("name"))
    if scope not in _SCOPES:
        raise errors.bad_request(errors.invalid_parameter("scope", scope))
    zip_code = query.get("zipOrPostalCode", "").strip()
    found = members.search_members(call.state, name, _SCOPES[scope], zip_code)
    return {"results": [each.answer() for each in found]}


def request_id(call: Call, record_id: str) -> str:
    """The id of what is asked of, or connected with, the vendor or customer of that id."""
    found: str = call.table(_INVITATIONS)[record_id]["id"]
    return found


def cancel_request(call: Call, asked_id: str) -> None:
    """Take a connection request back; BDC_1120 if none of that id is waiting."""
    for record_id, invitation in list(call.table(_INVITATIONS).items()):
        if invitation["id"] == asked_id and invitation["status"] == _PENDING:
            side = SIDES[invitation["type"]]
            _forget(call, side, call.table(side.resource.table)[record_id])
            return
    raise errors.no_data_found()


def status_of(call: Call, side: Side) -> Record:
    """How the record that the call names is connected."""
    invitation = _invitation(call, side.resource.find(call))
    if invitation is None:
        return {"status": _NOT_CONNECTED}
    return {
        name: invitation[name] for name in ("id", "status", "networkId") if invitation.get(name)
    }


def is_connected(call: Call, record_id: str) -> bool:
    """Whether the vendor or customer of that id is connected with the caller's organization."""
    invitation: Record = call.table(_INVITATIONS).get(record_id, {})
    return invitation.get("status") in _CONNECTED.values()


def connections(call: Call) -> int:
    """How many vendors and customers are connected."""
    invitations = call.table(_INVITATIONS).values()
    return sum(each["status"] in _CONNECTED.values() for each in invitations)


def invite(call: Call, side: Side) -> None:
    """Connect at once, or ask."""
    record = _unconnected(call, side.resource.find(call), f"{side.type.lower()}Id")
    member = _asked(call)
    if member.auto_connects:
        _connect(call, side, record, member)
        return
    _begin_request(call, side, record, member.id)
    if member.organization_id:
        us = members.of_organization(call.state, call.owner)
        request = {"networkId": us.id, "type": side.opposite, "recordId": record["id"]}
        theirs = call.within(member.organization_id).table(_REQUESTS)
        theirs[_request_key(us.id, side.opposite, record["id"])] = request


def invite_by_mail(call: Call) -> None:
    """Ask a vendor that is not in the BILL Network."""
    side = SIDES["VENDOR"]
    _begin_request(call, side, _unconnected(call, side.resource.find(call), "vendorId"), "")


def _asked(call: Call) -> Member:
    """The member that the body asks for; BDC_1119 or BDC_1117 if there is none."""
    body: Record = call.body
    if body["networkType"] == RPPS:
        given = body.get("rppsInformation", {})
        missing = [name for name in _RPPS_INFORMATION if not given.get(name)]
        if missing:
            raise errors.bad_request(
                *(errors.missing_data(f"rppsInformation.{name}") for name in missing)
            )
    member = members.of_id(call.state, body["networkId"])
    if (
        member is None
        or member.network != body["networkType"]
        or member.organization_id == call.owner
    ):
        raise errors.bad_request(errors.invalid_value("networkId", body["networkId"]))
    if member.network == RPPS and body["rppsInformation"]["addressId"] != member.address_id:
        address_id = body["rppsInformation"]["addressId"]
        raise errors.bad_request(errors.invalid_value("rppsInformation.addressId", address_id))
    return member


def _unconnected(call: Call, record: Record, name: str) -> Record:
    """The record, unless it is connected or asked already: BDC_1119."""
    if _invitation(call, record) is not None:
        raise errors.bad_request(errors.invalid_value(name, record["id"]))
    return record


def _accept(call: Call) -> None:
    """Connect with whoever asked: with a record that is there, or with a new one of that name."""
    body: Record = call.body
    side = SIDES[body["type"]]
    request = next(
        (
            each
            for each in _requests(call)
            if (each["networkId"], each["type"]) == (body["networkId"], body["type"])
        ),
        None,
    )
    sender = members.of_id(call.state, body["networkId"])
    if request is None or sender is None:
        raise errors.bad_request(errors.invalid_value("networkId", body["networkId"]))
    record = _accepted_as(call, side, sender)
    asked_with: str = request.get("recordId", "")
    del call.table(_REQUESTS)[_request_key(sender.id, side.type, asked_with)]
    _connect(call, side, record, sender, asked_with)
    if sender.organization_id:
        theirs = call.within(sender.organization_id)
        us = members.of_organization(call.state, call.owner)
        their_side = SIDES[side.opposite]
        their_record = theirs.table(their_side.resource.table)[asked_with]
        _connect(theirs, their_side, their_record, us, record["id"])


def _accepted_as(call: Call, side: Side, sender: Member) -> Record:
    body: Record = call.body
    if "id" in body and "name" in body:
        raise errors.bad_request(errors.invalid_value("name", body["name"]))
    if "id" in body:
        record = call.table(side.resource.table).get(body["id"])
        if record is None:
            raise errors.bad_request(errors.invalid_value("id", body["id"]))
        return _unconnected(call, record, "id")
    if not body.get("name"):
        raise errors.bad_request(errors.missing_data("name"))
    new = {"name": body["name"], "email": sender.email, "accountType": "BUSINESS"}
    address = "address" if side.type == "VENDOR" else "billingAddress"
    return side.resource.insert(call, {**new, address: dict(sender.address)})


def delete(call: Call, side: Side) -> None:
    """Take back a request, or disconnect; not while a payment to the vendor is on its way."""
    record = side.resource.find(call)
    invitation = _invitation(call, record)
    if invitation is None:
        raise errors.no_data_found()
    if invitation["status"] != _PENDING and _unsettled_payments(call, record):
        raise errors.bad_request(errors.invalid_value("status", "SCHEDULED"))
    _forget(call, side, record)


def _unsettled_payments(call: Call, record: Record) -> bool:
    return any(
        payment["vendorId"] == record["id"] and payment["status"] in _UNSETTLED
        for payment in call.table(PAYMENTS.table).values()
    )


def _forget(call: Call, side: Side, record: Record) -> None:
    """No invitation any more, and none at the other side."""
    invitation = call.table(_INVITATIONS).pop(record["id"])
    _show(call, side, record, _NOT_CONNECTED, None)
    member = members.of_id(call.state, invitation["networkId"])
    if member is None or not member.organization_id:
        return
    theirs = call.within(member.organization_id)
    us = members.of_organization(call.state, call.owner)
    theirs.table(_REQUESTS).pop(_request_key(us.id, side.opposite, record["id"]), None)
    if theirs.table(_INVITATIONS).pop(invitation["otherRecordId"], None) is not None:
        their_side = SIDES[side.opposite]
        their_record = theirs.table(their_side.resource.table)[invitation["otherRecordId"]]
        _show(theirs, their_side, their_record, _NOT_CONNECTED, None)


def _invitation(call: Call, record: Record) -> Record | None:
    """What is asked of, or connected with, the record; a request ends after 60 days."""
    invitation = call.table(_INVITATIONS).get(record["id"])
    if invitation is None:
        return None
    age = call.state.clock.now() - datetime.fromisoformat(invitation["sentTime"])
    if invitation["status"] == _PENDING and age >= _EXPIRES_AFTER:
        _forget(call, SIDES[invitation["type"]], record)
        return None
    return invitation


def _requests(call: Call) -> list[Record]:
    """What others ask of the caller's organization, without what has expired."""
    requests: list[Record] = []
    for request in list(call.table(_REQUESTS).values()):
        sender = members.of_id(call.state, request["networkId"])
        if sender is not None and sender.organization_id:
            theirs = call.within(sender.organization_id)
            their_side = SIDES[SIDES[request["type"]].opposite]
            their_record = theirs.table(their_side.resource.table)[request["recordId"]]
            if _invitation(theirs, their_record) is None:
                continue
        requests.append(request)
    return requests


def _begin_request(call: Call, side: Side, record: Record, network_id: str) -> None:
    _store_invitation(call, side, record, _PENDING, network_id)
    _show(call, side, record, _PENDING, None)


def _connect(call: Call, side: Side, record: Record, member: Member, other: str = "") -> None:
    """Connect the record with a member; ``other`` is the record that the member has of us."""
    status = _CONNECTED[member.network]
    _store_invitation(call, side, record, status, member.id, other)
    _show(call, side, record, status, member)


def _store_invitation(
    call: Call, side: Side, record: Record, status: str, network_id: str, other: str = ""
) -> None:
    known = call.table(_INVITATIONS).get(record["id"], {})
    call.table(_INVITATIONS)[record["id"]] = {
        "id": known.get("id") or call.state.ids.new("nrr"),
        "type": side.type,
        "status": status,
        "networkId": network_id,
        "otherRecordId": other,
        "sentTime": call.state.timestamp(),
    }


def _show(call: Call, side: Side, record: Record, status: str, member: Member | None) -> None:
    """Let a vendor's record say how it is connected."""
    if side.type != "VENDOR":
        return
    for name in ("paymentNetworkId", "rppsId"):
        record.pop(name, None)
    information: Record = record["paymentInformation"]
    if member is None:
        information["payByType"] = "ACH" if "bankAccount" in information else "CHECK"
    elif member.network == RPPS:
        record["rppsId"], information["payByType"] = member.id, "RPPS"
    else:
        record["paymentNetworkId"], information["payByType"] = member.id, "ACH"
    record["networkStatus"] = status
    record["updatedTime"] = call.state.timestamp()
    call.state.publish(call.owner, "vendor.updated", VENDORS.as_answered(call, record))


def _request_key(network_id: str, request_type: str, record_id: str) -> str:
    return f"{network_id}:{request_type}:{record_id}"


def fill(call: Call) -> None:
    """Two businesses have asked the caller's organization to connect."""
    for member, request_type in (
        (members.ASKING_CUSTOMER, "CUSTOMER"),
        (members.ASKING_VENDOR, "VENDOR"),
    ):
        request = {"networkId": member.id, "type": request_type}
        call.table(_REQUESTS)[_request_key(member.id, request_type, "")] = request


_INVITE: dict[str, Field] = {
    "networkId": Text(required=True),
    "networkType": Text(required=True, choices=(BILL, RPPS)),
    "rppsInformation": Object(_RPPS_INFORMATION),
}
_ACCEPT: dict[str, Field] = {
    "networkId": Text(required=True),
    "type": Text(required=True, choices=tuple(SIDES)),
    "id": Text(),
    "name": Text(),
}
_FOUND = Object(
    {
        "id": Text(required=True),
        "name": Text(required=True),
        "type": Text(),
        "addresses": Many(Object({"id": Text(), **optional(ADDRESS)})),
        "managedBy": Object({"name": Text(), "email": Text(), "emailDomain": Text()}),
    }
)
_STATUS = Object(
    {
        "id": Text(),
        "status": Text(required=True, choices=(_NOT_CONNECTED, _PENDING, *_CONNECTED.values())),
        "networkId": Text(),
    }
)

_MFA = (
    "v2's page says that it is MFA-protected, v3's says nothing; here a sync token may not call it."
)
_EXPIRY = (
    "A vendor's `networkStatus` shows that a request has expired once its status is asked for."
)
_ASKING = (
    "Not documented, and BDC_1119 here: the refusal of an unknown networkId and of a record that "
    "is asked or connected already. "
)


def _operation(method: str, path: str, name: str, summary: str, **more: Any) -> Operation:
    return Operation(method, f"{V3}/network{path}", name, summary, area=_AREA, **more)


def _invitation_operations(side: Side) -> tuple[Operation, ...]:
    """Asking for the status of a connection, asking for one, and ending it."""
    kind = side.type.lower()
    path, name = f"/invitation/{kind}/{{{kind}Id}}", f"{kind.capitalize()}Invitation"
    return (
        _operation(
            "GET",
            path,
            f"get{name}",
            f"Get the status of a connection request to a {kind}",
            handler=lambda call: status_of(call, side),
            answer=_STATUS,
            missing=_EXPIRY,
            unsure="What is answered where nothing was asked is not documented; here "
            "NOT_CONNECTED. Whether `id` is the request's is not either; here it is, and nrr "
            "begins it as in v2.",
        ),
        _operation(
            "POST",
            path,
            f"create{name}",
            f"Send a connection request to a {kind}",
            handler=lambda call: invite(call, side),
            body=_INVITE,
            sync=False,
            unsure=_ASKING + _MFA,
        ),
        _operation(
            "DELETE",
            path,
            f"delete{name}",
            f"Delete the connection with a {kind}",
            handler=lambda call: delete(call, side),
            missing="Payments from a customer do not keep a connection alive."
            if side.type == "CUSTOMER"
            else "",
            unsure="Not documented: the refusal while payments are scheduled or in process, here "
            "BDC_1119, and where there is nothing to delete, here BDC_1120.",
        ),
    )


OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "GET",
        "",
        "search",
        "Search for an organization in the BILL Network",
        handler=_search,
        query=(
            Query("name", Text(required=True)),
            Query("scope", Text(choices=tuple(_SCOPES))),
            Query("zipOrPostalCode"),
            Query("accountNumber"),
        ),
        answer=Object({"results": Many(_FOUND, required=True)}),
        missing="`accountNumber` does not filter: the numbers of national vendors are not known. "
        "BILL's own sandbox begins with an empty network, this one with the vendor of BILL's "
        "guide, further businesses and its own organizations.",
        unsure="The default of `scope` is not documented; here ALL. Of the values of `type` the "
        "sample shows UNDEFINED; here BILL and RPPS. That a national vendor's addresses have ids "
        "is said in BILL's guide to the changes from v2, and not shown in the sample.",
    ),
    _operation(
        "POST",
        "/invitation/accept",
        "acceptInvitation",
        "Accept a connection request",
        handler=_accept,
        body=_ACCEPT,
        unsure="Not documented, and BDC_1119 here: the refusal of a networkId that has asked "
        "nothing, of an unknown id, and of both id and name; BDC_1117 for neither.",
    ),
    *_invitation_operations(SIDES["VENDOR"]),
    *_invitation_operations(SIDES["CUSTOMER"]),
    _operation(
        "POST",
        "/invitation/vendor/{vendorId}/email",
        "inviteVendorNotInBillNetwork",
        "Send a connection request to a vendor not in the BILL Network",
        handler=invite_by_mail,
        body={"email": Text(required=True)},
        sync=False,
        missing="No mail is sent, so nobody accepts: the vendor stays PENDING. " + _EXPIRY,
        unsure=_MFA,
    ),
)
