"""Records `cases.json` with `settings.json`, where cassetter is, and we are not.

Run as a script. A case gets its cassette, or a file with the error that was raised instead.
"""

import base64
import json
from pathlib import Path

from cassetter import Cassetter

CASES = json.loads(Path("cases.json").read_text())
SETTINGS = json.loads(Path("settings.json").read_text())


def record(number: int) -> None:
    """Record a case as cassetter's interceptors do after it has been sent."""
    case = CASES[number]
    cassette = Cassetter(record_mode="all", **SETTINGS).cassette(f"{number}.yaml")
    cassette.load()
    cassette.record(
        case["method"],
        case["url"],
        {name: [value] for name, value in case["headers"].items()},
        base64.b64decode(case["body"]) or None,
        case["status"],
        case["answer_headers"],
        base64.b64decode(case["answer_body"]),
    )
    cassette.save()


if __name__ == "__main__":
    for number in range(len(CASES)):
        try:
            record(number)
        except Exception as error:
            Path(f"{number}.yaml").unlink(missing_ok=True)
            Path(f"{number}.error").write_text(repr(error))
