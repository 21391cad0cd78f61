"""What plugins read of a test itself."""

from __future__ import annotations

import copy
import json

from pytest_bill.hiding.items import (
    HiddenParams,
    hide_in_class,
    hide_in_item,
    hide_in_results,
    is_named_in_its_file,
)

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


def test_a_parameter_is_real_by_its_name_and_hidden_with_all_others():
    params = HiddenParams({"a": SECRET, "b": 1}, {"a": "***", "b": 1})
    assert (params["a"], params.get("a"), params.get("c", 2)) == (SECRET, SECRET, 2)
    assert "a" in params
    shown = [repr(params), json.dumps(params), str(list(params.values())), str({**params})]
    shown += [str(dict(params)), str(params.items()), repr(copy.copy(dict(params)))]
    assert [text for text in shown if SECRET in text or "***" not in text] == []


def test_the_reasons_of_marks(pytester):
    pytester.makeini("[pytest]\nmarkers = tenant: whose data it is")
    items = pytester.getitems(
        f"""
        import pytest

        pytestmark = pytest.mark.skipif("False", reason="of {SECRET}")

        @pytest.mark.xfail(reason="{SECRET}")
        @pytest.mark.skip("{SECRET}")
        @pytest.mark.tenant("{SECRET}")
        def test_a(): pass
        """
    )
    (item,) = items
    hide_in_item(item, hide)
    marks = {mark.name: mark for mark in item.iter_markers()}
    assert marks["xfail"].kwargs == {"reason": "***"}
    assert marks["skip"].args == ("***",)
    assert marks["skipif"].kwargs == {"reason": "of ***"}
    assert marks["skipif"].args == ("False",)
    # A fixture may take what it needs from there.
    assert marks["tenant"].args == (SECRET,)


def test_a_name_that_was_made_stands_in_no_file(pytester):
    items = pytester.getitems(
        f"""
        def test_written(): pass

        def other(): pass

        globals()["test_{SECRET}"] = other
        exec("def test_executed(): pass")
        """
    )
    named = {item.originalname: is_named_in_its_file(item) for item in items}
    assert named == {"test_written": True, f"test_{SECRET}": False, "test_executed": False}


def test_a_class_that_was_made_with_a_secret_in_its_name(pytester):
    module = pytester.getmodulecol(
        f"""
        globals()["Test{SECRET}"] = type("Test{SECRET}", (), {{"test_a": lambda self: None}})
        """
    )
    (made,) = module.collect()
    hide_in_class(made, hide)
    (item,) = made.collect()
    seen = [made.nodeid, made.name, item.nodeid, repr(made), *map(str, made.keywords)]
    assert [each for each in seen if SECRET in each] == []
    assert item.nodeid.endswith("::Test***::test_a")
    item.runtest()  # its function is found


def test_the_results_of_a_test(pytester):
    item = pytester.getitem("def test_func(): pass")
    item.user_properties += [("own", SECRET), (SECRET, {"a": [SECRET]}), ("b", 1)]
    item.add_report_section("call", "stdout", SECRET)
    properties, sections = item.user_properties, item._report_sections
    hide_in_results(item, hide)
    assert properties == [("own", "***"), ("***", {"a": ["***"]}), ("b", 1)]
    assert sections == [("call", "stdout", "***")]
