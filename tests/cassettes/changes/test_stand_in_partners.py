"""Which new stand-in goes with which old one."""

from __future__ import annotations

import json

from pytest_bill.cassettes.changes.stand_in_partners import StandInPartners
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import Kind
from tests.helpers.work import steps

URL = "https://gateway.stage.bill.com/connect/v3/customers"
OLD, NEW = "husoj@lenuk.example", "miro@patab.example"


def customer(email: str, note: str = "") -> Interaction:
    body = json.dumps({"email": email, "description": note}).encode()
    headers = {"content-type": ["application/json"]}
    return Interaction("GET", URL, {}, b"", 200, "OK", headers, body)


def test_they_go_together_by_their_places_and_are_replaced_elsewhere_too():
    partners = StandInPartners(frozenset({"email"}))
    assert partners.learn(customer(OLD), customer(NEW))
    assert partners.old_of(Kind.EMAIL, NEW) == OLD
    assert partners.replaced(customer(NEW, f"write to {NEW}")) == customer(OLD, f"write to {OLD}")


def test_kinds_that_are_no_stand_ins_are_left_alone():
    partners = StandInPartners(frozenset({"tax_id"}))
    assert not partners.learn(customer(OLD), customer(NEW))
    assert not StandInPartners().learn(customer(OLD), customer(NEW))


def test_one_that_has_another_partner_stays():
    partners = StandInPartners(frozenset({"email"}))
    partners.learn(customer(OLD), customer(NEW))
    partners.learn(customer("other@lenuk.example"), customer(NEW))
    assert partners.old_of(Kind.EMAIL, NEW) == OLD
    partners.learn(customer(OLD), customer("other@patab.example"))
    assert partners.old_of(Kind.EMAIL, "other@patab.example") == "other@patab.example"


def test_what_other_cassettes_know_is_known_where_one_knows_nothing():
    other = StandInPartners(frozenset({"email"}))
    other.learn(customer(OLD), customer(NEW))
    partners = StandInPartners(frozenset({"email"}))
    partners.add(other.items())
    assert partners.replaced(customer(NEW)) == customer(OLD)
    without = StandInPartners(frozenset({"tax_id"}))
    without.add(other.items())
    assert without.replaced(customer(NEW)) == customer(NEW)


def test_the_time_grows_with_the_traffic():
    def work(count: int) -> int:
        partners = StandInPartners(frozenset({"email"}))
        old, new = ([customer(f"a{n}@{host}.example") for n in range(count)] for host in "xy")

        def all_of_it() -> None:
            for one, other in zip(old, new, strict=True):
                partners.learn(one, other)
                partners.replaced(other)

        return steps(all_of_it)

    assert work(80) < 5 * work(20)
