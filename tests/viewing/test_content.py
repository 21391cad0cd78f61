"""Bodies as lines that people read."""

from __future__ import annotations

import pytest

from pytest_bill.viewing.content import Line, content_of, json_lines

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def lines(body: bytes, content_type: str = JSON) -> list[str]:
    content = content_of(body, content_type)
    assert content is not None
    return [each.text for each in content.lines]


def test_json_is_indented_and_as_it_is_written():
    body = b'{"b": 10.00, "a": [1e400, 12345678901234567890123, {}, [], ""], "b": null, "t": true}'
    assert lines(body) == [
        "{",
        '  "b": 10.00,',
        '  "a": [',
        "    1e400,",
        "    12345678901234567890123,",
        "    {},",
        "    [],",
        '    ""',
        "  ],",
        '  "b": null,',
        '  "t": true',
        "}",
    ]


def test_the_value_of_a_line_is_as_the_file_has_it():
    assert json_lines('["a\\nb", 1.0]') == [
        Line("["),
        Line('  "a\\nb",', "a\nb"),
        Line("  1.0", "1.0"),
        Line("]"),
    ]


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "shown"),
    [
        (b"3", JSON, "JSON", ["3"]),
        (b'"a"', JSON, "JSON", ['"a"']),
        (b"3", "text/plain", "text", ["3"]),
        (b"\xef\xbb\xbf [1]", "", "JSON", ["[", "  1", "]"]),
        (b"{broken", JSON, "text", ["{broken"]),
        (b"[NaN]", JSON, "JSON", ["[", "  NaN", "]"]),
        (b"a\nb\x1b\r\nc", "text/html", "text", ["a", "b\\u001b", "c"]),
        (b"caf\xe9", "text/plain; charset=latin-1", "text", ["caf\xe9"]),
        ('["\u202eé"]'.encode(), JSON, "JSON", ["[", '  "\\u202eé"', "]"]),
        (b"a=1&b=&a=%1b", FORM, "form", ["a: 1", "b: ", "a: \\u001b"]),
        (b"", JSON, None, None),
    ],
)
def test_what_a_body_is_shown_as(body, content_type, kind, shown):
    content = content_of(body, content_type)
    if kind is None:
        assert content is None
    else:
        assert content is not None
        assert (content.kind, [each.text for each in content.lines]) == (kind, shown)


def test_json_in_a_form_of_v2_is_indented_in_its_field():
    assert lines(b"devKey=PLACEHOLDER_A&data=%7B%22obj%22%3A+%7B%22id%22%3A+1%7D%7D", FORM) == [
        "devKey: PLACEHOLDER_A",
        "data: {",
        '  "obj": {',
        '    "id": 1',
        "  }",
        "}",
    ]


def test_of_binary_data_size_type_and_digest_are_told():
    (one,) = lines(b"\x89PNG\0\xff", "image/png; a=b")
    (other,) = lines(b"\x89PNG\0\xfe", "image/png")
    assert one.startswith("(6 bytes of image/png, SHA-256 ")
    assert one != other
    assert lines(b"a\0b", "")[0].startswith("(3 bytes of an unknown type, ")


def test_a_file_in_a_form():
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc\r\n'
        b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"a": 1}\r\n--x--\r\n'
    )
    shown = lines(body, "multipart/form-data; boundary=x")
    assert shown[0].startswith("file: (3 bytes of ")
    assert shown[1:] == ["data: {", '  "a": 1', "}"]


def test_what_is_nested_too_deep_is_text():
    body = b"[" * 100_000 + b"]" * 100_000
    content = content_of(body, JSON)
    assert content is not None
    assert content.kind == "text"


def test_the_time_grows_with_the_size():
    body = b'{"results": [' + b",".join([b'{"id": "1", "n": 1}'] * 20_000) + b"]}"
    assert len(lines(body)) == 80_004
