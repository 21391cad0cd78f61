"""The first fixture of a run, and one list by it; whoever answers."""

import figures


def test_first(since_setup, bill_dev_session):
    assert bill_dev_session.call("GET", "/v3/vendors")
    figures.keep(**since_setup.read())
