"""Where code that uses vcrpy itself has its cassettes."""

from __future__ import annotations

import pytest

from pytest_bill.migrate.python_files import forget
from pytest_bill.migrate.sources.vcrpy import Vcrpy
from tests.migrate.collected import collected


@pytest.fixture
def find(tmp_path, monkeypatch):
    """The cassettes of a function with this code, as names from the folder of the suite."""
    monkeypatch.chdir(tmp_path)

    def find(code: str, *there: str, **fields: object):
        forget()
        path = tmp_path / "tests/test_a.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
        for name in there:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("")
        found = Vcrpy().find(collected(path.parent, **fields))
        if found is None:
            return None
        return [str(each.relative_to(tmp_path)) for each in (*found.files, *found.missing)]

    return find


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def test_one():\n    with vcr.use_cassette('a.yaml'): pass", ["a.yaml"]),
        ("def test_one():\n    with use_cassette(path='a'): pass", ["a.yaml"]),
        ("async def test_one():\n    async with vcr.use_cassette('a.json'): pass", ["a.json"]),
        ("@vcr.use_cassette('x/a.yaml')\ndef test_one(): pass", ["x/a.yaml"]),
        ("@vcr.use_cassette\ndef test_one(): pass", ["tests/test_one.yaml"]),
        ("@vcr.use_cassette()\ndef test_one(): pass", ["tests/test_one.yaml"]),
        (
            "ours = vcr.VCR(cassette_library_dir='x')\n"
            "@ours.use_cassette('a')\ndef test_one(): pass",
            ["x/a.yaml"],
        ),
        (
            "def test_one():\n    with vcr.use_cassette('a', cassette_library_dir='y'): pass",
            ["y/a.yaml"],
        ),
        (
            "def test_one():\n    with vcr.use_cassette('a'): pass\n"
            "    with vcr.use_cassette('b'): pass",
            ["a.yaml", "b.yaml"],
        ),
        ("def test_two():\n    with vcr.use_cassette('a'): pass", None),
        ("def test_one(): pass", None),
        ("def test_one(: broken", None),
    ],
)
def test_what_code_opens(find, code, names):
    assert find(code) == names


def test_the_decorators_file_may_have_no_suffix(find):
    assert find("@vcr.use_cassette('a')\ndef test_one(): pass", "a") == ["a"]


def test_a_vcr_test_case(find):
    code = "class TestA(VCRTestCase):\n    def test_one(self): pass"
    fields = {"class_name": "TestA", "qualname": "TestA.test_one", "is_unittest": True}
    assert find(code, **fields) is None
    name = "tests/cassettes/TestA.test_one.yaml"
    assert find(code, name, **fields) == [name]


def test_the_folders_of_what_it_opens(find, tmp_path):
    find("def test_one():\n    with vcr.use_cassette('x/a.yaml'): pass")
    assert list(Vcrpy().folders(collected(tmp_path / "tests"))) == [tmp_path / "x"]
