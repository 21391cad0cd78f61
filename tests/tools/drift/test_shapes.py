"""What a schema, or an example, says of the fields of a body."""

from __future__ import annotations

from tools.drift.shapes import of_example, of_schema


def kinds(shape):
    return {path: sorted(part.types) for path, part in shape.items()}


def test_an_example_has_its_fields_with_their_types():
    shape = of_example({"results": [{"id": "1", "amount": 2.5}, {"id": "2", "paid": True}]})
    assert kinds(shape) == {
        "": ["object"],
        "results": ["array"],
        "results[]": ["object"],
        "results[].id": ["string"],
        "results[].amount": ["number"],
        "results[].paid": ["boolean"],
    }


def test_an_example_does_not_tell_the_type_of_null_nor_what_is_in_an_empty_list():
    shape = of_example({"one": None, "many": [], "object": {}})
    assert kinds(shape)["one"] == []
    assert [path for path, part in shape.items() if part.is_open] == ["one", "many", "object"]


def test_values_of_examples_are_known_but_not_those_of_placeholders():
    shape = of_example({"type": "CHECKING", "id": "{{vendor_id}}", "name": "string", "a": "<b>"})
    assert {path: set(part.values) for path, part in shape.items() if part.values} == {
        "type": {"CHECKING"}
    }


def test_references_parts_and_nullable_types_are_followed():
    schemas = {
        "Named": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Vendor": {
            "allOf": [{"$ref": "#/components/schemas/Named"}, {"required": ["id"]}],
            "properties": {"id": {"type": ["integer", "null"]}},
        },
    }
    shape = of_schema({"$ref": "#/components/schemas/Vendor"}, schemas)
    assert kinds(shape) == {"": ["object"], "id": ["number"], "name": ["string"]}
    assert shape["id"].required
    assert not shape["name"].required


def test_alternatives_are_joined():
    one = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    other = {"type": "object", "properties": {"a": {"type": "number"}, "b": {}}, "required": ["a"]}
    shape = of_schema({"oneOf": [one, other, {"type": "null"}]}, {})
    assert kinds(shape) == {"": ["object"], "a": ["number", "string"], "b": []}
    assert shape["a"].required
    assert shape["b"].is_open


def test_a_schema_that_contains_itself_ends():
    schemas = {"Node": {"type": "object", "properties": {"child": {"$ref": "#/x/Node"}}}}
    shape = of_schema({"$ref": "#/x/Node"}, schemas)
    assert 5 < len(shape) < 20
    assert of_schema({"$ref": "#/x/Loop"}, {"Loop": {"$ref": "#/x/Loop"}})[""].is_open
