"""`python -m benchmarks.replays`; see the package."""

import argparse
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.others.tools import own_environment
from benchmarks.replays.report import report
from benchmarks.replays.runs import RECORDED, all_runs
from benchmarks.replays.tools import OURS, PINNED, TOOLS
from tests.proof.cases import CASES

DOCUMENT = Path(__file__).parents[2] / "docs/what-replays.md"


def main() -> None:
    parser = argparse.ArgumentParser(description="What recorders say of what does not replay.")
    parser.add_argument("--print", action="store_true", help="print the page, and write none")
    is_printed = parser.parse_args().print
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        of_peers = own_environment(folder / "venv", PINNED)
        results = {
            case.name: {
                tool: all_runs(case, each, each.python(of_peers), folder / case.name / str(number))
                for number, (tool, each) in enumerate(TOOLS.items())
            }
            for case in CASES
        }
    unheard = [name for name, runs in results.items() if not runs[OURS][RECORDED].is_told]
    versions = [f"{name} {number}" for name, number in PINNED.items()]
    versions += [f"pytest-bill {version('pytest-bill')}", f"Python {platform.python_version()}"]
    written = report(CASES, results, datetime.now(UTC).date(), versions)
    if is_printed:
        print(written)
    else:
        DOCUMENT.write_text(written, encoding="utf-8")
        print(f"wrote docs/{DOCUMENT.name}")
    if unheard:
        raise SystemExit(f"pytest-bill does not tell when it records: {', '.join(unheard)}")


if __name__ == "__main__":
    main()
