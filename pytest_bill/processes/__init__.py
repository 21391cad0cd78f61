"""Processes that tests start: what they ask BILL is played and recorded by the run of the test.

``starting`` gives each child word of the run, ``parent`` answers it, ``child`` is what it asks
with. A child that is Python and has pytest-bill installed is told by ``pytest_bill_processes.pth``,
which does nothing without that word; a forked one has everything that its parent had.
"""
