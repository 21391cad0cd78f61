"""What recorders say of tests that pass while they record and do not replay.

    make replays                            # writes docs/what-replays.md; needs a network
    python -m benchmarks.replays --print    # prints it only

Each case (`tests/proof/cases`) is a suite that is recorded from the local sandbox by HTTP, replayed
twice and recorded once more (`runs`), by pytest-bill and by vcrpy, pytest-recording and cassetter
in a virtual environment of their own (`tools`, `suites/`). The page (`report`) has what they said.
"""
