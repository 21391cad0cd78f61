"""A thread asks when its test is over: the code under test sends something in the background."""

from threading import Timer


def test_in_the_background(bill):
    assert bill.call("GET", "/v3/vendors", params={"max": 1})["results"]
    Timer(0.2, bill.call, ["GET", "/v3/bills"], {"params": {"max": 1}}).start()
