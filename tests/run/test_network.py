"""What blocks the network of a run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.environments import at_origin
from pytest_bill.run.network import blocked_network
from pytest_bill.run.state import RunState


@pytest.fixture
def network(pytester):
    """What blocks the network of a run with these options."""

    def network(*options: str, ini: str = "", above=None, **state):
        if ini:
            pytester.makeini(f"[pytest]\n{ini}")
        of_run = RunState(None)
        of_run.hosts_allowed_above = above
        for name, value in state.items():
            setattr(of_run, name, value)
        return blocked_network(pytester.parseconfig(*options), of_run)

    return network


ON = "--bill-block-network"


def test_hosts_are_listed_by_option_or_ini(network):
    ini = "bill_allow_hosts =\n  a.example.com, b.example.com\n  10.0.0.0/8\n"
    assert network(ON, ini=ini).allowed == ("a.example.com", "b.example.com", "10.0.0.0/8")
    listed = network(ON, "--bill-allow-hosts=c", "--bill-allow-hosts=d,e", ini=ini).allowed
    assert listed == ("c", "d", "e")
    assert network(ON, ini="bill_allow_hosts =\n").allowed == ()


def test_a_list_with_what_is_no_host_is_refused(network):
    with pytest.raises(pytest.UsageError, match="which is no host"):
        network(ON, "--bill-allow-hosts=https://example.com")


def test_a_run_within_a_test_reaches_nobody_else(network):
    above = frozenset({"a", "b"})
    assert network(above=above).allowed == ("a", "b")
    assert network(ON, "--bill-allow-hosts=b,c", above=above).allowed == ("b",)


def test_bill_is_the_runs(network):
    asked = SimpleNamespace(
        environment=with_tokens_at(
            at_origin("https://bill.example.com", "custom"), "https://auth.example.com/token"
        ),
        may_reach=lambda host: host == "bill.example.com",
    )
    without, with_run = network()._bill, network(run=SimpleNamespace(recorder=asked))._bill
    assert not without.is_guarded()
    assert not without.is_bills("bill.example.com")
    assert with_run.is_bills("auth.example.com")
    assert not without.may_reach("gateway.stage.bill.com")
    assert list(without.hosts()) == []
    assert with_run.is_guarded()
    assert with_run.is_bills("bill.example.com")
    assert with_run.is_bills("gateway.stage.bill.com")
    assert with_run.may_reach("bill.example.com")
    assert set(with_run.hosts()) == {"bill.example.com", "auth.example.com"}


def test_it_names_the_test_that_runs(network):
    blocked = network(item=SimpleNamespace(nodeid="test_a.py::test_b", stash=pytest.Stash()))
    assert blocked.test_now() == "test_a.py::test_b"
