"""Made-up secrets of the shapes that people and BILL choose; no two runs of ten letters alike."""

from __future__ import annotations

import random
import string
import uuid

ALPHABET = string.ascii_letters + string.digits


def drawn(chance: random.Random, count: int, letters: str = ALPHABET) -> str:
    return "".join(chance.choices(letters, k=count))


def awkward(chance: random.Random) -> str:
    """A password with all that has to be escaped somewhere."""
    words = [drawn(chance, 6) for _ in range(6)]
    glue = ['"', "\\", "ä ö", "' ", "<&>", "%/"]
    return "".join(word + each for word, each in zip(words, glue, strict=True)) + drawn(chance, 3)


def signed(chance: random.Random) -> str:
    """A token as base64 writes it, too long for a line."""
    return "+".join(drawn(chance, 24) for _ in range(4)) + "/" + drawn(chance, 20) + "=="


def dotted(chance: random.Random) -> str:
    return ".".join(drawn(chance, count) for count in (20, 33, 27))


SHAPES = {
    "key": ("BILL_DEV_KEY", lambda it: "01" + drawn(it, 30, string.ascii_uppercase + "0123456789")),
    "password": ("BILL_PASSWORD", awkward),
    "phrase": (
        "BILL_PARTNER_PASSWORD",
        lambda it: " ".join(drawn(it, 5, string.ascii_lowercase) for _ in range(6)),
    ),
    "signed": ("BILL_SPEND_API_TOKEN", signed),
    "uuid": ("BILL_CONSOLE_API_TOKEN", lambda it: str(uuid.UUID(int=it.getrandbits(128)))),
    "number": ("BILL_ORGANIZATION_ID", lambda it: "7" + drawn(it, 23, string.digits)),
    "mail": ("BILL_USERNAME", lambda it: f"{drawn(it, 9)}.{drawn(it, 8)}@{drawn(it, 11)}.net"),
    "dotted": ("BILL_SYNC_TOKEN_VALUE", dotted),
    "hex": ("BILL_PARTNER_APP_KEY", lambda it: drawn(it, 64, "0123456789abcdef")),
}
"""By name: the variable that holds it, and how one is made."""


def environment(chance: random.Random) -> dict[str, str]:
    """A value for the variable of each shape, and the rest that a sign-in needs."""
    made = {variable: make(chance) for variable, make in SHAPES.values()}
    made["BILL_SYNC_TOKEN_NAME"] = "sync " + drawn(chance, 12)
    made["BILL_CONSOLE_ADMIN_EMAIL"] = f"{drawn(chance, 12)}@{drawn(chance, 10)}.net"
    made["BILL_PARTNER_USERNAME"] = f"{drawn(chance, 12)}@{drawn(chance, 10)}.net"
    made["BILL_CONSOLE_ORGANIZATION_ID"] = "008" + drawn(chance, 17, string.ascii_uppercase)
    return made
