"""Each mistake is told with its cause, its place and the next step, and without anything else.

docs/troubleshooting.md quotes what is said: it is held to each run.
"""

from __future__ import annotations

import httpx  # noqa: F401
import pytest

# Imported here, so that they stay imported, as in tests/plugin/conftest.py.
import pytest_bill.run.run
import pytest_bill.sandbox.app
import pytest_bill.sessions.session  # noqa: F401
from tests.promises.messages.document import headings, quoted
from tests.promises.messages.mistake import ANY, Mistake, Run
from tests.promises.messages.provoking import is_said, told
from tests.promises.messages.table import GROUPS, MISTAKES

MOST_LINES = 6
NOISE = ("site-packages", "pytest_bill/", "_pytest", "Traceback", "lib/python")
QUOTED = quoted()
REFUSAL = b'[{"code": "BDC_1102", "severity": "ERROR", "message": "Invalid developer key."}]'
_told: dict[Run, dict[str, list[str]]] = {}


@pytest.fixture
def said(request, capsys):
    """What is said of a mistake; a process makes all those of a run at once."""

    def said(mistake: Mistake) -> list[str]:
        if mistake.run not in _told:
            page, refusal = (request.getfixturevalue("server")() for _ in range(2))
            page.default = (200, {"Content-Type": "text/html"}, b"<title>Sign in</title>")
            refusal.default = (401, {"Content-Type": "application/json"}, REFUSAL)
            origins = {"page": page.origin, "refusal": refusal.origin}
            of_run = [each for each in MISTAKES if each.run == mistake.run]
            pytester = request.getfixturevalue("pytester")
            _told[mistake.run] = told(mistake.run, of_run, QUOTED, pytester, capsys, origins)
        return _told[mistake.run][mistake.did]

    return said


@pytest.mark.parametrize("mistake", MISTAKES, ids=[each.slug for each in MISTAKES])
def test_a_mistake_is_told_with_cause_place_and_step_and_nothing_else(mistake, said):
    lines = said(mistake)
    wanted = QUOTED.get(mistake.did, "")
    assert is_said(lines, wanted.splitlines()), "\n".join(lines)
    text = "\n".join(lines)
    assert mistake.cause in text
    assert mistake.place in text
    assert mistake.step in text
    assert len(wanted.splitlines()) <= MOST_LINES
    assert len(lines) <= MOST_LINES or ANY in wanted.splitlines()
    assert [line for line in lines if any(noise in line for noise in NOISE)] == []


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own():
    assert len(MISTAKES) >= 74
    assert len({each.slug for each in MISTAKES}) == len(MISTAKES)


def test_the_document_has_each_of_them_in_their_order():
    wanted = [
        heading
        for group, mistakes in GROUPS.items()
        for heading in (f"## {group}", *(f"### {each.did}" for each in mistakes))
    ]
    assert headings() == wanted
