"""Text streams that hide secrets in what is written to them."""

import io

from pytest_bill.hiding.streams import HidingStream


def hide(text: str) -> str:
    return text.replace("secret", "***")


def test_a_stream_hides_in_each_piece_and_is_the_stream_otherwise():
    below = io.TextIOWrapper(io.BytesIO(b"a line\nanother\n"), encoding="utf-8")
    stream = HidingStream(below, hide)
    assert list(stream) == ["a line\n", "another\n"]
    assert stream.encoding == "utf-8"
    assert stream.write("a secret\n") == len("a secret\n")
    stream.writelines(["one secret, ", "another secret\n"])
    stream.flush()
    assert stream.buffer.write(b"a secret \xff\n") == len(b"a secret \xff\n")
    stream.buffer.flush()
    written = below.buffer.getvalue().removeprefix(b"a line\nanother\n")
    assert written == b"a ***\none ***, another ***\na *** \xff\n"
