"""Processes that tests start: what they ask BILL is played and recorded by the run of the test.

``starting`` gives each child what it has to know of the run, ``parent`` listens to it, ``answers``
answers, ``child`` is what it asks with. In a child that is Python and has pytest-bill installed,
``pytest_bill_processes.pth`` begins that, and does nothing where no run started it; a forked one
has everything that its parent had.
"""

VARIABLE = "PYTEST_BILL_PARENT"
"""The environment variable that a child reads, by ``pytest_bill_processes.pth``."""
