"""Whatever data is made of, searching it makes so much work and no more."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import pytest

from pytest_bill.scrubbing.search import budget, packed, search
from pytest_bill.scrubbing.search.budget import Budget, TooMuch
from pytest_bill.scrubbing.search.search import UNSEARCHABLE, Search
from tests.helpers.hostile import KINDS, b64, noise
from tests.helpers.work import steps

SECRET, PLACEHOLDER = "Kq7ZpX2mWdRt94bVh", "PLACEHOLDER_X"
OTHERS = {
    "p\u00e4 ss/w\u00f6rd + 12": "PLACEHOLDER_Y",
    "ada@engines.example": "PLACEHOLDER_USERNAME",
}
SMALL, LARGE = 4 * 1024, 16 * 1024


@pytest.fixture
def it() -> Search:
    return Search({SECRET: PLACEHOLDER, **OTHERS})


@pytest.fixture
def spent(monkeypatch) -> list[int]:
    """All that searches spend, and what data asks of zlib."""
    all_of_it: list[int] = []
    spend = Budget.spend

    def counted(self: Budget, size: int) -> None:
        all_of_it.append(size)
        spend(self, size)

    monkeypatch.setattr(Budget, "spend", counted)
    return all_of_it


@pytest.fixture(autouse=True)
def small_budgets(monkeypatch):
    """As for large data, in little time."""
    monkeypatch.setattr(budget, "_ALWAYS", 2**19)
    monkeypatch.setattr(budget, "MOST_UNPACKED", 2**19)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_data_is_searched_within_a_bound_that_grows_with_its_size(it, spent, kind):
    for size in (SMALL, LARGE):
        data = KINDS[kind](size)
        spent.clear()
        found = it.find(data)
        assert found in (None, UNSEARCHABLE)
        unpacked = 2**20 * budget._TIMES_UNPACKED
        last = max(spent, default=0)  # none where it is clean at sight
        assert sum(spent) <= 2**20 + budget._TIMES * len(data) + unpacked + last
        assert it.has_none_in(data) is (found is None)
        spent.clear()
        hidden = it.replace(data + SECRET.encode())
        assert SECRET.encode() not in hidden
        times = 1 + search._TIMES_REPLACING
        assert (
            sum(spent) <= times * (2**20 + budget._TIMES * (len(data) + 17) + unpacked + last) * 2
        )
        assert it.find(hidden) in (None, UNSEARCHABLE)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_of_python_grow_with_the_size_too(it, kind):
    """Nothing runs beside the budget."""
    small, large = KINDS[kind](SMALL), KINDS[kind](LARGE)
    it.find(small)
    grown = max(len(large) / len(small), 4)
    assert steps(lambda: it.find(large)) <= 2 * grown * steps(lambda: it.find(small)) + 200_000


def test_what_is_refused_is_gone_as_a_whole(it, monkeypatch):
    monkeypatch.setattr(budget, "_ALWAYS", 0)
    monkeypatch.setattr(budget, "_TIMES", 2)
    data = b"%2541 \\x41 &amp; " * 99 + SECRET.encode()
    assert it.find(data) == PLACEHOLDER  # it stands there as it is
    assert it.replace(data) == UNSEARCHABLE.encode()
    assert it.find(data[:-17]) == UNSEARCHABLE
    assert not it.has_none_in(data[:-17])


def test_a_secret_deep_in_large_data_is_found_where_there_is_room(monkeypatch):
    monkeypatch.setattr(budget, "_ALWAYS", 32 * 2**19)
    it = Search({SECRET: PLACEHOLDER})
    data = noise(3000).hex().encode() + SECRET.encode() + noise(3000).hex().encode()
    for _ in range(4):
        data = b64(gzip.compress(b'{"a": "%s"}' % b64(data), mtime=0))
    assert it.find(data) == PLACEHOLDER
    assert it.find(it.replace(data)) is None


def test_all_that_comes_out_of_one_body_counts(it):
    halves = gzip.compress(bytes(2**19 + 9)) * 2
    assert it.find(b"\xff" + halves) == UNSEARCHABLE
    assert packed.unpacked(halves, "gzip") is None
    assert packed.all_unpacked(gzip.compress(halves), "gzip, gzip") is None
    assert packed.all_unpacked(gzip.compress(gzip.compress(b"a")), "gzip, identity, gzip") == b"a"


def test_an_archive_that_unpacks_to_too_much_is_not_written_again(it):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a", SECRET)
        made.writestr("b", bytes(2**20 + 1))
    assert UNSEARCHABLE.encode() in it.replace(out.getvalue())


def test_unpacking_the_same_again_and_again_is_paid_for():
    spent = Budget(0)
    with pytest.raises(TooMuch):
        all(spent.unpack(2**20) is None for _ in range(1000))


@pytest.mark.parametrize("at", [0, 1, 15, 16, 17, 100, 5000, 16 * 1024 - 1])
def test_what_comes_out_before_a_break_is_what_comes_out_byte_by_byte(at):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    begun = packer.compress(noise(9).hex().encode() + noise(at)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = begun + b"\x07" + b"\xff" * 20_000
    found = packed._inflated(data, 0, Budget(0))
    assert found is not None
    reader = zlib.decompressobj(-15)
    out: list[bytes] = []
    with pytest.raises(zlib.error):
        out.extend(reader.decompress(bytes((byte,))) for byte in data)
    assert found.plain == b"".join(out)


def test_a_short_text_in_base64_in_base64_is_not_too_much(it):
    """Each line may begin anywhere, which is tried at each depth: most look at the same again."""
    other = b64(b"something else and more").rstrip(b"=")
    text = b"ab " + SECRET.encode()
    for _ in range(3):
        text = b"\n".join([other, b64(text), other, other])
    hidden = it.replace(text)
    assert it.find(hidden) is None
    assert UNSEARCHABLE.encode() not in hidden
