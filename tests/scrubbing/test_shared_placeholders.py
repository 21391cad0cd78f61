"""One naming of secrets for all workers of a run."""

import stat
from concurrent.futures import ThreadPoolExecutor

from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders


def test_workers_name_the_same_secret_the_same_and_others_otherwise(tmp_path):
    one, other = (SecretRegistry(naming=SharedPlaceholders(tmp_path)) for _ in range(2))
    assert one.add("first-session-id", "PLACEHOLDER_S") == "PLACEHOLDER_S"
    assert other.add("second-session-id", "PLACEHOLDER_S") == "PLACEHOLDER_S_2"
    assert other.add("first-session-id", "PLACEHOLDER_S") == "PLACEHOLDER_S"
    assert one.add("second-session-id", "PLACEHOLDER_T") == "PLACEHOLDER_S_2"
    assert one.hide("first-session-id second-session-id") == "PLACEHOLDER_S PLACEHOLDER_S_2"


def test_the_file_holds_no_secret_and_is_private(tmp_path):
    SharedPlaceholders(tmp_path)("a-secret-of-some-length", "PLACEHOLDER_S")
    file = tmp_path / "placeholders.json"
    assert "a-secret" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_at_once(tmp_path):
    namings = [SharedPlaceholders(tmp_path) for _ in range(4)]

    def name(number: int) -> tuple[int, str]:
        secret = number % 25
        return secret, namings[number % 4](f"secret-number-{secret}", "PLACEHOLDER_S")

    with ThreadPoolExecutor(8) as pool:
        named = set(pool.map(name, range(100)))
    assert len(named) == 25
    assert len({placeholder for _, placeholder in named}) == 25
