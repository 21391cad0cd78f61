"""What this process is to measure, as the bench wrote it into the environment."""

import json
import os
from dataclasses import dataclass

VARIABLE = "BENCH_PLAN"


@dataclass(frozen=True)
class Plan:
    """``size`` is N; ``asked`` is how many of the N requests are made, evenly spread (0: all).

    ``rounds`` tests open the cassette anew and are added up. ``client`` is an HTTP client's name,
    ``origin`` is where a server of the bench listens. ``baton`` are ends of two pipes, where it is
    taken from and handed on to; see ``turns``. The figures go to ``report``.
    """

    tool: str
    report: str
    kind: str = "get"
    size: int = 10
    asked: int = 0
    rounds: int = 1
    threads: int = 1
    client: str = "requests"
    origin: str = ""
    tests: int = 1000
    baton: tuple[int, int] | None = None

    def to_environment(self) -> dict[str, str]:
        return {VARIABLE: json.dumps(self.__dict__)}


def current() -> Plan:
    return Plan(**json.loads(os.environ[VARIABLE]))
