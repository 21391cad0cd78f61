"""One naming of secrets for all workers of a run."""

import os
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


def test_the_file_is_private_and_holds_nothing_that_all_have(tmp_path):
    naming = SharedPlaceholders(tmp_path, ["a-secret-of-some-length"])
    naming("a-secret-of-some-length", "PLACEHOLDER_S")
    naming("handed-out", "PLACEHOLDER_T")
    file = tmp_path / "placeholders.txt"
    assert "a-secret" not in file.read_text()
    assert "handed-out" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_each_process_comes_to_know_what_another_was_handed_out(tmp_path):
    one, other, third = (SecretRegistry(naming=SharedPlaceholders(tmp_path)) for _ in range(3))
    other.refresh()  # nobody has added one
    values = ["first-session-id", 'a "quoted" \\ line\nand \u00e4 \ud800']
    for value in values:
        one.add(value, "PLACEHOLDER_S")
    third.add("another-session", "PLACEHOLDER_S")
    other.refresh()
    assert other.known() == {
        values[0]: "PLACEHOLDER_S",
        values[1]: "PLACEHOLDER_S_2",
        "another-session": "PLACEHOLDER_S_3",
    }
    for registry in (one, third):
        registry.refresh()
        assert registry.known() == other.known()


def test_where_the_run_has_ended_there_are_no_news(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    registry = SecretRegistry(naming=SharedPlaceholders(folder))
    registry.add("first-session-id", "PLACEHOLDER_S")
    (folder / "placeholders.txt").unlink()
    registry.refresh()
    assert registry.known() == {"first-session-id": "PLACEHOLDER_S"}


def test_many_at_once(tmp_path):
    namings = [SharedPlaceholders(tmp_path) for _ in range(4)]

    def name(number: int) -> tuple[int, str]:
        secret = number % 25
        return secret, namings[number % 4](f"secret-number-{secret}", "PLACEHOLDER_S")

    with ThreadPoolExecutor(8) as pool:
        named = set(pool.map(name, range(100)))
    assert len(named) == 25
    assert len({placeholder for _, placeholder in named}) == 25


def test_what_a_killed_worker_wrote_in_part_is_taken_away(tmp_path):
    SharedPlaceholders(tmp_path)("first-secret", "PLACEHOLDER_S")
    file = tmp_path / "placeholders.txt"
    with file.open("a") as opened:
        opened.write("0123abc")
    naming = SharedPlaceholders(tmp_path)
    assert naming("second-secret", "PLACEHOLDER_S") == "PLACEHOLDER_S_2"
    assert SharedPlaceholders(tmp_path)("second-secret", "PLACEHOLDER_S") == "PLACEHOLDER_S_2"
    assert "0123abc" not in file.read_text()


def test_each_secret_is_read_and_written_once(tmp_path, monkeypatch):
    """A run may know ten thousand, each cookie is one: what is moved grows with them."""
    moved = []
    read, write = os.read, os.write
    monkeypatch.setattr(os, "read", lambda file, size: moved.append(read(file, size)) or moved[-1])
    monkeypatch.setattr(os, "write", lambda file, data: moved.append(data) or write(file, data))
    one, other = SharedPlaceholders(tmp_path), SharedPlaceholders(tmp_path)
    for number in range(500):
        name = (one, other)[number % 2](f"secret-number-{number}", "PLACEHOLDER_S")
        assert name == f"PLACEHOLDER_S_{number + 1}" if number else "PLACEHOLDER_S"
    size = (tmp_path / "placeholders.txt").stat().st_size
    assert sum(map(len, moved)) <= 2 * size
