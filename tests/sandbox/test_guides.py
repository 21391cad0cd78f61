"""BILL's quick-start guides, step by step, by clients that know only BILL's documents."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict
from functools import reduce
from pathlib import Path

import httpx
import pytest
import requests

from pytest_bill.sandbox import LocalSandbox

from .guides.steps import GUIDES

BASES = {"/v2/": "/api", "/v3/": "/connect", "/connect-events/": "", "/authx/": ""}
"""What stands before a path of BILL's reference, by how the path begins."""

FOLLOW = Path(__file__).parent / "guides" / "follow.mjs"


@pytest.fixture(scope="module")
def running():
    with LocalSandbox() as sandbox:
        yield sandbox


def filled(value, known):
    """`value` with what is known in the place of its names."""
    if isinstance(value, str):
        if whole := re.fullmatch(r"\{(\w+)\}", value):
            return known[whole.group(1)]
        return re.sub(r"\{(\w+)\}|<(\w+)>", lambda name: str(known[name[1] or name[2]]), value)
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    if isinstance(value, dict):
        return {name: filled(each, known) for name, each in value.items()}
    return value


def reached(body, path):
    """The part of an answer that a dotted path names."""

    def step(found, name):
        return found[int(name)] if isinstance(found, list) else found[name]

    return reduce(step, path.split("."), body)


def with_python(client):
    """Follow a guide with a client that has the interface of requests."""

    def follow(sandbox, guide, known):
        for step in guide.steps:
            body = {"json": step.json} if step.json is not None else {"data": step.form}
            response = client.request(
                step.method,
                root(sandbox, step) + filled(step.path, known),
                headers=filled(step.headers, known),
                timeout=5,
                **filled(body, known),
            )
            answer = response.json() if response.content else None
            yield step, response.status_code, answer
            known.update({name: reached(answer, path) for name, path in step.keep.items()})

    return follow


def with_node(sandbox, guide, known):
    """Follow a guide with node's fetch."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("node is not installed")
        pytest.skip("node is not installed")
    bases = {prefix: sandbox.origin + base for prefix, base in BASES.items()}
    task = {"base": bases, "variables": known, "steps": [asdict(step) for step in guide.steps]}
    done = subprocess.run(
        [node, str(FOLLOW)], input=json.dumps(task), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    for step, answer in zip(guide.steps, json.loads(done.stdout), strict=True):
        yield step, answer["status"], answer["body"]
        known.update({name: reached(answer["body"], path) for name, path in step.keep.items()})


def root(sandbox, step):
    return sandbox.origin + next(BASES[each] for each in BASES if step.path.startswith(each))


CLIENTS = {
    "requests": with_python(requests),
    "httpx": with_python(httpx),
    "node": with_node,
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
@pytest.mark.sampled(2)
def test_a_guide_works_step_by_step(running, guide, client):
    running.reset()
    known = dict(running.variables)
    for step, status, answer in CLIENTS[client](running, guide, known):
        where = f"{guide.page}: {step.method} {step.path} answered {status}: {answer}"
        assert status == step.status, where
        for path, expected in step.expect.items():
            assert reached(answer, path) == filled(expected, known), where
