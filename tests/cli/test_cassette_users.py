"""Which tests use which cassettes, as far as their names say; reports are in test_show_html."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cli.cassette_users import UsersByName


@pytest.fixture
def use_of(tmp_path):
    (tmp_path / "test_a.py").write_text(
        "if True:\n    def test_b(): ...\n\n\n"
        "class TestC:\n    class TestD:\n        def test_e(self): ...\n"
    )
    (tmp_path / "test_broken.py").write_text("def (")
    return UsersByName(tmp_path, [Path("cassettes")])


@pytest.mark.parametrize(
    ("name", "tests", "state"),
    [
        ("cassettes/test_a/test_b.yaml", ["test_a.py::test_b"], "used"),
        ("cassettes/test_a/test_b-x-1a2b.yaml", ["test_a.py::test_b"], "used"),
        ("cassettes/test_a/TestC.TestD.test_e.yaml", ["test_a.py::TestC::TestD::test_e"], "used"),
        ("cassettes/test_a/test_bb.yaml", [], "perhaps unused"),
        ("cassettes/test_broken/test_b.yaml", [], "not known"),
        ("cassettes/test_gone/test_b.yaml", [], "not known"),
        ("cassettes/sign_in/developer_key.yaml", [], "not known"),
        ("cassettes/vendors.yaml", [], "not known"),
        ("/other/cassettes/test_a/test_b.yaml", ["test_a.py::test_b"], "used"),
    ],
)
def test_by_its_name(use_of, name, tests, state):
    use = use_of(name)
    assert (use.tests, use.state) == (tests, state)
    assert use.why
