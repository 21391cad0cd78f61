"""What is encoded as a whole: found, undone, and encoded again."""

import gzip
import zlib

import pytest

from pytest_bill.scrubbing.search.budget import DEEPEST, Budget, Level
from pytest_bill.scrubbing.search.containers import (
    all_containers_in,
    containers_in,
    level_within,
    may_hold_containers,
)

TEXT = b"a text of some length"


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (b"<" + gzip.compress(TEXT, mtime=0) + b">", TEXT),
        (b"<" + zlib.compress(TEXT) + b">", TEXT),
        (b"\xff<<" + TEXT.decode().encode("utf-16-le") + b"\xff\xff", TEXT),
    ],
    ids=["gzip", "zlib", "UTF-16"],
)
def test_what_is_in_a_container_is_found_and_encoded_again(data, plain):
    assert may_hold_containers(data)
    found = [each for each in containers_in(data, Budget(len(data))) if plain in each.plain]
    assert found
    for each in found:
        again = each.encode(each.plain.replace(plain, b"other"))
        (inner,) = (c.plain for c in containers_in(again, Budget(len(again))) if c.start == 0)
        assert b"other" in inner


def test_only_a_whole_body_may_be_packed_without_saying_so():
    packer = zlib.compressobj(wbits=-15)
    data = packer.compress(TEXT) + packer.flush()
    whole = Level(0, Budget(len(data)), is_whole=True)
    assert TEXT in [each.plain for each in all_containers_in(data, whole)]
    within = Level(1, Budget(len(data)))
    assert list(all_containers_in(data, within)) == []


def test_what_begins_within_another_is_not_looked_into_as_deep():
    broken = gzip.compress(TEXT, mtime=0)[:-9]
    data = broken + gzip.compress(TEXT, mtime=0)
    at = Level(0, Budget(len(data)))
    depths = [level_within(each, at).depth for each in containers_in(data, at.budget)]
    assert depths == [1, DEEPEST - 2]
