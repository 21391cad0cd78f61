"""With pytest-xdist: what one worker was handed out, no other process shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.leaks import files_below, leaks_in
from tests.helpers.suites import RECORD, Suite

FIRST = """
import json, os, pathlib
import requests

FILE = pathlib.Path(os.environ["KEEP_IN"]) / "session"

def test_signs_in_by_itself(bill_environ):
    data = {"username": bill_environ["username"], "password": bill_environ["password"],
            "organizationId": bill_environ["organization_id"], "devKey": bill_environ["dev_key"]}
    answer = requests.post(bill_environ["v3_url"] + "/v3/login", json=data)
    part = FILE.with_suffix(".part")
    part.write_text(answer.json()["sessionId"])
    part.rename(FILE)
"""
OTHER = """
import os, pathlib, sys, warnings

from tests.helpers.waiting import wait_for

FILE = pathlib.Path(os.environ["KEEP_IN"]) / "session"

def test_shows_it(record_property, request):
    wait_for(FILE.exists)
    session = FILE.read_text()
    print(session)
    print(session, file=sys.stderr)
    warnings.warn(session)
    record_property("own", session)
    request.node.add_report_section("call", session, session)
    raise ValueError(session, session[3:20])

def test_crashes_after_it():
    warnings.warn(FILE.read_text())
    os.kill(os.getpid(), 9)
"""


@pytest.fixture
def kept(monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    monkeypatch.setenv("KEEP_IN", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return folder / "session"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("variables", [{}, {"BILL_PASSWORD": "another-password-0123"}])
def test_what_another_worker_was_handed_out_is_hidden(pytester, monkeypatch, kept, variables):
    suite = Suite(pytester, monkeypatch)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    suite.write(test_first=FIRST, test_other=OTHER)
    options = ("-n2", "--dist=loadfile", "-rA", "-v", "-p", "no:randomly")
    result = suite.run(*RECORD, *options, "--junit-xml=a.xml", "--max-worker-restart=0")
    result.assert_outcomes(passed=1, failed=2)
    printed = result.stdout.str() + result.stderr.str()
    assert "crashed" in printed
    assert "_SESSION_ID" in printed
    texts = {"output": printed, **files_below(suite.folder)}
    assert leaks_in(texts, {"the session": kept.read_text()}) == []
