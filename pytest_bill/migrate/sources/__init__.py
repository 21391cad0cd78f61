"""The recorders that suites come from: where each has the cassettes of a test, a module each."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.migrate.sources import cassetter, pytest_recording, pytest_vcr, vcrpy
from pytest_bill.migrate.sources.base import Source

SOURCES: Mapping[str, Source] = {
    "pytest-recording": pytest_recording.PytestRecording(),
    "pytest-vcr": pytest_vcr.PytestVcr(),
    "cassetter": cassetter.Cassetter(),
    "vcrpy": vcrpy.Vcrpy(),
}
"""By the names that ``--from`` takes; in this order each is asked for a test's cassette."""
