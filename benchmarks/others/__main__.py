"""`python -m benchmarks.others`; see the package."""

import argparse
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.others.cases import cases
from benchmarks.others.report import report
from benchmarks.others.results import results_of
from benchmarks.others.tools import OURS, PINNED, own_environment

DOCUMENT = Path(__file__).parents[2] / "docs/what-others-let-through.md"


def main() -> None:
    parser = argparse.ArgumentParser(description="What recorders let through.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the cases, printed only")
    is_quick = parser.parse_args().quick
    made = cases()[:: 10 if is_quick else 1]
    with tempfile.TemporaryDirectory() as name:
        results = results_of(made, own_environment(Path(name) / "venv"), Path(name))
    failures = [
        *(f"not found, though nothing held it back: {case}" for case in results.missed()),
        *(f"pytest-bill lets through: {case}" for case in results.let_through(OURS)),
    ]
    if failures:
        raise SystemExit("\n".join(failures))
    if not is_quick:
        versions = [f"{name} {number}" for name, number in PINNED.items()]
        versions += [f"pytest-bill {version('pytest-bill')}", f"Python {platform.python_version()}"]
        written = report(results, datetime.now(UTC).date(), versions)
        DOCUMENT.write_text(written, encoding="utf-8")
        print(f"wrote docs/{DOCUMENT.name}")


if __name__ == "__main__":
    main()
