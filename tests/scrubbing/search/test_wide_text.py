"""Texts in UTF-16 and UTF-32 are found in bytes, wherever they begin, whatever is around them."""

import codecs
import random

import pytest

from pytest_bill.scrubbing.search.wide_text import wide_texts_in

ENCODINGS = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
BOM = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
TEXT = "a text, \\u0073ecret"


def read(data: bytes) -> set[tuple[str, str]]:
    """Every reading, with its encoding."""
    return {
        (encoding, data[start:end].decode(encoding, "replace"))
        for start, end, encoding in wide_texts_in(data)
    }


def is_found(text: str, encoding: str, data: bytes) -> bool:
    return any(text in reading for name, reading in read(data) if name == encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", [b"", b"\0", b"\0\0", b"\0" * 5, b"a", b"\xff\xd8\xff", b"\0\1"])
@pytest.mark.parametrize("after", [b"", b"\0", b"\0\0\0", b"\0" * 9, b"z", b"\xff\xfe\0", b"\0\1"])
def test_a_text_is_found_whole_wherever_it_begins(encoding, before, after):
    data = before + TEXT.encode(encoding) + after
    assert is_found(TEXT, encoding, data)
    for start, end, name in wide_texts_in(data):
        width = int(name[4:6]) // 8
        assert 0 <= start < end <= len(data)
        assert (end - start) % width == 0


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("odd", [b"", b"x", b"xy", b"\0"])
def test_a_mark_of_byte_order_makes_all_of_it_a_text(encoding, odd):
    data = BOM[encoding] + "кириллица без нулей".encode(encoding) + odd
    assert is_found("кириллица без нулей", encoding, data)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_letters_without_zeros_are_read_around_those_that_have_some(encoding):
    text = f"{'ж' * 60}{TEXT}{'漢' * 60}"
    assert is_found(text, encoding, b"\xff" + text.encode(encoding) + b"\xff")
    # Escapes are ASCII: between letters of another script each has its own zeros.
    text = "ж\\u0073ж" * 30
    assert is_found(text, encoding, text.encode(encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_several_texts_in_one_file(encoding):
    texts = [f"text number {number}" for number in range(3)]
    data = (b"\xff" * 501 + bytes(7)).join(text.encode(encoding) for text in texts)
    assert all(is_found(text, encoding, data) for text in texts)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"an ordinary text",
        "a text with ünïcödé".encode(),
        b"\xff" * 100,
        bytes(100),
        b"\0\0\0\0a\0\0\0\0",
        b"abc\0def\0ghi",
        b"\xff\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0",
    ],
)
def test_data_without_wide_text_has_none(data):
    assert read(data) == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_whole_of_random_data_is_searched_without_an_error(encoding):
    made = random.Random(1)  # the same data each time
    for size in range(1, 80):
        data = bytes(made.choice(b"\0\0\0a\xff\xfeb") for _ in range(size))
        for start, end, name in wide_texts_in(BOM[encoding] + data):
            (BOM[encoding] + data)[start:end].decode(name, "replace")


# --- cost -------------------------------------------------------------------------------------

SHAPES = {
    "a text": lambda size: ("a text " * size).encode("utf-16-le")[:size],
    "a text of 4": lambda size: ("a text " * size).encode("utf-32-be")[:size],
    "zeros": bytes,
    "bits of text": lambda size: (b"a\0b\0c\0" + b"\xff" * 131) * (size // 137),
    "bits of text of 4": lambda size: (b"a\0\0\0" * 12 + b"\xff" * 260) * (size // 308),
    "zeros between": lambda size: (b"a\0b\0c" + bytes(4)) * (size // 9),
    "every third": lambda size: b"\0a\xff" * (size // 3),
    "every other": lambda size: b"\0a" * (size // 2),
    "random": lambda size: bytes(random.Random(2).choices(b"\0\0a\xff", k=size)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_all_readings_together_are_a_few_times_the_data(shape):
    """Whoever asks decodes and searches each reading: their bytes are the work."""

    def work(size: int) -> tuple[int, int]:
        readings = list(wide_texts_in(SHAPES[shape](size)))
        return sum(end - start for start, end, _ in readings), len(readings)

    size, count = work(8_000)
    assert size <= 12 * 8_000
    larger, more = work(32_000)
    assert larger <= 4.4 * size + 1_000
    assert more <= 4.4 * count + 10
