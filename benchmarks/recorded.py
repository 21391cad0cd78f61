"""Recording from the answering server, and what a project recorded."""

from __future__ import annotations

from typing import Any

import yaml

from benchmarks.answering import CREDENTIALS
from benchmarks.bench import Bench
from benchmarks.project import Project, Run


def record(bench: Bench, project: Project, **plan: Any) -> Run:
    """Let a project record a plan's requests, into its cassette ``recorded.yaml``."""
    options, variables = how_to_record(project.tool, bench.origin)
    planned = project.plan(origin=bench.origin, **plan)
    return project.run("test_recording.py", planned, *options, variables=variables)


def how_to_record(tool: str, origin: str) -> tuple[list[str], dict[str, str]]:
    """The options and variables with which a tool records; vcrpy's are in its fixture."""
    if tool == "bill":
        return ["--bill-record-mode=all", "--bill-no-prove"], CREDENTIALS | {
            "BILL_BASE_URL": origin
        }
    if tool in ("recording", "cassetter"):
        return ["--record-mode=once"], {}
    return [], {}


def requests_in(project: Project) -> list[tuple[str, str, str]]:
    """Method, URI and body of each request that a project recorded."""
    path = project.cassettes / "recorded.yaml"
    found = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    requests = [each["request"] for each in found["interactions"]]
    return [(each["method"], each["uri"], str(each["body"])) for each in requests]
