"""Bodies as text, and back."""

import pytest

from pytest_bill.scrubbing.body_text import as_text


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        ("\u00e4".encode(), "", "utf-8"),
        ("\u00e4".encode("latin-1"), "text/plain; charset=iso-8859-1", "iso-8859-1"),
        ("\u00e4".encode("latin-1"), "text/plain; charset=nonsense", "latin-1"),
        ('{"a": 1}'.encode("utf-16-le"), "", "utf-16-le"),
        ('{"a"}'.encode("utf-16-be"), "", "utf-16-be"),
        ("ab".encode("utf-32-le"), "", "utf-32-le"),
        (b"\xff\xfe" + "a".encode("utf-16-le"), "", "utf-16-le"),
        (bytes(range(256)), "application/octet-stream", "latin-1"),
    ],
)
def test_a_body_is_a_text_that_gives_the_same_body_again(body, content_type, encoding):
    text, found = as_text(body, content_type)
    assert found == encoding
    assert text.encode(found, "surrogatepass" if "utf" in found else "strict") == body
