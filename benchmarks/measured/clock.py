"""Time and memory of this process."""

import resource
import sys
import time
from pathlib import Path


class Stopwatch:
    """Runs from the moment it is made."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def read(self) -> dict[str, float]:
        """Milliseconds of the clock on the wall, and of this process's CPU."""
        wall, cpu = time.perf_counter(), time.process_time()
        return {"wall": (wall - self._wall) * 1000, "cpu": (cpu - self._cpu) * 1000}


def peak_memory() -> float:
    """The most memory that this process had so far, MiB.

    On Linux ``ru_maxrss`` of a new process starts at what its parent had, so the kernel's own
    high-water mark of this program is read instead.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
