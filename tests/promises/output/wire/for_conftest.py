"""Which cases of the wire are tried, and the secrets in them."""

import json
import os
from pathlib import Path

import pytest

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())
VARIABLES = json.loads(os.environ["VARIABLES"])


def pytest_generate_tests(metafunc):
    cases = CASES.get(metafunc.definition.originalname, [])
    names = [name for name in ("kind", "client", "shape") if name in metafunc.fixturenames]
    if cases:
        ids = ["_".join(case) for case in cases]
        metafunc.parametrize(names, [case[: len(names)] for case in cases], ids=ids)


@pytest.fixture
def value(shape):
    return os.environ[VARIABLES[shape]]


@pytest.fixture
def elsewhere():
    return os.environ["ELSEWHERE"]
