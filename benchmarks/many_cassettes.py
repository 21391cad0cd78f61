"""Many cassettes of about 20 kB, as suites have them after years: no two hold the same values.

vcrpy writes one; the others are that one with other numbers, names, ids and amounts, each as long
as what stood there, so that all are as vcrpy would have written them.
"""

from __future__ import annotations

import json
import random
import re
import string
from pathlib import Path

from benchmarks.cassettes import age, write
from benchmarks.measured.traffic import Interaction, new_vendor, vendor

PLANTED = "AKIA" + "Q3EGT5QLFXKD7W2B"
"""The form of a key of Amazon's; made up."""
_GETS, _LISTED = 8, 8
_FIRST = 10_000_000
_FOLDER_OF = 100
_TOWNS = (
    "San Jose",
    "Oak Park",
    "Fairfax.",
    "Vallejo.",
    "New York",
    "Tacoma ,",
    "Waterloo",
    "Portland",
)
_NUMBER = re.compile(r"00901000000010000(?P<id>\d{3})|10000(?P<number>\d{3})|2027\.97|San Jose")
_LAST_HEADER = "      User-Agent:\n"
_CREDENTIALS = (
    "      devKey:\n      - PLACEHOLDER_BILL_DEV_KEY\n"
    "      sessionId:\n      - PLACEHOLDER_BILL_SESSION_ID\n"
)
"""As pytest-bill scrubs them."""
_CHARACTERS = string.ascii_uppercase + string.digits


def write_many(folder: Path, count: int, *, has_secret: bool = False) -> None:
    """So many cassettes, a hundred in each folder, the same each time; one may have a key."""
    folder.mkdir(parents=True)
    template = folder / "template.yaml"
    write(template, _interactions())
    text = template.read_text(encoding="utf-8").replace(_LAST_HEADER, _CREDENTIALS + _LAST_HEADER)
    template.unlink()
    for number in range(count):
        path = folder / f"test_{number // _FOLDER_OF:04}" / f"test_{number:06}.yaml"
        path.parent.mkdir(exist_ok=True)
        own = _another(text, number)
        if has_secret and number == count // 2:
            own = own.replace("BUSINESS", PLANTED, 1)
        path.write_text(own, encoding="utf-8")
        age(path)


def _interactions() -> list[Interaction]:
    listed = [json.loads(vendor(_FIRST + number)) for number in range(_LISTED)]
    answer = json.dumps({"results": listed, "nextPage": ""}, separators=(",", ":")).encode()
    created = _FIRST + _LISTED + _GETS
    return [
        Interaction("GET", f"/v3/vendors?max={_LISTED}", None, answer),
        *(
            Interaction("GET", f"/v3/vendors/00901{number:015d}", None, vendor(number))
            for number in range(_FIRST + _LISTED, created)
        ),
        Interaction("POST", "/v3/vendors", new_vendor(created), vendor(created)),
    ]


def _another(text: str, number: int) -> str:
    chance = random.Random(number)
    ids: dict[str, str] = {}
    base = f"{number:05d}"

    def instead(found: re.Match[str]) -> str:
        if found["id"] is not None:
            if found["id"] not in ids:
                ids[found["id"]] = "009" + "".join(chance.choices(_CHARACTERS, k=17))
            return ids[found["id"]]
        if found["number"] is not None:
            return f"{base}{found['number']}"
        if found.group(0).startswith("2"):
            return f"{chance.randrange(100_000, 999_999) / 100:.2f}"
        return chance.choice(_TOWNS)

    return _NUMBER.sub(instead, text)
