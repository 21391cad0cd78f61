"""What pytest-bill costs where a test that uses BILL asks a host that is not BILL's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.samples import SHOWN, Computed, Point, value
from benchmarks.together import Measured, contestants, ratio_of_blocks, run_in_turns

SIZE = 1_000
ROUNDS = 3
KINDS = {"get": "GETs", "post": "POSTs of 1 kB"}
TOOLS = ("bill", "bare")
SECRET = {"BILL_SPEND_API_TOKEN": "Zk3q" * 12}
"""What pytest-bill looks for in each request before it lets it go."""


@dataclass(frozen=True)
class Elsewhere:
    """One client, by its module in ``measured/clients``."""

    client: str
    unit: str = "ms per request"

    @property
    def name(self) -> str:
        return f"elsewhere-{self.client}"

    @property
    def title(self) -> str:
        return f"Traffic to other hosts through {self.client}: N requests to a server on loopback"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            contestants(
                bench.extent.elsewhere_turns,
                tuple(self._point(kind, tool) for tool in TOOLS),
                partial(self._measured, bench, kind),
            )
            for kind in KINDS
        ]

    def _measured(self, bench: Bench, kind: str) -> Measured:
        ours, bare = [bench.project(tool, "get_10") for tool in TOOLS]
        with_bill, without = run_in_turns(
            "test_elsewhere.py",
            ours,
            bare,
            variables=SECRET,
            kind=kind,
            size=SIZE,
            rounds=ROUNDS,
            client=self.client,
            origin=bench.loopback,
        )
        ratios = ratio_of_blocks(with_bill, without)
        return {
            self._point(kind, "bill"): with_bill.mean_of_requests() | ratios,
            self._point(kind, "bare"): without.mean_of_requests(),
        }

    def _point(self, kind: str, tool: str) -> Point:
        return Point(self.name, KINDS[kind], tool, SIZE)

    def _ratio(self, kind: str, clock: str) -> Computed:
        return value(self._point(kind, "bill"), f"ratio_{clock}")

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            Goal(
                self.name,
                f"time with pytest-bill / {SHOWN['bare']}, {shown}",
                partial(self._ratio, kind),
                at_most=1.05,
            )
            for kind, shown in KINDS.items()
        ]
