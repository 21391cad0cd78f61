"""Two measured processes take turns: what slows the machine down for a moment slows both.

A process that has the baton runs, the other waits; it may be handed on between two blocks of
requests. Both run on one core, since another may be slower for a while.
"""

import os

from plan import current

PLAN = current()


def wait():
    """Until it is this process's turn: the other has handed on the baton, or has ended."""
    if PLAN.baton is not None:
        os.read(PLAN.baton[0], 1)


def hand_on():
    """Let the other process run; comes back when that hands the baton back."""
    if PLAN.baton is not None:
        os.write(PLAN.baton[1], b".")
        wait()


def ask_in_turns(client, interactions, in_block):
    """Ask so many in each turn: time and number of requests of each block, and all bodies."""
    blocks, contents = [], []
    for start in range(0, len(interactions), in_block):
        block = interactions[start : start + in_block]
        taken, answered = client.ask(block)
        blocks.append({**taken, "requests": len(block)})
        contents += answered
        hand_on()
    return blocks, contents


if PLAN.baton is not None and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
wait()
