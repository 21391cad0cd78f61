"""A recording replaces a cassette only when it has replayed, in a second run.

That one comes at the end of the first. It is a process of its own, without a variable of BILL's:
what a replay in CI will not have, it has not. Other things are different on purpose: the order of
the tests, the time zone (so that the date is another one), and Python's hash seed.
"""
