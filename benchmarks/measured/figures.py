"""The figures of this process, kept until it ends."""

import json
from collections import defaultdict
from pathlib import Path

_figures: dict[str, list[float]] = defaultdict(list)


def keep(**figures: float) -> None:
    """Keep a value of each figure; several of one name are a list."""
    for name, value in figures.items():
        _figures[name].append(value)


def write(path: str) -> None:
    Path(path).write_text(json.dumps(_figures))
