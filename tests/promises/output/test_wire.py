"""No secret in a cassette, and none to another host, wherever a request or an answer has it."""

from __future__ import annotations

import pytest

from tests.promises.output.wired import all_cases, run_wire, sample

IN_CI, BY_NIGHT = 200, 6


def test_there_are_enough_of_them():
    assert sum(map(len, all_cases().values())) >= 2_000


@pytest.mark.parametrize(
    ("each", "start"),
    [
        pytest.param(IN_CI, 0, id="a few"),
        *(
            pytest.param(BY_NIGHT, start, id=f"part {start + 1}", marks=pytest.mark.nightly)
            for start in range(BY_NIGHT)
        ),
    ],
)
def test_all_is_recorded_without_secrets_and_told_to_nobody_else(tmp_path, each, start):
    done = run_wire(tmp_path, sample(each, start))
    for found in (done.recorded, done.told, done.failed):
        if found:
            pytest.fail("\n".join(found), pytrace=False)
