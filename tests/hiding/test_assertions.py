"""What pytest explains of an assertion."""

from _pytest.assertion import rewrite, util

from pytest_bill.hiding.assertions import hidden_explanations

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


def test_whoever_explains_gets_hidden_values(monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(util, "_reprcompare", lambda *args: seen.append(args))
    compare = hidden_explanations(hide)["_call_reprcompare"]
    text = compare(("==",), (False,), (f"{SECRET} == 1",), ({"a": SECRET}, [SECRET]))
    assert text == "*** == 1"
    assert seen == [("==", {"a": "***"}, ["***"])]


def test_of_several_comparisons_the_one_that_failed_is_explained(monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(util, "_reprcompare", lambda *args: seen.append(args))
    compare = hidden_explanations(hide)["_call_reprcompare"]
    assert compare(("<", "<"), (True, False), ("a", f"b {SECRET}"), (1, 2, SECRET)) == "b ***"
    assert seen == [("<", 2, "***")]


def test_what_passed_is_told_hidden(monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(util, "_assertion_pass", lambda *args: seen.append(args))
    hidden_explanations(hide)["_call_assertion_pass"](3, f"a == {SECRET}", f"{SECRET} == 1")
    assert seen == [(3, "a == ***", "*** == 1")]


def test_they_are_what_rewritten_modules_call():
    assert set(hidden_explanations(hide)) <= set(vars(rewrite))
