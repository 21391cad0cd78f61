"""The samples of a run as JSON, with what was measured on which machine."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.samples import Point, Sample, Samples

PACKAGES = (
    "pytest",
    "requests",
    "urllib3",
    "httpx",
    "aiohttp",
    "PyYAML",
    "vcrpy",
    "pytest-recording",
    "cassetter",
    "responses",
)
FOLDER = Path(__file__).parent / "results"


def default_path() -> Path:
    major, minor, _ = platform.python_version_tuple()
    return FOLDER / f"{major}.{minor}.json"


def facts(extent: Any) -> dict[str, Any]:
    """What the figures depend on; no name of a machine, no path."""
    return {
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "date": datetime.now(UTC).date().isoformat(),
        "extent": asdict(extent),
        "packages": {name: version(name) for name in PACKAGES},
    }


def save(path: Path, about: Mapping[str, Any], samples: Samples) -> None:
    written = [
        {
            **asdict(sample.point),
            "turn": sample.turn,
            **({"failure": sample.failure} if sample.failure else {}),
            "figures": {name: round(number, 4) for name, number in sample.figures.items()},
        }
        for sample in samples
    ]
    lines = ",\n".join("  " + json.dumps(each) for each in written)
    head = json.dumps({"about": about}, indent=1)[:-2]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head},\n "samples": [\n{lines}\n ]\n}}\n', encoding="utf-8")


def load(path: Path) -> tuple[dict[str, Any], Samples]:
    read = json.loads(path.read_text(encoding="utf-8"))
    names = ("row", "case", "tool", "size")
    samples = Samples(
        Sample(
            Point(*(each[name] for name in names)),
            each["turn"],
            each["figures"],
            each.get("failure", ""),
        )
        for each in read["samples"]
    )
    return read["about"], samples
